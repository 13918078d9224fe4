# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The nodes of the swarm, from one request."""

from __future__ import annotations

from .._core.query import check_query, listing
from .._core.values import Values
from .._engine.client import Engine
from .._engine.lists import FILTERED_LIST, api_filters, list_nodes
from .._engine.local_state import require_manager
from .._frontend.definition import define_info
from .views import matching, node_view, quorum_of

FILTERS = ("id", "label", "membership", "name", "node.label", "role")
CHOICES = {"role": ("manager", "worker"), "membership": ("accepted", "pending")}
ARGUMENT_SPEC: Values = {**FILTERED_LIST, "self": {"type": "bool", "default": False}}


def read_node_info(engine: Engine, params: Values) -> Values:
    query = check_query(params["query"])
    filters = api_filters(params["filters"], "nodes", FILTERS, CHOICES)
    own_id = require_manager(engine).node_id if params["self"] else None
    listed = list_nodes(engine, filters=filters) if filters else list_nodes(engine)
    if filters and "node.label" in filters:
        engine.require("1.40", "filters: node.label")
    nodes = [_view(node, params["raw"]) for node in _chosen(listed, own_id, params["name"])]
    return {**listing("nodes", nodes, query), "quorum": {} if filters else quorum_of(listed).as_dict()}


def _chosen(nodes: list[Values], own_id: str | None, names: list[str] | None) -> list[Values]:
    if own_id:
        return [node for node in nodes if node["ID"] == own_id]
    if not names:
        return sorted(nodes, key=lambda node: (node_view(node)["hostname"], node["ID"]))
    chosen = {node["ID"]: node for name in names for node in matching(nodes, name)}
    return list(chosen.values())


def _view(node: Values, raw: bool) -> Values:
    view = node_view(node)
    return {**view, "raw": node} if raw else view


MODULE = define_info(read_node_info, ARGUMENT_SPEC)
