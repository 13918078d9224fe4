# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The option ``ipam_config``: subnets, and what cannot be meant by them."""

from __future__ import annotations

import ipaddress
import typing as t

from .._core.plan import Change
from .._core.validators import Problem, network, raise_first
from .._core.values import MISSING, Document, Path, Values

if t.TYPE_CHECKING:
    import ipaddress

    Net = t.Union[ipaddress.IPv4Network, ipaddress.IPv6Network]

_KEYS = {"subnet": "Subnet", "iprange": "IPRange", "gateway": "Gateway", "aux_addresses": "AuxiliaryAddresses"}


class Pools(t.NamedTuple):
    """A list of subnets, told apart by the subnet. A gateway that the task does not give is the engine's to choose."""

    option: str
    path: Path
    since: str | None = None
    write_only: bool = False

    def argument_spec(self) -> Values:
        return {
            "type": "list",
            "elements": "dict",
            "options": {
                "subnet": {"type": "str", "required": True},
                "iprange": {"type": "str"},
                "gateway": {"type": "str"},
                "aux_addresses": {"type": "dict"},
            },
        }

    def encode(self, value: list[Values]) -> list[Document]:
        raise_first(self.problems(value))
        return [{key: pool[name] for name, key in _KEYS.items() if pool.get(name)} for pool in value]

    def problems(self, value: list[Values]) -> t.Iterator[Problem]:
        """Everything about the subnets that cannot be meant."""
        for number, problem in pool_problems(value):
            yield problem.inside(self.option, number)

    def read(self, document: Document | None) -> list[Values]:
        found = self.path.get(document)
        return [] if found is MISSING or found is None else [_shown(pool) for pool in found]

    def normal(self, value: list[Values]) -> list[Values]:
        return [_shown(pool) for pool in self.encode(value)]

    def changes(self, live: Document | None, wanted: list[Values], params: Values) -> list[Change]:
        before, after = self.read(live), self.normal(wanted)
        if not after:  # which the engine has then chosen
            chosen = len(before) <= 1 and not any(pool["iprange"] or pool["aux_addresses"] for pool in before)
            return [] if chosen else [Change(self.option, before, after)]
        known = {subnet(pool["subnet"]): pool for pool in before}
        after = [{**pool, "gateway": pool["gateway"] or _gateway(known, pool)} for pool in after]
        same = len(before) == len(after) and all(_same(known.get(subnet(pool["subnet"])), pool) for pool in after)
        return [] if same else [Change(self.option, before, after)]

    def write(self, document: Document, value: list[Values] | None) -> Document:
        return self.path.put(document, self.encode(value or []) or MISSING)

    def put(self, document: Document, changes: list[Change]) -> Document:
        return self.path.put(document, self.encode(changes[0].after))

    def add(self, document: Document, wanted: list[Values], params: Values) -> Document:
        return self.path.put(document, self.encode(wanted) or MISSING)


def _shown(pool: Document) -> Values:
    return {
        "subnet": pool.get("Subnet", ""),
        "iprange": pool.get("IPRange", ""),
        "gateway": pool.get("Gateway", ""),
        "aux_addresses": pool.get("AuxiliaryAddresses") or {},
    }


def _gateway(known: dict[Net, Values], pool: Values) -> str:
    """The live one, where it would still be that of the pool."""
    live = known.get(subnet(pool["subnet"]))
    return live["gateway"] if live and _range(live) == _range(pool) else ""


def _range(pool: Values) -> Net | None:
    return subnet(pool["iprange"]) if pool["iprange"] else None


def _same(live: Values | None, wanted: Values) -> bool:
    if live is None or _range(live) != _range(wanted):
        return False
    aux = [{name: _address(ip) for name, ip in pool["aux_addresses"].items()} for pool in (live, wanted)]
    gateways = [pool["gateway"] and _address(pool["gateway"].partition("/")[0]) for pool in (live, wanted)]
    return aux[0] == aux[1] and gateways[0] == gateways[1]


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    return ipaddress.ip_address(text)


def subnet(text: str) -> Net:
    """A subnet as a value; host bits, which old engines keep, say nothing."""
    return ipaddress.ip_network(text, strict=False)


def overlaps(one: Net, other: Net) -> bool:
    return one.version == other.version and one.overlaps(t.cast(t.Any, other))


def pool_problems(pools: list[Values]) -> t.Iterator[tuple[int, Problem]]:
    """Number of the pool and what is wrong with it. The engine finds some of it never: the network just stays without
    addresses."""
    seen: list[Net] = []
    for number, pool in enumerate(pools):
        try:
            net = _network("subnet", pool["subnet"])
            _check_range(net, pool.get("iprange"))
            if pool.get("gateway"):
                _check_gateway(net, pool["gateway"])
            for name, ip in (pool.get("aux_addresses") or {}).items():
                _check_inside(net, f"aux_addresses.{name}", str(ip))
            twin = next((other for other in seen if overlaps(net, other)), None)
            if twin:
                raise _PoolError("subnet", f"{net} overlaps {twin} of the same network")
            seen.append(net)
        except _PoolError as wrong:
            yield number, Problem((wrong.option,), wrong.text)


class _PoolError(Exception):
    """A sub-option of a pool, and what is wrong with it."""

    def __init__(self, option: str, text: str) -> None:
        super().__init__(text)
        self.option = option
        self.text = text


def _network(option: str, text: str) -> Net:
    try:
        return network(text)
    except ValueError as error:
        meant = f". Did you mean '{subnet(text)}'?" if "host bits" in str(error) else ""
        raise _PoolError(option, f"{error}{meant}") from None


def _check_range(net: Net, text: str | None) -> None:
    if not text:
        return
    part = _network("iprange", text)
    if part.version != net.version or not part.subnet_of(t.cast(t.Any, net)):
        raise _PoolError("iprange", f"{text} is not part of the subnet {net}")


def _check_gateway(net: Net, text: str) -> None:
    _check_inside(net, "gateway", text)
    if net.version == 4 and net.prefixlen < 31 and _address(text) in (net.network_address, net.broadcast_address):
        raise _PoolError(
            "gateway",
            f"{text} is the first or last address of the subnet {net}. The engine would accept the network, and never"
            " allocate addresses",
        )


def _check_inside(net: Net, option: str, text: str) -> None:
    try:
        address = _address(text)
    except ValueError:
        raise _PoolError(option, f"{text!r} is not an IP address") from None
    if address not in net:
        raise _PoolError(option, f"{text} is not in the subnet {net}")
