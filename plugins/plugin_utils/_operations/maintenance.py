# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which nodes are maintained, in which order; or why none may be."""

from __future__ import annotations

import typing as t

from ...module_utils._core.paths import Values
from .._cluster.hosts import Host
from .gate import why_not_down


class Settings(t.NamedTuple):
    """:param label: the node label that keeps the availability of an unfinished maintenance.
    :param done_label: the label that holds the name of the last run that was finished on a node.
    :param run: the name of this run; empty to maintain every node, whatever runs there were.
    :param deeds: what is done to a drained node, in words: the same for all, or by name of the host.
    :param mute: names of hosts that have nothing to tell that they need a reboot, where they are asked.
    :param missing: host names or IDs of nodes that may be missing.
    :param accept_outage: whether one or two managers may be without a leader for a while.
    :param autolock: whether managers are locked after a restart.
    :param key_fits: whether the unlock key of today is among those that are given.
    """

    label: str
    done_label: str = ""
    run: str = ""
    deeds: str | t.Mapping[str, str] = ""
    mute: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    accept_outage: bool = False
    autolock: bool = False
    key_fits: bool = False


def plan_maintenance(hosts: list[Host], survey: Values, nodes: list[Values], settings: Settings) -> Values:
    """Every decision of a rolling maintenance.

    :param hosts: all hosts; those that are not in the play are not maintained.
    :param survey: what survey.survey returned.
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
    stop = list(survey["stop"]) + _silent(survey, settings) + _locked(turns, settings)
    if not stop:
        stop = _not_safe(turns, nodes, settings)
    return {
        "managers": [host.name for host, node in turns if node["role"] == "manager"],
        "workers": [host.name for host, node in turns if node["role"] != "manager"],
        "steps": [_step(host, node, settings) for host, node in turns],
        "warnings": _skipped(hosts, members, done, settings)
        + _forgotten(turns, nodes, settings)
        + _mute(turns, settings),
        "stop": stop,
        "confirm": "",
    }


def _done(node: Values, settings: Settings) -> bool:
    return node["labels"].get(settings.done_label) == settings.run and settings.label not in node["labels"]


def _step(host: Host, node: Values, settings: Settings) -> str:
    before = node["labels"].get(settings.label, node["availability"])
    what = f"{host.name} ({'leader' if node['leader'] else node['role']}): "
    if settings.label in node["labels"]:
        what += "was left in maintenance, "
    deeds = settings.deeds if isinstance(settings.deeds, str) else settings.deeds.get(host.name, "")
    return f"{what}is drained, {deeds}is {before} again"


def _silent(survey: Values, settings: Settings) -> list[str]:
    return [
        f"{each['name']} does not respond: {each['why']}. Fix that, or exclude it with --limit and name it in"
        " operations_missing."
        for each in survey["silent"]
        if each["name"] not in settings.missing
    ]


def _locked(turns: list[tuple[Host, Values]], settings: Settings) -> list[str]:
    if settings.autolock and not settings.key_fits and any(node["role"] == "manager" for _host, node in turns):
        return ["Managers are locked after a restart: give the unlock key of today in cluster_unlock_keys."]
    return []


def _not_safe(turns: list[tuple[Host, Values]], nodes: list[Values], settings: Settings) -> list[str]:
    """Why some node could not go down now. Nodes that a former run has left down have their turn first."""
    missing = [*settings.missing, *(node["id"] for _host, node in turns if settings.label in node["labels"])]
    reasons: list[str] = []
    for host, node in turns:
        found = why_not_down(nodes, [node["id"]], missing, settings.accept_outage)
        reasons += [f"{host.name} must not go down: {reason}." for reason in found]
    return list(dict.fromkeys(reasons))


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


def _mute(turns: list[tuple[Host, Values]], settings: Settings) -> list[str]:
    mute = [host.name for host, _node in turns if host.name in settings.mute]
    if not mute:
        return []
    return [
        f"{', '.join(mute)}: nothing there would say that a reboot is needed, so there is none. That is done by"
        " needs-restarting (package yum-utils), unattended-upgrades or update-notifier-common, or by a file"
        " /run/reboot-required of yours."
    ]
