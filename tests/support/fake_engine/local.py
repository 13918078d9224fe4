# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What starting, stopping and cutting off an engine does to its swarm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import identity
from .node import Node

if TYPE_CHECKING:
    from .engine import FakeEngine
    from .swarm import Swarm


def go_down(engine: FakeEngine, locks: bool = True) -> None:
    """The engine is gone for its swarm: after the missed heartbeats its node is down."""
    membership = engine.membership
    if not membership:
        return
    swarm, node_id = membership.swarm, membership.node_id
    if locks and membership.is_manager:
        membership.lock_key = membership.lock_key or swarm.unlock_key or None
    watch(engine.cluster, swarm, node_id)


def watch(cluster: Any, swarm: Any, node_id: str) -> None:
    """Note the node as down once the heartbeat timeout has passed, unless it is back by then."""

    def miss() -> None:
        node = swarm.nodes.get(node_id)
        if node and swarm.holder(node_id) is None:
            node.set_state("down", "heartbeat failure")
        swarm.elect()

    cluster.after(cluster.delays.node_down, miss)


def come_up(engine: FakeEngine) -> None:
    """The engine starts from what is on its disk; a join that never succeeded is forgotten."""
    engine.running = True
    engine.joining = None
    engine.membership, engine.dormant = engine.membership or engine.dormant, None
    come_back(engine)


def come_back(engine: FakeEngine) -> None:
    """The node is there again for its swarm, unless it is locked or was struck off the list."""
    membership = engine.membership
    if not membership or not engine.is_online:
        return
    swarm = membership.swarm
    node = swarm.nodes.get(membership.node_id)
    if node is None:
        membership.is_manager = False
        return
    node.hostname, node.engine_version = engine.hostname, engine.version.engine
    membership.is_manager = node.id in swarm.members
    node.set_state("ready")
    engine.cluster.after(engine.cluster.delays.role_change, node.follow_role)
    swarm.elect()


def full_task(task: dict[str, Any], node_id: str) -> dict[str, Any]:
    """A task with all that the engine always gives."""
    moment = identity.now()
    return {
        "ID": identity.new_id(),
        "Version": {"Index": 1},
        "CreatedAt": moment,
        "UpdatedAt": moment,
        "Labels": {},
        "Spec": {"ContainerSpec": {"Image": "busybox"}},
        "ServiceID": identity.new_id(),
        "Slot": 1,
        "Status": {"Timestamp": moment, "State": "running", "Message": "started", "PortStatus": {}},
        "DesiredState": "running",
        "NodeID": node_id,
        **task,
    }


def put_tasks(swarm: Swarm, tasks: list[dict[str, Any]], node_id: str) -> None:
    """Add tasks that no orchestrator looks after."""
    for given in tasks:
        task = full_task(given, node_id)
        swarm.tasks[task["ID"]] = task
        swarm.scripted.add(task["ID"])


def drop_tasks(swarm: Swarm, node_id: str) -> None:
    """Take away what a test has put on a node."""
    swarm.scripted &= set(swarm.tasks)
    for task_id in [task_id for task_id in swarm.scripted if swarm.tasks[task_id]["NodeID"] == node_id]:
        del swarm.tasks[task_id]
    swarm.scripted &= set(swarm.tasks)


def put_nodes(swarm: Swarm, engine: FakeEngine, count: int, attributes: dict[str, Any]) -> list[str]:
    """Add workers to the list that are made like an engine's own node."""
    made = []
    for _number in range(count):
        node = Node(swarm, engine, "worker", "active", engine.address)
        node.hostname = f"node-{len(swarm.nodes)}"
        for name, value in attributes.items():
            setattr(node, name, value)
        swarm.nodes[node.id] = node
        made.append(node.id)
    return made


def say(swarm: Swarm, what: str, line: str, stream: str) -> None:
    """Add a line to the logs of a service's tasks, or of one task."""
    service = next((found.id for found in swarm.services.all.values() if what in (found.id, found.name)), None)
    moment = identity.now()
    for task_id, task in swarm.tasks.items():
        if task_id == what or task["ServiceID"] == service:
            swarm.logs.setdefault(task_id, []).append((moment, stream, line))
