# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The requests that create, change, replace and remove a service.

The engine cannot change the mode of a service in place, and two services cannot have one name, so the old one has to be removed
first. The engine is asked before whether it would accept the new one, and the old one is restored if it then does not.
"""

from __future__ import annotations

import typing as t

from .._core.errors import Conflict, EngineError, NotFound, OutOfSequence, SwarmError
from .._core.plan import CREATE, RECREATE, REMOVE, RESUME, ROLLBACK
from .._core.values import MISSING, Document
from .._engine.client import Engine, path_part
from .plan import ServiceTask, creation_changes
from .references import are_gone
from .rehearsal import as_rehearsal, find_rehearsal
from .resume import await_lasting
from .schema import image_of, lacks_placement, with_placement


def write(resource: ServiceTask, service: Document | None, spec: Document, action: str) -> str | None:
    """Do it; the ID of the service where it is a new one. Warnings of the engine become warnings of the task."""
    if action == REMOVE:
        remove(resource.engine, service or {})
        return None
    if action == RECREATE:
        return recreate(resource, service or {}, spec)
    if action == CREATE:
        return create(resource, spec)
    if action == RESUME:
        await_lasting(resource, service or {})
    _update(resource, service or {}, spec, action)
    return None


def create(resource: ServiceTask, spec: Document) -> str:
    body = with_placement(spec)
    try:
        answer = t.cast(Document, _send(resource, "/services/create", body))
    except Conflict as error:  # another client was faster: read and plan again
        raise OutOfSequence(error.message, error.status) from error
    _pass_on(resource, answer)
    return str(answer["ID"])


def _send(resource: ServiceTask, path: str, spec: Document, **query: object) -> Document | None:
    """Write; OutOfSequence where something that the service refers to was removed since it was read.

    The engine answers 500 for a network and 400 for a secret or config that is gone (20.10 and 28.5), as it does for
    many other things, so the lists are read instead of its message.
    """
    try:
        return t.cast(
            "Document | None", resource.engine.post(path, spec, None, resource.header(image_of(spec)), **query)
        )
    except EngineError as error:
        lost = not isinstance(error, OutOfSequence) and error.status in (400, 404, 500)
        if lost and are_gone(resource.engine, spec):
            raise OutOfSequence(error.message, error.status) from error
        raise


def remove(engine: Engine, service: Document) -> None:
    try:
        engine.delete(f"/services/{path_part(service['ID'])}")
    except NotFound:
        pass  # another client was faster


def _update(resource: ServiceTask, service: Document, spec: Document, action: str) -> None:
    path = f"/services/{path_part(service['ID'])}"
    if action != ROLLBACK and lacks_placement(service["Spec"], than=spec):
        service = _with_safe_way_back(resource.engine, path, service)
        resource.writes.wrote(f"empty placement of service {service['Spec']['Name']}")
    query = {"version": service["Version"]["Index"], "registryAuthFrom": resource.params["registry_auth_from"]}
    if action == ROLLBACK:
        spec, query["rollback"] = service["Spec"], "previous"
    path = f"{path}/update"
    _pass_on(resource, _send(resource, path, spec, **query))


def _with_safe_way_back(engine: Engine, path: str, service: Document) -> Document:
    """The service after a write of an empty Placement, which restarts nothing.

    The spec that the engine would roll back to has to have one, since tasks of the coming spec will.
    """
    engine.post(f"{path}/update", with_placement(service["Spec"]), version=service["Version"]["Index"])
    return engine.get(path)


def _pass_on(resource: ServiceTask, answer: Document | None) -> None:
    for warning in (answer or {}).get("Warnings") or ():
        resource.warn(warning)


def recreate(resource: ServiceTask, service: Document, spec: Document) -> str:
    """The ID of the new service; raises what the engine says, with the old service in place.

    The rehearsal stays until the new one is there: where the run ends between both, the next run finds in it what the task
    does not name.
    """
    name = spec["Name"]
    trial = _rehearse(resource, spec)
    try:
        resource.engine.delete_unchanged(f"/services/{path_part(service['ID'])}", service["Version"]["Index"])
    except EngineError:
        _end_rehearsal(resource, trial)
        raise
    gone = [
        change._replace(before=change.after, after=MISSING)
        for change in creation_changes(service["Spec"], resource.params)
    ]
    resource.writes.wrote(f"removal of service {name}", gone)
    try:
        made = create(resource, spec)
    except SwarmError as error:
        error.message = f"{error.message}. {_bring_back(resource, service['Spec'], trial)}"
        raise
    resource.writes.forget(f"removal of service {name}")
    _end_rehearsal(resource, trial)
    return made


def _bring_back(resource: ServiceTask, spec: Document, trial: Document) -> str:
    """What has come of the old service."""
    try:
        create(resource, spec)
    except SwarmError as error:
        return f"The old service {spec['Name']} cannot be created again either, and does not exist anymore: {error.message}"
    resource.writes.wrote(f"service {spec['Name']} as it was", creation_changes(spec, resource.params))
    try:
        _end_rehearsal(resource, trial)
    except SwarmError:
        pass  # the next run removes it
    return "The old service is restored, with new tasks."


def _rehearse(resource: ServiceTask, spec: Document) -> Document:
    """Have the engine check the new service under another name; return that one where the next run would finish it."""
    trial = as_rehearsal(spec)
    listed = resource.engine.get("/services", filters={"name": [trial["Name"]]})
    left = find_rehearsal(listed, spec["Name"])
    if left:
        remove(resource.engine, left)
    made = {"ID": create(resource, trial), "Spec": trial}
    resource.writes.wrote(f"service {trial['Name']}")
    if resource.finishes_rehearsals:
        return made
    _end_rehearsal(resource, made)
    return {}


def _end_rehearsal(resource: ServiceTask, trial: Document) -> None:
    """Remove it, unless that is done."""
    if trial:
        remove(resource.engine, trial)
        resource.writes.forget(f"service {trial['Spec']['Name']}")
