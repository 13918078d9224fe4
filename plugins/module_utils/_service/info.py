# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The services of the swarm, with their specs in the words of swarm_service's options. One list of each kind."""

from __future__ import annotations

import re
import typing as t

from .._core.errors import BadInput, NotFound
from .._core.paths import Document, Values
from .._core.query import check_query, run_query
from .._core.redaction import without_values_in
from .._engine.client import Engine
from .._engine.lists import EVERY_RUNTIME, Filters, list_nodes, listed, runtime_filters
from .._task.views import surroundings, task_views
from .logs import read_log
from .views import Names, env_values, service_view, specs_of, without_env

FILTERS = ("id", "label", "mode", "name", "runtime")
CHOICES = {"mode": ("replicated", "global", "replicated-job", "global-job"), "runtime": EVERY_RUNTIME}
ARGUMENT_SPEC: Values = {
    "name": {"type": "list", "elements": "str"},
    "filters": {"type": "dict"},
    "tasks": {"type": "bool", "default": False},
    "logs": {"type": "int"},
    "hide_env": {"type": "bool", "default": False},
    "raw": {"type": "bool", "default": False},
    "query": {"type": "str"},
}
RULES: Values = {"required_by": {"logs": ["name"]}}
_MOST_LINES = 1000
_MOST_NAMES = 100
_ID = re.compile(r"[0-9a-z]{25}")


def read_service_info(engine: Engine, params: Values) -> Values:
    query = check_query(params["query"])
    _check_logs(params["logs"])
    filters = runtime_filters(params["filters"], "services", FILTERS, CHOICES)
    found = listed(engine, "/services", filters=_narrowed(filters, params["name"]), status=True)
    chosen = _chosen(found, params["name"])
    names = Names(engine)
    services = [service_view(service, names, params["hide_env"]) for service in chosen]
    if params["tasks"] or params["logs"]:
        _add_details(engine, params, chosen, services)
    if params["raw"]:
        for view, service in zip(services, chosen):
            view["raw"] = without_env(service) if params["hide_env"] else service
    result = {"services": services}
    return {**result, "result": run_query(query, services)} if query else result


def _check_logs(lines: int | None) -> None:
    if lines is not None and not 1 <= lines <= _MOST_LINES:
        raise BadInput("logs", f"{lines} is out of bounds: it must be from 1 to {_MOST_LINES} lines.")


def _narrowed(filters: Filters, names: list[str] | None) -> Filters:
    """The engine narrows the list down where it can: it has filters by the beginning of a name, and by that of an
    ID, of which both must match."""
    if not names or "name" in filters or len(names) > _MOST_NAMES or any(_ID.fullmatch(name) for name in names):
        return filters
    return {**filters, "name": names}


def _chosen(services: list[Document], names: list[str] | None) -> list[Document]:
    if not names:
        return sorted(services, key=lambda service: service["Spec"]["Name"])
    by_name = {service["Spec"]["Name"]: service for service in services}
    by_either = {**by_name, **{service["ID"]: service for service in services}}
    chosen = {by_either[name]["ID"]: by_either[name] for name in names if name in by_either}
    return list(chosen.values())


def _add_details(engine: Engine, params: Values, services: list[Document], views: list[Values]) -> None:
    around = surroundings(services, list_nodes(engine))
    if params["tasks"]:
        tasks = _tasks(engine, services, bool(params["name"]), around)
        for view in views:
            view["tasks"] = tasks.get(view["id"], [])
    if params["logs"]:
        for view, service in zip(views, services):
            log = read_log(engine, service, params["logs"], around)
            lines = _without_env(log.lines, service) if params["hide_env"] else log.lines
            view["logs"], view["logs_error"] = lines, log.error


def _without_env(lines: list[Values], service: Document) -> list[Values]:
    """A container may log the variables that the task hides."""
    return without_values_in(lines, env_values(specs_of([service])))


def _tasks(engine: Engine, services: list[Document], few: bool, around: t.Any) -> dict[str, list[Values]]:
    """The tasks of these services, by ID of the service."""
    ids = {service["ID"] for service in services}
    filters: Filters = {"runtime": list(EVERY_RUNTIME)}
    found: dict[str, list[Values]] = {}
    for task, view in task_views(_listed_tasks(engine, ids if few else set(), filters), around):
        if task.get("ServiceID") in ids:
            found.setdefault(task["ServiceID"], []).append(view)
    return found


def _listed_tasks(engine: Engine, ids: set[str], filters: Filters) -> list[Document]:
    if not ids or len(ids) > _MOST_NAMES:
        return listed(engine, "/tasks", filters=filters)
    try:
        return listed(engine, "/tasks", filters={**filters, "service": sorted(ids)})
    except NotFound:  # one has been removed since it was listed
        return listed(engine, "/tasks", filters=filters)
