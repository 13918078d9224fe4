# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names and addresses of a lab, all derived from its name. Pure."""

from __future__ import annotations

import hashlib
import ipaddress
import re
from collections.abc import Iterable

from ._errors import LabError

#: Benchmark range of RFC 2544. Neither Swarm's default overlay pool (10.0.0.0/8) nor the
#: engine's default bridges (172.17.0.0/16 and up, 192.168.0.0/16) touch it.
POOL = ipaddress.IPv4Network("198.18.0.0/15")
REGISTRY = "registry"
#: Linux keeps 15 characters of a link's name (IFNAMSIZ less the final zero).
LINK_MAX = 15
#: sun_path of struct sockaddr_un holds 108 bytes with the final zero.
SOCKET_MAX = 107

_LAB = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?")
_ENGINE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,28}[a-z0-9])?")


def check_lab_name(name: str) -> str:
    """Return the name; LabError unless it serves as part of a host name (32 characters at most)."""
    if not _LAB.fullmatch(name):
        raise LabError(f"lab name {name!r}: use up to 32 lower case letters, digits and inner hyphens")
    return name


def check_engine_name(name: str) -> str:
    """Return the name; LabError unless it serves as part of a host name (30 characters at most)."""
    if not _ENGINE.fullmatch(name):
        raise LabError(f"engine name {name!r}: use up to 30 lower case letters, digits and inner hyphens")
    if name == REGISTRY:
        raise LabError(f"engine name {name!r} is taken by the registry of the lab")
    return name


def hub_namespace(lab: str) -> str:
    """Network namespace that holds the lab's bridge. Names have no dots, so no two labs collide."""
    return f"hive.{lab}"


def node_namespace(lab: str, node: str) -> str:
    """Network namespace of one engine."""
    return f"hive.{lab}.{node}"


def uplink(lab: str) -> str:
    """The machine's end of the link to the lab: readable if the name fits, else a digest.

    The two forms differ in their prefix, so a short name never equals the digest of a long one.
    """
    if len(lab) <= LINK_MAX - 3:
        return f"hl-{lab}"
    return "hx-" + hashlib.sha256(lab.encode()).hexdigest()[:12]


def port(address: str) -> str:
    """The hub's end of an engine's link; unique in the hub because the address is."""
    return "p" + format(int(ipaddress.ip_address(address)), "x")


def subnet_of(text: str) -> ipaddress.IPv4Network:
    """Parse an IPv4 network that has room for the machine, the registry and an engine."""
    try:
        network = ipaddress.ip_network(text)
    except ValueError as error:
        raise LabError(f"subnet {text!r}: {error}") from error
    if network.version != 4 or network.prefixlen > 29 or network.prefixlen < 8:
        raise LabError(f"subnet {text!r}: use an IPv4 network between /8 and /29")
    return network


def choose_subnet(lab: str, taken: Iterable[ipaddress.IPv4Network]) -> ipaddress.IPv4Network:
    """The /24 of POOL that the lab's name points at, or the next one that is free."""
    used = list(taken)
    choices = list(POOL.subnets(new_prefix=24))
    start = int(hashlib.sha256(lab.encode()).hexdigest(), 16) % len(choices)
    for step in range(len(choices)):
        network = choices[(start + step) % len(choices)]
        if not any(network.overlaps(other) for other in used):
            return network
    raise LabError(f"no free /24 is left in {POOL} for the lab {lab!r}: give a subnet")


def machine_address(network: ipaddress.IPv4Network) -> str:
    """The machine's own address in the lab."""
    return str(network[1])


def registry_address(network: ipaddress.IPv4Network) -> str:
    """Address of the lab's registry."""
    return str(network[2])


def engine_addresses(network: ipaddress.IPv4Network, taken: Iterable[str], count: int) -> list[str]:
    """The next free engine addresses: from .11 up where there is room, so that n1 is .11."""
    used = set(taken)
    first = 11 if network.num_addresses >= 64 else 3
    free: list[str] = []
    for offset in range(first, network.num_addresses - 1):
        if len(free) == count:
            return free
        address = str(network[offset])
        if address not in used:
            free.append(address)
    if len(free) < count:
        raise LabError(f"subnet {network} is too small for {count} more engines")
    return free
