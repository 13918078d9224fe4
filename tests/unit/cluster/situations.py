# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hosts and nodes in a few words. Host nN has the address 192.0.2.N and, as a member, the node ID id-nN."""

from __future__ import annotations

from typing import Any

from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.hosts import Host


def address(name: str) -> str:
    return f"192.0.2.{name[1:]}"


def host(name: str, wanted: str = "worker", **changes: Any) -> Host:
    """A host whose engine is in no swarm. Keywords of Host; anything else goes into the probe."""
    given = ("in_play", "address", "labels", "availability", "named", "host_label", "confirmed")
    fields = {key: changes.pop(key) for key in given if key in changes}
    nowhere = {
        "state": "inactive", "role": None, "hostname": name, "node_id": "", "node_address": "", "cluster_id": "",
        "error": "", "remote_managers": [],
    }  # fmt: skip
    return Host(name, wanted, {**nowhere, **changes}, **fields)


def member(name: str, role: str, cluster: str = "c1", wanted: str = "", knows: str = "n1", **changes: Any) -> Host:
    """A host that is a healthy member, unless the changes say otherwise. Only an active engine tells its role."""
    active = changes.get("state", "active") == "active"
    given = {
        "state": "active", "role": role if active else None, "node_id": f"id-{name}", "node_address": address(name),
        "cluster_id": cluster if role == "manager" and active else "", "remote_managers": [f"{address(knows)}:2377"],
    }  # fmt: skip
    return host(name, wanted or role, **{**given, **changes})


def silent(name: str, wanted: str = "worker", **changes: Any) -> Host:
    """A host whose engine gave no answer."""
    return Host(
        name,
        wanted,
        {"msg": "the socket does not exist. Docker Engine is not installed here, or does not run."},
        **changes,
    )


def node(name: str, role: str = "worker", **changes: Any) -> dict[str, Any]:
    """An entry of the managers' list."""
    manager = role == "manager"
    return {
        "id": f"id-{name}", "hostname": name, "role": role, "availability": "active", "labels": {}, "state": "ready",
        "status_message": "", "address": address(name), "manager": manager, "leader": False, "engine_version": "28.5.2",
        "reachability": "reachable" if manager else "", "created_at": "2026-11-01T10:00:00Z",
        "manager_address": f"{address(name)}:2377" if manager else "", **changes,
    }  # fmt: skip


def wanted_of(hosts: list[Host]) -> dict[str, list[str]]:
    return {role: [host.name for host in hosts if host.wanted == role] for role in ("manager", "worker")}
