# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Nodes as ``GET /nodes`` has them, for tests: one that says nothing special, and the rest by name."""

from __future__ import annotations

from typing import Any

from ansible_collections.hive.swarm.plugins.plugin_utils._inventory.variables import facts


def node(
    node_id: str,
    hostname: str = "",
    role: str = "worker",
    state: str = "ready",
    address: str = "192.0.2.9",
    manager_address: str = "",
    leader: bool = False,
    labels: dict[str, str] | None = None,
    engine_labels: dict[str, str] | None = None,
    availability: str = "active",
    created: str = "2026-01-01T00:00:00Z",
    **more: Any,
) -> dict[str, Any]:
    document = {
        "ID": node_id,
        "Version": {"Index": 1},
        "CreatedAt": created,
        "UpdatedAt": created,
        "Spec": {"Role": role, "Availability": availability, "Labels": labels or {}},
        "Description": {
            "Hostname": hostname,
            "Platform": {"Architecture": "x86_64", "OS": "linux"},
            "Resources": {"NanoCPUs": 2 * 10**9, "MemoryBytes": 4 * 2**30},
            "Engine": {"EngineVersion": "28.5.2", "Labels": engine_labels or {}},
        },
        "Status": {"State": state, "Addr": address},
        **more,
    }
    if manager_address:
        document["ManagerStatus"] = {"Addr": manager_address, "Reachability": "reachable", "Leader": leader}
    return document


def known(*arguments: Any, **options: Any) -> dict[str, Any]:
    """The same as the plugin has it."""
    return facts(node(*arguments, **options), {"ID": "c1"}, False)


def manager(node_id: str = "m1", hostname: str = "boss", **options: Any) -> dict[str, Any]:
    return node(node_id, hostname, "manager", address="192.0.2.1", manager_address="192.0.2.1:2377", **options)


def answers(*nodes: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What a manager with quorum answers; ``more`` is services and tasks."""
    swarm = {"LocalNodeState": "active", "ControlAvailable": True, "NodeID": "m1", "Cluster": {"ID": "c1"}}
    bodies = {"info": {"Name": "boss", "Swarm": swarm}, "nodes": list(nodes), **more}
    return {f"/{path}": {"status": 200, "body": body} for path, body in bodies.items()}


def worker_answers(*managers: str) -> dict[str, Any]:
    peers = [{"NodeID": str(number), "Addr": address} for number, address in enumerate(managers)]
    swarm = {"LocalNodeState": "active", "ControlAvailable": False, "NodeID": "w1", "RemoteManagers": peers}
    return {"/info": {"status": 200, "body": {"Name": "drone", "Swarm": swarm}}}


def local_answers(state: str, **more: Any) -> dict[str, Any]:
    """An engine that is no part of a working swarm."""
    return {"/info": {"status": 200, "body": {"Name": "x", "Swarm": {"LocalNodeState": state, **more}}}}
