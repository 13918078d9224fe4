# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a service gets of the swarm's networks: published ports and virtual addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .services import Service

_FIRST_DYNAMIC = 30000


def allocate(service: Service) -> None:
    """Bring ports and addresses to the spec; a dynamic port and an address stay while they are asked for.

    Ports in another order are nothing new to the manager: it leaves everything as it was.
    """
    spec = service.spec.get("EndpointSpec", {})
    if service.ports and _same(spec, service.endpoint) and service.attached == service.network_ids:
        return
    service.ports = [_published(service, port) for port in spec.get("Ports", [])]
    service.addresses = _addresses(service, spec)
    # The manager copies the spec when it has something to give, and nothing else makes it do so.
    service.attached = service.network_ids
    service.endpoint = spec if service.ports or service.addresses else {}


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two specs differ in the order of their ports alone."""
    ports = [sorted(spec.get("Ports", []), key=str) for spec in (one, other)]
    return ports[0] == ports[1] and one.get("Mode") == other.get("Mode")


def _published(service: Service, port: dict[str, Any]) -> dict[str, Any]:
    if "PublishedPort" in port or port["PublishMode"] == "host":
        return dict(port)
    for kept in service.ports:
        if {key: value for key, value in kept.items() if key != "PublishedPort"} == port:
            service.ports.remove(kept)
            return kept
    return {**port, "PublishedPort": _free(service, port["Protocol"])}


def _free(service: Service, protocol: str) -> int:
    swarm = service.swarm
    taken = {port.get("PublishedPort") for other in swarm.services.all.values() for port in other.ports}
    number = swarm.dynamic_ports.get(protocol, _FIRST_DYNAMIC)
    while number in taken:
        number += 1
    swarm.dynamic_ports[protocol] = number + 1
    return number


def _addresses(service: Service, spec: dict[str, Any]) -> list[dict[str, str]]:
    if spec.get("Mode") == "dnsrr":
        return []
    networks = service.swarm.networks
    wanted = list(service.network_ids)
    ingress = networks.ingress
    if ingress and any(port["PublishMode"] == "ingress" for port in service.ports):
        wanted.insert(0, ingress.id)
    kept = {item["NetworkID"]: item for item in service.addresses}
    return [kept.get(network_id) or _address(networks.all[network_id]) for network_id in wanted]


def _address(network: Any) -> dict[str, str]:
    address = network.next_address()
    return {"NetworkID": network.id, **({"Addr": address} if address else {})}


def shown(service: Service) -> dict[str, Any]:
    """Endpoint of GET /services."""
    answer: dict[str, Any] = {"Spec": service.endpoint}
    if service.ports:
        answer["Ports"] = service.ports
    if service.addresses:
        answer["VirtualIPs"] = service.addresses
    return answer


def attachments(service: Service) -> list[dict[str, Any]]:
    """NetworksAttachments of one of its tasks, with an address each."""
    networks = service.swarm.networks
    wanted = [networks.all[network_id] for network_id in service.network_ids if network_id in networks.all]
    ingress = networks.ingress
    if ingress and any(port["PublishMode"] == "ingress" for port in service.ports):
        wanted.insert(0, ingress)
    made = []
    for network in wanted:
        address = network.next_address()
        made.append({"Network": network.attachment(), **({"Addresses": [address]} if address else {})})
    return made
