# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a network cannot be changed, removed, or used."""

from __future__ import annotations

import typing as t

from ..._errors import EngineError, NotFound, Refused, SwarmError
from ..._path import MISSING, Document
from ..._plan import Change
from ..service.status import GLOBAL_JOB, REPLICATED_JOB, mode_of
from .checks import overlapping
from .schema import SWARM, allocated
from .users import Users


def refuse_change(network: Document, changes: list[Change], users: t.Any) -> Refused:
    used = f"It is used by {users}." if users else "Nothing uses it."
    how = " With recreate: true it is replaced by a new one"
    services = isinstance(users, Users) and users.services
    how += ", from which services are detached meanwhile." if services else "."
    return Refused(
        f"Network {network['Name']} cannot be changed in place: {', '.join(map(_words, changes))}. {used}{how}"
    )


def _words(change: Change) -> str:
    name = ".".join((change.option, *change.key))
    return f"{name} is {_value(change.before)} and would be {_value(change.after)}"


def _value(value: t.Any) -> str:
    return "not set" if value in (None, MISSING, "") else repr(value)


def refuse_recreation(network: Document, changes: list[Change], users: t.Any) -> None:
    """What recreate cannot do without breaking what uses the network."""
    name = network["Name"]
    fixed = next((c for c in changes if c.option in ("scope", "config_only")), None)
    if fixed:
        raise Refused(f"Network {name} is of another kind: {_words(fixed)}. Remove it first, or take another name.")
    if not isinstance(users, Users):
        if users:
            raise Refused(f"Network {name} is used by {users}, so it cannot be replaced.")
        return
    if users.containers:
        raise Refused(
            f"Network {name} is used by {', '.join(users.containers)}, so it cannot be replaced. Services can be"
            " detached and attached again; containers that were attached by hand cannot."
        )
    if users.services and (network["Ingress"] or any(c.option == "ingress" for c in changes)):
        raise Refused(f"{_of_ingress(name)} {users}, so it cannot be replaced. Let them publish no port there first.")
    jobs = [s["Spec"]["Name"] for s in users.services if mode_of(s) in (REPLICATED_JOB, GLOBAL_JOB)]
    if jobs:
        raise Refused(f"Network {name} is used by {', '.join(sorted(jobs))}: to detach a job would run it again.")


def _of_ingress(name: str) -> str:
    return f"The ingress network {name} carries published ports of"


def explain_unallocated(resource: t.Any, error: SwarmError) -> None:
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


def _reason(params: t.Any, network: Document, listed: list[Document]) -> str:
    for pool in params["ipam_config"] or ():
        found = overlapping(pool["subnet"], [item for item in listed if item["Name"] != network["Name"]])
        if found:
            return f"its subnet {pool['subnet']} overlaps {found[1]} of the network {found[0]}."
    if network["EnableIPv6"]:
        return "the engine does not say why; some builds of Docker Engine 28 do so with IPv6 in networks of a swarm."
    return "the engine does not say why; its address pools may be used up, and the daemon's log tells more."


def _take_back(resource: t.Any, network: Document) -> str:
    try:
        resource.engine.delete(f"/networks/{network['Id']}")
    except NotFound:
        pass
    except EngineError as error:
        return f"It is still there: {error.message}."
    resource.writes.took_back(f"network {network['Name']}")
    return "The network was removed again."
