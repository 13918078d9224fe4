# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""/networks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import network_refusals as refusals
from . import networks
from .errors import ApiError, rpc
from .filters import has_label, matches, read
from .managers import swarm_of
from .networks import LOCAL, Network
from .reply import Reply

if TYPE_CHECKING:
    from .router import Call
    from .swarm import Swarm

_FILTERS = ("dangling", "driver", "id", "label", "name", "scope", "type")
_SERIAL = "com.docker.network.ipam.serial"
_MAP = ("map", "string")
_POOL = {"Subnet": "string", "IPRange": "string", "Gateway": "string", "AuxiliaryAddresses": _MAP}
_SHAPE = {
    **dict.fromkeys(("Name", "Driver", "Scope"), "string"),
    **dict.fromkeys(("CheckDuplicate", "EnableIPv6", "Internal", "Attachable", "Ingress", "ConfigOnly"), "bool"),
    "EnableIPv4": ("pointer", "bool"),
    "ConfigFrom": ("pointer", {"Network": "string"}),
    "IPAM": (
        "pointer",
        {"Driver": "string", "Options": _MAP, "Config": [_POOL]},
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
        shown = [network.shown(call.engine.version.api) for network in listed]
        _age(networks.local(call.engine))
        return shown


def _age(here: list[Network]) -> None:
    """One look more at networks that go on for a while on an engine after the swarm has removed them."""
    for network in [network for network in here if network.lingers]:
        network.lingers -= 1
        if not network.lingers:
            here.remove(network)


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
    """POST /networks/create: overlay networks and others of scope swarm go to the swarm, the rest stays here."""
    request = call.body("NetworkCreateRequest", _SHAPE)
    with call.engine.cluster.lock:
        driver, name = request["Driver"] or "bridge", request["Name"]
        swarm = _swarm(call)
        if not name.strip():
            empty = call.engine.version.json_prefix
            raise ApiError(400 if empty else 500, "invalid name: name is empty" if empty else "invalid name: ")
        if any(network.name == name for network in networks.seen(call.engine, swarm)):
            raise ApiError(409, f"network with name {name} already exists")
        refusals.check(request, call.engine)
        if driver == "overlay" or request["Scope"] == "swarm":
            network = _of_swarm(call, request, driver, swarm)
        elif driver in ("bridge", "macvlan", "ipvlan"):
            network = Network(name, "null" if request["ConfigOnly"] else driver, "local", **_local(request))
            networks.local(call.engine).append(network)
        else:
            raise ApiError(404, f'plugin "{driver}" not found')
        return Reply(201, {"Id": network.id, "Warning": ""})


def _local(request: dict[str, Any]) -> dict[str, Any]:
    ipam = request["IPAM"] or {"Config": None}
    return {
        "options": request["Options"] or {},
        "labels": request["Labels"] or {},
        "config_only": request["ConfigOnly"],
        "config_from": _config_from(request),
        "EnableIPv6": request["EnableIPv6"],
        "pools": [{key: value for key, value in pool.items() if value} for pool in ipam["Config"] or []],
    }


def _config_from(request: dict[str, Any]) -> str:
    return str((request["ConfigFrom"] or {"Network": ""})["Network"])


def _of_swarm(call: Call, request: dict[str, Any], driver: str, swarm: Swarm | None) -> Network:
    if request["Scope"] == "local":
        raise ApiError(403, "cannot downgrade network scope for overlay networks")
    if swarm is None:
        swarm = swarm_of(call.engine)
    refusals.check_by_manager(request, swarm)
    if any(network.name.lower() == request["Name"].lower() for network in swarm.networks.all.values()):
        raise rpc("Unknown", "name conflicts with an existing object")
    ipam = request["IPAM"] or {"Config": None, "Options": None}
    overlay = driver == "overlay"
    flags = {name: request[name] for name in ("EnableIPv6", "Internal", "Attachable", "Ingress")}
    # The manager knows no auxiliary addresses.
    pools = [
        {key: value for key, value in pool.items() if value and key != "AuxiliaryAddresses"}
        for pool in ipam["Config"] or []
    ]
    network = swarm.networks.add(
        request["Name"],
        pools,
        driver,
        labels=request["Labels"] or None,
        options=request["Options"] if overlay else None,
        ipam_options={**ipam["Options"], _SERIAL: "true"} if overlay and ipam["Options"] else None,
        config_from=_config_from(request),
        **flags,
    )
    has_ipv6 = request["EnableIPv6"] or any(":" in (pool.get("Subnet") or "") for pool in pools)
    if has_ipv6 and overlay and call.engine.version.ends_jobs:
        network.allocated = False  # as of Debian's build of 28.5.2
    return network


def remove(call: Call) -> Reply:
    """DELETE /networks/{id}."""
    with call.engine.cluster.lock:
        swarm = _swarm(call)
        seen = networks.seen(call.engine, swarm)
        network = networks.find([network for network in seen if not network.predefined], call.names["id"])
        if network.scope == "local":
            if network.name in LOCAL:
                raise ApiError(403, f"{network.name} is a pre-defined network and cannot be removed")
            refusals.check_unused_here(network, networks.local(call.engine))
            networks.local(call.engine).remove(network)
            return Reply(204, None)
        assert swarm is not None
        refusals.check_unused(network, swarm)
        del swarm.networks.all[network.id]
        if call.engine.lingering:
            network.lingers = call.engine.lingering
            networks.local(call.engine).append(network)
        return Reply(204, None)
