# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which node a task goes to, or why none will do."""

from __future__ import annotations

import heapq
from collections import Counter
from typing import TYPE_CHECKING, Any

from . import constraints
from .node import Node

if TYPE_CHECKING:
    from .services import Service
    from .swarm import Swarm

_ALIVE = ("new", "pending", "assigned", "accepted", "preparing", "ready", "starting", "running")
_CPUS, _MEMORY = 2_000_000_000, 4_000_000_000  # of every node; see Node.shown
_REASONS = {
    "ready": ("1 node not available for new tasks", "{} nodes not available for new tasks"),
    "resources": ("insufficient resources on 1 node", "insufficient resources on {} nodes"),
    "constraints": (
        "scheduling constraints not satisfied on 1 node",
        "scheduling constraints not satisfied on {} nodes",
    ),
    "platform": ("unsupported platform on 1 node", "unsupported platform on {} nodes"),
    "ports": ("host-mode port already in use on 1 node", "host-mode port already in use on {} nodes"),
    "replicas": ("max replicas per node limit exceed", "max replicas per node limit exceed"),
}
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


def suits(service: Service, node: Node) -> bool:
    """Whether the node satisfies the constraints."""
    return constraints.match(node, service.template.get("Placement", {}).get("Constraints", []))


def takes_new(node: Node) -> bool:
    """Ready and active."""
    return node.state == "ready" and node.spec["Availability"] == "active"


def keeps(node: Node | None) -> bool:
    """Whether a task may stay where it is: on a node that is listed, not down and not drained."""
    return node is not None and node.state == "ready" and node.spec["Availability"] != "drain"


class Scheduler:
    """The choice for the tasks of one service, made in one go: the node with the fewest of its tasks, then of all."""

    def __init__(self, service: Service, swarm: Swarm):
        self._service = service
        self._alive = [task for task in swarm.tasks.values() if _counts(task)]
        self._all = Counter(task["NodeID"] for task in self._alive)
        self._own = Counter(task["NodeID"] for task in self._alive if task["ServiceID"] == service.id)
        self._nodes = swarm.nodes
        self._refused: Counter[str] = Counter()
        self._full_nodes: dict[str, tuple[int, int, int, str]] = {}  # what they had, and why they take no more
        self._heap: list[tuple[int, int, int, str]] = []
        for number, node in enumerate(swarm.nodes.values()):
            reason = self._reason(node)
            if reason:
                self._refused[reason] += 1
            else:
                self._heap.append((self._own[node.id], self._all[node.id], number, node.id))
        heapq.heapify(self._heap)

    def pick(self) -> tuple[str | None, str]:
        """A node's ID and nothing, or None and the reason."""
        while self._heap:
            own, every, number, node_id = heapq.heappop(self._heap)
            reason = self._full(node_id, own)
            if not reason:
                heapq.heappush(self._heap, (own + 1, every + 1, number, node_id))
                return node_id, ""
            self._refused[reason] += 1
            self._full_nodes[node_id] = (own, every, number, reason)
        return None, self._explained()

    def release(self, task: dict[str, Any]) -> None:
        """Count a task of the service no more, as it is about to end."""
        if not _counts(task):  # it waits for a node, or has ended
            return
        node_id = task["NodeID"]
        entry = next((entry for entry in self._heap if entry[3] == node_id), None)
        if entry is None and node_id not in self._full_nodes:
            return
        if entry is not None:
            own, every, number, _node_id = entry
            self._heap.remove(entry)
            heapq.heapify(self._heap)
        else:
            own, every, number, reason = self._full_nodes.pop(node_id)
            self._refused[reason] -= 1
        heapq.heappush(self._heap, (own - 1, every - 1, number, node_id))

    def fits(self, node_id: str) -> str:
        """Why a task of a global service cannot be on its node, or empty."""
        reason = self._full(node_id, self._own[node_id])
        return f"no suitable node ({_REASONS[reason][0]})" if reason else ""

    def _explained(self) -> str:
        told = [_REASONS[name][count > 1].format(count) for name, count in self._refused.most_common() if count]
        return f"no suitable node ({'; '.join(told)})" if told else "no suitable node"

    def _reason(self, node: Node) -> str:
        if not takes_new(node):
            return "ready"
        if not self._has_resources(node.id, 1):
            return "resources"
        if not suits(self._service, node):
            return "constraints"
        return "" if self._has_platform() else "platform"

    def _full(self, node_id: str, own: int) -> str:
        limit = self._service.template.get("Placement", {}).get("MaxReplicas", 0)
        if limit and own >= limit:
            return "replicas"
        if own and any(port["PublishMode"] == "host" and "PublishedPort" in port for port in self._service.ports):
            return "ports"
        return "" if self._has_resources(node_id, own + 1) else "resources"

    def _has_resources(self, node_id: str, count: int) -> bool:
        """Whether `count` tasks of this service fit beside those of the others."""
        wanted = _reserved(self._service.template)
        if wanted == (0, 0):
            return True
        others = [
            _reserved(task["Spec"])
            for task in self._alive
            if task["NodeID"] == node_id and task["ServiceID"] != self._service.id
        ]
        cpus = sum(item[0] for item in others) + count * wanted[0]
        memory = sum(item[1] for item in others) + count * wanted[1]
        return cpus <= _CPUS and memory <= _MEMORY

    def _has_platform(self) -> bool:
        platforms = self._service.template.get("Placement", {}).get("Platforms", [])
        return not platforms or any(
            item.get("OS", "") in ("", "linux")
            and _ARCHITECTURES.get(item.get("Architecture", ""), item.get("Architecture", "")) in ("", "amd64")
            for item in platforms
        )


def _counts(task: dict[str, Any]) -> bool:
    return bool(task.get("NodeID")) and task["DesiredState"] != "shutdown" and task["Status"]["State"] in _ALIVE


def _reserved(template: dict[str, Any]) -> tuple[int, int]:
    given = template.get("Resources", {}).get("Reservations", {})
    return given.get("NanoCPUs", 0), given.get("MemoryBytes", 0)
