# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The requests that create, remove and replace a network.

The engine cannot change a network in place. A replacement tests the new network under another name, as far as the addresses of
the old one allow; detaches the services; removes the old network; creates the new one; and attaches the services. If a step
fails, what was there is restored as far as possible, and the message states how far.
"""

from __future__ import annotations

import typing as t

from .._core.errors import Conflict, NotConverged, NotFound, OutOfSequence, SwarmError
from .._core.paths import MISSING, Document, at
from .._core.plan import Change
from .._core.validators import rehearsal_name
from .._core.waiting import Verdict, converged, wait, waiting
from .._engine.client import Engine, path_part
from .._engine.lists import sort_out
from .attachment import Attachment, wait_until_released
from .ipam import overlaps, subnet
from .live import NetworkTask, Users, read_users
from .plan import all_of, refuse_recreation
from .schema import SWARM, allocated, as_request

# The engine forgets a network that has just been removed a moment later than it says, and its name is not free before.
_MOMENT = 20.0


def create(resource: NetworkTask, spec: Document) -> str:
    """The ID of the new network."""
    made: Document = {}

    def attempt() -> Verdict:
        try:
            made.update(resource.engine.post("/networks/create", {**spec, "CheckDuplicate": True}))
        except Conflict as error:
            if _is_going(resource.engine, spec["Name"]):
                return waiting(error.message)
            raise
        return converged()

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
    return sort_out(engine.get("/networks", filters={"name": [name]}), name).leftover


def remove(resource: NetworkTask, network: Document) -> None:
    """Tasks of a service that has just been removed use the network for some moments more."""
    try:
        resource.remove_when_unused(f"/networks/{path_part(network['Id'])}", f"network {network['Name']}")
    except NotConverged as error:
        users = read_users(resource.engine)(network) if network["Scope"] == SWARM else None
        error.message += f". It is used by {users}." if users else "."
        raise


def wait_until_gone(resource: NetworkTask, network: Document) -> None:
    name = network["Name"]

    def look() -> Verdict:
        found = sort_out(resource.engine.get("/networks", filters={"name": [name]}), name)
        return waiting("still listed") if found.network or found.leftover else converged()

    wait(look, resource.params["wait_timeout"], f"removal of network {name}", resource.clock)


def wait_until_allocated(resource: NetworkTask, name: str, seconds: float) -> None:
    def look() -> Verdict:
        found = sort_out(resource.engine.get("/networks", filters={"name": [name]}), name).network
        ready = found is not None and allocated(found)
        return converged() if ready else waiting("the manager has not allocated its addresses")

    wait(look, seconds, f"network {name}", resource.clock)


_POOLS = at("IPAM", "Config")
_ATTEMPTS = 4  # with pauses of 1, 2 and 3 seconds: an engine that is started anew takes so long
_REHEARSAL = 20.0  # seconds; a manager needs less than one


def recreate(resource: NetworkTask, network: Document, spec: Document) -> str:
    """The ID of the new network."""
    return _Recreation(resource, network, spec).run()


class _Recreation:
    def __init__(self, resource: NetworkTask, network: Document, spec: Document) -> None:
        self._resource = resource
        self._engine = resource.engine
        self._old = network
        self._spec = spec
        self._attached: list[Attachment] = []  # of each service that was detached
        self._id = network["Id"]  # of the network that services are to be attached to; "" while there is none

    def run(self) -> str:
        users = self._users()
        self._rehearse()
        try:
            self._replace(users)
        except SwarmError as error:
            error.message = f"{error.message.rstrip('.')}. {self._restore()}"
            raise
        self._attach_all()
        if self._resource.params["wait"]:
            for attachment in self._attached:
                attachment.wait(self._resource)
        return self._id

    def _users(self) -> list[Document]:
        if self._old["Scope"] != SWARM:
            return []
        users: Users = read_users(self._engine)(self._old)
        refuse_recreation(self._old, [], users)
        self._resource.reattached = users.names
        names = users.names
        detached, attached = ([f"{what} of service {name}" for name in names] for what in ("detachment", "attachment"))
        self._resource.writes.expect_around(f"network {self._old['Name']}", detached, attached)
        return users.services

    def _rehearse(self) -> None:
        """Have the engine make the new network under another name, without the addresses that the old one has."""
        if self._spec.get("Ingress"):
            return  # there can be one
        name = rehearsal_name(self._spec["Name"])
        self._remove_leftover(name)
        trial = create(self._resource, {**_POOLS.put(self._spec, self._free_pools() or MISSING), "Name": name})
        self._resource.writes.wrote(f"network {name}")
        try:
            if self._old["Scope"] == SWARM:
                wait_until_allocated(self._resource, name, min(_REHEARSAL, self._resource.params["wait_timeout"]))
        except NotConverged as error:
            error.message = f"Nothing was replaced, because the new network would get no addresses. {error.message}."
            raise
        finally:
            remove(self._resource, {"Id": trial, "Name": name, "Scope": self._old["Scope"]})
            self._resource.writes.took_back(f"network {name}")

    def _remove_leftover(self, name: str) -> None:
        """Remove the rehearsal of a run that was cut off, so that this one finishes its work."""
        found = sort_out(self._engine.get("/networks", filters={"name": [name]}), name)
        if found.network:
            remove(self._resource, found.network)

    def _free_pools(self) -> list[Document]:
        wanted = _POOLS.get(self._spec)
        old = [subnet(pool["Subnet"]) for pool in _POOLS.get(self._old) or () if pool.get("Subnet")]
        pools = [] if wanted in (MISSING, None) else wanted
        return [pool for pool in pools if not any(overlaps(subnet(pool["Subnet"]), other) for other in old)]

    def _replace(self, services: list[Document]) -> None:
        for service in services:
            self._attached.append(Attachment(self._engine, service, self._old["Id"]))
            self._attached[-1].detach(self._resource)
        if services:
            wait_until_released(self._resource, self._old)
        remove(self._resource, self._old)
        self._id = ""
        name = self._old["Name"]
        gone = [Change(change.option, change.after, MISSING) for change in all_of(self._old)]
        self._resource.writes.wrote(f"removal of network {name}", gone)
        wait_until_gone(self._resource, self._old)
        self._make(self._spec)
        self._resource.writes.forget(f"removal of network {name}")
        self._resource.writes.wrote(f"network {name}")

    def _make(self, spec: Document) -> None:
        made = create(self._resource, spec)
        if not spec.get("ConfigOnly"):
            try:
                wait_until_allocated(self._resource, spec["Name"], self._resource.params["wait_timeout"])
            except SwarmError:
                self._engine.delete(f"/networks/{made}")
                wait_until_gone(self._resource, {"Name": spec["Name"]})
                raise
        self._id = made

    # When it goes wrong

    def _restore(self) -> str:
        """What has come of the old network and its services."""
        name = self._old["Name"]
        try:
            if not self._id:
                self._make(as_request(self._old))
                self._resource.writes.wrote(f"network {name} as it was", all_of(self._old))
                told = (
                    "unchanged" if allocated(self._old) else "with the engine's defaults, because it had no addresses"
                )
                back = f"Network {name} was created again {told}"
            else:
                back = f"Network {name} is unchanged"
        except SwarmError as error:
            left = ", ".join(attachment.name for attachment in self._attached)
            without = f", and {left} run without it" if left else ""
            return f"The old network cannot be created again either, so {name} does not exist anymore{without}: {error.message}."
        failed = self._try_to_attach()
        if failed:
            return f"{back}, but these could not be attached to it again: {_listed(failed)}."
        return f"{back}, with its services attached." if self._attached else f"{back}."

    def _attach_all(self) -> None:
        failed = self._try_to_attach()
        if failed:
            name = self._old["Name"]
            first = next(iter(failed.values()))
            first.message = (
                f"Network {name} was replaced, but these services could not be attached to it again: {_listed(failed)}."
            )
            raise first

    def _try_to_attach(self) -> dict[str, SwarmError]:
        """By name of the service, what went wrong; the other ones are attached."""
        failed = {}
        for attachment in self._attached:
            error = self._attach(attachment)
            if error:
                failed[attachment.name] = error
        return failed

    def _attach(self, attachment: Attachment) -> SwarmError | None:
        """Try for some seconds: nothing but this run knows how the service was attached."""
        for attempt in range(_ATTEMPTS):
            try:
                attachment.attach(self._resource, self._id)
            except NotFound:
                return None  # another client removed the service meanwhile
            except SwarmError as error:
                failed = error
                self._resource.clock.sleep(attempt)
            else:
                return None
        return failed


def _listed(failed: t.Mapping[str, SwarmError]) -> str:
    return "; ".join(f"{name} ({error.message})" for name, error in failed.items())
