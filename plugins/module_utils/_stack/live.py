# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is there of a stack: four requests, and up to two more for secrets and configs that are not the stack's."""

from __future__ import annotations

import typing as t

from .._core.paths import Document
from .._network.live import FILTERS, list_networks
from .._service.tasks import ended_tasks
from .definition import NAMESPACE, Definition

BLOBS = ("secret", "config")


class LiveStack(t.NamedTuple):
    """:param services: of the stack, by name. :param networks: all that the swarm has.
    :param blobs: ``secret`` and ``config`` to those of the stack and those that it names.
    """

    services: dict[str, Document]
    networks: list[Document]
    blobs: dict[str, list[Document]]

    @property
    def network_names(self) -> dict[str, str]:
        """IDs to names."""
        return {item["Id"]: item["Name"] for item in self.networks}

    def networks_of(self, stack: str) -> list[Document]:
        return [item for item in self.networks if (item.get("Labels") or {}).get(NAMESPACE) == stack]


def labelled(stack: str) -> dict[str, list[str]]:
    return {"label": [f"{NAMESPACE}={stack}"]}


def read_services(engine: t.Any, stack: str) -> dict[str, Document]:
    listed = engine.get("/services", filters=labelled(stack), status=True)
    return {item["Spec"]["Name"]: item for item in listed}


def expect_stack(engine: t.Any, stack: str, wanted: Definition | None, everything: bool, tasks: bool) -> None:
    """Name the requests that follow the first one of ``read_stack``, and that for the tasks that have ended."""
    engine.expect("/networks", filters=FILTERS)
    for kind in BLOBS:
        if everything or _names(kind, wanted):
            engine.expect(f"/{kind}s", filters=labelled(stack))
    if tasks:
        engine.expect("/tasks", filters=ended_tasks(labelled(stack)))


def read_stack(engine: t.Any, stack: str, wanted: Definition | None, everything: bool) -> LiveStack:
    """:param wanted: None for all that has the stack's label.
    :param everything: whether what the stack has and ``wanted`` has not counts as well.
    """
    services = read_services(engine, stack)
    networks = list_networks(engine)
    blobs = {kind: _read_blobs(engine, kind, stack, wanted, everything) for kind in BLOBS}
    return LiveStack(services, networks, blobs)


def _read_blobs(engine: t.Any, kind: str, stack: str, wanted: Definition | None, everything: bool) -> list[Document]:
    names = _names(kind, wanted)
    if not names and not everything:
        return []
    found = engine.get(f"/{kind}s", filters=labelled(stack))
    missing = sorted(names - {item["Spec"]["Name"] for item in found})
    if missing:
        # Configs have no filter for whole names, only for how a name begins.
        listed = engine.get(f"/{kind}s", filters={"names" if kind == "secret" else "name": missing})
        # A name in another spelling is in the way of a new one (twins.py).
        spellings = {name.lower() for name in missing}
        found += [item for item in listed if item["Spec"]["Name"].lower() in spellings]
    return found


def _names(kind: str, wanted: Definition | None) -> set[str]:
    return {*wanted.of(kind), *wanted.external[f"{kind}s"]} if wanted else set()
