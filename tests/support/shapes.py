# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Shapes of results, and what a diff names without need."""

from __future__ import annotations

from typing import Any


def shape(value: Any) -> Any:
    """Keys and types of a value, recursively.

    A list has the shapes of its elements, each once. None is a shape of its own: a value that is not known
    in check mode must be shown by something of its type.
    """
    if isinstance(value, dict):
        return {key: shape(item) for key, item in sorted(value.items())}
    if isinstance(value, list):
        shapes: list[Any] = []
        for item in value:
            if shape(item) not in shapes:
                shapes.append(shape(item))
        return shapes
    return type(value).__name__


def redundant(before: Any, after: Any) -> list[str]:
    """The options that both sides of a diff name with the same value.

    An option that is a dict (labels) counts as a whole: showing all labels because one changes is no excess.
    """
    return [key for key in before if key in after and before[key] == after[key]]
