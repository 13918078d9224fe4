# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values of a task as plain Python ones: Ansible's carry tags (where they come from, whether they are trusted)."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from ...module_utils._core.errors import BadInput
from ...module_utils._stack.compose_places import ComposeError
from .._compose.units import as_text
from .._native import rebuilt


def plain_document(value: object, name: str) -> object:
    """A document that stands in a task; raises ComposeError. A date becomes text, as in a file."""

    def refuse(item: object, place: str) -> t.NoReturn:
        raise ComposeError(f"{name}: {place}: a compose file has no value of the type {type(item).__name__}")

    return rebuilt(value, lambda key: rebuilt(key, str, refuse), refuse)


def plain_variables(values: Mapping[str, object], option: str) -> dict[str, str | None]:
    """Name to text; numbers and booleans as they are written in YAML, null for a variable that is not to be set.

    Raises BadInput, which shows no value.
    """
    found: dict[str, str | None] = {}
    for name, value in values.items():
        if isinstance(value, str) or value is None:
            found[str(name)] = value if value is None else str(value)
        elif isinstance(value, (bool, int, float)):
            found[str(name)] = as_text(value)
        else:
            raise BadInput((option, str(name)), "must be a string, a number, a boolean or null.")
    return found
