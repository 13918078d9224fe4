# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""/tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import tasks
from .errors import ApiError
from .filters import Filters, has_label, matches, read
from .managers import swarm_of
from .versions import as_numbers

if TYPE_CHECKING:
    from .router import Call
    from .swarm import Swarm

_FILTERS = ("_up-to-date", "desired-state", "id", "label", "name", "node", "runtime", "service")
_DESIRED = ("running", "shutdown", "accepted")


def index(call: Call) -> list[dict[str, Any]]:
    """GET /tasks."""
    filters = read(call, _FILTERS)
    for state in filters.get("desired-state", []):
        if state.lower() not in _DESIRED:
            raise ApiError(500, f"Invalid desired-state filter: '{state}'")
    with call.engine.cluster.lock:
        swarm = swarm_of(call.engine)
        swarm.orchestrator.look()
        filters = _resolved(filters, swarm)
        found = _narrowed(swarm, filters)
        found.sort(key=lambda task: task["ID"])
        return [_shown(call, task) for task in found]


def _resolved(filters: Filters, swarm: Swarm) -> Filters:
    """Names of services and nodes become IDs. ApiError 404 for unknown ones."""
    services = [swarm.services.find(text).id for text in filters.get("service", [])]
    nodes = [swarm.find_node(text).id for text in filters.get("node", [])]
    return {**filters, "service": services, "node": nodes}


def _narrowed(swarm: Swarm, filters: Filters) -> list[dict[str, Any]]:
    every = list(swarm.tasks.values())
    if not filters.get("runtime"):  # containers that were attached to a network by hand are only shown on request
        every = [task for task in every if _runtime(task) != "attachment"]
    if not any(filters.values()):
        return every
    return [task for task in every if _matches(swarm, task, filters)]


def _matches(swarm: Swarm, task: dict[str, Any], filters: Filters) -> bool:
    service = swarm.services.all.get(task["ServiceID"])
    spec = service.spec if service else {"Name": "", "Labels": {}}
    return matches(
        filters,
        {
            "_up-to-date": lambda _wanted: _is_current(swarm, task),
            "desired-state": lambda wanted: wanted.lower() == task["DesiredState"],
            "id": task["ID"].startswith,
            "label": lambda wanted: has_label(spec["Labels"], wanted),
            "name": lambda wanted: tasks.name_of(task, spec["Name"]).startswith(wanted),
            "node": lambda wanted: wanted == task.get("NodeID"),
            "runtime": lambda wanted: wanted == _runtime(task),
            "service": lambda wanted: wanted == task["ServiceID"],
        },
    )


def _runtime(task: dict[str, Any]) -> str:
    return str(task["Spec"].get("Runtime", "container"))


def _is_current(swarm: Swarm, task: dict[str, Any]) -> bool:
    """Whether the service's spec would make this task, however it fares; any value of the filter means true."""
    service = swarm.services.all.get(task["ServiceID"])
    return service is None or not tasks.is_dirty(service, task)


def inspect(call: Call) -> dict[str, Any]:
    """GET /tasks/{ID or its beginning}."""
    with call.engine.cluster.lock:
        swarm = swarm_of(call.engine)
        swarm.orchestrator.look()
        return _shown(call, find(swarm, call.names["id"]))


def find(swarm: Swarm, text: str) -> dict[str, Any]:
    """A task by its ID or the beginning of it. ApiError 404 or 400."""
    if text in swarm.tasks:
        return swarm.tasks[text]
    found = [task for task_id, task in swarm.tasks.items() if task_id.startswith(text)]
    if len(found) > 1:
        raise ApiError(400, f"task {text} is ambiguous ({len(found)} matches found)")
    if not found:
        raise ApiError(404, f"task {text} not found")
    return found[0]


def _shown(call: Call, task: dict[str, Any]) -> dict[str, Any]:
    return {"Volumes": None, **task} if as_numbers(call.engine.version.api) >= (1, 42) else task
