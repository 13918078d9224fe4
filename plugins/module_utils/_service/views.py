# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Services as ``GET /services`` lists them, with their specs in the words of the options of swarm_service.

The values of a service's environment, which what its containers log may repeat.
"""

from __future__ import annotations

import typing as t

from .._core.fields import Group, Rows
from .._core.paths import MISSING, Document, Values, at
from .._core.redaction import HIDDEN
from .._core.schema import Schema
from .._task.views import ports
from .references import References
from .schema import SERVICE


class Names(References):
    """The names of the networks that services use: one list, and one more request for each that no list has."""

    def __init__(self, engine: t.Any) -> None:
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
        "spec": spec_view(names.named(service["Spec"]), hide_env),
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


def _value(item: t.Any, document: Document) -> t.Any:
    """The option's value, None where the document says nothing on it, or nothing else than nothing."""
    raw = item.path.get(document)
    if raw is MISSING or raw is None or raw in ([], {}):
        return None
    if isinstance(item, Group):
        return _set(item.schema, raw) or None
    if isinstance(item, Rows):
        return [_set(item.schema, element) for element in raw]
    # An empty text means something only where a missing one means the same (the owner of a secret's file).
    return None if raw == "" and item.absent != "" else item.read(document)


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
