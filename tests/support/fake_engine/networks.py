# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Networks: those of the swarm, those of one engine, and the addresses that services get."""

from __future__ import annotations

import ipaddress
import secrets
from typing import TYPE_CHECKING, Any

from . import identity
from .errors import ApiError
from .versions import as_numbers

if TYPE_CHECKING:
    from .engine import FakeEngine
    from .swarm import Swarm

_PREDEFINED = {"com.docker.swarm.predefined": "true"}
LOCAL = {"bridge": "bridge", "host": "host", "none": "null"}


class Network:
    """A network of the swarm (25 characters of ID) or of one engine (64)."""

    def __init__(self, name: str, driver: str, scope: str, **more: Any):
        self.id = identity.new_id() if scope == "swarm" else secrets.token_hex(32)
        self.name = name
        self.driver = driver
        self.scope = scope
        self.created = self.updated = identity.now()
        self.version = more.get("version", 1)
        self.labels: dict[str, str] | None = more.get("labels")
        self.options: dict[str, str] | None = more.get("options")
        self.subnet: str = more.get("subnet", "")
        self.gateway: str = more.get("gateway", "")
        self.flags = {name: bool(more.get(name)) for name in ("EnableIPv6", "Internal", "Attachable", "Ingress")}
        self._handed_out = 1

    @property
    def predefined(self) -> bool:
        """host and bridge, as the swarm knows them: found by name or ID, never listed."""
        return self.scope == "swarm" and (self.labels or {}).get("com.docker.swarm.predefined") == "true"

    def next_address(self) -> str:
        """Another address with the prefix length; empty for a network without addresses."""
        if not self.subnet:
            return ""
        subnet = ipaddress.ip_network(self.subnet)
        self._handed_out += 1
        return f"{subnet.network_address + self._handed_out}/{subnet.prefixlen}"

    def shown(self, api: str) -> dict[str, Any]:
        """As GET /networks shows it on an engine of this API version."""
        local = self.scope == "local"
        config = [{"Subnet": self.subnet, "Gateway": self.gateway}] if self.subnet else []
        return {
            "Name": self.name,
            "Id": self.id,
            "Created": self.created,
            "Scope": self.scope,
            "Driver": self.driver,
            **({"EnableIPv4": True} if as_numbers(api) >= (1, 48) else {}),
            **self.flags,
            "IPAM": {"Driver": "" if self.predefined else "default", "Options": None, "Config": config},
            "ConfigFrom": {"Network": ""},
            "ConfigOnly": False,
            "Containers": {} if local else None,
            "Options": self.options,
            "Labels": self.labels,
        }

    def attachment(self) -> dict[str, Any]:
        """As a task's NetworksAttachments shows it."""
        spec: dict[str, Any] = {"Name": self.name, "DriverConfiguration": {"Name": self.driver}, "Scope": "swarm"}
        spec["Labels"] = self.labels or {}
        for flag in ("Attachable", "Ingress", "Internal"):
            if self.flags[flag]:
                spec[flag] = True
        state = {"Name": self.driver, **({"Options": self.options} if self.options else {})}
        config = [{"Subnet": self.subnet, "Gateway": self.gateway}] if self.subnet else []
        ipam = {"Driver": {"Name": "default"}, "Configs": config} if config else {"Driver": {}}
        return {
            "ID": self.id,
            "Version": {"Index": self.version},
            "CreatedAt": self.created,
            "UpdatedAt": self.updated,
            "Spec": spec,
            "DriverState": state,
            "IPAMOptions": ipam,
        }


class Networks:
    """The networks of one swarm."""

    def __init__(self, swarm: Swarm):
        self._swarm = swarm
        self._vxlan = 4095
        self.all: dict[str, Network] = {}
        for name in ("host", "bridge"):
            self._keep(Network(name, name, "swarm", labels=dict(_PREDEFINED)))
        self.add("ingress", Ingress=True)

    def _keep(self, network: Network) -> Network:
        self.all[network.id] = network
        return network

    def add(self, name: str, subnet: str = "", gateway: str = "", **more: Any) -> Network:
        """A new overlay network; without a subnet it gets the first free one of the pool."""
        self._vxlan += 1
        subnet = subnet or self._free_subnet()
        gateway = gateway or str(ipaddress.ip_network(subnet).network_address + 1)
        given = more.pop("options", None) or {}
        options = {**given, "com.docker.network.driver.overlay.vxlanid_list": str(self._vxlan)}
        version = self._swarm.next_index()
        return self._keep(
            Network(name, "overlay", "swarm", subnet=subnet, gateway=gateway, options=options, version=version, **more)
        )

    def _free_subnet(self) -> str:
        taken = {network.subnet for network in self.all.values()}
        pools = (ipaddress.ip_network(pool, strict=False) for pool in self._swarm.pools)
        size = self._swarm.subnet_size or 24
        subnets = (str(net) for pool in pools for net in pool.subnets(new_prefix=max(size, pool.prefixlen)))
        return next(subnet for subnet in subnets if subnet not in taken)

    @property
    def ingress(self) -> Network | None:
        """The ingress network, unless somebody removed it."""
        return next((network for network in self.all.values() if network.flags["Ingress"]), None)


def local(engine: FakeEngine) -> list[Network]:
    """The engine's own networks; the predefined ones are made when they are first looked at."""
    if not engine.networks:
        engine.networks = [Network(name, driver, "local", options={}, labels={}) for name, driver in LOCAL.items()]
    return engine.networks


def seen(engine: FakeEngine, swarm: Swarm | None) -> list[Network]:
    """All that a request can name: a manager sees the swarm's networks, any engine its own."""
    return [*(swarm.networks.all.values() if swarm else ()), *local(engine)]


def find(networks: list[Network], text: str) -> Network:
    """By ID, by name, then by the beginning of the ID. ApiError 404 or 400."""
    for found in (
        [network for network in networks if network.id == text],
        [network for network in networks if network.name == text],
        [network for network in networks if network.id.startswith(text)],
    ):
        if len(found) > 1:
            raise ApiError(400, f"network {text} is ambiguous ({len(found)} matches found)")
        if found:
            return found[0]
    raise ApiError(404, f"network {text} not found")


def resolve(spec: dict[str, Any], engine: FakeEngine, swarm: Swarm) -> None:
    """Replace the names of a service's networks by IDs, as the engine does before anything else.

    The deprecated list beside the task template counts while the template has none.
    """
    for item in spec["TaskTemplate"]["Networks"] or spec["Networks"] or []:
        item["Target"] = _resolved(item["Target"], engine, swarm)


def _resolved(text: str, engine: FakeEngine, swarm: Swarm) -> str:
    listed = [network for network in seen(engine, swarm) if not network.predefined and network.name not in LOCAL]
    swarms = list(swarm.networks.all.values())
    if not text:
        raise ApiError(400, f"network  is ambiguous ({len(swarms)} matches found)")
    if text == "none":
        raise ApiError(404, "could not find the corresponding predefined swarm network: network none not found")
    try:
        network = find([*(network for network in swarms if network.predefined), *listed], text)
    except ApiError as error:
        raise ApiError(500 if error.status == 404 else error.status, error.message) from None
    if network.scope == "local":
        raise ApiError(
            403,
            f"The network {text} cannot be used with services. Only networks scoped to the swarm can be used, "
            "such as those created with the overlay driver.",
        )
    return network.id
