# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What runs where."""

from __future__ import annotations

from ...module_utils._core.codecs import NAMESPACE
from ...module_utils._core.paths import Document


def placement(services: list[Document], tasks: list[Document]) -> dict[str, dict[str, list[str]]]:
    """Node ID -> ``services`` and ``stacks``: the names of those that have a running task there, each once, sorted."""
    names = {service["ID"]: _names(service) for service in services}
    found: dict[str, tuple[set[str], set[str]]] = {}
    for task in tasks:
        if task.get("NodeID") and (task.get("Status") or {}).get("State") == "running" and task["ServiceID"] in names:
            on_node = found.setdefault(task["NodeID"], (set(), set()))
            for kept, name in zip(on_node, names[task["ServiceID"]]):
                kept.add(name)
    return {
        node_id: {"services": sorted(services), "stacks": sorted(stacks - {""})}
        for node_id, (services, stacks) in found.items()
    }


def _names(service: Document) -> tuple[str, str]:
    spec: Document = service.get("Spec") or {}
    return spec.get("Name") or "", (spec.get("Labels") or {}).get(NAMESPACE) or ""
