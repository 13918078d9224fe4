# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Networks: what a service is attached to, and what is created (docker/cli, cli/compose/convert/compose.go)."""

from __future__ import annotations

import typing as t

from ....module_utils._core.validators import did_you_mean
from ....module_utils._core.values import Document, inside
from ....module_utils._network.live import SWARM_PREDEFINED
from ....module_utils._service.schema import NETWORK
from ....module_utils._stack.compose_places import Item as PlacedItem
from ....module_utils._stack.compose_places import Section
from ....module_utils._stack.definition import DEFAULT_NETWORK, Stack
from ..problems import Problems
from .shape import filled, strings

# They are everywhere, of no swarm, and know no aliases (moby, container.NetworkMode).
_PREDEFINED = ("bridge", "host", "none", "default")


def is_predefined(name: str) -> bool:
    return name in _PREDEFINED or name.startswith("container:")


def attached(service: Section) -> Section:
    """The networks of a service by their key, the default one where it names none."""
    return service.get("networks") or {DEFAULT_NETWORK: None}


def attachments(
    key: str, service: Section, networks: dict[str, Section], stack: Stack, problems: Problems
) -> list[Document]:
    """:param key: of the service, an alias in each network."""
    found = []
    for name, item in attached(service).items():
        place = problems.existing(inside(inside(inside("services", key), "networks"), name))
        with problems.attempt(place):
            found.append(PlacedItem(_attachment(key, name, item or {}, networks, stack), None, place))
    return sorted(found, key=lambda item: t.cast(str, item["Target"]))


def _attachment(key: str, name: str, item: Section, networks: dict[str, Section], stack: Stack) -> Document:
    if name not in networks and name != DEFAULT_NETWORK:
        raise ValueError(f"the file's networks have no {name}{did_you_mean(name, networks, '')}")
    target = stack.called(name, networks.get(name))
    aliases = [*item.get("aliases", []), *([] if is_predefined(target) else [key])]
    return NETWORK.document(filled(name=target, aliases=aliases, options=strings(item.get("driver_opts"))))


class UsedNetworks(t.NamedTuple):
    """:param created: the file's key to the body of POST /networks/create. :param external: key to name."""

    created: dict[str, Document]
    external: dict[str, str]


def used_networks(services: dict[str, Section], networks: dict[str, Section], stack: Stack) -> UsedNetworks:
    """The networks that services use, but for those that every engine has."""
    found = UsedNetworks({}, {})
    used = {name: None for service in services.values() for name in attached(service)}
    for name in (name for name in used if name in networks or name == DEFAULT_NETWORK):
        item = networks.get(name, {"external": False})
        called = stack.called(name, item)
        if not item["external"]:
            found.created[name] = _network(called, item, stack)
        elif called not in SWARM_PREDEFINED:
            found.external[name] = called
    return found


def _network(name: str, item: Section, stack: Stack) -> Document:
    return filled(
        Name=name,
        Driver=item.get("driver") or "overlay",
        Options=strings(item.get("driver_opts")),
        Internal=item.get("internal"),
        Attachable=item.get("attachable"),
        Labels=stack.labels(item.get("labels")),
        IPAM=_ipam(item.get("ipam", {})),
    )


def _ipam(ipam: Section) -> Document | None:
    pools = [filled(Subnet=pool.get("subnet")) for pool in ipam.get("config", [])]
    return filled(Driver=ipam.get("driver"), Config=pools) or None
