# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan the creation, the removal and the replacement of a network, or refuse it."""

from __future__ import annotations

import typing as t

from .._core.errors import EngineError, NotFound, Refused, SwarmError
from .._core.plan import CREATE, KNOWN_AFTER, REMOVE, Change, Plan, differences
from .._core.validators import raise_first, refuse_twin
from .._core.values import MISSING, Document, Values, at
from .._engine.client import Engine
from .._engine.lists import classify_networks
from .._service.tasks import GLOBAL_JOB, REPLICATED_JOB, mode_of
from .checks import check_against, family_warning, overlapping, whole_problems
from .live import NetworkTask, Users, is_leftover, read_users
from .schema import LOCAL, NETWORK, OVERLAY, SWARM, allocated, as_request

RECREATE = "recreate"
_POOLS = at("IPAM", "Config")


def refuse_name(engine: Engine, name: str, swarms: t.Iterable[Document]) -> None:
    """Raise Refused where a network of this engine, or one in another spelling, has the name of a new one.

    :param swarms: the networks of the swarm.
    """
    _refuse_local(name, classify_networks(engine.get("/networks", filters={"name": [name]}), name).name_conflict)
    refuse_twin("network", name, (item["Name"] for item in swarms))


def _refuse_local(name: str, other: Document | None) -> None:
    if other:
        raise Refused(
            f"this engine already has a local network {name!r} (driver {other['Driver']}),"
            " so the swarm cannot have a network with this name. Remove it with docker network rm, or use another name.",
            option="name",
        )


def plan_create(resource: NetworkTask, other: Document | None, former: Document | None) -> Plan:
    """:param former: the request for the network in a replacement that did not end."""
    params = resource.params
    name = params["name"]
    _refuse_local(name, other)
    if former:
        former = _with_free_addresses(resource, former)
        changes = NETWORK.changes(former, params)
        spec = NETWORK.apply(_base(former, changes), changes)
    else:
        spec = {"Name": name, **NETWORK.create(_complete(params))}
    _check(resource, spec)
    return Plan("network", name, CREATE, tuple(creation_changes(spec)), spec=spec)


def _with_free_addresses(resource: NetworkTask, former: Document) -> Document:
    """The request without addresses that another network has taken since. Those that the task sets are refused later."""
    other = "" if resource.params["ipam_config"] else taken(former, resource.engine.get("/networks"))
    if not other:
        return former
    resource.warn(f"Network {former['Name']} gets other addresses, because the network {other} has taken its own.")
    return _POOLS.put(former, MISSING)


def taken(request: Document, networks: t.Iterable[Document]) -> str:
    """Return the name of a network of the swarm that has addresses of a request; empty if they are free."""
    others = [item for item in networks if item["Name"] != request["Name"] and item["Scope"] == SWARM]
    pools = _POOLS.get(request)
    subnets = [pool["Subnet"] for pool in pools if pool.get("Subnet")] if isinstance(pools, list) else []
    found = next(filter(None, (overlapping(subnet, others) for subnet in subnets)), None)
    return found[0] if found else ""


def _complete(params: Values) -> Values:
    if params["config_only"]:
        return {**params, "scope": None}
    return {**params, "driver": params["driver"] or OVERLAY, "scope": SWARM}


def _check(resource: NetworkTask, spec: Document) -> None:
    after = NETWORK.view(spec)
    raise_first(whole_problems(spec["Name"], after))
    warning = family_warning(after)
    if warning:
        resource.warn(warning)
    others = [item for item in resource.engine.get("/networks") if not is_leftover(item)]
    if not after["config_only"]:
        refuse_twin("network", spec["Name"], (item["Name"] for item in others if item["Scope"] == SWARM))
    unknown = check_against(spec["Name"], after, others)
    if unknown:
        resource.missing(unknown)


def creation_changes(network: Document) -> t.Iterator[Change]:
    """Everything that is not the engine's default, as changes from nothing."""
    default = NETWORK.view({})
    for option, value in NETWORK.view(network).items():
        if value != default[option] or (option == "scope" and network.get("Scope")):
            yield Change(option, None, value)


def plan_remove(engine: Engine, network: Document) -> Plan:
    users = users_of(engine, network)
    if users:
        raise _with_users(Refused(f"Network {network['Name']} is used by {users}, so it cannot be removed."), users)
    changes = [Change(change.option, change.after, MISSING) for change in creation_changes(network)]
    return Plan("network", network["Name"], REMOVE, tuple(changes))


def users_of(engine: Engine, network: Document) -> Users | str:
    """``Users``, or a text; false if there are none."""
    if network["Scope"] == SWARM:
        return read_users(engine)(network)
    depending = [
        item["Name"]
        for item in engine.get("/networks")
        if item["Scope"] == LOCAL and item["ConfigFrom"]["Network"] == network["Name"]
    ]
    return f"the networks {', '.join(sorted(depending))} of this engine" if depending else ""


