# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What exists of a stack: four requests, and up to two more for secrets and configs that do not belong to the stack.

Two equal documents are not compared option by option, which is most of the cost of a run without changes. That they differ means
only that they have to be compared so.
"""

from __future__ import annotations

import typing as t

from .._core.schema import Field, ObjectField, ObjectList, Schema
from .._core.values import MISSING, NAMESPACE, Document, Values
from .._engine.client import Engine, with_query
from .._network.live import FILTERS, list_networks
from .._network.schema import VXLAN
from .._secret_config.schema import without_internal
from .._service.schema import MODES, SERVICE
from .._service.tasks import ended_tasks
from .definition import Definition

DATA_KINDS = ("secret", "config")


class LiveStack(t.NamedTuple):
    """:param services: of the stack, by name. :param networks: all that the swarm has.
    :param secret_config: ``secret`` and ``config`` to those of the stack and those that it names.
    """

    services: dict[str, Document]
    networks: list[Document]
    secret_config: dict[str, list[Document]]

    @property
    def network_names(self) -> dict[str, str]:
        """IDs to names."""
        return {item["Id"]: item["Name"] for item in self.networks}

    def networks_of(self, stack: str) -> list[Document]:
        return [item for item in self.networks if (item.get("Labels") or {}).get(NAMESPACE) == stack]


def labelled(stack: str) -> dict[str, list[str]]:
    return {"label": [f"{NAMESPACE}={stack}"]}


def read_services(engine: Engine, stack: str) -> dict[str, Document]:
    path, query = _services(stack)
    return {item["Spec"]["Name"]: item for item in engine.get(path, **query)}


def expect_stack(engine: Engine, stack: str, wanted: Definition | None, everything: bool, tasks: bool) -> None:
    """Name the requests that follow the first one of ``read_stack``, and that for the tasks that have ended."""
    kinds = [kind for kind in DATA_KINDS if everything or _names(kind, wanted)]
    for path, query in _after_services(stack, kinds, tasks):
        engine.expect(path, **query)


def first_paths(stack: str, tasks: bool) -> list[str]:
    """Return the paths, with their queries, of all that ``read_stack`` may read, and of the tasks that have ended."""
    requests = [_services(stack), *_after_services(stack, DATA_KINDS, tasks)]
    return [with_query(path, query) for path, query in requests]


# A request: its path and query.
_Request = tuple[str, Values]


def _services(stack: str) -> _Request:
    return "/services", {"filters": labelled(stack), "status": True}


def _after_services(stack: str, kinds: t.Sequence[str], tasks: bool) -> t.Iterator[_Request]:
    yield "/networks", {"filters": FILTERS}
    for kind in kinds:
        yield _listing(kind, stack)
    if tasks:
        yield "/tasks", {"filters": ended_tasks(labelled(stack))}


def read_stack(engine: Engine, stack: str, wanted: Definition | None, everything: bool) -> LiveStack:
    """:param wanted: None for all that has the stack's label.
    :param everything: whether what the stack has and ``wanted`` has not counts as well.
    """
    services = read_services(engine, stack)
    networks = list_networks(engine)
    secret_config = {kind: _read_secret_config(engine, kind, stack, wanted, everything) for kind in DATA_KINDS}
    return LiveStack(services, networks, secret_config)


def _listing(kind: str, stack: str) -> _Request:
    return f"/{kind}s", {"filters": labelled(stack)}


def _read_secret_config(
    engine: Engine, kind: str, stack: str, wanted: Definition | None, everything: bool
) -> list[Document]:
    names = _names(kind, wanted)
    if not names and not everything:
        return []
    path, query = _listing(kind, stack)
    found = engine.get(path, **query)
    missing = sorted(names - {item["Spec"]["Name"] for item in found})
    if missing:
        # Configs have no filter for whole names, only for how a name begins.
        listed = engine.get(path, filters={"names" if kind == "secret" else "name": missing})
        # A name in another spelling is in the way of a new one (twins.py).
        spellings = {name.lower() for name in missing}
        found += [item for item in listed if item["Spec"]["Name"].lower() in spellings]
    return found


def _names(kind: str, wanted: Definition | None) -> set[str]:
    return {*wanted.of(kind), *wanted.external[f"{kind}s"]} if wanted else set()


def _defaults(schema: Schema) -> Document:
    """Return what the engine takes missing keys for, as it writes them out; of a list, one element."""
    document: Document = {}
    for item in schema.fields:
        if isinstance(item, (ObjectField, ObjectList)):
            inner = _defaults(item.schema)
            document = (
                item.path.put(document, inner if isinstance(item, ObjectField) else [inner]) if inner else document
            )
        elif isinstance(item, Field) and isinstance(item.default, (str, int, float)):  # False and 0, too
            value = item.codec.encode(item.default)
            if value is MISSING and not isinstance(item.default, str):
                value = item.default
            document = item.path.put(document, value)
    return document


_ANY = object()
# What the engine writes into a service where a request says nothing or "", and means by that (moby,
# daemon/cluster/convert/service.go and container.go). A file that does not say how many leaves the count to the client
# that scales the service, or the job.
_WRITTEN_OUT: Document = {
    **_defaults(SERVICE),
    "Mode": {
        MODES["replicated"]: {"Replicas": _ANY},
        MODES["replicated-job"]: {"MaxConcurrent": _ANY, "TotalCompletions": _ANY},
    },
}
_WRITTEN_OUT["TaskTemplate"]["Runtime"] = "container"
# A network's addresses are compared range by range, elsewhere.
_PLAIN = ("Name", "Driver", "Labels", "Options", "Internal", "Attachable")


def same_service(live: Document, wanted: Document) -> bool:
    """:param live: its spec, like ``wanted`` with the names of networks."""
    return _same(live, wanted, _WRITTEN_OUT)


def _same(live: Document, wanted: Document, written_out: Document) -> bool:
    if not wanted.keys() <= live.keys():
        return False
    return all(_same_value(live[key], wanted.get(key), written_out.get(key)) for key in live)


def _same_value(live: object, wanted: object, written_out: object) -> bool:
    if wanted is None or wanted == "":
        return live == wanted or written_out is _ANY or (not isinstance(live, dict) and live == written_out)
    if isinstance(live, dict) and isinstance(wanted, dict):
        return _same(live, wanted, written_out if isinstance(written_out, dict) else {})
    if isinstance(live, list) and isinstance(wanted, list) and isinstance(written_out, list) and written_out:
        return len(live) == len(wanted) and all(_same_value(*pair, written_out[0]) for pair in zip(live, wanted))
    return live == wanted


def same_network(live: Document, wanted: Document) -> bool:
    """:param wanted: the body that would create it."""
    if not wanted.keys() <= set(_PLAIN):
        return False
    options = {key: value for key, value in (live.get("Options") or {}).items() if key != VXLAN}
    there = {**live, "Options": options}
    return all((there.get(key) or None) == (wanted.get(key) or None) for key in _PLAIN)


def same_secret_config(live: Document, wanted: Document) -> bool:
    """Whether the specs of a secret or config are the same but for name and data, which the engine may not tell."""
    free = {"Name": "", "Data": ""}
    return {**live, "Labels": without_internal(live.get("Labels")), **free} == {**wanted, **free}
