# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a service mounts, as the engine has it (docker/cli, cli/compose/convert/volume.go)."""

from __future__ import annotations

import typing as t

from ....module_utils._core.validators import did_you_mean
from ....module_utils._core.values import Document, Values
from ....module_utils._service.schema import DRIVER_CONFIG, MOUNT
from ....module_utils._stack.compose_places import Invalid, Section
from ....module_utils._stack.compose_places import Item as PlacedItem
from ....module_utils._stack.definition import Stack
from ..problems import Problems
from .shape import filled, strings

_OPTIONS = ("bind", "volume", "tmpfs")
# Which options a type can have, and whether it needs a source, may have one or has none.
_TYPES: dict[str, tuple[tuple[str, ...], bool | None]] = {
    "volume": (("volume",), None),
    "bind": (("bind",), True),
    "tmpfs": (("tmpfs",), False),
    "npipe": (("bind",), True),
    "cluster": ((), True),
}


def mounts(
    items: t.Sequence[PlacedItem], volumes: dict[str, Section], stack: Stack, problems: Problems
) -> list[Document]:
    """What a service mounts, as far as it can be meant.

    :param volumes: those of the file.
    """
    found: list[Document] = []
    for item in items:
        with problems.attempt(item.place, item.file):
            found.append(PlacedItem(mount(item, item.place, volumes, stack), item.file, item.place))
    return found


def mount(item: Section, place: str, volumes: dict[str, Section], stack: Stack) -> Document:
    """:param volumes: those of the file. Raises Invalid."""
    kind = item["type"]
    _check(item, kind, place)
    options = filled(type=kind, source=item.get("source"), target=item.get("target"), readonly=item.get("read_only"))
    start: Document = filled(Consistency=item.get("consistency"))
    if kind == "volume" and item.get("source"):
        start["VolumeOptions"] = {}
        options.update(_volume(item, place, volumes, stack))
    elif kind == "cluster":
        start["ClusterOptions"] = {}
        options["source"] = _cluster_source(item["source"], place, volumes, stack)
    elif "bind" in item:
        start["BindOptions"] = {}
        options.update(filled(propagation=item["bind"].get("propagation")))
    elif "tmpfs" in item:
        start["TmpfsOptions"] = {}
        options.update(filled(tmpfs_size=item["tmpfs"].get("size")))
    return MOUNT.document(options, start)


def _check(item: Section, kind: str, place: str) -> None:
    if kind not in _TYPES:
        raise Invalid(place, f"the type must be one of {', '.join(_TYPES)}")
    allowed, source = _TYPES[kind]
    for option in _OPTIONS:
        if option in item and option not in allowed:
            raise Invalid(place, f"a mount of type {kind} does not support options for {option}")
    if source is not None and source != bool(item.get("source")):
        raise Invalid(place, f"a mount of type {kind} {'needs a' if source else 'does not support a'} source")


def _volume(item: Section, place: str, volumes: dict[str, Section], stack: Stack) -> Values:
    volume = _known(item["source"], place, volumes)
    given = item.get("volume", {})
    options = filled(no_copy=given.get("nocopy"), subpath=given.get("subpath"))
    if not volume["external"]:
        options["labels"] = stack.labels(volume.get("labels"))
        if volume.get("driver") or "driver_opts" in volume:
            driver = filled(name=volume.get("driver"), options=strings(volume.get("driver_opts")))
            options["driver_config"] = DRIVER_CONFIG.document(driver)
    return {**options, "source": stack.called(item["source"], volume)}


def _cluster_source(source: str, place: str, volumes: dict[str, Section], stack: Stack) -> str:
    """A group of cluster volumes has no owner, so it has no name of the stack's."""
    return source if source.startswith("group:") else stack.called(source, _known(source, place, volumes))


def _known(name: str, place: str, volumes: dict[str, Section]) -> Section:
    if name not in volumes:
        raise Invalid(place, f"the file's volumes have no {name}{did_you_mean(name, volumes, '')}")
    return volumes[name]
