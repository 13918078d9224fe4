# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Replacing a network, which the engine cannot change in place.

The order is: ask the engine for the new one under another name, as far as the old one's addresses allow; detach the
services; remove the old network; make the new one; attach the services. Whatever fails, what was there is brought
back as far as that is possible, and the message says how far that was. What a run leaves that ends in between, the next one
finds (unfinished.py) and finishes.
"""

from __future__ import annotations

import typing as t

from .._core.errors import Conflict, NotConverged, NotFound, OutOfSequence, SwarmError
from .._core.plan import Change
from .._core.reconcile import Write
from .._core.validators import rehearsal_name
from .._core.values import MISSING, Document, at
from .._engine.client import Engine
from .._engine.lists import classify_networks
from .attachment import Attachment, attachment_of, wait_until_released
from .ipam import overlaps, subnet
from .live import NetworkTask, Users, read_users
from .plan import creation_changes, refuse_recreation, taken
from .requests import create, remove, wait_until_allocated, wait_until_gone
from .schema import SWARM, allocated, as_request
from .unfinished import REHEARSAL, find_holder, holder_name, holder_of, is_unfinished

_POOLS = at("IPAM", "Config")
_ATTEMPTS = 4  # with pauses of 1, 2 and 3 seconds: an engine that is started anew takes so long
_REHEARSAL = 20.0  # seconds; a manager needs less than one


def recreate(resource: NetworkTask, network: Document, spec: Document) -> str:
    """The ID of the new network."""
    return _Recreation(resource, network, spec).run()


def finishing(engine: Engine, network: str) -> list[Change]:
    """Return what is left to do of a replacement that did not end, for the diff."""
    services = [item["Spec"]["Name"] for item in _unfinished(engine, network)]
    attached = [Change("services", "detached", "attached", key=(name,)) for name in sorted(services)]
    return [*attached, Change("replacement", "interrupted", "finished")]


def finishing_writes(network: str, changes: t.Iterable[Change]) -> list[Write]:
    """Return the writes of those changes that ``finishing`` has returned."""
    return [
        Write(attachment_of(change.key[0]) if change.key else _removal_of(holder_name(network)), (change,))
        for change in changes
        if change.option in ("services", "replacement")
    ]


def services_of(changes: t.Iterable[Change]) -> list[str]:
    """Return the names of the services that will be attached."""
    return [change.key[0] for change in changes if change.option == "services"]


def _unfinished(engine: Engine, network: str) -> list[Document]:
    return [service for service in engine.get("/services") if is_unfinished(service, network)]


def finish(resource: NetworkTask, network: str, network_id: str) -> None:
    """End a replacement of an earlier run whose new network is there.

    :raises SwarmError: some services could not be attached, after all the others were.
    """
    engine = resource.engine
    attached = [Attachment(engine, service, network) for service in _unfinished(engine, network)]
    if attached:
        wait_until_allocated(resource, network, resource.params["wait_timeout"])
    failed = _attach_all(resource, attached, network_id)
    if failed:
        raise _failure(failed, f"Network {network} exists, but these services could not be attached to it again")
    release(resource, network)
    _wait_for_all(resource, attached)


def release(resource: NetworkTask, network: str) -> None:
    """Remove what states that the replacement did not end."""
    name = holder_name(network)
    found = find_holder(resource.engine.get("/networks", filters={"name": [name]}), network)
    if found:
        remove(resource, found)
        resource.writes.wrote(_removal_of(name))


def _removal_of(network: str) -> str:
    return f"removal of network {network}"


class _Recreation:
    def __init__(self, resource: NetworkTask, network: Document, spec: Document) -> None:
        self._resource = resource
        self._engine = resource.engine
        self._old = network
        self._spec = spec
        self._attached: list[Attachment] = []  # of each service that was detached
        self._id = network["Id"]  # of the network that services are to be attached to; "" while there is none
        self._is_readdressed = False  # whether the old network is there again, with other addresses

    def run(self) -> str:
        users = self._users()
        self._rehearse()
        self._hold()
        try:
            self._replace(users)
        except SwarmError as error:
            if (
                isinstance(error, Conflict) and not self._id
            ):  # the next attempt replaces what another client has created
                raise OutOfSequence(error.message, error.status) from error
            error.message = f"{error.message.rstrip('.')}. {self._restore()}"
            if self._is_readdressed:  # the next attempt plans with the addresses that the network has now
                raise OutOfSequence(error.message) from error
            raise
        failed = _attach_all(self._resource, self._attached, self._id)
        if failed:
            name = self._old["Name"]
            raise _failure(failed, f"Network {name} was replaced, but these services could not be attached to it again")
        self._release()
        _wait_for_all(self._resource, self._attached)
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
        spec = {**_POOLS.put(self._spec, self._free_pools() or MISSING), "Name": name}
        if not spec.get("ConfigFrom"):  # the engine refuses labels beside it
            spec["Labels"] = {**(spec.get("Labels") or {}), REHEARSAL: ""}
        trial = create(self._resource, spec)
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

    def _hold(self) -> None:
        """Leave what the next run needs if this one ends before the replacement does."""
        name = holder_name(self._spec["Name"])
        self._remove_leftover(name)
        create(self._resource, holder_of(self._spec))
        self._resource.writes.wrote(f"network {name}")

    def _release(self) -> None:
        name = self._spec["Name"]
        release(self._resource, name)
        self._resource.writes.forget(f"network {holder_name(name)}")
        self._resource.writes.forget(_removal_of(holder_name(name)))

    def _remove_leftover(self, name: str) -> None:
        """Remove what a run that was cut off has left, so that this one finishes its work."""
        found = classify_networks(self._engine.get("/networks", filters={"name": [name]}), name)
        if found.network:
            remove(self._resource, found.network)

    def _free_pools(self) -> list[Document]:
        wanted = _POOLS.get(self._spec)
        old = [subnet(pool["Subnet"]) for pool in _POOLS.get(self._old) or () if pool.get("Subnet")]
        pools = [] if wanted in (MISSING, None) else wanted
        return [pool for pool in pools if not any(overlaps(subnet(pool["Subnet"]), other) for other in old)]

    def _replace(self, services: list[Document]) -> None:
        for service in services:
            self._attached.append(Attachment(self._engine, service, self._old["Name"], self._old["Id"]))
            self._attached[-1].detach(self._resource)
        if services:
            wait_until_released(self._resource, self._old)
        remove(self._resource, self._old)
        self._id = ""
        name = self._old["Name"]
        gone = [Change(change.option, change.after, MISSING) for change in creation_changes(self._old)]
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
                wait_until_gone(self._resource, {"Name": spec["Name"], "Id": made})
                raise
        self._id = made

    # When it goes wrong

    def _restore(self) -> str:
        """What has come of the old network and its services."""
        name = self._old["Name"]
        try:
            if not self._id:
                request, told = self._restorable()
                self._make(request)
                self._resource.writes.wrote(f"network {name} as it was", creation_changes(self._old))
                back = f"Network {name} was created again {told}"
            else:
                back = f"Network {name} is unchanged"
        except SwarmError as error:
            left = ", ".join(attachment.name for attachment in self._attached)
            without = f", and {left} run without it" if left else ""
            return f"The old network cannot be created again either, so {name} does not exist anymore{without}: {error.message}."
        failed = _attach_all(self._resource, self._attached, self._id)
        self._is_readdressed = self._is_readdressed and not failed
        if failed:
            return f"{back}, but these could not be attached to it again: {_listed(failed)}."
        try:
            self._release()
        except SwarmError:
            pass  # the next run removes it
        return f"{back}, with its services attached." if self._attached else f"{back}."

    def _restorable(self) -> tuple[Document, str]:
        """The request for the old network, and how it differs: its addresses were free for a moment."""
        request = as_request(self._old)
        other = taken(request, self._engine.get("/networks"))
        self._is_readdressed = bool(other)
        if other:
            return _POOLS.put(request, MISSING), f"with other addresses, because the network {other} has taken its own"
        return request, "unchanged" if allocated(
            self._old
        ) else "with the engine's defaults, because it had no addresses"


def _attach_all(resource: NetworkTask, attached: list[Attachment], network_id: str) -> dict[str, SwarmError]:
    """By name of the service, what went wrong; the other ones are attached."""
    failed = {}
    for attachment in attached:
        error = _attach(resource, attachment, network_id)
        if error:
            failed[attachment.name] = error
    return failed


def _attach(resource: NetworkTask, attachment: Attachment, network_id: str) -> SwarmError | None:
    """Try for some seconds, since the service runs without its network meanwhile."""
    for attempt in range(_ATTEMPTS):
        try:
            attachment.attach(resource, network_id)
        except NotFound:
            return None  # another client removed the service meanwhile
        except SwarmError as error:
            failed = error
            resource.clock.sleep(attempt)
        else:
            return None
    return failed


def _wait_for_all(resource: NetworkTask, attached: list[Attachment]) -> None:
    if resource.params["wait"]:
        for attachment in attached:
            attachment.wait(resource)


def _failure(failed: t.Mapping[str, SwarmError], what: str) -> SwarmError:
    first = next(iter(failed.values()))
    first.message = f"{what}: {_listed(failed)}."
    return first


def _listed(failed: t.Mapping[str, SwarmError]) -> str:
    return "; ".join(f"{name} ({error.message})" for name, error in failed.items())
