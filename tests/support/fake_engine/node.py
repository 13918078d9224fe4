# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One node of a swarm's list: its spec, its status, and the rules of changing and removing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import identity
from .errors import OUT_OF_SEQUENCE, ApiError, rpc

if TYPE_CHECKING:
    from .engine import FakeEngine
    from .swarm import Swarm

SPEC_SHAPE = {"Name": "string", "Labels": ("map", "string"), "Role": "string", "Availability": "string"}
ROLES = ("worker", "manager")
AVAILABILITIES = ("active", "pause", "drain")

_PLUGINS = [
    *({"Type": "Log", "Name": name} for name in ("json-file", "local")),
    *({"Type": "Network", "Name": name} for name in ("bridge", "host", "overlay")),
    {"Type": "Volume", "Name": "local"},
]


class Node:
    """An entry of GET /nodes. `Spec.Role` is what is wanted; membership in raft follows it later."""

    def __init__(self, swarm: Swarm, engine: FakeEngine, role: str, availability: str, address: str):
        self.swarm = swarm
        self.id = identity.new_id()
        self.spec: dict[str, Any] = {"Labels": {}, "Role": role, "Availability": availability}
        self.hostname = engine.hostname
        self.engine_version = engine.version.engine
        self.engine_labels = dict(engine.labels)
        self.address = address
        self.state = "ready"
        self.message = ""
        self.created = self.updated = identity.now()
        self.version = swarm.next_index()
        swarm.orchestrator.stale = True

    def touch(self) -> None:
        """The node object was written; so it is by status changes too."""
        self.swarm.orchestrator.stale = True
        self.version, self.updated = self.swarm.next_index(), identity.now()

    # -- writing --------------------------------------------------------------------------------------------------

    def update(self, version: int, request: dict[str, Any]) -> None:
        """Replace the whole spec; a changed role takes effect after the delay of role changes."""
        spec = _stored(request)
        demoted = self.spec["Role"] == "manager" and spec["Role"] == "worker"
        if demoted:
            self._check_demotion()
        if version != self.version:
            raise rpc("Unknown", OUT_OF_SEQUENCE)
        self.spec = spec
        self.touch()
        self.swarm.cluster.after(self.swarm.cluster.delays.role_change, self.follow_role)

    def _check_demotion(self) -> None:
        in_raft = self.id in self.swarm.members
        if in_raft and len(self.swarm.members) == 1:
            raise rpc("FailedPrecondition", "attempting to demote the last manager of the swarm")
        if not in_raft:
            raise rpc("NotFound", "can't find manager in raft memberlist")
        if not self.swarm.may_lose(self.id):
            raise rpc(
                "FailedPrecondition",
                "can't remove member from the raft: this would result in a loss of quorum",
            )

    def follow_role(self) -> None:
        """Bring raft membership to the wanted role: a demotion at once, a promotion once the node is there."""
        if self.id not in self.swarm.nodes:
            return
        holder = self.swarm.holder(self.id)
        if self.spec["Role"] == "worker":
            self.swarm.members.pop(self.id, None)
            self.swarm.stalled.discard(self.id)
        elif holder and holder.membership:
            self.swarm.members[self.id] = holder.membership.raft_address
        if holder and holder.membership:
            holder.membership.is_manager = self.id in self.swarm.members
        self.touch()
        self.swarm.elect()

    def remove(self, force: bool) -> None:
        """Take the node off the list, if the rules allow it; the engine itself is not told."""
        if self.spec["Role"] == "manager" and self.id in self.swarm.members:
            raise rpc(
                "FailedPrecondition",
                f"node {self.id} is a cluster manager and is a member of the raft cluster. "
                "It must be demoted to worker before removal",
            )
        if not force and self.state == "ready":
            raise rpc("FailedPrecondition", f"node {self.id} is not down and can't be removed")
        del self.swarm.nodes[self.id]
        self.swarm.orchestrator.stale = True
        self.swarm.touch()

    def set_state(self, state: str, message: str = "") -> None:
        """A change of Status, as the dispatcher makes it."""
        if (self.state, self.message) != (state, message):
            self.state, self.message = state, message
            self.touch()

    # -- reading --------------------------------------------------------------------------------------------------

    def shown(self) -> dict[str, Any]:
        """The node as GET /nodes shows it."""
        answer = {
            "ID": self.id,
            "Version": {"Index": self.version},
            "CreatedAt": self.created,
            "UpdatedAt": self.updated,
            "Spec": self.spec,
            "Description": self._description(),
            "Status": self._status(),
        }
        if self.id in self.swarm.members:
            answer["ManagerStatus"] = self._manager_status()
        return answer

    def _description(self) -> dict[str, Any]:
        engine: dict[str, Any] = {"EngineVersion": self.engine_version}
        if self.engine_labels:
            engine["Labels"] = self.engine_labels
        return {
            "Hostname": self.hostname,
            "Platform": {"Architecture": "x86_64", "OS": "linux"},
            "Resources": {"NanoCPUs": 2_000_000_000, "MemoryBytes": 4_000_000_000},
            "Engine": {**engine, "Plugins": [*_PLUGINS, *self.swarm.volumes.descriptions()]},
            "TLSInfo": self.swarm.authority.tls_info(),
        }

    def _status(self) -> dict[str, str]:
        message = {"Message": self.message} if self.message else {}
        return {"State": self.state, **message, "Addr": self.address}

    def _manager_status(self) -> dict[str, Any]:
        leader = {"Leader": True} if self.swarm.leader == self.id else {}
        reachable = "reachable" if self.swarm.holder(self.id) else "unreachable"
        return {**leader, "Reachability": reachable, "Addr": self.swarm.members[self.id]}


def _stored(request: dict[str, Any]) -> dict[str, Any]:
    """The request as the engine keeps it; role and availability are required, whatever their case."""
    role, availability = request["Role"].lower(), request["Availability"].lower()
    if role not in ROLES:
        raise ApiError(400, f'invalid Role: "{request["Role"]}"')
    if availability not in AVAILABILITIES:
        raise ApiError(400, f'invalid Availability: "{request["Availability"]}"')
    name = {"Name": request["Name"]} if request["Name"] else {}
    return {**name, "Labels": request["Labels"] or {}, "Role": role, "Availability": availability}
