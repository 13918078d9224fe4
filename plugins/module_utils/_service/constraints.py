# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Placement constraints, read as swarmkit reads them (manager/constraint/constraint.go).

The one parser and evaluator: of the modules' options, of waiting for a service, and of the roles' plans.
"""

from __future__ import annotations

import re
import typing as t
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from .._core.validators import closest

KEYS = ("node.id", "node.hostname", "node.ip", "node.role", "node.platform.os", "node.platform.arch")
LABELS = ("node.labels.", "engine.labels.")
_VERY_SIMILAR = 0.8
_PARTS = re.compile(r"\s*(.*?)\s*([=!]=)\s*(.*?)\s*", re.DOTALL)
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]+")
_VALUE = re.compile(r"[A-Za-z0-9:\-_\s.*()?+\[\]\\^$|/]+")


class Constraint(t.NamedTuple):
    """:param key: as written; all but a label's own name count without case. :param wanted: False for ``!=``."""

    key: str
    wanted: bool
    value: str

    def __str__(self) -> str:
        return f"{self.key}{'==' if self.wanted else '!='}{self.value}"


class NodeFacts(t.NamedTuple):
    """What constraints are about. Empty where the manager does not know it."""

    id: str
    hostname: str
    ip: str
    role: str
    os: str
    arch: str
    labels: t.Mapping[str, str]
    engine_labels: t.Mapping[str, str]


def split_constraint(text: str) -> Constraint | None:
    """Return the parts of a constraint; None where it has no operator or lacks a side."""
    found = _PARTS.fullmatch(text)
    return Constraint(found[1], found[2] == "==", found[3]) if found and found[1] and found[3] else None


def parse_constraint(text: str) -> Constraint:
    """Return the parts of a constraint; raise ValueError for one that fits no node, whatever nodes there are.

    The engine refuses other characters. It accepts any key, and then waits for a node that has it.
    """
    found = split_constraint(text)
    if found is None:
        raise ValueError(f"{text!r} is not a constraint. Write it like node.labels.zone==a, or with !=")
    if not _KEY.fullmatch(found.key) or not _VALUE.fullmatch(found.value):
        raise ValueError(f"{text!r} contains a character that is not allowed in constraints")
    _refuse_unknown_key(found.key)
    if found.key.lower() == "node.role" and found.value.lower() not in ("manager", "worker"):
        raise ValueError(f"{text!r} matches no node. node.role is manager or worker")
    if found.key.lower() == "node.ip" and _network(found.value) is None:
        raise ValueError(
            f"{text!r} matches no node. node.ip is compared with an IP address or a subnet such as 10.0.0.0/8"
        )
    return found


def _refuse_unknown_key(key: str) -> None:
    lower = key.lower()
    if lower in KEYS or any(lower.startswith(prefix) and len(key) > len(prefix) for prefix in LABELS):
        return
    raise ValueError(
        f"nodes have no key {key!r}, so the constraint matches none of them. {_hint(key)}"
        " Keys are node.id, node.hostname, node.ip, node.role, node.platform.os, node.platform.arch,"
        " node.labels.NAME and engine.labels.NAME"
    )


def _hint(key: str) -> str:
    start, _dot, rest = key.partition(".")
    group, dot, name = rest.partition(".")
    labels = closest(f"{start}.{group}.", LABELS, _VERY_SIMILAR) if dot and name else None
    known = closest(key, KEYS, _VERY_SIMILAR)
    if labels or known:
        meant = f"{labels}{name}" if labels else known
    elif start.lower() in ("node", "engine", "label", "labels") and rest:
        meant = f"{'engine' if start.lower() == 'engine' else 'node'}.labels.{rest}"
    else:
        meant = f"node.labels.{key}"
    return f"Did you mean {meant!r}?"


def parse_spread(descriptor: str) -> str:
    """Return what tasks are spread over; raise ValueError for what swarmkit ignores (scheduler/nodeset.go): it knows
    labels alone."""
    lower = descriptor.lower()
    if any(lower.startswith(prefix) and len(lower) > len(prefix) for prefix in LABELS):
        return descriptor
    name = descriptor.rpartition(".")[2]
    hint = f". Did you mean 'node.labels.{name}'?" if name else ""
    raise ValueError(
        f"{descriptor!r} is ignored by the engine, which spreads over node.labels.NAME and engine.labels.NAME{hint}"
    )


def meets(node: NodeFacts, text: str) -> bool:
    """Return whether a node meets a constraint. An unknown key fits no node, whatever the operator."""
    found = split_constraint(text)
    if found is None:
        return False
    key = found.key.lower()
    if key == "node.ip":
        inside = _is_inside(node.ip, found.value)
        return inside is not None and inside == found.wanted
    live = _fact(node, found.key)
    return live is not None and (live.lower() == found.value.lower()) == found.wanted


def _fact(node: NodeFacts, key: str) -> str | None:
    lower = key.lower()
    for prefix, labels in zip(LABELS, (node.labels, node.engine_labels)):
        if lower.startswith(prefix) and len(key) > len(prefix):
            return str(labels.get(key[len(prefix) :], ""))
    facts = {
        "node.id": node.id,
        "node.hostname": node.hostname,
        "node.role": node.role,
        "node.platform.os": node.os,
        "node.platform.arch": node.arch,
    }
    return facts.get(lower)


def _network(text: str) -> IPv4Network | IPv6Network | None:
    """As Go reads it: a prefix length, but no netmask."""
    if not re.fullmatch(r"[^/]+(/[0-9]{1,3})?", text):
        return None
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def _is_inside(address: str, text: str) -> bool | None:
    """Whether an address is in a subnet; None where the subnet is not one, which fits no node."""
    network = _network(text)
    if network is None:
        return None
    try:
        return ip_address(address) in network
    except ValueError:
        return False
