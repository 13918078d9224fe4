# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""/nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import golang
from .errors import ApiError
from .filters import has_label, matches, read
from .managers import swarm_of
from .node import ROLES, SPEC_SHAPE, Node

if TYPE_CHECKING:
    from .router import Call

_NODE_FILTERS = ("id", "label", "membership", "name", "node.label", "role")


def index(call: Call) -> list[dict[str, Any]]:
    """GET /nodes."""
    filters = read(call, _NODE_FILTERS)
    for role in filters.get("role", []):
        if role.lower() not in ROLES:
            raise ApiError(500, f"Invalid role filter: '{role}'")
    for membership in filters.get("membership", []):
        if membership.lower() not in ("pending", "accepted"):
            raise ApiError(500, f"Invalid membership filter: '{membership}'")
    with call.engine.cluster.lock:
        swarm = swarm_of(call.engine)
        return [node.shown() for node in sorted(swarm.nodes.values(), key=lambda n: n.id) if _matches(node, filters)]


def _matches(node: Node, filters: dict[str, list[str]]) -> bool:
    actual = "manager" if node.id in node.swarm.members else "worker"
    tests = {
        "id": node.id.startswith,
        "name": node.hostname.startswith,
        "role": lambda wanted: wanted.lower() == actual,
        "membership": lambda wanted: wanted.lower() == "accepted",
        "label": lambda wanted: has_label(node.engine_labels, wanted),
        "node.label": lambda wanted: has_label(node.spec["Labels"], wanted),
    }
    return matches(filters, tests, every=("label", "node.label"))


def inspect(call: Call) -> dict[str, Any]:
    """GET /nodes/{id, hostname or beginning of the ID}."""
    with call.engine.cluster.lock:
        return swarm_of(call.engine).find_node(call.names["id"]).shown()


def update(call: Call) -> None:
    """POST /nodes/{id}/update?version=N: the whole spec is replaced."""
    request = call.body("NodeSpec", SPEC_SHAPE)
    version = golang.uint64(call.request.query.get("version", ""), "node")
    with call.engine.cluster.lock:
        swarm_of(call.engine).find_node(call.names["id"]).update(version, request)


def remove(call: Call) -> None:
    """DELETE /nodes/{id}?force=."""
    force = golang.loose_bool(call.request.query.get("force", ""))
    with call.engine.cluster.lock:
        swarm_of(call.engine).find_node(call.names["id"]).remove(force)
