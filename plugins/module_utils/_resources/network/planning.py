# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Planning the making, the removal and the replacement of a network."""

from __future__ import annotations

import typing as t

from ..._errors import BadInput, Refused
from ..._path import MISSING, Document, Values
from ..._plan import CREATE, KNOWN_AFTER, REMOVE, Change, Plan
from ..twins import refuse_twin
from .checks import check_against, check_whole
from .reading import is_leftover
from .schema import LOCAL, NETWORK, OVERLAY, SWARM, as_request
from .users import Users, read_users

RECREATE = "recreate"


def require_manager(engine: t.Any) -> None:
    """Engines of all kinds answer a list of networks: others than managers without those of the swarm."""
    from ..local import not_in_charge, read_local

    local = read_local(engine)
    if not local.healthy_manager:
        raise not_in_charge(local)


def refuse_name(engine: t.Any, name: str, swarms: t.Iterable[Document]) -> None:
    """Raise Refused where a network of this engine, or one in another spelling, has the name of a new one.

    :param swarms: the networks of the swarm.
    """
    from ..swarm_network import sort_out

    _refuse_local(name, sort_out(engine.get("/networks", filters={"name": [name]}), name).stranger)
    refuse_twin("network", name, (item["Name"] for item in swarms))


def _refuse_local(name: str, stranger: Document | None) -> None:
    if stranger:
        raise Refused(
            f"name: this engine has a network {name!r} of its own already (driver {stranger['Driver']}, scope local),"
            " and the swarm can have none of the same name. Remove it with docker network rm, or take another name."
        )


def plan_create(resource: t.Any, stranger: Document | None) -> Plan:
    params = resource.params
    name = params["name"]
    _refuse_local(name, stranger)
    spec = {"Name": name, **NETWORK.create(_complete(params))}
    _check(resource, spec)
    return Plan("network", name, CREATE, tuple(all_of(spec)), spec=spec)


def _complete(params: Values) -> Values:
    if params["config_only"]:
        return {**params, "scope": None}
    return {**params, "driver": params["driver"] or OVERLAY, "scope": SWARM}


def _check(resource: t.Any, spec: Document) -> None:
    after = NETWORK.view(spec)
    check_whole(spec["Name"], after)
    others = [item for item in resource.engine.get("/networks") if not is_leftover(item)]
    if not after["config_only"]:
        refuse_twin("network", spec["Name"], (item["Name"] for item in others if item["Scope"] == SWARM))
    complaint = check_against(spec["Name"], after, others)
    if complaint:
        resource.missing(BadInput(complaint))


def all_of(network: Document) -> t.Iterator[Change]:
    """Everything that is not the engine's default, as changes from nothing."""
    default = NETWORK.view({})
    for option, value in NETWORK.view(network).items():
        if value != default[option] or (option == "scope" and network.get("Scope")):
            yield Change(option, None, value)


def plan_remove(engine: t.Any, network: Document) -> Plan:
    users = users_of(engine, network)
    if users:
        raise Refused(f"Network {network['Name']} is used by {users}, so it cannot be removed.")
    changes = [Change(change.option, change.after, MISSING) for change in all_of(network)]
    return Plan("network", network["Name"], REMOVE, tuple(changes))


def users_of(engine: t.Any, network: Document) -> t.Any:
    """``Users``, or a text; false if there are none."""
    if network["Scope"] == SWARM:
        return read_users(engine)(network)
    depending = [
        item["Name"]
        for item in engine.get("/networks")
        if item["Scope"] == LOCAL and item["ConfigFrom"]["Network"] == network["Name"]
    ]
    return f"the networks {', '.join(sorted(depending))} of this engine" if depending else ""


def plan_change(resource: t.Any, network: Document, changes: list[Change]) -> Plan:
    """Nothing of a network can change in place: the engine's API has no update of one."""
    from .refusal import refuse_change, refuse_recreation

    users = users_of(resource.engine, network)
    if not resource.params["recreate"]:
        raise refuse_change(network, changes, users)
    refuse_recreation(network, changes, users)
    spec = NETWORK.apply(_base(network, changes), changes)
    _check(resource, spec)
    if isinstance(users, Users):
        resource.reattached = users.names
    return Plan("network", network["Name"], RECREATE, tuple(changes), spec=spec)


def _base(network: Document, changes: list[Change]) -> Document:
    """The live network as it would be made again, but for the addresses where it changes who gives them out."""
    base = as_request(network)
    changed = {change.option: change.after for change in changes}
    if "driver" in changed or changed.get("config_from"):
        base.pop("IPAM", None)
    return base


def foreseen(spec: Document) -> Values:
    """A network in the options' words before there is one."""
    shown = {"id": KNOWN_AFTER, "name": spec["Name"], "created": KNOWN_AFTER, **NETWORK.view(spec)}
    if shown["config_only"]:
        return {**shown, "driver": "null", "scope": LOCAL}
    if shown["driver"] == OVERLAY:
        pools = shown["ipam_config"] or [{"subnet": KNOWN_AFTER, "iprange": "", "gateway": "", "aux_addresses": {}}]
        shown["ipam_config"] = [{**pool, "gateway": pool["gateway"] or KNOWN_AFTER} for pool in pools]
    return shown
