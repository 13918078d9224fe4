# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which nodes are maintained, in which order; or why none may be."""

from __future__ import annotations

import posixpath
import typing as t

from ...module_utils._core.values import Values
from .._cluster.hosts import Host
from .._cluster.steps import Reason, Step, reasons
from .gate import why_not_down


class Actions(t.NamedTuple):
    """What is done to a host while its node is drained.

    :param before: task file that runs before the node is drained; empty for none, as of the others.
    :param patch: task file that runs on the drained node.
    :param after: task file that runs when the node is back.
    :param reboot: ``never``, ``if_needed`` or ``always``.
    :param local: whether the host has a local connection, that is whether it is the controller.
    :param indicates_reboot: whether something on the host indicates that it needs a reboot.
    :param missing_files: those of the task files that do not exist, each with its name, such as ``patch``.
    :param engine: version of the engine that it gets; empty for none.
    """

    before: str = ""
    patch: str = ""
    after: str = ""
    reboot: str = "never"
    local: bool = False
    indicates_reboot: bool = True
    missing_files: tuple[tuple[str, str], ...] = ()
    engine: str = ""


class Settings(t.NamedTuple):
    """:param label: the node label that keeps the availability of an unfinished maintenance.
    :param done_label: the label that holds the name of the last run that was finished on a node.
    :param run: the name of this run; empty to maintain every node, whatever runs there were.
    :param actions: what is done to a drained node, by name of the host.
    :param missing: host names or IDs of nodes that may be missing.
    :param accept_outage: whether one or two managers may be without a leader for a while.
    :param autolock: whether managers are locked after a restart.
    :param key_fits: whether the unlock key of today is among those that are given.
    """

    label: str
    done_label: str = ""
    run: str = ""
    actions: t.Mapping[str, Actions] = {}
    missing: tuple[str, ...] = ()
    accept_outage: bool = False
    autolock: bool = False
    key_fits: bool = False


def plan_maintenance(hosts: list[Host], discovered: Values, nodes: list[Values], settings: Settings) -> Values:
    """Every decision of a rolling maintenance.

    :param hosts: all hosts; those that are not in the play are not maintained.
    :param discovered: what ``discovery.find_swarm`` returned.
    :param nodes: as hive.swarm.swarm_node_info lists them.
    :returns: managers and workers (names of hosts, in the order of their turns), steps, warnings, stop, confirm (empty).
    """
    members = {node["id"]: node for node in nodes}
    mine = [(host, members[host.node_id]) for host in hosts if host.in_play and host.node_id in members]
    done = [host.name for host, node in mine if settings.run and _done(node, settings)]
    turns = [(host, node) for host, node in mine if host.name not in done]
    # What a run has left unfinished comes first; the leader last, since each change of the leader is an election.
    turns.sort(
        key=lambda turn: (turn[1]["role"] != "manager", turn[1]["leader"], settings.label not in turn[1]["labels"])
    )
    stop = reasons("no_swarm", discovered["stop"]) + _silent(discovered, settings)
    stop += _locked(turns, settings) + _impossible(settings)
    if not stop:
        stop = _not_safe(turns, nodes, settings)
    return {
        "managers": [host.name for host, node in turns if node["role"] == "manager"],
        "workers": [host.name for host, node in turns if node["role"] != "manager"],
        "steps": [_step(host, node, settings) for host, node in turns],
        "warnings": _skipped(hosts, members, done, settings)
        + _forgotten(turns, nodes, settings)
        + _without_indicator(turns, settings),
        "stop": stop,
    }


def _done(node: Values, settings: Settings) -> bool:
    return node["labels"].get(settings.done_label) == settings.run and settings.label not in node["labels"]


def _step(host: Host, node: Values, settings: Settings) -> Step:
    availability = node["labels"].get(settings.label, node["availability"])
    phrases = _phrases(settings.actions.get(host.name, Actions()), availability)
    return Step(host.name, ", ".join(phrases), _reason(node, settings))


def _reason(node: Values, settings: Settings) -> str:
    role = "leader, so the last manager" if node["leader"] else str(node["role"])
    return f"{role}, left in maintenance by an earlier run" if settings.label in node["labels"] else role


