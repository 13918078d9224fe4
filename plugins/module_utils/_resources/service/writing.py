# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The requests that change a service."""

from __future__ import annotations

import typing as t

from ..._engine import path_part
from ..._errors import EngineError, NotFound, OutOfSequence
from ..._path import Document
from ..._plan import CREATE, RECREATE, REMOVE, ROLLBACK
from .places import lacks_placement, with_placement


def write(resource: t.Any, service: Document | None, spec: Document, action: str) -> str | None:
    """Do it; the ID of the service where it is a new one. Warnings of the engine become warnings of the task."""
    if action == REMOVE:
        return remove(resource.engine, service or {})
    if action == RECREATE:
        from .recreation import recreate

        return recreate(resource, service or {}, spec)
    if action == CREATE:
        return create(resource, spec)
    return _update(resource, service or {}, spec, action)


def create(resource: t.Any, spec: Document) -> str:
    body = with_placement(spec)
    answer = _send(resource, "/services/create", body)
    _pass_on(resource, answer)
    return answer["ID"]


def _send(resource: t.Any, path: str, spec: Document, **query: t.Any) -> t.Any:
    """Write; OutOfSequence where something that the service refers to was removed since it was read.

    The engine answers 500 for a network and 400 for a secret or config that is gone (20.10 and 28.5), as it does for
    many other things, so the lists are read instead of its message.
    """
    try:
        return resource.engine.post(path, spec, headers=_credentials(resource, spec), **query)
    except EngineError as error:
        if not isinstance(error, OutOfSequence) and error.status in (400, 404, 500):
            from .references import are_gone

            if are_gone(resource.engine, spec):
                raise OutOfSequence(error.message, error.status) from error
        raise


def remove(engine: t.Any, service: Document) -> None:
    try:
        engine.delete(f"/services/{path_part(service['ID'])}")
    except NotFound:
        pass  # somebody else was quicker


def _update(resource: t.Any, service: Document, spec: Document, action: str) -> None:
    path = f"/services/{path_part(service['ID'])}"
    if action != ROLLBACK and lacks_placement(service["Spec"], than=spec):
        service = _with_safe_way_back(resource.engine, path, service)
        resource.writes.wrote(f"empty placement of service {service['Spec']['Name']}")
    query = {"version": service["Version"]["Index"], "registryAuthFrom": resource.params["registry_auth_from"]}
    if action == ROLLBACK:
        spec, query["rollback"] = service["Spec"], "previous"
    path = f"{path}/update"
    _pass_on(resource, _send(resource, path, spec, **query))


def _with_safe_way_back(engine: t.Any, path: str, service: Document) -> Document:
    """The service after a write of an empty Placement, which restarts nothing.

    The spec that the engine would roll back to has to have one, since tasks of the coming spec will.
    """
    engine.post(f"{path}/update", with_placement(service["Spec"]), version=service["Version"]["Index"])
    return engine.get(path)


def _credentials(resource: t.Any, spec: Document) -> dict[str, str] | None:
    image = (spec.get("TaskTemplate", {}).get("ContainerSpec") or {}).get("Image")
    return resource.header(image)


def _pass_on(resource: t.Any, answer: t.Any) -> None:
    for warning in (answer or {}).get("Warnings") or ():
        resource.warn(warning)
