# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cluster volumes of the swarm in the words of swarm_volume's options."""

from __future__ import annotations

import typing as t

from .._core.query import check_query, listing
from .._core.values import Document, Values
from .._engine.client import Engine
from .._engine.lists import FILTERED_LIST, USED_BY, Filters, api_filters, choose, list_volumes
from .._engine.local_state import require_manager
from .._frontend.definition import define_info
from .live import read_users, secret_names
from .resource import view
from .schema import ACTIVE, DRAIN, PAUSE, SINCE, as_request, published, with_tag

FILTERS = ("availability", "driver", "group", "id", "label", "name")
CHOICES = {"availability": (ACTIVE, PAUSE, DRAIN)}
ARGUMENT_SPEC: Values = {**FILTERED_LIST, **USED_BY}


def read_volume_info(engine: Engine, params: Values) -> Values:
    query = check_query(params["query"])
    filters = api_filters(params["filters"], "cluster volumes", FILTERS, CHOICES)
    listed = list_volumes(engine)
    engine.require(SINCE, "A cluster volume")
    if not listed:
        require_manager(engine)
    matching = [volume for volume in listed if _matches(volume, filters)]
    chosen = choose(
        matching, params["name"], lambda item: str(item["Name"]), lambda item: str(item["ClusterVolume"]["ID"])
    )
    secrets = secret_names(engine) if any("Secrets" in volume["ClusterVolume"]["Spec"] for volume in chosen) else {}
    volumes = [_whole_view(volume, secrets) for volume in chosen]
    if params["used_by"] and chosen:
        users_of = read_users(engine)
        for volume, shown in zip(chosen, volumes):
            shown["used_by"] = users_of(volume)
    if params["raw"]:
        for volume, shown in zip(chosen, volumes):
            shown["raw"] = volume
    return listing("volumes", volumes, query)


def _matches(volume: Document, filters: Filters) -> bool:
    """The engine applies filters to its own volumes alone. Of labels all must match, of the others one."""
    cluster = volume["ClusterVolume"]
    tests: dict[str, t.Callable[[str], bool]] = {
        "availability": lambda wanted: cluster["Spec"]["Availability"] == wanted,
        "driver": lambda wanted: with_tag(volume["Driver"]) == with_tag(wanted),
        "group": lambda wanted: cluster["Spec"].get("Group", "") == wanted,
        "id": cluster["ID"].startswith,
        "label": lambda wanted: _has_label(volume.get("Labels") or {}, wanted),
        "name": lambda wanted: wanted in volume["Name"],
    }
    return all((all if name == "label" else any)(map(tests[name], values)) for name, values in filters.items())


def _has_label(labels: Values, wanted: str) -> bool:
    key, equals, value = wanted.partition("=")
    return key in labels and (not equals or labels[key] == value)


def _whole_view(volume: Document, secrets: dict[str, str]) -> Values:
    info = volume["ClusterVolume"].get("Info") or {}
    places = [{"node_id": item["NodeID"], "state": item["State"]} for item in published(volume)]
    return {
        **view(volume, as_request(volume, secrets)),
        "capacity_bytes": info.get("CapacityBytes", 0),
        "accessible_topology": [dict(item.get("Segments") or {}) for item in info.get("AccessibleTopology") or ()],
        "published": places,
    }


MODULE = define_info(read_volume_info, ARGUMENT_SPEC)
