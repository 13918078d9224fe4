# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The info module of services: their specs in the words of the options of swarm_service, with one list of each kind.

The values of a service's environment are hidden in what its containers log, which may repeat them.
"""

from __future__ import annotations

import re
import typing as t

from .._core.errors import BadInput, NotFound
from .._core.query import check_query, listing
from .._core.redaction import HIDDEN, without_values_in
from .._core.schema import Field, ObjectField, ObjectList, Schema, SchemaItem
from .._core.values import MISSING, Document, Values, at
from .._engine.client import Engine
from .._engine.lists import EVERY_RUNTIME, FILTERED_LIST, Filters, choose_by_spec, list_nodes, listed, runtime_filters
from .._frontend.definition import define_info
from .._task.info import TaskContext, ports, task_context, task_views
from .logs import read_log
from .references import References
from .schema import SERVICE

FILTERS = ("id", "label", "mode", "name", "runtime")
CHOICES = {"mode": ("replicated", "global", "replicated-job", "global-job"), "runtime": EVERY_RUNTIME}
ARGUMENT_SPEC: Values = {
    **FILTERED_LIST,
    "tasks": {"type": "bool", "default": False},
    "logs": {"type": "int"},
    "hide_env": {"type": "bool", "default": False},
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
    chosen = choose_by_spec(found, params["name"])
    names = Names(engine)
    services = [service_view(service, names, params["hide_env"]) for service in chosen]
    if params["tasks"] or params["logs"]:
        _add_details(engine, params, chosen, services)
    if params["raw"]:
        for view, service in zip(services, chosen):
            view["raw"] = without_env(service) if params["hide_env"] else service
    return listing("services", services, query)


def _check_logs(lines: int | None) -> None:
    if lines is not None and not 1 <= lines <= _MOST_LINES:
        raise BadInput("logs", f"{lines} is out of bounds: it must be from 1 to {_MOST_LINES} lines.")


def _narrowed(filters: Filters, names: list[str] | None) -> Filters:
    """The engine narrows the list down where it can: it has filters by the beginning of a name, and by that of an
    ID, of which both must match."""
    if not names or "name" in filters or len(names) > _MOST_NAMES or any(_ID.fullmatch(name) for name in names):
        return filters
    return {**filters, "name": names}


def _add_details(engine: Engine, params: Values, services: list[Document], views: list[Values]) -> None:
    context = task_context(services, list_nodes(engine))
    if params["tasks"]:
        tasks = _tasks(engine, services, bool(params["name"]), context)
        for view in views:
            view["tasks"] = tasks.get(view["id"], [])
    if params["logs"]:
        for view, service in zip(views, services):
            log = read_log(engine, service, params["logs"], context)
            lines = _without_env(log.lines, service) if params["hide_env"] else log.lines
            view["logs"], view["logs_error"] = lines, log.error


def _without_env(lines: list[Values], service: Document) -> list[Values]:
    """A container may log the variables that the task hides."""
    return without_values_in(lines, env_values(specs_of([service])))


def _tasks(engine: Engine, services: list[Document], few: bool, context: TaskContext) -> dict[str, list[Values]]:
    """The tasks of these services, by ID of the service."""
    ids = {service["ID"] for service in services}
    filters: Filters = {"runtime": list(EVERY_RUNTIME)}
    found: dict[str, list[Values]] = {}
    for task, view in task_views(_listed_tasks(engine, ids if few else set(), filters), context):
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


class Names(References):
    """The names of the networks that services use: one list, and one more request for each that no list has."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine, {"networks": []}, lambda error: None)

    def network(self, network_id: str) -> str:
        return self._name_of(network_id)


