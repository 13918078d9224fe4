# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the tasks of a service may run, and which services would have nowhere to go."""

from __future__ import annotations

import typing as t

from ...module_utils._core.values import Values
from ...module_utils._service import constraints as node_constraints
from ...module_utils._service.constraints import NodeFacts


def services_without_node(
    services: list[Values], nodes: list[Values], going: t.Iterable[str], tasks: list[Values]
) -> list[Values]:
    """Services that would lose tasks, were some nodes drained at the same time.

    Knows constraints, the limit per node and published host ports. Memory, processors, platforms, volumes and plugins
    are left to the scheduler.

    :param services: name and spec as hive.swarm.swarm_service_info returns them.
    :param nodes: as hive.swarm.swarm_node_info lists them.
    :param going: IDs of the nodes.
    :param tasks: tasks with the desired state running, as hive.swarm.swarm_task_info lists them.
    :returns: service, lost (how many tasks) and why, by name of the service.
    """
    leaving = set(going)
    moving = {task["service_id"] for task in tasks if task["node_id"] in leaving}
    found = []
    for service in services:
        mode = service["spec"].get("mode", "replicated")
        if service["id"] in moving and mode == "replicated":
            found += _lost(service, [node for node in nodes if node["id"] not in leaving], tasks)
    return found


def _lost(service: Values, nodes: list[Values], tasks: list[Values]) -> list[Values]:
    spec = service["spec"]
    wanted = len([task for task in tasks if task["service_id"] == service["id"]])
    placement = spec.get("placement") or {}
    constraints = placement.get("constraints") or []
    able = [node for node in nodes if _takes_tasks(node) and _fits(node, placement)]
    limit = _limit_per_node(spec, placement)
    room = len(able) * limit if limit else wanted * bool(able)
    if room >= wanted:
        return []
    reason = f"only {len(able)} of the nodes that stay may take its tasks"
    if limit:
        reason += f", {limit} each"
    if constraints:
        reason += f" (constraints {', '.join(constraints)})"
    return [{"service": service["name"], "lost": wanted - room, "why": reason}]


def _takes_tasks(node: Values) -> bool:
    return node["state"] == "ready" and node["availability"] == "active"


def _limit_per_node(spec: Values, placement: Values) -> int:
    ports = [port for port in spec.get("publish") or [] if port.get("mode") == "host" and port.get("published_port")]
    limit = placement.get("replicas_max_per_node") or 0
    return 1 if ports else int(limit)


def _fits(node: Values, placement: Values) -> bool:
    return all(meets(node, constraint) for constraint in placement.get("constraints") or [])


def meets(node: Values, constraint: str) -> bool:
    """Return whether a node, as hive.swarm.swarm_node_info lists it, meets a constraint."""
    facts = NodeFacts(
        id=node["id"],
        hostname=node.get("hostname") or "",
        ip=node.get("address") or "",
        role=node.get("role") or "",
        os=node.get("os") or "",
        arch=node.get("architecture") or "",
        labels=node.get("labels") or {},
        engine_labels=node.get("engine_labels") or {},
    )
    return node_constraints.meets(facts, constraint)
