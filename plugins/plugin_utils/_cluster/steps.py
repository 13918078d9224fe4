# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A plan as data: what is done to which node and why, and the reasons not to begin."""

from __future__ import annotations

import typing as t

from ...module_utils._core.paths import Values

COLUMNS = ("node", "step", "reason")


#: What a plan has that does nothing. Planners leave out what is empty.
EMPTY: Values = {"steps": [], "warnings": [], "stop": [], "confirm": ""}


class Step(t.NamedTuple):
    """:param node: name of the host or node; empty for a step that concerns the whole swarm.
    :param step: what is done to it.
    :param reason: why it is done, or why in this place of the order.
    """

    node: str
    step: str
    reason: str = ""


class Reason(t.NamedTuple):
    """A reason to stop.

    :param kind: for programs: what speaks against it.
    :param message: for people: what it is, and what to do about it.
    """

    kind: str
    message: str


def reasons(kind: str, messages: t.Iterable[str]) -> list[Reason]:
    return [Reason(kind, message) for message in messages]


def table(steps: t.Iterable[Step]) -> list[str]:
    """Return the lines of a table, without the columns that are empty in each row."""
    rows = [tuple(step) for step in steps]
    used = [column for column in range(len(COLUMNS)) if any(row[column] for row in rows)]
    cells = [[row[column] for column in used] for row in ([name.upper() for name in COLUMNS], *rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(used))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in cells]
