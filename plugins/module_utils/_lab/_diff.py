# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The diff of a lab without what may be a password: variables of daemons, and settings that are not the lab's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

HIDDEN = "(hidden)"
HIDDEN_NEW = "(hidden, another one)"
#: Keys of the configuration of an engine or of the registry whose values the lab makes, and such that hold no secret.
_SHOWN = {
    "cgroup-parent",
    "containerd",
    "data-root",
    "exec-opts",
    "exec-root",
    "hosts",
    "http",
    "insecure-registries",
    "log",
    "log-driver",
    "pidfile",
    "storage",
    "storage-driver",
    "version",
}


def diff(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return Ansible's diff for the two sides of a plan."""
    return {"before": _side(before, {}, HIDDEN), "after": _side(after, before, HIDDEN_NEW)}


def _side(side: Mapping[str, Any], other: Mapping[str, Any], changed: str) -> dict[str, Any]:
    nodes = {
        name: _node(node, (other.get("nodes") or {}).get(name) or {}, changed)
        for name, node in (side.get("nodes") or {}).items()
    }
    return {**side, "nodes": nodes} if "nodes" in side else dict(side)


def _node(node: Any, other: Any, changed: str) -> Any:
    if not isinstance(node, Mapping):
        return node
    hidden = {
        part: _hidden(node[part], other.get(part) or {}, _SHOWN if part == "config" else (), changed)
        for part in ("env", "config")
        if isinstance(node.get(part), Mapping)
    }
    return {**node, **hidden}


def _hidden(values: Mapping[str, Any], other: Mapping[str, Any], shown: Any, changed: str) -> dict[str, Any]:
    """Each value but numbers and truth values, which hold no password."""
    return {
        key: value
        if key in shown or value is None or isinstance(value, (bool, int, float))
        else changed
        if key in other and other[key] != value
        else HIDDEN
        for key, value in values.items()
    }
