# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""/nodes and /tasks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from . import golang
from .errors import ApiError
from .managers import swarm_of
from .node import ROLES, SPEC_SHAPE, Node

if TYPE_CHECKING:
    from .router import Call

_NODE_FILTERS = ("id", "label", "membership", "name", "node.label", "role")
_TASK_FILTERS = ("_up-to-date", "desired-state", "id", "label", "name", "node", "runtime", "service")
_DESIRED = ("running", "shutdown", "accepted")


def index(call: Call) -> list[dict[str, Any]]:
    """GET /nodes."""
    filters = _filters(call, _NODE_FILTERS)
    for role in filters.get("role", []):
        if role.lower() not in ROLES:
            raise ApiError(500, f"Invalid role filter: '{role}'")
    for membership in filters.get("membership", []):
        if membership.lower() not in ("pending", "accepted"):
            raise ApiError(500, f"Invalid membership filter: '{membership}'")
    with call.engine.cluster.lock:
        swarm = swarm_of(call.engine)
        return [node.shown() for node in sorted(swarm.nodes.values(), key=lambda n: n.id) if _matches(node, filters)]


def _matches(node: Node, filters: dict[str, list[str]]) -> bool:
    actual = "manager" if node.id in node.swarm.members else "worker"
    tests = {
        "id": node.id.startswith,
        "name": node.hostname.startswith,
        "role": lambda wanted: wanted.lower() == actual,
        "membership": lambda wanted: wanted.lower() == "accepted",
        "label": lambda wanted: _has_label(node.engine_labels, wanted),
        "node.label": lambda wanted: _has_label(node.spec["Labels"], wanted),
    }
    every = ("label", "node.label")  # all of them must match, of the others any
    return all(
        (all if name in every else any)(tests[name](wanted) for wanted in values)
        for name, values in filters.items()
        if values
    )


def _has_label(labels: dict[str, str], wanted: str) -> bool:
    key, _equals, value = wanted.partition("=")
    return key in labels and value in ("", labels[key])


def inspect(call: Call) -> dict[str, Any]:
    """GET /nodes/{id, hostname or beginning of the ID}."""
    with call.engine.cluster.lock:
        return swarm_of(call.engine).find_node(call.names["id"]).shown()


def update(call: Call) -> None:
    """POST /nodes/{id}/update?version=N: the whole spec is replaced."""
    request = call.body("NodeSpec", SPEC_SHAPE)
    version = golang.uint64(call.request.query.get("version", ""), "node")
    with call.engine.cluster.lock:
        swarm_of(call.engine).find_node(call.names["id"]).update(version, request)


def remove(call: Call) -> None:
    """DELETE /nodes/{id}?force=."""
    force = golang.loose_bool(call.request.query.get("force", ""))
    with call.engine.cluster.lock:
        swarm_of(call.engine).find_node(call.names["id"]).remove(force)


def tasks(call: Call) -> list[dict[str, Any]]:
    """GET /tasks: the scripted ones, by node and desired state."""
    filters = _filters(call, _TASK_FILTERS)
    for state in filters.get("desired-state", []):
        if state.lower() not in _DESIRED:
            raise ApiError(500, f"Invalid desired-state filter: '{state}'")
    with call.engine.cluster.lock:
        swarm = swarm_of(call.engine)
        for service in filters.get("service", []):
            raise ApiError(404, f"service {service} not found")
        nodes = [swarm.find_node(name).id for name in filters.get("node", [])]
        return [task for task in swarm.tasks if _task_matches(task, nodes, filters.get("desired-state", []))]


def _task_matches(task: dict[str, Any], nodes: list[str], states: list[str]) -> bool:
    return (not nodes or task["NodeID"] in nodes) and (not states or task["DesiredState"] in states)


def _filters(call: Call, known: tuple[str, ...]) -> dict[str, list[str]]:
    """The query's filters, as {"name": ["value"]} or {"name": {"value": true}}."""
    text = call.request.query.get("filters", "")
    try:
        given = json.loads(text) if text else {}
        filters = {name: list(values) for name, values in given.items()}
    except (ValueError, AttributeError, TypeError) as error:
        raise ApiError(call.engine.version.no_json_filter, "invalid filter") from error
    for name in filters:
        if name not in known:
            raise ApiError(400, f"{call.engine.version.bad_filter} '{name}'")
    return filters
