# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A service under another name and without tasks, by which the engine tells whether it accepts a replacement.

It has everything of the service that is to come, its ports in a label, since two services cannot publish one port. So where
a run ends after it has removed the old service, the next run finds here what its task does not name.
"""

from __future__ import annotations

import json
import typing as t

from .._core.validators import rehearsal_name
from .._core.values import MISSING, Document, at
from .schema import PORTS

REHEARSAL = "hive.swarm.rehearsal"
_CONSTRAINTS = at("TaskTemplate", "Placement", "Constraints")
# No node has this ID, so no task of the rehearsal ever starts.
_NOWHERE = "node.id==hive-swarm-rehearsal"


def as_rehearsal(spec: Document) -> Document:
    """Return the spec of the rehearsal of a service."""
    ports, constraints = PORTS.get(spec), _CONSTRAINTS.get(spec)
    trial = _CONSTRAINTS.put(
        PORTS.put(spec, MISSING), [*([] if constraints is MISSING else constraints or ()), _NOWHERE]
    )
    kept = json.dumps([] if ports is MISSING else ports or [])
    return {**trial, "Name": rehearsal_name(spec["Name"]), "Labels": {**(spec.get("Labels") or {}), REHEARSAL: kept}}


def find_rehearsal(listed: t.Iterable[Document], name: str) -> Document | None:
    """Return the rehearsal of a service of this name, which a run that ended has left."""
    return next((service for service in listed if _is_rehearsal(service["Spec"], name)), None)


def _is_rehearsal(spec: Document, name: str) -> bool:
    constraints = _CONSTRAINTS.get(spec)
    return (
        spec["Name"] == rehearsal_name(name)
        and isinstance(constraints, list)
        and constraints[-1:] == [_NOWHERE]
        and _ports_of(spec) is not None
    )


def _ports_of(spec: Document) -> list[Document] | None:
    """Return the ports in the label; None where another client wrote it."""
    try:
        ports = json.loads((spec.get("Labels") or {}).get(REHEARSAL, ""))
    except ValueError:
        return None
    return ports if isinstance(ports, list) and all(isinstance(port, dict) for port in ports) else None


def rehearsed(rehearsal: Document, name: str) -> Document:
    """Return the spec of the service that a rehearsal stands for."""
    spec = rehearsal["Spec"]
    labels = {key: value for key, value in spec["Labels"].items() if key != REHEARSAL}
    spec = _CONSTRAINTS.put({**spec, "Name": name, "Labels": labels}, _CONSTRAINTS.get(spec)[:-1] or MISSING)
    return PORTS.put(spec, _ports_of(rehearsal["Spec"]) or MISSING)
