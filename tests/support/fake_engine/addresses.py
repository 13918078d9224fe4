# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Addresses in init and join requests: what is listened on, what is advertised, what the pools may be."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any

from .errors import ApiError

if TYPE_CHECKING:
    from .engine import FakeEngine

_LISTEN = "listen address must be an IP address or network interface (with optional port number)"
_ADVERTISE = "advertise address must be a non-zero IP address or network interface (with optional port number)"
_DATA_PATH = "data path address must be a non-zero IP address or network interface (without a port number)"


def with_port(address: str, default: str = "2377") -> tuple[str, str]:
    """host and port; an address without a port gets the default."""
    host, colon, port = address.rpartition(":")
    return (host, port) if colon else (address, default)


def listen(engine: FakeEngine, address: str) -> tuple[str, str]:
    """host and port to listen on. ApiError 400 for nonsense."""
    if not address:
        raise ApiError(400, 'invalid ListenAddr "": invalid empty address')
    host, port = with_port(address)
    return _resolve(engine, host, _LISTEN, zero=True), port


def advertised(engine: FakeEngine, address: str, port: str) -> tuple[str, str]:
    """host and port to advertise; without an address, the only one that the engine has."""
    if address:
        host, port = with_port(address, port)
        return _resolve(engine, host, _ADVERTISE), port
    choice = list(engine.interfaces.items())
    if len(choice) > 1:
        (first, first_ip), (second, second_ip) = choice[:2]
        raise ApiError(
            400,
            "could not choose an IP address to advertise since this system has multiple addresses on different "
            f"interfaces ({first_ip} on {first} and {second_ip} on {second}) - specify one with --advertise-addr",
        )
    return choice[0][1], port


def data_path(engine: FakeEngine, address: str) -> None:
    """Check a DataPathAddr; it is read back nowhere."""
    if address:
        _resolve(engine, address, _DATA_PATH)


def bindable(engine: FakeEngine, host: str, port: str) -> None:
    """ApiError 500 for an address that is not this system's."""
    if host not in ("0.0.0.0", "127.0.0.1", *engine.interfaces.values()):
        raise ApiError(
            500,
            "manager stopped: failed to listen on remote API address: "
            f"listen tcp {host}:{port}: bind: cannot assign requested address",
        )


def require_route(engine: FakeEngine, remote: str) -> None:
    """ApiError 500 for an address to which the engine has no route; a listener there is another question."""
    host, _port = with_port(remote)
    if not engine.default_route and host.rpartition(".")[0] != engine.address.rpartition(".")[0]:
        raise ApiError(
            500,
            f"could not find local IP address: dial udp {remote}: connect: network is unreachable",
        )


def pools(given: list[str] | None, size: int) -> None:
    """Check the address pools: 500, not 400, for all that is wrong with them."""
    if given is None:
        return
    networks = [(pool, _network(pool)) for pool in given]
    size = size or 24
    if size > 29:
        raise ApiError(500, f"subnet size is out of range: {size}")
    for pool, network in networks:
        if size < network.prefixlen:
            raise ApiError(500, f'invalid CIDR: "{pool}". Subnet size is too small for pool: {size}')


def data_path_port(port: int) -> None:
    """Check the VXLAN port; 0 means the default."""
    if port and not 1024 <= port <= 49151:
        raise ApiError(500, f"Datapath port number is not in valid range (1024-49151) : {port}")


def _network(pool: str) -> Any:
    try:
        if "/" not in pool:
            raise ValueError
        return ipaddress.ip_network(pool, strict=False)
    except ValueError:
        raise ApiError(500, f"invalid base pool {pool}: invalid CIDR address: {pool}") from None


def _resolve(engine: FakeEngine, host: str, complaint: str, zero: bool = False) -> str:
    """The IP address of an interface or of its text."""
    if host in engine.interfaces:
        return engine.interfaces[host]
    try:
        if ipaddress.ip_address(host).is_unspecified and not zero:
            raise ValueError
    except ValueError:
        raise ApiError(400, complaint) from None
    return host
