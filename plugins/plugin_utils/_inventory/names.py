# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names of hosts in the inventory: one each, and none that means something else to Ansible."""

from __future__ import annotations

import re
import typing as t

from ...module_utils._core.errors import BadInput
from ...module_utils._core.validators import same_ip, told_host
from ...module_utils._core.values import Values
from .addresses import check_texts, is_own
from .choice import is_offline

Render = t.Callable[[str, Values], str]
_FIELDS = ("hostname", "name", "id", "address")
_LABELS = {"label:": "labels", "engine_label:": "engine_labels"}
# No blank, comma, colon, bracket and the like, which patterns of hosts are made of; no slash, as Ansible looks for
# files of this name in host_vars; no dash first, which ssh would take for an option.
_NAME = re.compile(r"\w[\w.@+-]{0,252}")
_ADVICE = 'To name nodes by what a manager has set: hostnames: ["label:KEY", id].'
_RESERVED = ("all", "ungrouped", "implicit_localhost")


class ForeignHost(t.NamedTuple):
    """A host of another source of the inventory.

    :param address: where Ansible connects to; empty where it is not an IP address.
    :param node_id: the node that it is, where another source of this plugin has it.
    """

    address: str
    node_id: str

    def is_node(self, node: Values) -> bool:
        """Whether it is this node: by ID, or at an address at which the managers see the node."""
        if self.node_id:
            return self.node_id == node["id"]
        seen = (told_host(node["manager_address"]), told_host(node["seen_at"]))
        return any(same_ip(self.address, address) for address in seen)


class Names(t.NamedTuple):
    """:param by_id: node ID -> name.
    :param nameless: nodes that go by their ID, as nothing else could be used.
    :param shared: a name, the node that has it (None where no node has a right to it), and a node that does not get it.
    :param foreign: a name that a host of another source has, and a node that claims it.
    """

    by_id: dict[str, str]
    nameless: list[Values]
    shared: list[tuple[str, Values | None, Values]]
    foreign: list[tuple[str, Values]]


class _NameClaim(t.NamedTuple):
    """:param by_manager: whether the name comes from what a manager set: a label, the name in the node's spec, its ID."""

    node: Values
    by_manager: bool

    @property
    def standing(self) -> tuple[bool, ...]:
        """Smaller is better. A host name is what the node says of itself, so it yields to what a manager says."""
        node = self.node
        manager = bool(node["manager"])
        return (
            not (manager and node["reachability"] == "reachable"),
            not self.by_manager,
            not manager,
            is_offline(node),
            node["state"] != "ready",
        )


def is_template(preference: str) -> bool:
    return "{{" in preference or "{%" in preference


def check_preferences(preferences: list[str]) -> None:
    """Raise BadInput for a preference that there is not."""
    check_texts("hostnames", list(preferences))
    for preference in preferences:
        known = preference in _FIELDS or any(preference.startswith(kind) and preference != kind for kind in _LABELS)
        if not known and not is_template(preference):
            raise BadInput(
                "hostnames",
                f"{preference!r} is none of {', '.join(_FIELDS)}, label:KEY, engine_label:KEY, and no"
                " template ({{ … }}).",
            )


