# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Addresses of nodes: hosts and ports."""

from __future__ import annotations

import re
import socket

_HOST_PORT = r"^(?:\[(?P<v6>[^\]]+)\]|(?P<host>[^:\[\]]*))(?::(?P<port>[^:]*))?$"


def split_address(address: str) -> tuple[str, int | None]:
    """Host and port of ``10.0.0.1``, ``10.0.0.1:2377``, ``eth0:2377``, ``[::1]:2377`` or ``::1``."""
    if is_ip(address):
        return address, None
    match = re.match(_HOST_PORT, address)
    if not match or not (match["v6"] or match["host"]):
        raise ValueError(f"{address!r} is not a valid address. Write it like 10.0.0.1, 10.0.0.1:2377 or [fd00::1]:2377")
    if match["v6"] and not is_ip(match["v6"]):
        raise ValueError(f"{address!r}: {match['v6']} is not a valid IPv6 address")
    return match["v6"] or match["host"], _port(address, match["port"])


def _port(address: str, port: str | None) -> int | None:
    if port is None:
        return None
    if not re.fullmatch("[0-9]{1,5}", port) or not 0 < int(port) < 65536:
        raise ValueError(f"{address!r}: {port!r} is not a valid port (1 to 65535)")
    return int(port)


def is_ip(text: str) -> bool:
    return bool(_packed(text))


def told_host(address: str) -> str:
    """The host in an address that an engine or a node has told; empty where it is not an address.

    What they tell is not input of the user, so it is not an error of the task.
    """
    try:
        return split_address(address)[0]
    except (ValueError, TypeError):
        return ""


def ip_in(address: str | None) -> str:
    """The IP address of an address with or without port; empty for an interface's name and for nothing."""
    host = split_address(address)[0] if address else ""
    return host if is_ip(host) else ""


def same_ip(one: str, other: str) -> bool:
    """Whether both are the same address, however they spell it."""
    return is_ip(one) and _packed(one) == _packed(other)


def _packed(text: str) -> bytes:
    """The address in network order; nothing for what is none. The ipaddress module costs more than the rest of a look."""
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            return socket.inet_pton(family, text)
        except (OSError, ValueError):
            continue
    return b""
