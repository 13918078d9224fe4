# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which manager goes on alone when most of them are lost, and what has to be certain before."""

from __future__ import annotations

import typing as t

from ...module_utils._core.values import Values
from ...module_utils._engine.local_state import ACTIVE, ERROR, INACTIVE, LOCKED, PENDING
from .._cluster.hosts import Host, names
from .._cluster.steps import Reason, Step

NO_REBUILD = "No other host joins (operations_restore_rebuild)."


class RecoveryCandidate(t.NamedTuple):
    """A manager that still has the state of the swarm.

    :param log: the term and the index of the last entry of its raft log, by which raft compares logs, too; empty where
        not known.
    :param encrypted: whether its keys are encrypted with an unlock key, that is whether autolock is on.
    """

    host: Host
    log: tuple[int, ...] = ()
    encrypted: bool = False


class RecoveryOptions(t.NamedTuple):
    """:param on: the host that goes on, as the user chose it.
    :param peers_gone: whether managers that do not respond are known to be permanently off.
    :param confirm: what the user has typed, the ID of the swarm.
    :param refusal: why the engine of the chosen one refuses the confirmation; empty if it accepts it.
    :param cluster_id: the swarm's ID in the engine's refusal. Without a leader only the certificate contains it, which
        hive.swarm.swarm_init reads.
    :param rebuild: whether the hosts of this run join afterwards.
    """

    on: str = ""
    peers_gone: bool = False
    confirm: str = ""
    refusal: str = ""
    cluster_id: str = ""
    rebuild: bool = True


def can_recover(host: Host) -> bool:
    """Whether a host may have the state of a swarm that has lost its leader."""
    if host.leads and _has_quorum(host):
        return False
    return (host.state == ACTIVE and host.role == "manager") or (host.state == PENDING and host.wanted == "manager")


def _has_quorum(host: Host) -> bool:
    """A leader that has lost the others goes on to answer reads for a while."""
    return (host.probe.get("quorum") or {}).get("margin", 0) >= 0


def plan_recovery(candidates: list[RecoveryCandidate], hosts: list[Host], options: RecoveryOptions) -> Values:
    """Who goes on alone.

    :param candidates: managers of this run without a leader.
    :param hosts: all hosts, as they were found after stopped engines were started and locked ones unlocked.
    :returns: target, silence (hosts whose engines are stopped before), rejoin (those that lose their state and join
        again), needed (whether the quorum is lost at all), steps, warnings, stop and confirm (the ID of the swarm).
    """
    well = [host for host in hosts if host.leads and _has_quorum(host)]
    if well:
        return _nothing(
            f"The swarm has a leader, {names(well)} answer{'s' if len(well) == 1 else ''}: nothing to recover. If a run of this"
            " playbook was interrupted before, finish it with hive.swarm.site."
        )
    locked = [host for host in hosts if host.state == LOCKED]
    if not candidates:
        return _refused([Reason("no_survivor", _no_survivor(hosts, locked))])
    stop = _choice_problems(candidates, options)
    chosen = _chosen(candidates, options)
    if chosen and chosen.encrypted:
        stop.append(Reason("autolocked", _autolocked(chosen.host)))
    others = [host for host in hosts if not chosen or host.name != chosen.host.name]
    stop += _peer_problems(others, options)
    if not stop and options.refusal and not options.cluster_id:
        stop.append(Reason("engine_refused", options.refusal))
    silence = [host.name for host in others if host.in_play and _is_left_over(host)]
    return {
        "needed": True,
        "target": chosen.host.name if chosen else "",
        "silence": silence,
        "rejoin": silence,
        "steps": _steps(chosen, silence, others, options.rebuild) if chosen else [],
        "warnings": [] if options.rebuild else [NO_REBUILD],
        "stop": stop,
        "confirm": options.cluster_id or options.confirm,
    }


def _nothing(reason: str) -> Values:
    return {"needed": False, "target": "", "silence": [], "rejoin": [], "warnings": [reason]}


def _refused(stop: list[Reason]) -> Values:
    return {"needed": True, "target": "", "silence": [], "rejoin": [], "stop": stop}


def _no_survivor(hosts: list[Host], locked: list[Host]) -> str:
    if locked:
        return (
            f"{names(locked)}: locked. Give the key in cluster_unlock_keys. Where less than a majority of the managers"
            " is left, an autolocked swarm comes back from backups alone: hive.swarm.restore."
        )
    asked = names(host for host in hosts if host.answers) or "none"
    return (
        f"No manager of this run has the state of a swarm without a leader (engines that answer: {asked}). If every"
        " manager lost its disk, restore a backup: hive.swarm.restore."
    )


