# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""On which nodes a global service has a task: swarmkit's constraint language, read the same way.

The facts are swarmkit's (manager/constraint/constraint.go, manager/orchestrator/global, manager/scheduler/filter.go).
"""

from __future__ import annotations

from ..._constraints import NodeFacts, meets
from ..._path import Document

# Names of processors differ between what images say and what nodes say.
_PROCESSORS = {"x86_64": "amd64", "aarch64": "arm64"}


def eligible(service: Document, nodes: list[Document]) -> set[str]:
    """IDs of the nodes that get a task of a global service.

    A node with another platform than the image's gets one too, that waits for ever: it does not count, unless there
    is no other node, since then the image is the mistake.
    """
    placement = service["Spec"]["TaskTemplate"].get("Placement") or {}
    there = [node for node in nodes if _takes_tasks(node) and _fits(node, placement.get("Constraints") or [])]
    able = [node for node in there if _runs(node, placement.get("Platforms") or [])]
    return {node["ID"] for node in able or there}


def is_down(node: Document | None) -> bool:
    """A node that was removed from the swarm is as dead as one that does not answer."""
    return node is None or (node.get("Status") or {}).get("State") == "down"


def is_paused(node: Document) -> bool:
    """A paused node keeps the tasks that it has, even those of an old spec, and gets no other."""
    return node["Spec"].get("Availability") == "pause"


def _takes_tasks(node: Document) -> bool:
    return (node.get("Status") or {}).get("State") == "ready" and node["Spec"].get("Availability") == "active"


def _fits(node: Document, constraints: list[str]) -> bool:
    facts = _facts(node)
    return all(meets(facts, text) for text in constraints)


def _facts(node: Document) -> NodeFacts:
    description = node.get("Description") or {}
    platform = description.get("Platform") or {}
    return NodeFacts(
        id=node["ID"],
        hostname=description.get("Hostname") or "",
        ip=(node.get("Status") or {}).get("Addr") or "",
        role=node["Spec"].get("Role") or "",
        os=platform.get("OS") or "",
        arch=platform.get("Architecture") or "",
        labels=node["Spec"].get("Labels") or {},
        engine_labels=(description.get("Engine") or {}).get("Labels") or {},
    )


def _runs(node: Document, platforms: list[Document]) -> bool:
    live = (node.get("Description") or {}).get("Platform") or {}
    return not platforms or any(_same_platform(live, platform) for platform in platforms)


def _same_platform(live: Document, wanted: Document) -> bool:
    systems, processors = ({side.get(key, "") for side in (live, wanted)} for key in ("OS", "Architecture"))
    processors = {_PROCESSORS.get(processor, processor) for processor in processors}
    return all(len(values - {""}) <= 1 for values in (systems, processors))
