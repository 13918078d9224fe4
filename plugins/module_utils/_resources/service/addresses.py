# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why tasks stay new: a manager that has no address for them says so in its log alone.

A task is new until it has an address in each of its networks (swarmkit, manager/allocator). So has each service a
virtual one, and each node that runs tasks of the network one for its load balancer.
"""

from __future__ import annotations

import ipaddress
import typing as t

from ..._path import Document, Values
from .naming import NETWORKS

KIND = "network_without_addresses"
_OVER = ("complete", "failed", "orphaned", "rejected", "remove", "shutdown")


def used_up(engine: t.Any, service: Document) -> list[Values]:
    """Return the networks of the service that have no address left: four requests.

    Each is ``kind``, ``network``, ``subnets``, ``size`` (addresses that can be given out, without the gateway) and
    ``used``; of one that the manager has given no addresses at all, ``subnets`` is empty.
    """
    networks = [item for item in engine.get("/networks", filters={"scope": ["swarm"]}) if _has(service, item)]
    if not networks:
        return []
    tasks = [task for task in engine.get("/tasks") if (task.get("Status") or {}).get("State") not in _OVER]
    services = engine.get("/services")
    found = [_counted(network, services, tasks) for network in networks]
    return [entry for entry in found if entry["used"] >= entry["size"]]


def words(entry: Values) -> str:
    """Such as: the network small (10.0.0.0/30) has no address left, 1 of 1 is in use."""
    name = entry["network"]
    if not entry["subnets"]:
        return f"the manager has given the network {name} no addresses; the address pools of the swarm may be used up"
    subnets = ", ".join(entry["subnets"])
    return f"the network {name} ({subnets}) has no address left: {entry['used']} of {entry['size']} are in use"


def _has(service: Document, network: Document) -> bool:
    spec = service["Spec"]
    if network.get("Ingress"):
        ports = (spec.get("EndpointSpec") or {}).get("Ports") or ()
        return any(port.get("PublishMode", "ingress") == "ingress" for port in ports)
    attached = NETWORKS.get(spec)
    return isinstance(attached, list) and any(item["Target"] in (network["Id"], network["Name"]) for item in attached)


def _counted(network: Document, services: list[Document], tasks: list[Document]) -> Values:
    pools = (network.get("IPAM") or {}).get("Config") or []
    subnets = [ipaddress.ip_network(pool["Subnet"], strict=False) for pool in pools if pool.get("Subnet")]
    # Without the network's own address, its broadcast address and its gateway.
    size = sum(max(subnet.num_addresses - 3, 0) for subnet in subnets if subnet.version == 4)
    return {
        "kind": KIND,
        "network": network["Name"],
        "subnets": [str(subnet) for subnet in subnets],
        "size": size,
        "used": _used(network["Id"], services, tasks),
    }


def _used(network_id: str, services: list[Document], tasks: list[Document]) -> int:
    virtual = sum(
        bool(item.get("Addr")) and item["NetworkID"] == network_id
        for service in services
        for item in (service.get("Endpoint") or {}).get("VirtualIPs") or ()
    )
    mine = [
        (task, attachment)
        for task in tasks
        for attachment in task.get("NetworksAttachments") or ()
        if attachment["Network"]["ID"] == network_id and attachment.get("Addresses")
    ]
    return virtual + len(mine) + len({task["NodeID"] for task, _attachment in mine if task.get("NodeID")})
