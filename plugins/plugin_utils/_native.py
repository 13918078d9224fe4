# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values of a task as a module gets them: Ansible's own carry tags, and are rendered when they are read."""

from __future__ import annotations

import datetime
import json
import typing as t
from collections.abc import Mapping, Sequence

from ..module_utils._core.paths import Values, inside


@t.overload
def native(value: Mapping[str, object]) -> Values: ...


@t.overload
def native(value: object) -> object: ...


def native(value: object) -> object:
    """Return the value made of dict, list, str, int, float, bool and None, as JSON would hand it to a module."""
    return rebuilt(value, _key, _as_json)


def rebuilt(
    value: object, key_of: t.Callable[[object], object], other: t.Callable[[object, str], object], place: str = ""
) -> object:
    """Return the value made of dict, list, str, int, float, bool and None. A date becomes text.

    :param key_of: what a key of a mapping becomes.
    :param other: what a value of any other type becomes that stands at a place, such as ``services.web.ports[0]``.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(value)
    for kind in (int, float):
        if isinstance(value, kind):
            return kind(value)
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key_of(key): rebuilt(item, key_of, other, inside(place, key)) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [rebuilt(item, key_of, other, f"{place}[{number}]") for number, item in enumerate(value)]
    return other(value, place)


def _key(key: object) -> str:
    return str(key) if isinstance(key, str) else json.dumps(native(key))


def _as_json(value: object, _place: str) -> object:
    return [native(item) for item in value] if isinstance(value, set) else str(value)