def _phrases(actions: Actions, availability: str) -> list[str]:
    """In the order of roles/operations/tasks/rolling_maintenance_node.yml."""
    phrases = [f"run {posixpath.basename(actions.before)}"] if actions.before else []
    phrases.append("drain")
    phrases += [f"run {posixpath.basename(actions.patch)}"] if actions.patch else []
    phrases += [f"upgrade the engine to {actions.engine}"] if actions.engine else []
    phrases += {"never": [], "if_needed": ["reboot if needed"], "always": ["reboot"]}[_reboot(actions)]
    phrases.append(f"set to {availability}")
    return phrases + ([f"run {posixpath.basename(actions.after)}"] if actions.after else [])


def _reboot(actions: Actions) -> str:
    return "never" if actions.local and actions.reboot == "if_needed" else actions.reboot


def _silent(discovered: Values, settings: Settings) -> list[Reason]:
    return [
        Reason(
            "host_not_responding",
            f"{each['name']} does not respond: {each['why']}. Fix that, or exclude it with --limit and name it in"
            " operations_missing.",
        )
        for each in discovered["silent"]
        if each["name"] not in settings.missing
    ]


def _locked(turns: list[tuple[Host, Values]], settings: Settings) -> list[Reason]:
    if settings.autolock and not settings.key_fits and any(node["role"] == "manager" for _host, node in turns):
        return [
            Reason(
                "unlock_key_missing",
                "Managers are locked after a restart: give the unlock key of today in cluster_unlock_keys.",
            )
        ]
    return []


def _impossible(settings: Settings) -> list[Reason]:
    """What cannot be done to any host: task files that do not exist, and a reboot of the controller."""
    files = dict.fromkeys(file for actions in settings.actions.values() for file in actions.missing_files)
    found = [Reason("file_missing", f"operations_{name}: the file {file} does not exist.") for name, file in files]
    local = [name for name, actions in settings.actions.items() if actions.local and actions.reboot == "always"]
    if local:
        found.append(
            Reason(
                "local_connection",
                f"{', '.join(local)}: the connection is local, and the controller cannot reboot itself. Set"
                " operations_reboot to never for it.",
            )
        )
    return found


def _not_safe(turns: list[tuple[Host, Values]], nodes: list[Values], settings: Settings) -> list[Reason]:
    """Why some node could not go down now. Nodes that a former run has left down have their turn first."""
    missing = [*settings.missing, *(node["id"] for _host, node in turns if settings.label in node["labels"])]
    found: list[str] = []
    for host, node in turns:
        against = why_not_down(nodes, [node["id"]], missing, settings.accept_outage)
        found += [f"{host.name} must not go down: {reason}." for reason in against]
    return reasons("quorum_at_risk", dict.fromkeys(found))


def _skipped(hosts: list[Host], members: Values, done: list[str], settings: Settings) -> list[str]:
    strangers = [host.name for host in hosts if host.in_play and host.answers and host.node_id not in members]
    # Without a manager that responds, the members are not known.
    lines = [f"{', '.join(strangers)}: not in this swarm, left alone."] if strangers and members else []
    return lines + ([f"{', '.join(done)}: done already in the run {settings.run}."] if done else [])


def _forgotten(turns: list[tuple[Host, Values]], nodes: list[Values], settings: Settings) -> list[str]:
    """Nodes that a former run has left drained, and that this run does not come to."""
    coming = {node["id"] for _host, node in turns}
    names = [node["hostname"] for node in nodes if settings.label in node["labels"] and node["id"] not in coming]
    return [f"{', '.join(names)}: left in maintenance, and not in this run."] if names else []


def _without_indicator(turns: list[tuple[Host, Values]], settings: Settings) -> list[str]:
    found = [host.name for host, _node in turns if not settings.actions.get(host.name, Actions()).indicates_reboot]
    if not found:
        return []
    return [
        f"{', '.join(found)}: nothing there would indicate that a reboot is needed, so there is none. That is done by"
        " needs-restarting (package yum-utils), unattended-upgrades or update-notifier-common, or by a file"
        " /run/reboot-required of yours."
    ]
