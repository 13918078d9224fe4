# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts on nodes as hive.swarm.swarm_node_info lists them."""

from __future__ import annotations

from ...module_utils._core.validators import same_ip, told_host
from ...module_utils._core.values import Values
from .hosts import Host


def address_of(node: Values) -> str:
    """Return the IP address of a node. A leader may show 0.0.0.0 as its address, while its address as a manager is right.

    :param node: as hive.swarm.swarm_node_info lists it, as in all of this file.
    """
    return told_host(node["manager_address"]) or told_host(node["address"])


def is_stalled(node: Values, host: Host) -> bool:
    """Return whether managers reach this manager while its engine follows no leader.

    So it is after a stop in its first second as a manager, before the leader's log has come to it: when it starts again it
    knows no other manager, cannot answer the leader, and gets the log of no one. It is listed as reachable and does not
    count for the quorum. As a worker it forgets that, and becomes a manager like any other.
    """
    listed = node["manager"] and node["state"] == "ready" and node["reachability"] == "reachable"
    return bool(listed) and not node["leader"] and host.follows_no_leader


def role_problem(node: Values, role: str) -> str:
    """Return why a ready node is not a manager or worker, without a full stop; empty where it is."""
    if node["role"] != role:
        return f"it is a {node['role']} and must be a {role}"
    if role == "manager" and not node["manager"]:
        return "it is not a manager yet"
    if role == "manager" and node["reachability"] != "reachable":
        return "the other managers do not reach it"
    if role == "worker" and node["manager"]:
        return "it is still a manager"
    return ""


def problem(node: Values, role: str) -> str:
    """Return why a node is not ready in a role, without a full stop; empty where it is."""
    if node["state"] != "ready":
        return f"it is {node['state']}" + (f" ({node['status_message']})" if node["status_message"] else "")
    return role_problem(node, role)


def unsettled(nodes: list[Values], expected: list[Values]) -> list[str]:
    """Return a sentence on each host that is not a ready node in its role.

    :param expected: hostname and role of each, its id where that is known, and the address at which the managers must see
        it where that matters. Without an id the host name tells, and one that is there twice needs two nodes.
    """
    pool, reasons = list(nodes), []
    for host in sorted(expected, key=lambda host: not host.get("id")):
        key = "id" if host.get("id") else "hostname"
        entries = [node for node in pool if node[key] == host[key]]
        entries.sort(key=lambda node: (problem(node, host["role"]) != "", node["state"] != "ready"))
        reason = _unmet(entries[0], host) if entries else "the managers do not list it"
        if reason:
            reasons.append(f"{host['hostname']}: {reason}")
        else:
            pool.remove(entries[0])
    return reasons


def _unmet(node: Values, host: Values) -> str:
    wanted = host.get("address")
    if wanted and not same_ip(address_of(node), wanted):
        return (
            f"the managers see it at {address_of(node)}, not at {wanted}, where the entry is that it would replace, so it"
            " gets nothing of it"
        )
    return problem(node, host["role"])


def manager_count_warnings(count: int) -> list[str]:
    """Return sentences on a number of managers that is not recommended (docs.docker.com, engine/swarm/admin_guide)."""
    if count == 2:
        return ["Two managers are worse than one: the swarm stops when either of them fails. Use one, three or five."]
    if count and count % 2 == 0:
        return [f"{count} managers survive no more failures than {count - 1}. Use an odd number."]
    if count > 7:
        return [f"{count} managers slow every decision of the swarm down. Use three to seven."]
    return []
