# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What exists of a secret or config: the services that use it, and whether it has some data.

The engine returns the data of a config, and compares that of a secret. No fingerprint of a secret is stored or read: a label can
be read by every client that may list secrets, and a short secret is found from its hash by trying.
"""

from __future__ import annotations

import base64
import os
import re
import typing as t

from .._core.values import Document
from .._engine.client import Engine, path_part
from .._engine.unknown_outcome import does_not_compare, has_data
from .schema import Kind


class Users(t.NamedTuple):
    """Both by ID of the object, with the names of services.

    :param now: those that use it: the engine does not remove it as long as there are any.
    :param before: those that used it before their last update, so that a rollback would need it.
    """

    now: dict[str, list[str]]
    before: dict[str, list[str]]

    def needed(self, item: Document) -> bool:
        return item["ID"] in self.now or item["ID"] in self.before


def users(engine: Engine, kind: Kind) -> Users:
    """One request for all objects."""
    return of_services(engine.get("/services"), kind)


def of_services(services: t.Iterable[Document], kind: Kind) -> Users:
    """:param services: as the engine lists them."""
    services = sorted(services, key=lambda service: service["Spec"]["Name"])
    return Users(_by_id(services, "Spec", kind), _by_id(services, "PreviousSpec", kind))


def _by_id(services: list[Document], which: str, kind: Kind) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for service in services:
        container = (service.get(which) or {}).get("TaskTemplate", {}).get("ContainerSpec") or {}
        for identifier in {reference[kind.id_key] for reference in container.get(kind.references) or ()}:
            found.setdefault(identifier, []).append(service["Spec"]["Name"])
    return found


# The engine takes a name for an ID where it could be one.
_ID = re.compile("[0-9a-z]{25}")


class DataComparison:
    """Compares data with objects of one kind, during one run.

    One request for each pair of object and data (``_engine/unknown_outcome.py``), and one in each run that proves that the
    engine tells the two apart.
    """

    def __init__(self, engine: Engine, kind: Kind) -> None:
        self._engine, self._kind = engine, kind
        self._answers: dict[tuple[str, bytes], bool] = {}
        self._proved = False
        self._other = os.urandom(32)  # data that no secret has

    def expect(self, name: str, data: bytes) -> None:
        """Have the data compared along with the request that lists the object (``Engine.expect``)."""
        if self._kind.hidden:
            for content in (data, self._other):
                path, spec = self._update(name, name, content)
                self._engine.expect(path, spec, method="POST", version=0)

    def has(self, item: Document, data: bytes) -> bool:
        """Return whether the object has this data. Raise Unsupported where the engine does not tell."""
        if not self._kind.hidden:
            return base64.b64decode(item["Spec"].get("Data") or "") == data
        key = (item["ID"], data)
        if key not in self._answers:
            answer = self._ask(item, data)
            if answer is None:  # removed since it was listed
                return False
            if not self._proved:
                self._prove(item, answer)
            self._answers[key] = answer
        return self._answers[key]

    def _prove(self, item: Document, answer: bool) -> None:
        """Ask what has the opposite answer: random data of a secret that has the data, no data of any other."""
        control = self._ask(item, self._other if answer else None)
        if control is answer:
            raise does_not_compare(item["Spec"]["Name"])
        self._proved = control is not None

    def _ask(self, item: Document, data: bytes | None) -> bool | None:
        """Return whether the secret has the data, or True without data; None where the secret is gone."""
        name = item["Spec"]["Name"]
        return has_data(self._engine, *self._update(item["ID"] if _ID.fullmatch(name) else name, name, data))

    def _update(self, key: str, name: str, data: bytes | None) -> tuple[str, Document]:
        """Return path and body of an update. ``key`` is an ID or a name; no object has version 0."""
        encoded = None if data is None else base64.b64encode(data).decode()
        return f"{self._kind.path}/{path_part(key)}/update", {"Name": name, "Data": encoded}
