# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of option values that need no engine. Each raises ValueError with what would be right."""

from __future__ import annotations

import ipaddress
import re
import typing as t

_HOST_PORT = re.compile(r"^(?:\[(?P<v6>[^\]]+)\]|(?P<host>[^:\[\]]*))(?::(?P<port>[^:]*))?$")
# Linux: at most 15 characters, no slash and no blank (net/core/dev.c, dev_valid_name).
_INTERFACE = re.compile(r"^[^\s/:]{1,15}$")
# swarmkit, ca/certificates.go: version 2 carries a flag for FIPS.
_TOKEN = re.compile(r"^SWMTKN-(1|2-[01])-[0-9a-z]{50}-[0-9a-z]{25}$")
_UNLOCK_KEY = re.compile(r"^SWMKEY-1-[A-Za-z0-9+/]{43}$")


def split_address(address: str) -> tuple[str, int | None]:
    """Host and port of ``10.0.0.1``, ``10.0.0.1:2377``, ``eth0:2377``, ``[::1]:2377`` or ``::1``."""
    if is_ip(address):
        return address, None
    match = _HOST_PORT.match(address)
    if not match or not (match["v6"] or match["host"]):
        raise ValueError(f"{address!r} is no address: write it like 10.0.0.1, 10.0.0.1:2377 or [fd00::1]:2377")
    if match["v6"] and not is_ip(match["v6"]):
        raise ValueError(f"{address!r}: {match['v6']} is no IPv6 address")
    return match["v6"] or match["host"], _port(address, match["port"])


def _port(address: str, port: str | None) -> int | None:
    if port is None:
        return None
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError(f"{address!r}: {port!r} is no port (1 to 65535)")
    return int(port)


def is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def same_ip(one: str, other: str) -> bool:
    return is_ip(one) and is_ip(other) and ipaddress.ip_address(one) == ipaddress.ip_address(other)


def ip_or_interface(address: str) -> None:
    """What the engine takes to advertise or to bind: it resolves no host names (moby, daemon/cluster/listen_addr.go)."""
    host = split_address(address)[0]
    if is_ip(host):
        return
    if re.fullmatch(r"[\d.]+", host) or not _INTERFACE.match(host):
        raise ValueError(f"{address!r}: {host} is neither an IP address nor the name of a network interface")


def remote_address(address: str) -> None:
    """A manager to join: an IP address or a host name, with or without port."""
    host = split_address(address)[0]
    if not is_ip(host) and (re.fullmatch(r"[\d.]+", host) or not re.fullmatch(r"[A-Za-z0-9._-]+", host)):
        raise ValueError(f"{address!r}: {host} is neither an IP address nor a host name")


def join_token(token: str) -> None:
    if not _TOKEN.match(token):
        raise ValueError("this is no join token; one looks like SWMTKN-1-… with 50 and then 25 characters")


def unlock_key(key: str) -> None:
    if not _UNLOCK_KEY.match(key):
        raise ValueError("this is no unlock key; one looks like SWMKEY-1-… with 43 characters")


def network(cidr: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        if "/" not in cidr:
            raise ValueError("it has no prefix length")
        return ipaddress.ip_network(cidr)
    except ValueError as error:
        raise ValueError(f"{cidr!r} is no subnet in CIDR notation, like 10.20.0.0/16: {error}") from None


def between(low: int, high: int | None = None) -> t.Callable[[int], None]:
    def check(value: int) -> None:
        if value < low or (high is not None and value > high):
            bounds = f"at least {low}" if high is None else f"from {low} to {high}"
            raise ValueError(f"{value} is out of bounds: it must be {bounds}")

    return check


def pem(kind: str) -> t.Callable[[str], None]:
    """A PEM block of a kind, such as ``CERTIFICATE`` or ``PRIVATE KEY`` (of whatever algorithm)."""

    def check(text: str) -> None:
        if not re.search(rf"-----BEGIN ([A-Z0-9]+ )?{kind}-----\s.+\s-----END", text, re.DOTALL):
            raise ValueError(f"this is no {kind.lower()} in PEM form, which begins with -----BEGIN")

    return check
