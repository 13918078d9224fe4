# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""/services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import golang, networks
from .errors import ApiError
from .filters import has_label, matches, read
from .managers import swarm_of
from .reply import Reply
from .service_shape import SPEC_SHAPE
from .service_spec import stored, with_defaults
from .versions import as_numbers

if TYPE_CHECKING:
    from .router import Call
    from .services import Service
    from .swarm import Swarm

_FILTERS = ("id", "label", "mode", "name", "runtime")
_MODES = {
    "Replicated": "replicated",
    "Global": "global",
    "ReplicatedJob": "replicated-job",
    "GlobalJob": "global-job",
}


def index(call: Call) -> list[dict[str, Any]]:
    """GET /services: those that run containers, unless the filter runtime asks for others."""
    filters = read(call, _FILTERS, "decoder")
    with_status = golang.parse_bool(call.request.query.get("status", ""), "status")
    filters.setdefault("runtime", ["container"])
    with call.engine.cluster.lock:
        swarm = swarm_of(call.engine)
        swarm.orchestrator.look()
        found = [service for service in swarm.services.all.values() if _matches(service, filters)]
        found.sort(key=lambda service: service.id)
        if not with_status:
            return [service.shown() for service in found]
        return [{**service.shown(), "ServiceStatus": service.status()} for service in found]


def _matches(service: Service, filters: dict[str, list[str]]) -> bool:
    return matches(
        filters,
        {
            "id": service.id.startswith,
            "label": lambda wanted: has_label(service.spec["Labels"], wanted),
            "mode": lambda wanted: wanted == _MODES[service.mode],
            "name": service.name.startswith,
            "runtime": lambda wanted: wanted == service.spec["TaskTemplate"]["Runtime"],
        },
    )


def inspect(call: Call) -> dict[str, Any]:
    """GET /services/{ID, name or beginning of the ID}?insertDefaults=."""
    defaults = golang.parse_bool(call.request.query.get("insertDefaults", ""), "insertDefaults")
    with call.engine.cluster.lock:
        swarm = swarm_of(call.engine)
        swarm.orchestrator.look()
        service = swarm.services.find(call.names["id"])
        return service.shown(with_defaults(service.spec) if defaults else None)


def create(call: Call) -> Reply:
    """POST /services/create."""
    request = call.body("ServiceSpec", SPEC_SHAPE)
    with call.engine.cluster.lock:
        swarm = swarm_of(call.engine)
        service = swarm.services.create(_spec(call, request, swarm))
        warnings: dict[str, Any] = {"Warnings": None} if as_numbers(call.engine.version.api) >= (1, 44) else {}
        return Reply(201, {"ID": service.id, **warnings})


def update(call: Call) -> dict[str, Any]:
    """POST /services/{id}/update?version=N&registryAuthFrom=&rollback=: the whole spec is replaced."""
    request = call.body("ServiceSpec", SPEC_SHAPE)
    query = call.request.query
    version = golang.uint64(query.get("version", ""), "service")
    with call.engine.cluster.lock:
        swarm = swarm_of(call.engine)
        service = swarm.services.find(call.names["id"])
        spec = _spec(call, request, swarm)
        _check_credentials(call, service)
        rollback = query.get("rollback", "")
        if rollback not in ("", "none", "previous"):
            raise ApiError(500, f"unrecognized rollback option {rollback}")
        swarm.services.update(service, version, spec, rollback == "previous")
        return {"Warnings": None}


def _spec(call: Call, request: dict[str, Any], swarm: Swarm) -> dict[str, Any]:
    networks.resolve(request, call.engine, swarm)
    return stored(request, call.api, call.engine.version.api)


def _check_credentials(call: Call, service: Service) -> None:
    """Where the credentials come from, when the request brings none."""
    if call.request.registry_auth:
        return
    source = call.request.query.get("registryAuthFrom", "")
    if source == "previous-spec" and service.previous is None:
        raise ApiError(500, "service does not have a previous spec")
    if source not in ("", "spec", "previous-spec"):
        raise ApiError(500, "unsupported registryAuthFrom value")


def remove(call: Call) -> None:
    """DELETE /services/{id}."""
    with call.engine.cluster.lock:
        swarm = swarm_of(call.engine)
        swarm.services.remove(swarm.services.find(call.names["id"]))
