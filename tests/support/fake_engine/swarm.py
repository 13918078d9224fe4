# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One swarm: what its managers replicate. The engines hold no more of it than a membership."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from . import identity, swarm_spec
from .authority import Authority
from .errors import NO_LEADER, OUT_OF_SEQUENCE, ApiError, rpc
from .networks import Networks
from .node import Node
from .objects import Objects
from .orchestrator import Orchestrator
from .services import Services
from .volumes import Volumes

if TYPE_CHECKING:
    from .cluster import FakeCluster
    from .engine import FakeEngine


class Swarm:
    """All that is replicated; every write takes the next index of one counter.

    endpoints: EndpointSpec with which a task was made; logs: (time, stream, line) of a task; both by ID of the task.
    """

    def __init__(self, cluster: FakeCluster, pools: list[str] | None, subnet_size: int, data_path_port: int):
        self.cluster = cluster
        self.id = identity.new_id()
        self.spec: dict[str, Any] = copy.deepcopy(swarm_spec.DEFAULTS)
        self.authority = Authority()
        self.unlock_key = ""
        self.pools = pools or ["10.0.0.0/8"]
        self.subnet_size = subnet_size if pools else 24
        self.data_path_port = data_path_port or 4789
        self.nodes: dict[str, Node] = {}
        self.members: dict[str, str] = {}  # node ID -> raft address
        self.stalled: set[str] = set()  # members that the others reach and that have lost their log
        self.tasks: dict[str, dict[str, Any]] = {}
        self.scripted: set[str] = set()  # tasks that a test has put there; no service knows of them
        self.endpoints: dict[str, dict[str, Any] | None] = {}
        self.logs: dict[str, list[tuple[str, str, str]]] = {}
        self.dynamic_ports: dict[str, int] = {}
        self.leader: str | None = None
        self._index = 8  # a real swarm's node is at 9 and its spec at 10 right after init
        self.created = self.updated = identity.now()
        self.version = self._index
        self.networks = Networks(self)
        self.services = Services(self)
        self.volumes = Volumes(self)
        self.objects = {kind: Objects(self, kind) for kind in ("secret", "config")}
        self.orchestrator = Orchestrator(self)

    # -- versions -------------------------------------------------------------------------------------------------

    def next_index(self) -> int:
        """The index of the next write."""
        self._index += 1
        return self._index

    def touch(self) -> None:
        """The swarm object was written."""
        self.version, self.updated = self.next_index(), identity.now()

    # -- raft -----------------------------------------------------------------------------------------------------

    def holder(self, node_id: str) -> FakeEngine | None:
        """The engine that takes itself for this node, if it runs, is unlocked and reachable."""
        for engine in self.cluster.engines.values():
            membership = engine.membership
            if membership and membership.swarm is self and membership.node_id == node_id and engine.is_online:
                return engine
        return None

    def live_members(self) -> list[str]:
        """The raft members that answer."""
        return [node_id for node_id in self.members if node_id not in self.stalled and self.holder(node_id)]

    def has_quorum(self) -> bool:
        """More than half of the members answer."""
        return len(self.live_members()) > len(self.members) // 2

    def elect(self) -> None:
        """Keep the leader while it lives, else choose another, if there is a quorum."""
        live = self.live_members()
        if not self.has_quorum():
            self.leader = None
        elif self.leader not in live:
            self.leader = live[0]

    def require_leader(self) -> None:
        """ApiError 500 while no leader can be elected."""
        self.elect()
        if self.leader is None:
            raise rpc("Unknown", NO_LEADER)

    def may_lose(self, node_id: str) -> bool:
        """Whether a quorum of the others would be live without this member."""
        others = [member for member in self.live_members() if member != node_id]
        return len(others) >= (len(self.members) - 1) // 2 + 1

    # -- the spec -------------------------------------------------------------------------------------------------

    def update(self, version: int, spec: dict[str, Any], rotate: frozenset[str] = frozenset()) -> None:
        """Replace the whole spec and rotate what is named: `worker`, `manager`, `unlock`."""
        swarm_spec.validate(spec)
        root = self.authority.plan(spec["CAConfig"])
        if version != self.version:
            raise rpc("Unknown", OUT_OF_SEQUENCE)
        self.spec = spec
        self._rotate_tokens(rotate)
        self._set_lock("unlock" in rotate)
        if self.authority.start(root, spec["CAConfig"]["ForceRotate"]):
            self.cluster.after(self.cluster.delays.ca_rotation, self._finish_rotation)
        self.touch()

    def _rotate_tokens(self, rotate: frozenset[str]) -> None:
        if "worker" in rotate:
            self.authority.worker_token = identity.join_token(self.authority.certificate)
        if "manager" in rotate:
            self.authority.manager_token = identity.join_token(self.authority.certificate)

    def _set_lock(self, rotate: bool) -> None:
        if not self.spec["EncryptionConfig"]["AutoLockManagers"]:
            self.unlock_key = ""
        elif rotate or not self.unlock_key:
            self.unlock_key = identity.unlock_key()

    def _finish_rotation(self) -> None:
        """A rotation waits for every listed node: one that is down holds it up."""
        if self.authority.target is None:
            return
        if any(node.state == "down" for node in self.nodes.values()):
            self.cluster.after(self.cluster.delays.ca_rotation or 0.01, self._finish_rotation)
            return
        self.authority.finish()
        for node in self.nodes.values():
            node.touch()
        self.touch()

    # -- nodes ----------------------------------------------------------------------------------------------------

    def find_node(self, text: str) -> Node:
        """By full ID, then by hostname, then by the beginning of the ID."""
        if text in self.nodes:
            return self.nodes[text]
        found = [node for node in self.nodes.values() if node.hostname == text]
        found = found or [node for node in self.nodes.values() if node.id.startswith(text)]
        if not found:
            raise ApiError(404, f"node {text} not found")
        if len(found) > 1:
            raise ApiError(400, f"node {text} is ambiguous ({len(found)} matches found)")
        return found[0]

    def tokens(self) -> dict[str, str]:
        """JoinTokens of GET /swarm."""
        return {"Worker": self.authority.worker_token, "Manager": self.authority.manager_token}

    def info(self) -> dict[str, Any]:
        """The swarm as GET /swarm shows it, without the tokens; Cluster of GET /info."""
        return {
            "ID": self.id,
            "Version": {"Index": self.version},
            "CreatedAt": self.created,
            "UpdatedAt": self.updated,
            "Spec": swarm_spec.shown(self.spec),
            "TLSInfo": self.authority.tls_info(),
            "RootRotationInProgress": self.authority.target is not None,
            "DefaultAddrPool": self.pools,
            "SubnetSize": self.subnet_size,
            "DataPathPort": self.data_path_port,
        }
