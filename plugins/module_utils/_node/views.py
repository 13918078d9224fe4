# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The nodes of a swarm as ``GET /nodes`` lists them: views, look-up by name or ID, requests, and the majority of the managers."""

from __future__ import annotations

import typing as t

from .._core.errors import NotFound, Refused
from .._core.validators import did_you_mean
from .._core.values import Document, Values
from .._engine.client import Engine

# States in which a task has something on its node (moby, api/types/swarm/task.go).
ALIVE = ("assigned", "accepted", "preparing", "ready", "starting", "running")


def node_view(node: Document) -> Values:
    """One node, flat, in the words of the options of swarm_node where it has them."""
    spec, status = node.get("Spec") or {}, node.get("Status") or {}
    description, manager = node.get("Description") or {}, node.get("ManagerStatus") or {}
    platform, resources = description.get("Platform") or {}, description.get("Resources") or {}
    engine = description.get("Engine") or {}
    return {
        "id": node["ID"],
        "hostname": hostname(node),
        "name": spec.get("Name", ""),
        "role": spec.get("Role", ""),
        "availability": spec.get("Availability", ""),
        "labels": dict(spec.get("Labels") or {}),
        "state": state(node),
        "status_message": status.get("Message", ""),
        "address": status.get("Addr", ""),
        "manager": bool(manager),
        "leader": bool(manager.get("Leader")),
        "reachability": manager.get("Reachability", ""),
        "manager_address": manager.get("Addr", ""),
        "engine_version": engine.get("EngineVersion", ""),
        "engine_labels": dict(engine.get("Labels") or {}),
        "os": platform.get("OS", ""),
        "architecture": platform.get("Architecture", ""),
        "nano_cpus": resources.get("NanoCPUs", 0),
        "memory_bytes": resources.get("MemoryBytes", 0),
        "created_at": node.get("CreatedAt", ""),
        "updated_at": node.get("UpdatedAt", ""),
    }


def hostname(node: Document) -> str:
    return (node.get("Description") or {}).get("Hostname", "")


def state(node: Document) -> str:
    return (node.get("Status") or {}).get("State", "unknown")


def is_ready(node: Document) -> bool:
    return state(node) == "ready"


def is_member(node: Document) -> bool:
    """Whether the node is in the raft group. The role in its spec is only the desired one."""
    return bool(node.get("ManagerStatus"))


def is_reachable(node: Document) -> bool:
    return (node.get("ManagerStatus") or {}).get("Reachability") == "reachable"


def label(node: Document) -> str:
    """How a message names a node."""
    return f"{hostname(node) or 'without a host name'} ({node['ID']})"


def matching(nodes: list[Document], name: str) -> list[Document]:
    """The node with this ID, or all with this host name. Entries of failed joins have no host name and match nothing."""
    if not name:
        return []
    by_id = [node for node in nodes if node["ID"] == name]
    return by_id or [node for node in nodes if hostname(node) == name]


def tasks_left(engine: Engine, node: Document) -> int:
    """How many tasks still need the node. Those of a dead node are already being replaced elsewhere."""
    if not is_ready(node):
        return 0
    tasks = engine.get("/tasks", filters={"node": [node["ID"]]})
    return sum((task.get("Status") or {}).get("State") in ALIVE for task in tasks)


def post_node(engine: Engine, node: Document, spec: Document) -> None:
    engine.post(f"/nodes/{node['ID']}/update", spec, version=node["Version"]["Index"])


def choose(found: list[Document], name: str, destroy: bool) -> tuple[Document, str]:
    """Of several entries with one host name, the one that is up, and a warning that names the others.

    Raise Refused where that is not clear, or where one of them is to be destroyed.
    """
    ready = [node for node in found if is_ready(node)]
    listed = "; ".join(f"{node['ID']} is {state(node)}" for node in found)
    if len(ready) != 1 or destroy:
        raise Refused(
            f"{len(found)} nodes have the host name {name}: {listed}. Use the ID.", option="hostname"
        ).with_details(nodes=[{"id": node["ID"], "state": state(node)} for node in found])
    stale = ", ".join(node["ID"] for node in found if node is not ready[0])
    return ready[0], (
        f"{len(found)} nodes have the host name {name}. The task uses {ready[0]['ID']}, which is ready. Stale entries: {stale};"
        " remove them with state: absent and the ID as hostname."
    )


def not_found(nodes: list[Document], name: str) -> NotFound:
    names = sorted({hostname(node) for node in nodes})
    hint = did_you_mean(name, names, f"; the swarm has {', '.join(names) or 'no nodes'}.")
    error = NotFound(f"hostname: the swarm has no node with the ID or host name {name}{hint}", 404)
    error.option = ("hostname",)
    return error


class Quorum(t.NamedTuple):
    """:param managers: members of the raft group, dead ones included: they count for the majority.
    :param reachable: those that answer.
    """

    managers: int
    reachable: int

    @property
    def needed(self) -> int:
        return self.managers // 2 + 1

    @property
    def margin(self) -> int:
        """How many more managers may fail."""
        return self.reachable - self.needed

    def without(self, node: Document) -> Quorum:
        """The group after this node has left it."""
        return Quorum(self.managers - is_member(node), self.reachable - is_reachable(node))

    def as_dict(self) -> Values:
        return {
            "managers": self.managers,
            "reachable": self.reachable,
            "needed": self.needed,
            "margin": self.margin,
        }


def quorum_of(nodes: list[Document]) -> Quorum:
    members = [node for node in nodes if is_member(node)]
    return Quorum(len(members), sum(map(is_reachable, members)))


def why_not_demote(nodes: list[Document], node: Document) -> str:
    """What speaks against taking a node out of the raft group; empty if nothing does.

    The rule is swarmkit's own (CanRemoveMember): the rest must still be a majority of the rest.
    """
    if not is_member(node):
        return ""
    left = quorum_of(nodes).without(node)
    if left.managers < 1:
        return f"{label(node)} is the last manager of the swarm. Promote another node first"
    if left.reachable < left.needed:
        return (
            f"without {label(node)} only {left.reachable} of {left.managers} managers would be reachable, and"
            f" {left.needed} are needed. Bring a manager back or remove a dead one first"
        )
    return ""


def refuse_demotion(option: str, nodes: list[Document], node: Document, advice: str = "") -> None:
    """Raise Refused, naming the option, where the node is needed among the managers.

    :param advice: what the user can do all the same, for the end of the message.
    """
    reason = why_not_demote(nodes, node)
    if reason:
        left = quorum_of(nodes).without(node).as_dict()
        raise Refused(f"{reason}{advice}.", option=option).with_details(quorum_without=left)