def plan_change(resource: NetworkTask, network: Document, changes: list[Change]) -> Plan:
    """Nothing of a network can change in place: the engine's API has no update of one."""

    users = users_of(resource.engine, network)
    if not resource.params["recreate"]:
        raise refuse_change(network, changes, users)
    refuse_recreation(network, changes, users)
    spec = NETWORK.apply(_base(as_request(network), changes), changes)
    _check(resource, spec)
    if isinstance(users, Users):
        resource.reattached = users.names
    return Plan("network", network["Name"], RECREATE, tuple(changes), spec=spec)


def _base(request: Document, changes: list[Change]) -> Document:
    """The network as it would be made again, but for the addresses where it changes who gives them out."""
    changed = {change.option: change.after for change in changes}
    if "driver" in changed or changed.get("config_from"):
        return {key: value for key, value in request.items() if key != "IPAM"}
    return request


def predicted_view(spec: Document) -> Values:
    """A network in the options' words before there is one."""
    shown = {"id": KNOWN_AFTER, "name": spec["Name"], "created": KNOWN_AFTER, **NETWORK.view(spec)}
    if shown["config_only"]:
        return {**shown, "driver": "null", "scope": LOCAL}
    if shown["driver"] == OVERLAY:
        pools = shown["ipam_config"] or [{"subnet": KNOWN_AFTER, "iprange": "", "gateway": "", "aux_addresses": {}}]
        shown["ipam_config"] = [{**pool, "gateway": pool["gateway"] or KNOWN_AFTER} for pool in pools]
    return shown


def refuse_change(network: Document, changes: list[Change], users: Users | str) -> Refused:
    used = f"It is used by {users}." if users else "It is not used."
    how = " Use recreate: true to replace it by a new one"
    services = isinstance(users, Users) and users.services
    how += ", which detaches its services temporarily." if services else "."
    error = _with_users(
        Refused(
            f"Network {network['Name']} cannot be changed in place: {', '.join(change.words() for change in changes)}. {used}{how}"
        ),
        users,
    )
    return error.with_details(**differences(changes))


def _with_users(error: Refused, users: Users | str) -> Refused:
    """Put the services and containers that use the network into the error, as facts."""
    if isinstance(users, Users):
        error.details = {"services": users.names, "containers": users.containers}
    return error


def refuse_recreation(network: Document, changes: list[Change], users: Users | str) -> None:
    """What recreate cannot do without breaking what uses the network."""
    fixed = next((c for c in changes if c.option in ("scope", "config_only")), None)
    if fixed:
        raise Refused(
            f"Network {network['Name']} is of another kind: {fixed.words()}. Remove it first, or use another name."
        )
    text = _obstacle(network, changes, users)
    if text:
        raise _with_users(Refused(text), users)


def _obstacle(network: Document, changes: list[Change], users: Users | str) -> str:
    """Why what uses the network keeps it from being replaced; empty if nothing does."""
    name = network["Name"]
    if not users:
        return ""
    if not isinstance(users, Users):
        return f"Network {name} is used by {users}, so it cannot be replaced."
    if users.containers:
        return (
            f"Network {name} is used by {', '.join(users.containers)}, so it cannot be replaced. Services can be"
            " detached and attached again, but manually attached containers cannot."
        )
    if users.services and (network["Ingress"] or any(c.option == "ingress" for c in changes)):
        return f"{_of_ingress(name)} {users}, so it cannot be replaced. Remove their published ports first."
    jobs = [s["Spec"]["Name"] for s in users.services if mode_of(s) in (REPLICATED_JOB, GLOBAL_JOB)]
    if jobs:
        return f"Network {name} is used by {', '.join(sorted(jobs))}. Detaching a job would run it again."
    return ""


def _of_ingress(name: str) -> str:
    return f"The ingress network {name} carries published ports of"


def explain_unallocated(resource: NetworkTask, error: SwarmError) -> None:
    """Say why the manager may not have given the network addresses, and take away what this very run has made."""
    name = resource.params["name"]
    listed = resource.engine.get("/networks")
    network = next((item for item in listed if item["Name"] == name and item["Scope"] == SWARM), None)
    if network is None or allocated(network):
        return
    error.message += f"; {_reason(resource.params, network, listed)}"
    if resource.created == network["Id"]:
        error.message += f" {_take_back(resource, network)}"
    elif not resource.params["recreate"]:
        error.message += " Remove it, or replace it with recreate: true."


def _reason(params: Values, network: Document, listed: list[Document]) -> str:
    for pool in params["ipam_config"] or ():
        found = overlapping(pool["subnet"], [item for item in listed if item["Name"] != network["Name"]])
        if found:
            return f"its subnet {pool['subnet']} overlaps {found[1]} of the network {found[0]}."
    if network["EnableIPv6"] or any(":" in pool["subnet"] for pool in params["ipam_config"] or ()):
        return (
            "the engine does not report why. Some builds of Docker Engine 28 do this for IPv6 in swarm-scoped networks."
        )
    return "the engine does not report why. Its address pools may be used up. See the daemon's log."


def _take_back(resource: NetworkTask, network: Document) -> str:
    try:
        resource.engine.delete(f"/networks/{network['Id']}")
    except NotFound:
        pass
    except EngineError as error:
        return f"It still exists: {error.message}."
    resource.writes.took_back(f"network {network['Name']}")
    return "The network was removed again."
