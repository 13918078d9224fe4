# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which nodes are hosts, which of them are entries of former lives, and which can be worked with."""

from __future__ import annotations

import typing as t

from ...module_utils._core.errors import BadInput
from ...module_utils._core.values import Values

# States of nodes that the managers hear nothing of (moby, api/types/swarm/node.go).
_OFFLINE = ("down", "disconnected")


def queried(nodes: list[Values], outcome: object) -> list[Values]:
    """The nodes that a JMESPath expression has chosen: as objects with ``id``, as IDs, or as host names.

    :raises BadInput: if the result is not a list, or contains something else.
    """
    if not isinstance(outcome, list):
        raise BadInput("query", f"its outcome must be a list of nodes, and is {_kind(outcome)}.")
    chosen: set[str] = set()
    for item in outcome:
        word = item.get("id") if isinstance(item, dict) else item
        if not isinstance(word, str):
            raise BadInput(
                "query",
                f"its outcome must be a list of nodes, IDs or host names; it holds {_kind(item)}"
                + (" without id." if isinstance(item, dict) else "."),
            )
        chosen.add(word)
    return [node for node in nodes if node["id"] in chosen or node["hostname"] in chosen]


def _kind(value: object) -> str:
    words = {dict: "an object", list: "a list", str: "a string", bool: "a boolean", type(None): "nothing"}
    return words.get(type(value), "a number")


def is_offline(node: Values) -> bool:
    """Whether a node is gone, as far as the managers know.

    After an election every node is ``unknown`` until its next heartbeat, and a busy leader can miss its own: a manager
    that the others reach is there.
    """
    return node["state"] in _OFFLINE and node["reachability"] != "reachable"


def _by_right(nodes: list[Values]) -> list[Values]:
    """Managers first, then those that are ready, and last those that are offline; of equals, the youngest first."""
    youngest = sorted(nodes, key=lambda node: (node["created_at"], node["id"]), reverse=True)
    return sorted(youngest, key=lambda node: (not node["manager"], is_offline(node), node["state"] != "ready"))


def stale_entries(nodes: list[Values], address: t.Callable[[Values], str]) -> set[str]:
    """IDs of entries that a machine has left behind when it was wiped or left, and came back as a new node.

    They have the host name of a node that is not offline, and are offline themselves, or have its address too: the old
    entry stays ready until the managers miss its heartbeat. A worker does not make a manager's entry one of them.
    """
    by_hostname: dict[str, list[Values]] = {}
    for node in nodes:
        by_hostname.setdefault(node["hostname"], []).append(node)
    former = set()
    for hostname, same in by_hostname.items():
        if hostname and len(same) > 1:
            former |= _stale_of_one_name(_by_right(same), address)
    return former


def _stale_of_one_name(same: list[Values], address: t.Callable[[Values], str]) -> set[str]:
    first, *others = same
    if is_offline(first):
        return set()
    seen, former = {address(first)}, set()
    for node in others:
        if is_offline(node) or address(node) in seen - {""}:
            former.add(node["id"])
        seen.add(address(node))
    return former
