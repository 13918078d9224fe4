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
VXLAN = "com.docker.network.driver.overlay.vxlanid_list"
LOCAL = {"bridge": "bridge", "host": "host", "none": "null"}


class Network:
    """A network of the swarm (25 characters of ID) or of one engine (64).

    pools: as in IPAM.Config. allocated: False for one to which the manager could give no addresses.
    lingers: the swarm has it no more, but this engine still runs tasks with it: for so many looks at its list.
    containers: ID of each container that was attached by hand -> the task that stands for it.
    """

    def __init__(self, name: str, driver: str, scope: str, **more: Any):
        self.id = identity.new_id() if scope == "swarm" else secrets.token_hex(32)
        self.name = name
        self.driver = driver
        self.scope = scope
        self.created = self.updated = identity.now()
        self.version = more.get("version", 1)
        self.labels: dict[str, str] | None = more.get("labels")
        self.options: dict[str, str] | None = more.get("options")
        self.pools: list[dict[str, Any]] = more.get("pools") or []
        self.ipam_options: dict[str, str] | None = more.get("ipam_options")
        self.config_only = bool(more.get("config_only"))
        self.config_from = str(more.get("config_from", ""))
        self.allocated = True
        self.lingers = 0
        self.flags = {name: bool(more.get(name)) for name in ("EnableIPv6", "Internal", "Attachable", "Ingress")}
        self._handed_out = 1

    @property
    def predefined(self) -> bool:
        """host and bridge, as the swarm knows them: found by name or ID, never listed."""
        return self.scope == "swarm" and (self.labels or {}).get("com.docker.swarm.predefined") == "true"

    @property
    def subnets(self) -> list[Any]:
        """What it has of the swarm's addresses."""
        return [ipaddress.ip_network(pool["Subnet"], strict=False) for pool in self.pools] if self.allocated else []

    def next_address(self) -> str:
        """Another address with the prefix length; empty for a network without addresses."""
        if not self.subnets:
            return ""
        subnet = self.subnets[0]
        self._handed_out += 1
        return f"{subnet.network_address + self._handed_out}/{subnet.prefixlen}"

    def shown(self, api: str) -> dict[str, Any]:
        """As GET /networks shows it on an engine of this API version."""
        local = self.scope == "local"
        return {
            "Name": self.name,
            "Id": self.id,
            "Created": self.created,
            "Scope": self.scope,
            "Driver": self.driver if self.allocated else "",
            **({"EnableIPv4": True} if as_numbers(api) >= (1, 48) else {}),
            **self.flags,
            "IPAM": self._ipam(api),
            "ConfigFrom": {"Network": self.config_from},
            "ConfigOnly": self.config_only,
            "Containers": {} if local or self.lingers else None,
            "Options": self.options if self.allocated else None,
            "Labels": self.labels,
        }

    def _ipam(self, api: str) -> dict[str, Any]:
        if not self.allocated:
            return {"Driver": "", "Options": None, "Config": None}
        unset: Any = None if self.config_only and as_numbers(api) >= (1, 48) else []
        managed = self.scope == "local" or self.driver == "overlay"
        return {"Driver": "default" if managed else "", "Options": self.ipam_options, "Config": self.pools or unset}

    def attachment(self) -> dict[str, Any]:
        """As a task's NetworksAttachments shows it."""
        spec: dict[str, Any] = {"Name": self.name, "DriverConfiguration": {"Name": self.driver}, "Scope": "swarm"}
        spec["Labels"] = self.labels or {}
        for flag in ("Attachable", "Ingress", "Internal"):
            if self.flags[flag]:
                spec[flag] = True
        state = {"Name": self.driver, **({"Options": self.options} if self.options else {})}
        ipam = {"Driver": {"Name": "default"}, "Configs": self.pools} if self.pools else {"Driver": {}}
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
        self.exhausted = False  # so that new networks get no addresses
        self.all: dict[str, Network] = {}
        for name in ("host", "bridge"):
            self._keep(Network(name, name, "swarm", labels=dict(_PREDEFINED)))
        self.add("ingress", Ingress=True)

    def _keep(self, network: Network) -> Network:
        self.all[network.id] = network
        return network

    def add(
        self, name: str, pools: list[dict[str, Any]] | None = None, driver: str = "overlay", **more: Any
    ) -> Network:
        """A new network; an overlay without a subnet gets the first free one of the pool."""
        network = Network(name, driver, "swarm", version=self._swarm.next_index(), **more)
        if driver == "overlay":
            self._allocate(network, pools or [{"Subnet": self._free_subnet()}])
        return self._keep(network)

    def _allocate(self, network: Network, pools: list[dict[str, Any]]) -> None:
        """What is taken already is never given, and nobody says so."""
        network.pools = [{**pool, "Gateway": pool.get("Gateway") or _first(pool)} for pool in pools]
        network.allocated = not (self.exhausted or self._overlap(network))
        if network.options and VXLAN in network.options:
            return
        numbers = range(self._vxlan + 1, self._vxlan + 1 + len(pools))
        self._vxlan += len(pools)
        network.options = {**(network.options or {}), VXLAN: ",".join(map(str, numbers))}

    def _overlap(self, network: Network) -> bool:
        taken = [subnet for other in self.all.values() for subnet in other.subnets]
        for subnet in network.subnets:
            if any(subnet.version == other.version and subnet.overlaps(other) for other in taken):
                return True
            taken.append(subnet)
        return False

    def _free_subnet(self) -> str:
        taken = [subnet for network in self.all.values() for subnet in network.subnets]
        pools = (ipaddress.ip_network(pool, strict=False) for pool in self._swarm.pools)
        size = self._swarm.subnet_size or 24
        subnets = (net for pool in pools for net in pool.subnets(new_prefix=max(size, pool.prefixlen)))
        return str(next(net for net in subnets if not any(net.overlaps(t) for t in taken if t.version == net.version)))

    @property
    def ingress(self) -> Network | None:
        """The ingress network, unless another client removed it."""
        return next((network for network in self.all.values() if network.flags["Ingress"]), None)


def _first(pool: dict[str, Any]) -> str:
    """The gateway that the manager chooses: the first address of the range, or the one after that of the subnet."""
    if pool.get("IPRange"):
        return str(ipaddress.ip_network(pool["IPRange"]).network_address)
    return str(ipaddress.ip_network(pool["Subnet"], strict=False).network_address + 1)


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
    there = [network for network in seen(engine, swarm) if not network.lingers]
    listed = [network for network in there if not network.predefined and network.name not in LOCAL]
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
