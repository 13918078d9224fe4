# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why no manager lists the nodes of a swarm, for the user who has to repair it."""

from __future__ import annotations

from ...module_utils._engine.local_state import INACTIVE, LOCKED
from .choice import distrusted, leaderless, two_swarms
from .hosts import Host, names


def no_answer_problems(hosts: list[Host]) -> list[str]:
    """Return sentences on the hosts whose engines do not respond, one for each reason."""
    by_reason: dict[str, list[Host]] = {}
    for host in hosts:
        by_reason.setdefault(no_answer_reason(host), []).append(host)
    return [f"{names(same)}: the engine gives no answer ({reason})." for reason, same in by_reason.items()]


def no_answer_reason(host: Host) -> str:
    """Return why an engine does not respond, without a full stop and without Ansible's own prefix."""
    return (host.probe.get("msg") or "no reason given").removeprefix("Task failed: ").strip().rstrip(".")


def without_list(hosts: list[Host], refusal: str) -> list[str]:
    """Return sentences on why no manager lists the nodes.

    :param refusal: what a manager said that was asked for the list, and did not give it; empty where none was.
    """
    leading = [host for host in hosts if host.leads]
    if len({host.cluster_id for host in leading}) > 1:
        return [two_swarms(leading)]
    stranded = leading + leaderless(hosts)  # a leader that has just lost the others does not know it yet
    locked = [host for host in hosts if host.trusted and host.state == LOCKED]
    claims = [distrusted(host) for host in hosts if host.is_manager and not host.trusted]
    if stranded:
        return [_no_quorum(stranded, hosts, refusal), *_locked(locked), *claims]
    if locked:
        return ["No manager is at work.", *_locked(locked), *claims]
    return claims or [_nobody(hosts)]


def _no_quorum(stranded: list[Host], hosts: list[Host], refusal: str) -> str:
    others = [host for host in hosts if host.wanted == "manager" and host not in stranded]
    back = f"Bring back {names(others)}" if others else "See what keeps the managers from each other"
    return (
        f"The swarm has no quorum: {names(stranded)} cannot find enough other managers. What runs goes on running, but"
        f" nothing can be changed, and what fails is not replaced. {back}; where they are lost for good,"
        f" hive.swarm.recover_quorum goes on with one.{_words(refusal or stranded[0].probe.get('error') or '')}"
    )


def _words(said: str) -> str:
    """Return the engine's message, unless it only reports the missing leader."""
    if not said or "not have a leader" in said or "deadline exceeded" in said:
        return ""
    return f" (It says: {said.strip().rstrip('.')}.)"


def _locked(locked: list[Host]) -> list[str]:
    if not locked:
        return []
    return [
        f"{names(locked)}: locked since the engine was started. hive.swarm.heal unlocks with the key in"
        " cluster_unlock_keys, docker swarm unlock by hand."
    ]


def _nobody(hosts: list[Host]) -> str:
    silent = [host for host in hosts if not host.answers]
    members = [host for host in hosts if host.answers and host.state != INACTIVE]
    if members:
        known = sorted({address for host in members for address in host.known_managers})
        where = f" at {', '.join(known)}" if known else ""
        return f"No manager responds, so the state of the swarm is not known. {names(members)}: in a swarm with managers{where}."
    if silent and len(silent) < len(hosts):
        return "None of the hosts that answer is in a swarm."
    return "No host responds, so the state of the swarm is not known." if silent else "None of the hosts is in a swarm."
