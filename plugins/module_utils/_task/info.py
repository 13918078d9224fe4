# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tasks of services: what runs where, and what went wrong. One list each of tasks, services and nodes."""

from __future__ import annotations

import typing as t

from .._core.errors import NotFound
from .._core.paths import Document, Values
from .._core.query import check_query, run_query
from .._engine.client import Engine
from .._engine.lists import EVERY_RUNTIME, Filters, list_nodes, listed, runtime_filters
from .._engine.local_state import require_manager
from .._node.views import matching
from .views import surroundings, task_views

FILTERS = ("desired-state", "id", "label", "name", "runtime")
CHOICES = {"desired-state": ("running", "shutdown", "accepted"), "runtime": EVERY_RUNTIME}
# moby, api/types/swarm/task.go, in the order of a task's life.
STATES = [
    "new",
    "allocated",
    "pending",
    "assigned",
    "accepted",
    "preparing",
    "ready",
    "starting",
    "running",
    "complete",
    "shutdown",
    "failed",
    "rejected",
    "remove",
    "orphaned",
]
ARGUMENT_SPEC: Values = {
    "service": {"type": "list", "elements": "str"},
    "node": {"type": "list", "elements": "str"},
    "state": {"type": "list", "elements": "str", "choices": STATES},
    "filters": {"type": "dict"},
    "query": {"type": "str"},
    "raw": {"type": "bool", "default": False},
}
# The engine reads names and IDs from the address of the request, which has an end (8 kB in some proxies).
_MOST_IDS = 100


def read_task_info(engine: Engine, params: Values) -> Values:
    query = check_query(params["query"])
    filters = runtime_filters(params["filters"], "tasks", FILTERS, CHOICES)
    services = listed(engine, "/services", filters={"runtime": list(EVERY_RUNTIME)})
    nodes = list_nodes(engine)
    wanted = {
        "service": _service_ids(services, params["service"]),
        "node": _node_ids(engine, nodes, params["node"]),
    }
    found = _listed(engine, filters, wanted, {item["ID"] for item in (*services, *nodes)})
    chosen = [task for task in found if _is_wanted(task, wanted, params["state"])]
    tasks = [
        {**view, "raw": task} if params["raw"] else view
        for task, view in task_views(chosen, surroundings(services, nodes))
    ]
    result = {"tasks": tasks}
    return {**result, "result": run_query(query, tasks)} if query else result


Wanted = dict[str, t.Optional[list[str]]]


def _service_ids(services: list[Document], names: list[str] | None) -> list[str] | None:
    """None where all are wanted. What no service is called may be the ID of one that is gone."""
    if not names:
        return None
    ids = {item["Spec"]["Name"]: item["ID"] for item in services}
    return [ids.get(name, name) for name in names]


def _node_ids(engine: Engine, nodes: list[Document], names: list[str] | None) -> list[str] | None:
    if not names:
        return None
    found: list[str] = []
    for name in names:
        if name == "self":
            found.append(require_manager(engine).node_id)
        else:
            found += [node["ID"] for node in matching(nodes, name)] or [name]
    return found


def _listed(engine: Engine, filters: Filters, wanted: Wanted, known: set[str]) -> list[Document]:
    """The engine narrows the list down by services and nodes that it knows; it refuses any other."""
    narrow = {name: ids for name, ids in wanted.items() if ids and len(ids) <= _MOST_IDS and known.issuperset(ids)}
    try:
        return listed(engine, "/tasks", filters={**filters, **narrow})
    except NotFound:  # one has been removed since it was listed
        return listed(engine, "/tasks", filters=filters)


def _is_wanted(task: Document, wanted: Wanted, states: list[str] | None) -> bool:
    return (
        (wanted["service"] is None or task.get("ServiceID") in wanted["service"])
        and (wanted["node"] is None or task.get("NodeID") in wanted["node"])
        and (not states or (task.get("Status") or {}).get("State") in states)
    )
