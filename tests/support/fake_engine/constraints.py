# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Placement constraints: `key == value` and `key != value`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .errors import rpc

if TYPE_CHECKING:
    from .node import Node

_KEY = re.compile(r"(?i)[a-z_][a-z0-9\-_.]+")
_VALUE = re.compile(r"(?i)[a-z0-9:\-_\s.*()?+\[\]\\^$|/]+")


def parse(text: str) -> tuple[str, str, str]:
    """key, operator, value. ApiError 500 in the manager's words."""
    for operator in ("==", "!="):
        key, found, value = (part.strip() for part in text.partition(operator))
        if not found:
            continue
        if not _KEY.fullmatch(key):
            raise rpc("Unknown", f"key '{key}' is invalid")
        if not _VALUE.fullmatch(value):
            raise rpc("Unknown", f"value '{value}' is invalid")
        return key, operator, value
    raise rpc("Unknown", "constraint expected one operator from ==, !=")


def match(node: Node, texts: list[str]) -> bool:
    """Whether a node satisfies all of them; values are compared whatever their case, an unknown key fails."""
    return all(_holds(node, *parse(text)) for text in texts)


def _holds(node: Node, key: str, operator: str, value: str) -> bool:
    live = _value(node, key)
    return live is not None and (live.lower() == value.lower()) == (operator == "==")


def _value(node: Node, key: str) -> str | None:
    """What a node has under the key; a label that is not there is empty, an unknown key is None."""
    low = key.lower()
    if low.startswith("node.labels."):
        return str(node.spec["Labels"].get(key[len("node.labels.") :], ""))
    if low.startswith("engine.labels."):
        return node.engine_labels.get(key[len("engine.labels.") :], "")
    known = {
        "node.id": node.id,
        "node.hostname": node.hostname,
        "node.role": "manager" if node.id in node.swarm.members else "worker",
        "node.ip": node.address,
        "node.platform.os": "linux",
        "node.platform.arch": "x86_64",
    }
    return known.get(low)
