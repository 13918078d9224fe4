# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which hosts leave, in which order, when a swarm is given up or hosts are taken out of it."""

from __future__ import annotations

from ...module_utils._core.values import Values
from ...module_utils._engine.local_state import LOCKED
from .choice import distrusted
from .hosts import Host, names
from .nodes import address_of
from .steps import Reason, Step

LOST = "lost"


def plan_reset(hosts: list[Host], nodes: list[Values], confirm: str) -> Values:
    """Return the hosts that leave, and how.

    :param nodes: what the managers of the confirmed swarm list; empty where none of them can be asked.
    :param confirm: the ID of the swarm; ``lost`` for one that has no quorum, so that its ID is not available.
    :returns: workers and managers (names of the hosts that leave, in this order, the leader last), leader (its name if
        it is one of them), force (whether managers leave that cannot be demoted, since none remains), entries (of the
        nodes that leave), alone (names of hosts in other swarms), steps, warnings, stop and confirm (empty: stop has it).
    """
    mine = [host for host in hosts if host.in_play and host.answers and host.state != "inactive"]
    leaving = [host for host in mine if _belongs(host, hosts, nodes, confirm)]
    alone = [host for host in mine if host not in leaving]
    managers = [host for host in leaving if host.role == "manager" or host.state == LOCKED]
    workers = [host for host in leaving if host not in managers]
    leaders = {node["id"] for node in nodes if node["leader"]}
    managers.sort(key=lambda host: host.node_id in leaders)
    # Not an entry that a manager has recorded as another host: which node it is, a host only reports.
    others = {
        node["id"] for host in leaving for node in nodes if node["id"] == host.node_id and host.labelled(node) is False
    }
    ids = {host.node_id for host in leaving} - others
    remaining = [node for node in nodes if node["reachability"] == "reachable" and node["id"] not in ids]
    stop = _stop(hosts, mine, confirm)
    return {
        "workers": [host.name for host in workers],
        "managers": [host.name for host in managers],
        "leader": next((host.name for host in managers if host.node_id in leaders), ""),
        "force": not remaining,
        "entries": [node["id"] for node in nodes if node["id"] in ids] if remaining else [],
        "alone": [host.name for host in alone],
        "steps": [Step(host.name, "leave", "worker") for host in workers]
        + _manager_steps(managers, leaders, bool(nodes), remaining),
        "warnings": ([] if stop else _warnings(alone, remaining)) + _silent(hosts),
        "stop": stop,
    }


def _belongs(host: Host, hosts: list[Host], nodes: list[Values], confirm: str) -> bool:
    """Return whether a host is in the swarm that is meant, by what the managers list, or by what its own engine reports."""
    if host.claims_to_lead:
        return host.cluster_id == confirm
    if confirm == LOST:
        return True
    if any(node["id"] == host.node_id for node in nodes):
        return True
    ours = [address_of(node) for node in nodes if node["manager"]]
    ours += [address for other in hosts if other.leads and other.cluster_id == confirm for address in other.addresses]
    locked = host.state == LOCKED and any(node["hostname"] == host.hostname for node in nodes)
    return locked or host.knows_one_of(ours)


def _stop(hosts: list[Host], mine: list[Host], confirm: str) -> list[Reason]:
    ids = sorted({host.cluster_id for host in hosts if host.leads})
    if not mine or confirm in ids:
        return []
    if ids:
        found = "; ".join(f"{cluster} ({names(h for h in hosts if h.cluster_id == cluster)})" for cluster in ids)
        return [
            Reason("not_confirmed", f"Confirm with the ID of the swarm, -e operations_confirm=ID. There is {found}.")
        ]
    if confirm == LOST:
        return []
    message = (
        f"{names(mine)}: no manager with quorum responds, so the ID of the swarm is not known. To remove these hosts from"
        f" their swarms, set -e operations_confirm={LOST}."
    )
    claims = [Reason("distrusted", distrusted(host)) for host in hosts if host.claims_to_lead and not host.trusted]
    return [*claims, Reason("not_confirmed", message)]


def _silent(hosts: list[Host]) -> list[str]:
    return [
        f"{host.name} does not respond and is left as it is: {(host.probe.get('msg') or 'no reason given').rstrip('.')}."
        " Should it come back, run hive.swarm.swarm_leave on it."
        for host in hosts
        if host.in_play and not host.answers
    ]


def _manager_steps(managers: list[Host], leaders: set[str], led: bool, remaining: list[Values]) -> list[Step]:
    """Return the steps of the managers: one at a time, in this order.

    Each is demoted first, so that the swarm keeps its quorum and its ID until the last manager leaves: a run that is
    interrupted before can be repeated.
    """
    after = "" if remaining else "; the swarm is gone when the last manager has left"
    return [
        Step(
            host.name,
            "demote, leave" if led and (remaining or host is not managers[-1]) else "leave",
            f"{'leader, so the last' if host.node_id in leaders else 'manager'}{after}",
        )
        for host in managers
    ]


def _warnings(alone: list[Host], remaining: list[Values]) -> list[str]:
    lines = []
    if remaining:
        lines.append(f"The swarm goes on with {', '.join(sorted(node['hostname'] for node in remaining))}.")
    if alone:
        lines.append(f"Left alone, since they are in another swarm: {names(alone)}.")
    return lines