def service_view(service: Document, names: Names, hide_env: bool) -> Values:
    """One service. Counts are None where the API is too old for them (before 1.41)."""
    counts = service.get("ServiceStatus") or {}
    job = service.get("JobStatus") or {}
    return {
        "id": service["ID"],
        "name": service["Spec"]["Name"],
        "version": (service.get("Version") or {}).get("Index", 0),
        "created_at": service.get("CreatedAt", ""),
        "updated_at": service.get("UpdatedAt", ""),
        "spec": spec_view(names.with_names(service["Spec"]), hide_env),
        "running": counts.get("RunningTasks"),
        "desired": counts.get("DesiredTasks"),
        "completed": counts.get("CompletedTasks"),
        "update_status": _update(service.get("UpdateStatus") or {}),
        "endpoint": _endpoint(service.get("Endpoint") or {}, names),
        "previous": service.get("PreviousSpec") is not None,
        "job_iteration": (job.get("JobIteration") or {}).get("Index", 0) if job else None,
        "job_last_execution": job.get("LastExecution", ""),
    }


def _update(status: Document) -> Values:
    return {
        "state": status.get("State", ""),
        "message": status.get("Message", ""),
        "started_at": status.get("StartedAt", ""),
        "completed_at": status.get("CompletedAt", ""),
    }


def _endpoint(endpoint: Document, names: Names) -> Values:
    addresses = endpoint.get("VirtualIPs") or []
    return {
        "mode": (endpoint.get("Spec") or {}).get("Mode", ""),
        "ports": ports(endpoint.get("Ports")),
        "virtual_ips": {names.network(item["NetworkID"]): item.get("Addr", "") for item in addresses},
    }


def spec_view(spec: Document, hide_env: bool) -> Values:
    """What is set, as a task of swarm_service would say it, so that the task would change nothing.

    What is not set is left out, since null is none of an option's choices to Ansible.
    """
    view = {"name": spec["Name"], **_set(SERVICE, spec)}
    if hide_env and "env" in view:
        view["env"] = dict.fromkeys(view["env"], HIDDEN)
    if hide_env and "env" in view.get("plugin", {}):
        view["plugin"]["env"] = [f"{item.partition('=')[0]}={HIDDEN}" for item in view["plugin"]["env"]]
    return view


def _set(schema: Schema, document: Document) -> Values:
    values = {item.option: _value(item, document) for item in schema.fields}
    return {option: value for option, value in values.items() if value is not None}


def _value(item: SchemaItem, document: Document) -> object:
    """The option's value, None where the document says nothing on it, or nothing else than nothing."""
    raw = item.path.get(document)
    if raw is MISSING or raw is None or raw in ([], {}):
        return None
    if isinstance(item, ObjectField):
        return _set(item.schema, raw) or None
    if isinstance(item, ObjectList):
        return [_set(item.schema, element) for element in raw]
    # An empty text means something only where a missing one means the same (the owner of a secret's file).
    return None if raw == "" and not (isinstance(item, Field) and item.default == "") else item.read(document)


def without_env(document: Document) -> Document:
    """The engine's document of a service with the values of all environments hidden."""
    changed = dict(document)
    for key in ("Spec", "PreviousSpec"):
        if isinstance(changed.get(key), dict):
            changed[key] = _spec_without_env(changed[key])
    return changed


def _spec_without_env(spec: Document) -> Document:
    template = dict(spec.get("TaskTemplate") or {})
    for key, env in (("ContainerSpec", "Env"), ("PluginSpec", "env")):
        part = template.get(key) or {}
        if part.get(env):
            template[key] = {**part, env: [f"{item.partition('=')[0]}={HIDDEN}" for item in part[env]]}
    return {**spec, "TaskTemplate": template}


_PLACES = (at("TaskTemplate", "ContainerSpec", "Env"), at("TaskTemplate", "PluginSpec", "env"))


def env_values(specs: t.Iterable[Document | None]) -> set[str]:
    """Return the values of all variables of these specs, those of plugins too.

    :param specs: of services; None is one that does not exist.
    """
    found = (place.get(spec) for spec in specs for place in _PLACES)
    return {entry.partition("=")[2] for env in found if isinstance(env, list) for entry in env} - {""}


def specs_of(services: t.Iterable[Document]) -> list[Document | None]:
    """Return what each service is and what it was before its last update."""
    return [service.get(key) for service in services for key in ("Spec", "PreviousSpec")]


MODULE = define_info(read_service_info, ARGUMENT_SPEC, **RULES)
