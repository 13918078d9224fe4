# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names of hosts in the inventory: one each, and none that means something else to Ansible."""

from __future__ import annotations

import re
import typing as t

from ...module_utils._errors import BadInput
from .addresses import is_own
from .choice import by_right

Values = dict[str, t.Any]
Render = t.Callable[[str, Values], str]
_FIELDS = ("hostname", "name", "id", "address")
_LABELS = {"label:": "labels", "engine_label:": "engine_labels"}
# No blank, comma, colon, bracket and the like, which patterns of hosts are made of; no slash, as Ansible looks for
# files of this name in host_vars; no dash first, which ssh would take for an option.
_NAME = re.compile(r"\w[\w.@+-]{0,252}")
_RESERVED = ("all", "ungrouped", "implicit_localhost")


class Names(t.NamedTuple):
    """:param by_id: node ID -> name.
    :param nameless: nodes that go by their ID, as nothing else could be used.
    :param shared: a name, the node that has it, and a node that would have had it.
    """

    by_id: dict[str, str]
    nameless: list[Values]
    shared: list[tuple[str, Values, Values]]


def is_template(preference: str) -> bool:
    return "{{" in preference or "{%" in preference


def check_preferences(preferences: list[str]) -> None:
    """Raise BadInput for a preference that there is not."""
    for preference in preferences:
        known = preference in _FIELDS or any(preference.startswith(kind) for kind in _LABELS)
        if not known and not is_template(preference):
            raise BadInput(
                f"hostnames: {preference!r} is none of {', '.join(_FIELDS)}, label:KEY, engine_label:KEY, and no"
                " template ({{ … }})."
            )


def name_nodes(nodes: list[Values], preferences: list[str], render: Render, groups: t.Container[str]) -> Names:
    """Give every node a name of its own.

    Of nodes with one name, the one that is ready keeps it, and of several the one that joined last: a wiped machine
    comes back as a new node, and its old entry stays ready for some seconds. The others get their ID behind it.

    :param render: makes a name of a template and a node.
    :param groups: names that groups have.
    """
    names: dict[str, str] = {}
    owners: dict[str, Values] = {}
    nameless: list[Values] = []
    shared: list[tuple[str, Values, Values]] = []
    for node in by_right(nodes):
        name = _first_usable(node, preferences, render, groups)
        if not name:
            nameless.append(node)
            name = node["id"]
        if name in owners:
            shared.append((name, owners[name], node))
            name = f"{name}_{node['id']}"
        owners[name] = node
        names[node["id"]] = name
    return Names(names, nameless, shared)


def _first_usable(node: Values, preferences: list[str], render: Render, groups: t.Container[str]) -> str:
    for preference in preferences:
        name = _candidate(node, preference, render)
        if usable(name) and name not in groups:
            return name
    return ""


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
    nameless = [node for node in names.nameless if node["id"] in shown]
    return _on_nameless(nameless) + [_on_shared(*entry) for entry in names.shared if entry[2]["id"] in shown]


def _on_nameless(nodes: list[Values]) -> list[str]:
    if not nodes:
        return []
    shown = ", ".join(f"{node['id']} (host name {node['hostname']!r})" for node in nodes[:5])
    more = f" and {len(nodes) - 5} more" if len(nodes) > 5 else ""
    return [f"Nodes without a name that can be used in an inventory go by their ID: {shown}{more}."]


def _on_shared(name: str, owner: Values, other: Values) -> str:
    return (
        f"Two nodes are called {name}: {owner['id']}, which is {owner['state']}, keeps the name, and {other['id']},"
        f" which is {other['state']}, is {name}_{other['id']}."
    )
