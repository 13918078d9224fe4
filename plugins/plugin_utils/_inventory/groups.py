# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Groups of a node, out of the box. Names are raw: Ansible makes them fit."""

from __future__ import annotations

import typing as t

from ...module_utils._core.values import Values
from .choice import is_offline

Place = dict[str, list[str]]

# Leader, availabilities and states of nodes (moby, api/types/swarm/node.go), and the groups of this plugin.
_WORDS = ("leader", "active", "pause", "drain", "ready", "down", "unknown", "disconnected", "offline", "former")
KINDS = ("role", "leader", "availability", "state", "label", "engine_label", "platform", "service", "stack")


class GroupOptions(t.NamedTuple):
    """:param prefix: of every group but those of roles.
    :param roles: ``manager`` and ``worker`` -> the name of the group.
    :param kinds: which of KINDS there are.
    """

    prefix: str
    roles: dict[str, str]
    kinds: frozenset[str]

    @property
    def everything(self) -> str:
        """The group of all nodes."""
        return self.prefix.rstrip("_") or "swarm"

    @property
    def fixed(self) -> frozenset[str]:
        """Names of groups that no host may have, whether there are any nodes in them or not."""
        return frozenset({self.everything, *self.roles.values(), *(self.prefix + word for word in _WORDS)})


def groups_of(node: Values, place: Place, naming: GroupOptions, former: bool, apart: bool) -> list[str]:
    """The groups of a node.

    :param place: what runs there, as ``placement`` tells it.
    :param former: whether it is an entry of a former life; nothing can be done with it.
    :param apart: whether nodes that are offline are in no other groups than those of offline nodes.
    """
    offline = is_offline(node)
    names = [naming.everything, *_state(node, naming)]
    if offline:
        names.append(naming.prefix + "offline")
    if former:
        names.append(naming.prefix + "former")
    if former or (offline and apart):
        return names
    return names + [name for kind, make in _KINDS.items() if kind in naming.kinds for name in make(node, place, naming)]


def _state(node: Values, naming: GroupOptions) -> list[str]:
    return [naming.prefix + node["state"]] if "state" in naming.kinds else []


def _role(node: Values, place: Place, naming: GroupOptions) -> list[str]:
    return [naming.roles[node["role"]]] if node["role"] in naming.roles else []


def _leader(node: Values, place: Place, naming: GroupOptions) -> list[str]:
    return [naming.prefix + "leader"] if node["leader"] else []


def _availability(node: Values, place: Place, naming: GroupOptions) -> list[str]:
    return [naming.prefix + node["availability"]] if node["availability"] else []


def _labels(node: Values, place: Place, naming: GroupOptions) -> list[str]:
    return _by_label(node["labels"], naming.prefix + "label_")


def _engine_labels(node: Values, place: Place, naming: GroupOptions) -> list[str]:
    return _by_label(node["engine_labels"], naming.prefix + "engine_label_")


def _by_label(labels: dict[str, str], prefix: str) -> list[str]:
    return [f"{prefix}{key}_{value}" if value else prefix + key for key, value in labels.items()]


def _platform(node: Values, place: Place, naming: GroupOptions) -> list[str]:
    found = (("os_", node["os"]), ("arch_", node["architecture"]))
    return [naming.prefix + word + value for word, value in found if value]


def _services(node: Values, place: Place, naming: GroupOptions) -> list[str]:
    return [f"{naming.prefix}service_{name}" for name in place.get("services", ())]


def _stacks(node: Values, place: Place, naming: GroupOptions) -> list[str]:
    return [f"{naming.prefix}stack_{name}" for name in place.get("stacks", ())]


_KINDS: dict[str, t.Callable[[Values, Place, GroupOptions], list[str]]] = {
    "role": _role,
    "leader": _leader,
    "availability": _availability,
    "label": _labels,
    "engine_label": _engine_labels,
    "platform": _platform,
    "service": _services,
    "stack": _stacks,
}
