# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filters of lists, from the task to the API's form."""

from __future__ import annotations

import typing as t

from .._errors import BadInput
from .._path import Values

Filters = dict[str, list[str]]


def api_filters(
    given: Values | None, kind: str, known: t.Sequence[str], choices: t.Mapping[str, t.Any] | None = None
) -> Filters:
    """Every filter has a list of values, of which one must match (of labels, all); raises BadInput.

    The engine takes any value and then finds nothing, so those that are one of a few words are checked.
    """
    filters: Filters = {}
    for name, value in (given or {}).items():
        if name not in known:
            raise BadInput(f"filters: {name!r} is no filter of {kind}; there are {', '.join(known)}.")
        filters[name] = [str(item) for item in (value if isinstance(value, list) else [value])]
    for name, words in (choices or {}).items():
        wrong = [value for value in filters.get(name, ()) if value not in words]
        if wrong:
            raise BadInput(f"filters: {name} is {' or '.join(words)}, not {wrong[0]!r}.")
    return filters
