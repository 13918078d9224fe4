# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The `filters` of a list request, and what they match."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Callable

from .errors import ApiError

if TYPE_CHECKING:
    from .router import Call

Filters = dict[str, list[str]]


def read(call: Call, known: tuple[str, ...], no_json: str = "") -> Filters:
    """The query's filters, from {"name": ["value"]} or {"name": {"value": true}}. ApiError for what they cannot be.

    no_json: how engines of the older generation answer what is no JSON: `decoder` is a 400, anything else a 500.
    """
    text = call.request.query.get("filters", "")
    try:
        given = json.loads(text) if text else {}
        filters = {name: list(values) for name, values in given.items()}
    except (ValueError, AttributeError, TypeError) as error:
        raise ApiError(400 if no_json else call.engine.version.no_json_filter, "invalid filter") from error
    for name in filters:
        if name not in known:
            raise ApiError(400, f"{call.engine.version.bad_filter} '{name}'")
    return filters


def matches(filters: Filters, tests: Mapping[str, Callable[[str], Any]], every: tuple[str, ...] = ("label",)) -> bool:
    """Whether each filter holds: those named in `every` with all of their values, the others with any."""
    return all(
        (all if name in every else any)(tests[name](wanted) for wanted in values)
        for name, values in filters.items()
        if values and name in tests
    )


def has_label(labels: Mapping[str, str], wanted: str) -> bool:
    """`key` or `key=value`; an empty value matches every value."""
    key, _equals, value = wanted.partition("=")
    return key in labels and value in ("", labels[key])
