# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the name of a node does not mean exactly one."""

from __future__ import annotations

import difflib

from .._errors import NotFound, Refused
from .._path import Document
from . import nodes as views


def choose(found: list[Document], name: str, destroy: bool) -> tuple[Document, str]:
    """Of several entries with one host name, the one that is up, and a warning that names the others.

    Raise Refused where that is not clear, or where one of them shall be destroyed.
    """
    ready = [node for node in found if views.is_ready(node)]
    listed = "; ".join(f"{node['ID']} is {views.state(node)}" for node in found)
    if len(ready) != 1 or destroy:
        raise Refused(f"hostname: {len(found)} nodes are called {name}: {listed}. Give the ID.")
    stale = ", ".join(node["ID"] for node in found if node is not ready[0])
    return ready[0], (
        f"{len(found)} nodes are called {name}: {ready[0]['ID']} is ready and is meant. Stale: {stale};"
        " remove it with state: absent and its ID as hostname."
    )


def not_found(nodes: list[Document], name: str) -> NotFound:
    names = sorted({views.hostname(node) for node in nodes})
    near = difflib.get_close_matches(name, names, 1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(names) or 'none at all'}."
    return NotFound(f"hostname: the swarm has no node with the ID or host name {name}; {hint}", 404)
