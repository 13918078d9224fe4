# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Volumes that exist already: labels, driver and driver options of a mount count only when a node first makes the volume.

The engine compares nothing and says nothing: a node that has a volume of the name mounts it as it is (moby,
volume/service/store.go). An NFS volume goes on with the old server.
"""

from __future__ import annotations

import typing as t

from ..._path import MISSING, Document, at

_MOUNTS = at("TaskTemplate", "ContainerSpec", "Mounts")
_LOCAL = "local"
_OPTIONS = {"driver": "driver_config.name", "options": "driver_config.options", "labels": "labels"}


class _Making(t.NamedTuple):
    """What a volume is made with."""

    driver: str
    options: dict[str, str]
    labels: dict[str, str]


def warn_of_kept(warn: t.Callable[[str], None], engine: t.Any, spec: Document, live: Document | None) -> None:
    """Warn of each volume that the service is to have with other options than it was made with.

    What can be seen of that on a manager is the spec that the service has, and the volumes of this engine.

    :param spec: as it is planned. :param live: as it is, None for a new service.
    """
    wanted = _named(spec)
    known = _named(live or {})
    unknown = {name for name, making in wanted.items() if name not in known and making != _Making(_LOCAL, {}, {})}
    if unknown:
        known.update(_here(engine, unknown))
    for name, making in wanted.items():
        before = known.get(name, making)
        changed = [option for key, option in _OPTIONS.items() if getattr(before, key) != getattr(making, key)]
        if changed:
            warn(
                f"mounts: volume {name!r} exists with other options than the task gives ({', '.join(changed)}). They count"
                " only when a node makes the volume, so nodes that have it keep the old ones. Take another source, or"
                f" remove the volume on each of these nodes first (docker volume rm {name}), with the data in it."
            )


def _named(spec: Document) -> dict[str, _Making]:
    """The volumes with a name; those without one are made anew for each task."""
    mounts = _MOUNTS.get(spec)
    found = [] if mounts is MISSING or mounts is None else mounts
    volumes = [item for item in found if item.get("Type") == "volume" and item.get("Source")]
    return {item["Source"]: _making(item.get("VolumeOptions") or {}) for item in volumes}


def _making(options: Document) -> _Making:
    driver = options.get("DriverConfig") or {}
    return _Making(driver.get("Name") or _LOCAL, driver.get("Options") or {}, options.get("Labels") or {})


def _here(engine: t.Any, names: set[str]) -> dict[str, _Making]:
    """The volumes of this engine of these names. The filter takes a part of a name."""
    listed = engine.get("/volumes", filters={"name": sorted(names)}).get("Volumes") or ()
    return {
        item["Name"]: _Making(item.get("Driver") or _LOCAL, item.get("Options") or {}, item.get("Labels") or {})
        for item in listed
        if item["Name"] in names and not item.get("ClusterVolume")
    }
