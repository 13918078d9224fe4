# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of addresses, tokens, subnets and certificates. Each raises ValueError with what would be right."""

from __future__ import annotations

import re
import typing as t

from ._address import is_ip, same_ip, split_address

if t.TYPE_CHECKING:
    import ipaddress

# Linux: at most 15 characters, no slash and no blank (net/core/dev.c, dev_valid_name).
_INTERFACE = r"^[^\s/:]{1,15}$"
# swarmkit, ca/certificates.go: version 2 carries a flag for FIPS.
_TOKEN = r"^SWMTKN-(1|2-[01])-[0-9a-z]{50}-[0-9a-z]{25}$"
_UNLOCK_KEY = r"^SWMKEY-1-[A-Za-z0-9+/]{43}$"


def ip_or_interface(address: str) -> None:
    """What the engine takes to advertise or to bind: it resolves no host names (moby, daemon/cluster/listen_addr.go)."""
    host = split_address(address)[0]
    if is_ip(host):
        return
    if re.fullmatch(r"[\d.]+", host) or not re.match(_INTERFACE, host):
        raise ValueError(f"{address!r}: {host} is neither an IP address nor the name of a network interface")


def advertised(address: str) -> None:
    """An address that others shall use: not the one that stands for all of them."""
    ip_or_interface(address)
    if _is_any(split_address(address)[0]):
        raise ValueError(f"{address!r} stands for all addresses: give the one that the other nodes shall use")


def data_path(address: str) -> None:
    """As advertised, and without port: that one is data_path_port."""
    advertised(address)
    if split_address(address)[1] is not None:
        raise ValueError(f"{address!r} has a port: give the address or interface alone")


def _is_any(host: str) -> bool:
    return same_ip(host, "0.0.0.0") or same_ip(host, "::")


def remote_address(address: str) -> None:
    """A manager to join: an IP address or a host name, with or without port."""
    host = split_address(address)[0]
    if not is_ip(host) and (re.fullmatch(r"[\d.]+", host) or not re.fullmatch(r"[A-Za-z0-9._-]+", host)):
        raise ValueError(f"{address!r}: {host} is neither an IP address nor a host name")


def join_token(token: str) -> None:
    if not re.match(_TOKEN, token):
        raise ValueError("this is no join token; one looks like SWMTKN-1-… with 50 and then 25 characters")


def is_ca_digest(text: str) -> bool:
    """Whether this is the part of a join token that names the root CA: SHA-256 to the base of 36."""
    return re.fullmatch("[0-9a-z]{50}", text) is not None


def unlock_key(key: str) -> None:
    if not re.match(_UNLOCK_KEY, key):
        raise ValueError("this is no unlock key; one looks like SWMKEY-1-… with 43 characters")


def network(cidr: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    import ipaddress  # only where pools are given

    try:
        if "/" not in cidr:
            raise ValueError("it has no prefix length")
        return ipaddress.ip_network(cidr)
    except ValueError as error:
        raise ValueError(f"{cidr!r} is no subnet in CIDR notation, like 10.20.0.0/16: {error}") from None


def pem(kind: str) -> t.Callable[[str], None]:
    """A PEM block of a kind, such as ``CERTIFICATE`` or ``PRIVATE KEY`` (of whatever algorithm)."""

    def check(text: str) -> None:
        if not re.search(rf"-----BEGIN ([A-Z0-9]+ )?{kind}-----\s.+\s-----END", text, re.DOTALL):
            raise ValueError(f"this is no {kind.lower()} in PEM form, which begins with -----BEGIN")

    return check
