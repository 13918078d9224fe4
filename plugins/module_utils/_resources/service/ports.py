# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Published ports that another service has already: the engine refuses the service then (swarmkit,
manager/controlapi/service.go, checkPortConflicts)."""

from __future__ import annotations

import typing as t

from ..._errors import BadInput
from ..._path import Document, at

_PORTS = at("EndpointSpec", "Ports")
_GIVEN = at("Endpoint", "Ports")
_INGRESS = "ingress"

Ports = list[Document]


def published(spec: Document) -> Ports:
    """The ports of a service's spec that have a published number, which others cannot have at the same time."""
    found = _PORTS.get(spec)
    return [port for port in found if port.get("PublishedPort")] if isinstance(found, list) else []


def number_of(port: Document) -> str:
    """``8080/tcp``."""
    return f"{port['PublishedPort']}/{_protocol(port)}"


def held(service: Document) -> Ports:
    """The ports that a service of the engine's list holds: those of its spec, and those that the swarm gave it."""
    given = _GIVEN.get(service)
    return [
        *published(service["Spec"]),
        *published({"EndpointSpec": {"Ports": given if isinstance(given, list) else []}}),
    ]


def refuse_taken(spec: Document, service: Document | None, name: str, engine: t.Any) -> None:
    """Raise BadInput for a port that another service has.

    :param spec: of the service as it would be. :param service: as the engine has it, None for a new one.
    """
    there = held(service) if service else []
    new = [port for port in published(spec) if port not in there]
    if not new:
        return
    others = {item["Spec"]["Name"]: held(item) for item in engine.get("/services") if item["Spec"]["Name"] != name}
    for _port, text in conflicts(new, others):
        raise BadInput(f"publish: {text}.")


def conflicts(ports: t.Iterable[Document], others: t.Mapping[str, Ports]) -> t.Iterator[tuple[Document, str]]:
    """Each port that a service cannot have, with why.

    :param others: the ports that other services hold, by the service's name.
    """
    for port in ports:
        for name, taken in others.items():
            twin = next((other for other in taken if _same_number(port, other) and _exclude(port, other)), None)
            if twin:
                how = "" if _mode(twin) == _INGRESS else f" with mode {_mode(twin)}"
                yield (
                    port,
                    f"port {number_of(port)} is already published by the service {name}{how}",
                )
                break


def _same_number(one: Document, other: Document) -> bool:
    return one["PublishedPort"] == other["PublishedPort"] and _protocol(one) == _protocol(other)


def _exclude(one: Document, other: Document) -> bool:
    """Several services can have a port of the nodes (mode host); with one in the routing mesh, no other can."""
    return _INGRESS in (_mode(one), _mode(other))


def _protocol(port: Document) -> str:
    return str(port.get("Protocol") or "tcp").lower()


def _mode(port: Document) -> str:
    return str(port.get("PublishMode") or _INGRESS).lower()
