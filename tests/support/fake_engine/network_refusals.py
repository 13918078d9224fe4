# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an engine and its manager say no to when networks are made and removed, in their words."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any

from . import networks
from .errors import ApiError, rpc
from .service_refusals import invalid
from .versions import as_numbers

if TYPE_CHECKING:
    from .engine import FakeEngine
    from .networks import Network
    from .swarm import Swarm

_CONFIG_ONLY = (
    "configuration network can only contain network specific fields. "
    "Network operator fields like [ ingress | internal | attachable | scope ] are not supported."
)
_DEPENDS = "are not supported if the network depends on a configuration network"


def check(request: dict[str, Any], engine: FakeEngine) -> None:
    """By the engine itself. Older ones leave the addresses to the manager."""
    ipam = request["IPAM"] or {"Config": None, "Options": None}
    modern = as_numbers(engine.version.api) >= (1, 48)
    _check_name(request["Name"])
    if request["ConfigOnly"]:
        if request["ConfigFrom"]:
            raise ApiError(403, "a configuration network cannot depend on another configuration network")
        if any(request[name] for name in ("Ingress", "Internal", "Attachable", "Scope")):
            raise ApiError(403, _CONFIG_ONLY)
    if request["ConfigFrom"]:
        _check_config_from(request, ipam, engine if modern else None)
    if modern:
        if request["EnableIPv4"] is False and (request["Scope"] == "swarm" or request["Driver"] == "overlay"):
            raise ApiError(400, "IPv4 cannot be disabled in a Swarm scoped network")
        for pool in ipam["Config"] or []:
            _check_pool(pool)


def _check_name(name: str) -> None:
    if name == "default":
        raise ApiError(403, f"operation is not permitted on predefined {name} network ")


def _check_config_from(request: dict[str, Any], ipam: dict[str, Any], engine: FakeEngine | None) -> None:
    if request["EnableIPv6"] or request["Labels"] or ipam["Config"] or ipam["Options"]:
        raise ApiError(403, f"user specified configurations {_DEPENDS}")
    if request["Options"]:
        raise ApiError(403, f"network driver options {_DEPENDS}")
    name = request["ConfigFrom"]["Network"]
    if engine and not any(network.name == name and network.config_only for network in networks.local(engine)):
        raise ApiError(404, f'configuration network "{name}" does not exist')


def _check_pool(pool: dict[str, Any]) -> None:
    head = "invalid network config:\n"
    try:
        if not pool["Subnet"].partition("/")[2].isdigit():
            raise ValueError("a netmask")
        subnet = ipaddress.ip_network(pool["Subnet"], strict=False)
    except ValueError:
        raise ApiError(400, f"{head}invalid subnet {pool['Subnet']}: invalid CIDR block notation") from None
    if ipaddress.ip_interface(pool["Subnet"]).ip != subnet.network_address:
        raise ApiError(400, f"{head}invalid subnet {pool['Subnet']}: it should be {subnet}")
    if pool["IPRange"] and not _within(pool["IPRange"], subnet):
        raise ApiError(
            400, f"{head}invalid ip-range {pool['IPRange']}: parent subnet {subnet} doesn't contain ip-range"
        )
    if pool["Gateway"] and ipaddress.ip_address(pool["Gateway"]) not in subnet:
        raise ApiError(
            400, f"{head}invalid gateway {pool['Gateway']}: parent subnet {subnet} doesn't contain this address"
        )


def _within(part: str, subnet: Any) -> bool:
    return bool(ipaddress.ip_network(part).subnet_of(subnet))


def check_by_manager(request: dict[str, Any], swarm: Swarm) -> None:
    """By the manager."""
    name = request["Name"]
    if not all(part.isalnum() for part in name.replace("_", "-").split("-")):
        raise invalid("name must be valid as a DNS name component")
    if len(name) > 63:
        raise invalid("name must be 63 characters or fewer")
    if "com.docker.swarm.predefined" in (request["Labels"] or {}):
        raise rpc(
            "PermissionDenied",
            "label com.docker.swarm.predefined is for internally created predefined networks "
            "and cannot be applied by users",
        )
    driver = (request["IPAM"] or {}).get("Driver") or "default"
    if driver.lower() != "default":
        raise invalid(f"error during lookup of plugin {driver}")
    if request["Ingress"] and request["Attachable"]:
        raise invalid("ingress network cannot be attachable")
    ingress = swarm.networks.ingress
    if request["Ingress"] and ingress:
        raise rpc("AlreadyExists", f"ingress network ({ingress.id}) is already present")
    for pool in (request["IPAM"] or {"Config": None})["Config"] or []:
        _check_old_pool(pool)


def _check_old_pool(pool: dict[str, Any]) -> None:
    try:
        subnet = ipaddress.ip_network(pool["Subnet"], strict=False)
    except ValueError:
        raise ApiError(500, f"Invalid subnet {pool['Subnet']} : invalid CIDR address: {pool['Subnet']}") from None
    words = f"ipam configuration: subnet {pool['Subnet']} does not contain"
    if pool["IPRange"] and not _within(pool["IPRange"], subnet):
        raise invalid(f"{words} range {pool['IPRange']}")
    if pool["Gateway"] and ipaddress.ip_address(pool["Gateway"]) not in subnet:
        raise invalid(f"{words} gateway {pool['Gateway']}")


def check_unused_here(network: Network, others: list[Network]) -> None:
    """Before a network of the engine itself goes."""
    if any(other.config_from == network.name for other in others):
        raise ApiError(403, f'error while removing network: configuration network "{network.name}" is in use')


def check_unused(network: Network, swarm: Swarm) -> None:
    """Before a network of the swarm goes: services that have it, and tasks that go on running with it."""
    services = swarm.services.all.values()
    if network.flags["Ingress"]:
        for service in services:
            if any(port["PublishMode"] == "ingress" for port in service.ports):
                reason = f"ingress network cannot be removed because service {service.id} depends on it"
                raise rpc("FailedPrecondition", reason)
    user = next((service for service in services if network.id in service.network_ids), None)
    if user:
        raise rpc("FailedPrecondition", f"network {network.id} is in use by service {user.id}")
    for task in swarm.tasks.values():
        named = [item["Target"] for item in task["Spec"].get("Networks", [])]
        if network.id in named and task["DesiredState"] == "running" and task["Status"]["State"] == "running":
            raise rpc("FailedPrecondition", f"network {network.id} is in use by task {task['ID']}")
