# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists that only managers have, and their filters, from the task to the API's form.

Lists of services and tasks are of whatever runtime; those of networks and volumes mix the swarm's with the engine's own.
"""

from __future__ import annotations

import typing as t

from .._core.errors import BadInput, EngineError, Locked, NotAManager
from .._core.values import Document, Values, text_of
from .api_errors import error_of
from .client import Engine
from .local_state import not_in_charge, read_local


def listed(engine: Engine, path: str, timeout: float | None = None, **query: object) -> list[Document]:
    """Return a list that only managers have; raise what the engine is where it is not a manager that can answer."""
    try:
        return t.cast("list[Document]", engine.get(path, timeout, None, **query))
    except (NotAManager, Locked) as error:
        raise not_in_charge(read_local(engine)) from error


def list_nodes(engine: Engine, **query: object) -> list[Document]:
    """Return ``GET /nodes``, as ``listed`` does."""
    return listed(engine, "/nodes", None, **query)


# The options of every module that lists objects.
NAMED_LIST: Values = {
    "name": {"type": "list", "elements": "str"},
    "raw": {"type": "bool", "default": False},
    "query": {"type": "str"},
}
FILTERED_LIST: Values = {**NAMED_LIST, "filters": {"type": "dict"}}
USED_BY: Values = {"used_by": {"type": "bool", "default": False}}
Key = t.Callable[[Document], str]


def choose(items: list[Document], names: list[str] | None, name: Key, identifier: Key) -> list[Document]:
    """Return the items of these names or IDs, each once and in their order; all by name where none is given."""
    if not names:
        return sorted(items, key=name)
    by_either = {**{name(item): item for item in items}, **{identifier(item): item for item in items}}
    chosen = {identifier(by_either[each]): by_either[each] for each in names if each in by_either}
    return list(chosen.values())


def choose_by_spec(items: list[Document], names: list[str] | None) -> list[Document]:
    """Return objects whose name is in their spec, chosen as ``choose`` does."""
    return choose(items, names, lambda item: str(item["Spec"]["Name"]), lambda item: str(item["ID"]))


Filters = dict[str, list[str]]


def _filter_text(name: str, value: object) -> str:
    """Return a value as the engine reads it: a boolean as ``true``. Raise BadInput for what has no such text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    try:
        return text_of(value)
    except ValueError as error:
        raise BadInput("filters", f"{name}: {error}.") from None


def api_filters(
    given: Values | None, kind: str, known: t.Sequence[str], choices: t.Mapping[str, t.Collection[str]] | None = None
) -> Filters:
    """Return filters with a list of values each, of which one must match (of labels, all); raise BadInput.

    The engine takes any value and then finds nothing, so those that are one of a few words are checked.
    """
    filters: Filters = {}
    for name, value in (given or {}).items():
        if name not in known:
            raise BadInput("filters", f"{name!r} is not a filter of {kind}. Use {', '.join(known)}.")
        filters[name] = [_filter_text(name, item) for item in (value if isinstance(value, list) else [value])]
    for name, words in (choices or {}).items():
        wrong = [value for value in filters.get(name, ()) if value not in words]
        if wrong:
            raise BadInput("filters", f"{name} must be {' or '.join(words)}, not {wrong[0]!r}.")
    return filters


# Without this filter the engine lists containers alone (moby, daemon/cluster/services.go and tasks.go).
EVERY_RUNTIME = ("container", "plugin")


def runtime_filters(
    given: Values | None, kind: str, known: t.Sequence[str], choices: t.Mapping[str, t.Collection[str]]
) -> Filters:
    """Return filters as ``api_filters`` does, with each runtime where none is chosen."""
    return {"runtime": list(EVERY_RUNTIME), **api_filters(given, kind, known, choices)}


_SWARM, _LOCAL = "swarm", "local"  # scopes


class LiveNetwork(t.NamedTuple):
    """:param network: as the engine lists it, None if there is none.
    :param leftover: whether only this engine still has it. A manager's own list has it no more; a worker has no other.
    :param name_conflict: another network of this engine that has the name.
    """

    network: Document | None
    leftover: bool
    name_conflict: Document | None


def classify_networks(listed: list[Document], name: str) -> LiveNetwork:
    """Return which of the listed networks is the one of a name.

    :param listed: networks whose names have ``name`` in them.
    """
    named = [item for item in listed if item["Name"] == name]
    swarms = [item for item in named if item["Scope"] == _SWARM]
    # Managers list a network of the swarm without containers (null); {} means that the engine tells of its own.
    live = next((item for item in swarms if item.get("Containers") is None), None)
    locals_ = [item for item in named if item["Scope"] == _LOCAL]
    live = live or next((item for item in locals_ if item["ConfigOnly"]), None)
    name_conflict = next((item for item in locals_ if not item["ConfigOnly"]), None)
    return LiveNetwork(live, bool(swarms) and live is None, name_conflict)


def list_volumes(engine: Engine, timeout: float | None = None, **query: object) -> list[Document]:
    """Return the cluster volumes; those of the engine itself are left out.

    The engine filters its own volumes only, and lists all of the swarm whatever the filters say (28.5). Without a
    leader it answers 200 with none of the swarm and puts the reason among the warnings, which is raised here: volumes
    that cannot be read are not gone.
    """
    answer = engine.get("/volumes", timeout, None, **query)
    found = [item for item in answer.get("Volumes") or () if item.get("ClusterVolume")]
    if answer.get("Warnings") and not found:
        _raise_known(answer["Warnings"])
    return found


def _raise_known(warnings: list[str]) -> None:
    for warning in warnings:
        error = error_of(500, warning.encode())
        if error.kind != EngineError.kind:  # else it is about a driver of the engine's own volumes
            raise error
