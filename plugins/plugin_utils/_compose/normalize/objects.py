# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Networks, volumes, secrets and configs of a file in their long form (docker/cli, cli/compose/loader).

``external`` is true or false; ``name`` is the whole name where the user gave one or the object is external.
"""

from __future__ import annotations

import typing as t

from ....module_utils._core.values import inside
from ....module_utils._stack.compose_places import File, Invalid, Section
from ..problems import Problems
from .pairs import texts

# Since when the name of an external one stands beside, and not below, external.
_NAME_SINCE = {"networks": (3, 5), "volumes": (3, 4), "secrets": (3, 5), "configs": (3, 5)}


def long_objects(
    kind: str,
    objects: Section,
    version: tuple[int, int],
    file: File,
    problems: Problems,
    warn: t.Callable[[str, str], None],
) -> dict[str, Section]:
    """:param kind: ``networks`` and so on, the section's key."""
    found: dict[str, Section] = {}
    for key, item in objects.items():
        place = inside(kind, key)
        found[key] = {"external": False}
        with problems.attempt(place, file):
            found[key] = _external(_long(item or {}), key, place)
        external = (item or {}).get("external")
        if isinstance(external, dict) and "name" in external and version >= _NAME_SINCE[kind]:
            warn(inside(place, "external.name"), "is deprecated. Write name beside external")
        if kind == "volumes" and found[key]["external"]:
            with problems.attempt(place, file):
                _refuse_more(found[key], place)
    return found


def _long(item: Section) -> Section:
    found = dict(item)
    for key in ("labels", "driver_opts"):
        if key in item:
            found[key] = texts(item[key])
    return found


def _external(item: Section, key: str, place: str) -> Section:
    external = item.get("external", False)
    if external is False:
        return {**item, "external": False}
    named = external.get("name", "") if isinstance(external, dict) else ""
    if named and item.get("name"):
        raise Invalid(place, "external.name and name are mutually exclusive. Use name only")
    return {**item, "external": True, "name": named or item.get("name") or key}


def _refuse_more(volume: Section, place: str) -> None:
    for key in ("driver", "driver_opts", "labels"):
        if volume.get(key):
            raise Invalid(inside(place, key), "not supported for an external volume, which is created elsewhere")