def _chosen(candidates: list[RecoveryCandidate], options: RecoveryOptions) -> RecoveryCandidate | None:
    if options.on:
        return next((each for each in candidates if each.host.name == options.on), None)
    return candidates[0] if len(candidates) == 1 else None


def _choice_problems(candidates: list[RecoveryCandidate], options: RecoveryOptions) -> list[Reason]:
    if options.on and not _chosen(candidates, options):
        listed = ", ".join(each.host.name for each in candidates)
        return [Reason("bad_input", f"recover_on: {options.on} is not a manager without a leader. Use {listed}.")]
    if options.on or len(candidates) == 1:
        return []
    return [Reason("several_survivors", _which_is_newest(candidates))]


def _which_is_newest(candidates: list[RecoveryCandidate]) -> str:
    listed = ", ".join(each.host.name for each in candidates)
    newest = max(candidates, key=lambda each: each.log)
    if not all(each.log for each in candidates):
        unknown = ", ".join(each.host.name for each in candidates if not each.log)
        return (
            "Several managers are left, and what one of them does not know is lost. Choose one with -e operations_recover_on=,"
            f" of {listed}. How far the log of {unknown} goes cannot be read from the engine's log: look there for the last"
            " line with logterm; the higher its term is, then its index, the newer is the state."
        )
    far = "; ".join(f"{each.host.name}: {_distance(each, newest)}" for each in candidates)
    return (
        f"Several managers are left, and what one of them does not know is lost. Choose the one with the newest state,"
        f" -e operations_recover_on={newest.host.name}. How far their logs go: {far}."
    )


def _distance(candidate: RecoveryCandidate, newest: RecoveryCandidate) -> str:
    term, index = candidate.log
    if candidate.log == newest.log:
        return f"to entry {index}"
    if term != newest.log[0]:
        return f"to entry {index}, of an older leader"
    return f"to entry {index}, {newest.log[1] - index} less"


def _autolocked(host: Host) -> str:
    return (
        f"Autolock is on: the engine of {host.name} cannot make a new swarm of a locked state (it refuses, and calls"
        " itself inactive until it is restarted). Bring enough of the other managers back, or restore a majority of them"
        " from their backups with hive.swarm.restore."
    )


def _is_left_over(host: Host) -> bool:
    """Whether a host has the state of a manager, which would fight or rejoin the new swarm."""
    return can_recover(host) or host.state == LOCKED or (host.wanted == "manager" and host.state == ERROR)


def _peer_problems(others: list[Host], options: RecoveryOptions) -> list[Reason]:
    problems = []
    silent = [host for host in others if not host.answers and host.wanted == "manager"]
    if silent and not options.peers_gone:
        message = (
            f"{names(silent)} cannot be queried. Bring {'them' if len(silent) > 1 else 'it'} back if that is possible, as"
            " nothing is lost then. Otherwise switch off what may still run there, as an engine that comes back would"
            " join in with an old state, and confirm that with -e operations_lost_managers_are_off=true."
        )
        problems.append(Reason("host_not_responding", message))
    left = [host for host in others if not host.in_play and host.answers and _is_left_over(host)]
    if left:
        message = f"{names(left)} still {'have' if len(left) > 1 else 'has'} the swarm's state: include them."
        problems.append(Reason("host_left_out", message))
    return problems


def _steps(chosen: RecoveryCandidate, silence: list[str], others: list[Host], rebuild: bool) -> list[Step]:
    steps = []
    if silence:
        listed = ", ".join(silence)
        steps.append(Step(listed, "stop the engine", "it would fight the new swarm or rejoin it"))
        steps.append(Step(listed, "move its state of the swarm aside, start the engine", "it joins again"))
    steps.append(
        Step(chosen.host.name, "make it a swarm of one by force", "with services, networks, secrets and workers")
    )
    fresh = [h for h in others if h.in_play and (h.name in silence or h.state == INACTIVE)]
    steps += [_join(host) for host in fresh] if rebuild else []
    return [*steps, Step("", "remove the entries of the other managers", "they are not managers any more")]


def _join(host: Host) -> Step:
    if host.wanted == "manager":
        return Step(
            host.name, "join as a manager", "in no swarm any more; gets the labels and availability of its entry"
        )
    return Step(host.name, "join as a worker", "in no swarm any more")
