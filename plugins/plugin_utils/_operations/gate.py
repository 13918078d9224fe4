# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether nodes may be taken down for a while: the majority of the managers stays, and no other node is missing."""

from __future__ import annotations

import typing as t

from ...module_utils._core.values import Values
from .._cluster.nodes import role_problem


def why_not_down(
    nodes: list[Values],
    going: t.Iterable[str],
    missing: t.Iterable[str] = (),
    accept_outage: bool = False,
    accept_option: str = "operations_accept_outage",
) -> list[str]:
    """What speaks against taking nodes down at the same time; empty where nothing does.

    Members of the raft group that are dead count for the majority (docs.docker.com, engine/swarm/admin_guide).

    :param nodes: as hive.swarm.swarm_node_info lists them.
    :param going: IDs of the nodes that go down.
    :param missing: host names or IDs of nodes that are known to be missing.
    :param accept_outage: one or two managers can never lose one; then services go on, but nothing can be changed
        until it is back.
    :param accept_option: the name of the caller's option for accept_outage, for the message.
    """
    down = set(going)
    known = set(missing)
    reasons = _quorum(nodes, down, accept_outage, accept_option)
    for node in nodes:
        if node["id"] in down or known & {node["id"], node["hostname"]}:
            continue
        why = f"it is {node['state']}" if node["state"] != "ready" else _unreachable(node)
        if why:
            reasons.append(f"{node['hostname']} ({node['id']}) is missing already: {why}")
    return reasons


def never_keeps_quorum(nodes: list[Values], going: t.Iterable[str], accept_outage: bool) -> bool:
    """Return whether one of two managers or fewer goes down: the others are not a majority, however long one waits."""
    members = [node for node in nodes if node["manager"]]
    return not accept_outage and len(members) < 3 and any(node["id"] in set(going) for node in members)


def _unreachable(node: Values) -> str:
    return role_problem(node, "manager") if node["role"] == "manager" and node["manager"] else ""


def _quorum(nodes: list[Values], down: set[str], accept_outage: bool, accept_option: str) -> list[str]:
    members = [node for node in nodes if node["manager"]]
    going = [node["hostname"] for node in members if node["id"] in down]
    left = [n for n in members if n["reachability"] == "reachable" and n["state"] == "ready" and n["id"] not in down]
    needed = len(members) // 2 + 1
    if not going or len(left) >= needed or (accept_outage and len(members) < 3):
        return []
    hint = f"; accept that with {accept_option}" if len(members) < 3 else ""
    return [
        f"without {', '.join(going)} {len(left)} of {len(members)} managers would be reachable, and {needed} are"
        f" needed{hint}"
    ]