def name_nodes(
    nodes: list[Values],
    preferences: list[str],
    render: Render,
    groups: t.Container[str],
    others: t.Mapping[str, ForeignHost],
) -> Names:
    """Give every node a name of its own.

    Of nodes with one name, it goes to the manager that the others reach, then to the node that a manager has named, then
    to a manager, then to the node that is ready. Of managers of one standing the one that joined last has it, as a wiped
    machine comes back as a new node; workers of one standing have no right to it. The rest get their ID behind it.

    :param nodes: with ``seen_at``, the address at which the managers see the node.
    :param render: makes a name of a template and a node.
    :param groups: names that groups have.
    :param others: hosts of other sources. What a node says of itself does not make it one of them.
    """
    claims: dict[str, list[_NameClaim]] = {}
    names, nameless = {node["id"]: node["id"] for node in nodes}, []
    for node in _youngest_first(nodes):
        name, by_manager = _first_usable(node, preferences, render, groups, names)
        if name:
            claims.setdefault(name, []).append(_NameClaim(node, by_manager))
        else:
            nameless.append(node)
    shared: list[tuple[str, Values | None, Values]] = []
    foreign: list[tuple[str, Values]] = []
    for name, claimed in claims.items():
        owner, *rest = sorted(claimed, key=lambda claim: claim.standing)
        if name in others and not owner.by_manager and not others[name].is_node(owner.node):
            foreign += [(name, claim.node) for claim in claimed]
            rest = claimed
        elif rest and _equals(owner, rest[0]):
            shared += [(name, None, claim.node) for claim in claimed]
            rest = claimed
        else:
            shared += [(name, owner.node, claim.node) for claim in rest]
            names[owner.node["id"]] = name
        names.update((claim.node["id"], f"{name}_{claim.node['id']}") for claim in rest)
    return Names(names, nameless, shared, foreign)


def _youngest_first(nodes: list[Values]) -> list[Values]:
    return sorted(nodes, key=lambda node: (node["created_at"], node["id"]), reverse=True)


def _equals(one: _NameClaim, other: _NameClaim) -> bool:
    """Whether two workers that are both there have equal claims to a name."""
    return one.standing == other.standing and not one.node["manager"] and not is_offline(one.node)


def _first_usable(
    node: Values, preferences: list[str], render: Render, groups: t.Container[str], ids: t.Container[str]
) -> tuple[str, bool]:
    for preference in preferences:
        name = _candidate(node, preference, render)
        if usable(name) and name not in groups and not _names_another(name, node, ids):
            return name, preference in ("id", "name") or preference.startswith("label:")
    return "", False


def _names_another(name: str, node: Values, ids: t.Container[str]) -> bool:
    """Whether the name is another node's ID, or what another node would be called for its ID."""
    return any(part in ids and part != node["id"] for part in (name, name.rpartition("_")[2]))


def _candidate(node: Values, preference: str, render: Render) -> str:
    if preference in _FIELDS:
        return node[preference]
    for kind, field in _LABELS.items():
        if preference.startswith(kind):
            return node[field].get(preference[len(kind) :], "")
    return render(preference, node)


def usable(name: str) -> bool:
    """Whether a text can be a host's name; those of the controller itself cannot."""
    return bool(_NAME.fullmatch(name)) and name not in _RESERVED and not is_own(name)


def complaints(names: Names, shown: t.Container[str]) -> list[str]:
    """Sentences on names that nodes could not have, as far as they are shown."""
    found = _on_nameless([node for node in names.nameless if node["id"] in shown])
    found += [_on_shared(*entry) for entry in names.shared if entry[2]["id"] in shown]
    return found + [_on_foreign(*entry) for entry in names.foreign if entry[1]["id"] in shown]


def _on_nameless(nodes: list[Values]) -> list[str]:
    if not nodes:
        return []
    shown = ", ".join(f"{node['id']} (host name {node['hostname']!r})" for node in nodes[:5])
    more = f" and {len(nodes) - 5} more" if len(nodes) > 5 else ""
    return [f"Nodes without a name that can be used in an inventory go by their ID: {shown}{more}."]


def _on_shared(name: str, owner: Values | None, other: Values) -> str:
    if owner is None:
        return (
            f"hostnames: several nodes are called {name}, and no manager has named one of them, so {other['id']}, which is"
            f" {other['state']}, is {name}_{other['id']}. {_ADVICE}"
        )
    return (
        f"Two nodes are called {name}: {owner['id']}, which is {owner['state']}, keeps the name, and {other['id']},"
        f" which is {other['state']}, is {name}_{other['id']}."
    )


def _on_foreign(name: str, node: Values) -> str:
    return (
        f"hostnames: node {node['id']} at {node['seen_at'] or 'an unknown address'} calls itself {name}, which is a host of"
        f" another source with another address, so it is {name}_{node['id']}. {_ADVICE}"
    )
