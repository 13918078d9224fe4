# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why something is not done to a secret or config, and what would do instead."""

from __future__ import annotations

import typing as t

from ..._errors import BadInput, Refused
from ..._path import Document
from .kinds import Kind


def no_data(kind: Kind, name: str, there: bool) -> BadInput:
    """There is nothing that the new object could hold."""
    if there:
        return BadInput(f"data: {kind.name} {name} would have to be replaced, which takes its data.")
    return BadInput(f"data: there is no {kind.name} {name!r}, and to create it takes data.")


def in_use(kind: Kind, name: str, reasons: t.Sequence[str], used: list[str]) -> Refused:
    """Why it cannot be replaced, and what would do instead."""
    services = "the service" if len(used) == 1 else "the services"
    return Refused(
        f"{kind.name} {name} would have to be replaced ({'; '.join(reasons)}), and it is used by {', '.join(used)}."
        f" With content_names or rolling_versions this makes a new version, which {services} can be pointed to."
    )


def not_removed(kind: Kind, items: list[Document], used: t.Mapping[str, list[str]]) -> Refused:
    """Which of them are used, and by whom."""
    said = [
        f"{kind.name} {item['Spec']['Name']} is used by {', '.join(used[item['ID']])}"
        for item in items
        if item["ID"] in used
    ]
    return Refused(f"{', '.join(said)}: nothing is removed.")
