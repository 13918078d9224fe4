# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""/networks."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any

from . import networks
from .errors import ApiError, rpc
from .filters import has_label, matches, read
from .managers import swarm_of
from .networks import LOCAL, Network
from .reply import Reply
from .service_refusals import invalid

if TYPE_CHECKING:
    from .router import Call
    from .swarm import Swarm

_FILTERS = ("dangling", "driver", "id", "label", "name", "scope", "type")
_MAP = ("map", "string")
_SHAPE = {
    **dict.fromkeys(("Name", "Driver", "Scope"), "string"),
    **dict.fromkeys(("CheckDuplicate", "EnableIPv6", "Internal", "Attachable", "Ingress", "ConfigOnly"), "bool"),
    "IPAM": (
        "pointer",
        {"Driver": "string", "Config": [{"Subnet": "string", "IPRange": "string", "Gateway": "string"}]},
    ),
    "Options": _MAP,
    "Labels": _MAP,
}


def _swarm(call: Call) -> Swarm | None:
    """The swarm, where this engine manages one."""
    try:
        return swarm_of(call.engine)
    except ApiError:
        return None


def index(call: Call) -> list[dict[str, Any]]:
    """GET /networks: without the swarm's own host and bridge."""
    filters = read(call, _FILTERS)
    for kind in filters.get("type", []):
        if kind not in ("custom", "builtin"):
            raise ApiError(500, f"{call.engine.version.bad_filter.lower()}: 'type'='{kind}'")
    with call.engine.cluster.lock:
        seen = networks.seen(call.engine, _swarm(call))
        listed = [network for network in seen if not network.predefined and _matches(network, filters)]
        return [network.shown(call.engine.version.api) for network in listed]


def _matches(network: Network, filters: dict[str, list[str]]) -> bool:
    kind = "builtin" if network.scope == "local" and network.name in LOCAL else "custom"
    return matches(
        filters,
        {
            "driver": lambda wanted: wanted == network.driver,
            "id": network.id.startswith,
            "label": lambda wanted: has_label(network.labels or {}, wanted),
            "name": lambda wanted: _is_named(network, wanted),
            "scope": lambda wanted: wanted == network.scope,
            "type": lambda wanted: wanted == kind,
        },
    )


def _is_named(network: Network, wanted: str) -> bool:
    """A part of the name will do for what the engine has itself, which the ingress network is; else the whole."""
    here = network.scope == "local" or network.flags["Ingress"]
    return wanted in network.name if here else wanted == network.name


def inspect(call: Call) -> dict[str, Any]:
    """GET /networks/{name, ID or its beginning}?scope=: without a scope the engine's own come first."""
    scope = call.request.query.get("scope", "")
    with call.engine.cluster.lock:
        seen = networks.seen(call.engine, _swarm(call))
        if scope:
            seen = [network for network in seen if network.scope == scope]
        else:
            seen = [network for network in seen if not network.predefined or network.id == call.names["id"]]
        return networks.find(seen, call.names["id"]).shown(call.engine.version.api)


def create(call: Call) -> Reply:
    """POST /networks/create: overlay networks go to the swarm, others stay here."""
    request = call.body("NetworkCreateRequest", _SHAPE)
    with call.engine.cluster.lock:
        driver, name = request["Driver"] or "bridge", request["Name"]
        swarm = _swarm(call)
        if not name.strip():
            empty = call.engine.version.json_prefix
            raise ApiError(400 if empty else 500, "invalid name: name is empty" if empty else "invalid name: ")
        if any(network.name == name for network in networks.seen(call.engine, swarm)):
            raise ApiError(409, f"network with name {name} already exists")
        if driver == "overlay":
            network = _overlay(call, request, swarm)
        elif driver in ("bridge", "macvlan", "ipvlan"):
            network = Network(name, driver, "local", options=request["Options"] or {}, labels=request["Labels"] or {})
            networks.local(call.engine).append(network)
        else:
            raise ApiError(404, f'plugin "{driver}" not found')
        return Reply(201, {"Id": network.id, "Warning": ""})


def _overlay(call: Call, request: dict[str, Any], swarm: Swarm | None) -> Network:
    if request["Scope"] == "local":
        raise ApiError(403, "cannot downgrade network scope for overlay networks")
    if swarm is None:
        swarm = swarm_of(call.engine)
    if not all(part.isalnum() for part in request["Name"].replace("_", "-").split("-")):
        raise invalid("name must be valid as a DNS name component")
    ingress = swarm.networks.ingress
    if request["Ingress"] and ingress:
        raise rpc("AlreadyExists", f"ingress network ({ingress.id}) is already present")
    config = (request["IPAM"] or {"Config": None})["Config"] or [{"Subnet": "", "Gateway": ""}]
    if config[0]["Subnet"]:
        _check_subnet(config[0]["Subnet"])
    flags = {name: request[name] for name in ("EnableIPv6", "Internal", "Attachable", "Ingress")}
    return swarm.networks.add(
        request["Name"],
        config[0]["Subnet"],
        config[0]["Gateway"],
        labels=request["Labels"] or None,
        options=request["Options"],
        **flags,
    )


def _check_subnet(text: str) -> None:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise ApiError(400, f"invalid subnet {text}: invalid CIDR address: {text}") from None


def remove(call: Call) -> Reply:
    """DELETE /networks/{id}."""
    with call.engine.cluster.lock:
        swarm = _swarm(call)
        seen = networks.seen(call.engine, swarm)
        network = networks.find([network for network in seen if not network.predefined], call.names["id"])
        if network.scope == "local":
            if network.name in LOCAL:
                raise ApiError(403, f"{network.name} is a pre-defined network and cannot be removed")
            networks.local(call.engine).remove(network)
            return Reply(204, None)
        assert swarm is not None
        user = next((service for service in swarm.services.all.values() if network.id in service.network_ids), None)
        if user:
            raise rpc("FailedPrecondition", f"network {network.id} is in use by service {user.id}")
        del swarm.networks.all[network.id]
        return Reply(204, None)
