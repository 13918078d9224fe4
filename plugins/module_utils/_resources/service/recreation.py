# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Replacing a service by one of another mode, which the engine cannot do in place.

Two services cannot have one name, so the old one has to go first. The engine is asked before whether it would take
the new one, and gets the old one back if it then does not.
"""

from __future__ import annotations

import typing as t

from ..._errors import SwarmError
from ..._path import MISSING, Document, at
from .creation import all_of
from .writing import create, remove

_PORTS = at("EndpointSpec", "Ports")
_CONSTRAINTS = at("TaskTemplate", "Placement", "Constraints")
# No node has this ID, so no task of the rehearsal ever starts.
_NOWHERE = "node.id==hive-swarm-rehearsal"


def recreate(resource: t.Any, service: Document, spec: Document) -> str:
    """The ID of the new service; raises what the engine says, with the old service in place."""
    name = spec["Name"]
    _rehearse(resource, spec)
    remove(resource.engine, service)
    gone = [change._replace(before=change.after, after=MISSING) for change in all_of(service["Spec"], resource.params)]
    resource.writes.wrote(f"removal of service {name}", gone)
    try:
        made = create(resource, spec)
    except SwarmError as error:
        error.message = f"{error.message}. {_bring_back(resource, service['Spec'])}"
        raise
    resource.writes.forget(f"removal of service {name}")
    return made


def _bring_back(resource: t.Any, spec: Document) -> str:
    """What has come of the old service."""
    try:
        create(resource, spec)
    except SwarmError as error:
        return f"The old one cannot be made again either, so service {spec['Name']} is gone: {error.message}"
    resource.writes.wrote(f"service {spec['Name']} as it was", all_of(spec, resource.params))
    return "The service is back as it was, with new tasks."


def _rehearse(resource: t.Any, spec: Document) -> None:
    """Have the engine check the new service under another name: without its ports, which the old one has."""
    trial = {**_PORTS.put(spec, MISSING), "Name": f"{spec['Name'][:53]}-rehearsal"}
    constraints = _CONSTRAINTS.get(trial)
    trial = _CONSTRAINTS.put(trial, [*([] if constraints is MISSING else constraints), _NOWHERE])
    _remove_leftover(resource.engine, trial["Name"])
    made = create(resource, trial)
    resource.writes.wrote(f"service {trial['Name']}")
    remove(resource.engine, {"ID": made})
    resource.writes.took_back(f"service {trial['Name']}")


def _remove_leftover(engine: t.Any, name: str) -> None:
    """Remove the rehearsal of a run that was cut off, so that this one finishes its work."""
    for service in engine.get("/services", filters={"name": [name]}):
        if service["Spec"]["Name"] == name and _NOWHERE in (_CONSTRAINTS.get(service["Spec"]) or ()):
            remove(engine, service)
