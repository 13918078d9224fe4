# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The requests that make and remove a network."""

from __future__ import annotations

from .._core.errors import Conflict, NotConverged, OutOfSequence
from .._core.reconcile import CONVERGED, ConvergenceStatus, wait, waiting
from .._core.values import Document
from .._engine.client import Engine, path_part
from .._engine.lists import classify_networks
from .live import NetworkTask, read_users
from .schema import SWARM, allocated

# The engine forgets a network that has just been removed a moment later than it says, and its name is not free before.
_MOMENT = 20.0


def create(resource: NetworkTask, spec: Document) -> str:
    """The ID of the new network."""
    made: Document = {}

    def attempt() -> ConvergenceStatus:
        try:
            made.update(resource.engine.post("/networks/create", {**spec, "CheckDuplicate": True}))
        except Conflict as error:
            if _is_going(resource.engine, spec["Name"]):
                return waiting(error.message)
            raise
        return CONVERGED

    wait(attempt, _MOMENT, f"network {spec['Name']}", resource.clock)
    if made.get("Warning"):
        resource.warn(made["Warning"])
    return made["Id"]


def create_new(resource: NetworkTask, spec: Document) -> str:
    """The ID of the new network. OutOfSequence if another client created one with this name meanwhile."""
    try:
        return create(resource, spec)
    except Conflict as error:
        raise OutOfSequence(error.message, error.status) from error


def _is_going(engine: Engine, name: str) -> bool:
    return classify_networks(engine.get("/networks", filters={"name": [name]}), name).leftover


def remove(resource: NetworkTask, network: Document) -> None:
    """Tasks of a service that has just been removed use the network for some moments more."""
    try:
        resource.remove_when_unused(f"/networks/{path_part(network['Id'])}", f"network {network['Name']}")
    except NotConverged as error:
        users = read_users(resource.engine)(network) if network["Scope"] == SWARM else None
        error.message += f". It is used by {users}." if users else "."
        raise


def wait_until_gone(resource: NetworkTask, network: Document) -> None:
    """Wait until the network is not listed anymore. Another client may have created one of its name meanwhile."""
    name = network["Name"]

    def check_convergence() -> ConvergenceStatus:
        found = classify_networks(resource.engine.get("/networks", filters={"name": [name]}), name)
        is_there = found.network is not None and found.network["Id"] == network["Id"]
        return waiting("still listed") if is_there or found.leftover else CONVERGED

    wait(check_convergence, resource.params["wait_timeout"], f"removal of network {name}", resource.clock)


def wait_until_allocated(resource: NetworkTask, name: str, seconds: float) -> None:
    def check_convergence() -> ConvergenceStatus:
        found = classify_networks(resource.engine.get("/networks", filters={"name": [name]}), name).network
        ready = found is not None and allocated(found)
        return CONVERGED if ready else waiting("the manager has not allocated its addresses")

    wait(check_convergence, seconds, f"network {name}", resource.clock)
