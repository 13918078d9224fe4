# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The networks of the swarm in the words of swarm_network's options, and the config-only ones of this engine."""

from __future__ import annotations

import re

from .._core.query import check_query, listing
from .._core.values import Document, Values
from .._engine.client import Engine
from .._engine.lists import FILTERED_LIST, USED_BY, api_filters, choose
from .._engine.local_state import require_manager
from .._frontend.definition import define_info
from .live import is_leftover, read_users
from .resource import view
from .schema import SWARM, allocated

FILTERS = ("dangling", "driver", "id", "label", "name", "type")
CHOICES = {"dangling": ("true", "false", "1", "0"), "type": ("custom", "builtin")}
ARGUMENT_SPEC: Values = {**FILTERED_LIST, **USED_BY}
_ID = re.compile(r"[0-9a-z]{25}|[0-9a-f]{64}")
_MOST_NAMES = 100


def read_network_info(engine: Engine, params: Values) -> Values:
    query = check_query(params["query"])
    listed = engine.get("/networks", **_narrowed(params))
    if not any(item["Scope"] == SWARM and item.get("Containers", ()) is None for item in listed):
        require_manager(engine)  # any engine answers this list, others than managers without the swarm's networks
    # One that this engine alone still has was just removed from the swarm.
    ours = [item for item in listed if (item["Scope"] == SWARM or item["ConfigOnly"]) and not is_leftover(item)]
    chosen = choose(ours, params["name"], lambda network: str(network["Name"]), lambda network: str(network["Id"]))
    networks = [{**view(item), "allocated": allocated(item)} for item in chosen]
    if params["used_by"] and chosen:
        _add_users(engine, chosen, networks)
    if params["raw"]:
        for shown, item in zip(networks, chosen):
            shown["raw"] = item
    return listing("networks", networks, query)


def _narrowed(params: Values) -> Values:
    filters = api_filters(params["filters"], "networks", FILTERS, CHOICES)
    names = params["name"]
    if names and "name" not in filters and len(names) <= _MOST_NAMES and not any(map(_ID.fullmatch, names)):
        filters["name"] = names
    return {"filters": filters} if filters else {}


def _add_users(engine: Engine, networks: list[Document], views: list[Values]) -> None:
    users_of = read_users(engine)
    for network, shown in zip(networks, views):
        users = users_of(network)
        shown["used_by"] = {"services": users.names, "containers": users.containers}


MODULE = define_info(read_network_info, ARGUMENT_SPEC)
