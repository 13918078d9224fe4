# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which services use a secret or a config."""

from __future__ import annotations

import typing as t

from .._core.paths import Document
from .kinds import Kind


class Users(t.NamedTuple):
    """Both by ID of the object, with the names of services.

    :param now: those that use it: the engine does not remove it as long as there are any.
    :param before: those that used it before their last update, so that a rollback would need it.
    """

    now: dict[str, list[str]]
    before: dict[str, list[str]]

    def needed(self, item: Document) -> bool:
        return item["ID"] in self.now or item["ID"] in self.before


def users(engine: t.Any, kind: Kind) -> Users:
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
