# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which services lie unevenly on the nodes, so that replacing their tasks would spread them."""

from __future__ import annotations

from ...module_utils._core.values import Values
from .._cluster.steps import Reason, Step
from .placement import meets


def plan_rebalance(services: list[Values], nodes: list[Values], tasks: list[Values], names: list[str]) -> Values:
    """The services whose tasks are replaced, one service after the other.

    :param services: as hive.swarm.swarm_service_info returns them.
    :param nodes: as hive.swarm.swarm_node_info lists them.
    :param tasks: tasks with the desired state running, as hive.swarm.swarm_task_info lists them.
    :param names: services to replace whatever they look like; empty for those that lie unevenly.
    :returns: services (names), steps, warnings, stop and confirm (the names).
    """
    known = {service["name"]: service for service in services}
    unknown = [name for name in names if name not in known]
    chosen = [known[name] for name in names if name in known]
    chosen = chosen or ([] if names else [each for each in services if _uneven(_spread(each, nodes, tasks))])
    return {
        "services": [service["name"] for service in chosen],
        "steps": [_step(service, nodes, tasks) for service in chosen],
        "stop": [Reason("bad_input", f"operations_services: the swarm has no service {', '.join(unknown)}.")]
        if unknown
        else [],
        "confirm": ",".join(service["name"] for service in chosen),
    }


def _spread(service: Values, nodes: list[Values], tasks: list[Values]) -> dict[str, int]:
    """How many tasks of a replicated service each node has that may have some, by host name."""
    if service["spec"].get("mode", "replicated") != "replicated":
        return {}
    constraints = (service["spec"].get("placement") or {}).get("constraints") or []
    able = [
        node
        for node in nodes
        if node["state"] == "ready"
        and node["availability"] == "active"
        and all(meets(node, constraint) for constraint in constraints)
    ]
    where = [task["node_id"] for task in tasks if task["service_id"] == service["id"]]
    return {node["hostname"]: where.count(node["id"]) for node in able}


def _uneven(spread: dict[str, int]) -> bool:
    """One task more or less is as even as it gets."""
    return bool(spread) and max(spread.values()) - min(spread.values()) > 1


def _step(service: Values, nodes: list[Values], tasks: list[Values]) -> Step:
    spread = _spread(service, nodes, tasks)
    where = ", ".join(f"{name} {count}" for name, count in sorted(spread.items()))
    return Step("", f"replace the tasks of the service {service['name']}", f"tasks by node: {where}" if where else "")
