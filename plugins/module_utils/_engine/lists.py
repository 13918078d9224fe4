# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists that only managers have.

Filters of lists, from the task to the API's form.

Lists of services and tasks, of whatever runtime.
"""

from __future__ import annotations

import typing as t

from .._core.errors import BadInput, Locked, NotAManager
from .._core.paths import Document, Values
from .client import Engine
from .local_state import not_in_charge, read_local


def listed(engine: Engine, path: str, **query: t.Any) -> list[Document]:
    """A list that only managers have; an engine that cannot answer says what it is instead."""
    try:
        return engine.get(path, **query)
    except (NotAManager, Locked) as error:
        raise not_in_charge(read_local(engine)) from error


def list_nodes(engine: Engine, **query: t.Any) -> list[Document]:
    """``GET /nodes``, as ``listed`` does it."""
    return listed(engine, "/nodes", **query)


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
            raise BadInput("filters", f"{name!r} is not a filter of {kind}. Use {', '.join(known)}.")
        filters[name] = [str(item) for item in (value if isinstance(value, list) else [value])]
    for name, words in (choices or {}).items():
        wrong = [value for value in filters.get(name, ()) if value not in words]
        if wrong:
            raise BadInput("filters", f"{name} must be {' or '.join(words)}, not {wrong[0]!r}.")
    return filters


# Without this filter the engine lists containers alone (moby, daemon/cluster/services.go and tasks.go).
EVERY_RUNTIME = ("container", "plugin")


def runtime_filters(given: Values | None, kind: str, known: t.Sequence[str], choices: t.Mapping[str, t.Any]) -> Filters:
    """As ``api_filters``, with each runtime where none is chosen."""
    return {"runtime": list(EVERY_RUNTIME), **api_filters(given, kind, known, choices)}
