# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The requests that make, change and remove a volume. All but the first name it by its ID: where the engine has a
volume of its own with the same name, the name is that one's."""

from __future__ import annotations

import typing as t

from .._core.errors import EngineError, NotConverged, OutOfSequence
from .._core.paths import Document, Path
from .._engine.lists import list_volumes
from .failures import explain_use
from .live import VolumeTask

_SECRETS = Path(("ClusterVolumeSpec", "Secrets"))


def create(resource: VolumeTask, spec: Document) -> None:
    """Secrets are looked up by ID."""
    ids = {name: key for key, name in resource.secrets.items()} if "Secrets" in spec["ClusterVolumeSpec"] else {}
    if ids:
        items = spec["ClusterVolumeSpec"]["Secrets"]
        spec = _SECRETS.put(spec, [{**item, "Secret": ids.get(item["Secret"], item["Secret"])} for item in items])
    try:
        resource.engine.post("/volumes/create", spec)
    except EngineError as error:
        if "name conflicts with an existing object" in error.message:
            raise OutOfSequence(error.message, error.status) from error  # another client was faster
        raise


def set_availability(engine: t.Any, volume: Document, availability: str) -> None:
    cluster = volume["ClusterVolume"]
    body = {"Spec": {**cluster["Spec"], "Availability": availability}}
    engine.put(f"/volumes/{cluster['ID']}", body, version=cluster["Version"]["Index"])


def remove(resource: VolumeTask, volume: Document) -> None:
    """A node that runs a task with the volume no more has it for some moments yet."""
    path = f"/volumes/{volume['ClusterVolume']['ID']}"
    force = {"force": True} if resource.params["force"] else {}
    try:
        resource.remove_when_unused(path, f"volume {volume['Name']}", **force)
    except NotConverged as error:
        error.message += f". {explain_use(resource.engine, _again(resource.engine, volume))}"
        raise


def _again(engine: t.Any, volume: Document) -> Document:
    mine = (item for item in list_volumes(engine) if item["ClusterVolume"]["ID"] == volume["ClusterVolume"]["ID"])
    return next(mine, volume)
