# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What filters return for people, without the control characters that a host name or an engine's words may hold."""

from __future__ import annotations

import functools
import typing as t

from ..module_utils._core.redaction import printable, printable_values
from ..module_utils._core.values import Values

# Keys of plans whose values are shown and never used as data.
_TEXTS = frozenset(
    (
        "findings",
        "line",
        "lines",
        "notes",
        "problems",
        "steps",
        "stop",
        "summary",
        "to_do",
        "waits_for",
        "warnings",
        "what",
        "why",
    )
)


def printing(function: t.Callable[..., object]) -> t.Callable[..., object]:
    """Return the filter with its messages made printable; names, IDs and labels stay as they are.

    A filter that returns a text or a list of texts returns messages.
    """

    @functools.wraps(function)
    def printed(*args: object, **kwargs: object) -> object:
        return cleaned(function(*args, **kwargs))

    return printed


@t.overload
def cleaned(value: Values) -> Values: ...


@t.overload
def cleaned(value: object) -> object: ...


def cleaned(value: object) -> object:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: printable_values(item) if key in _TEXTS else _inside(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [cleaned(item) for item in value]
    return value


def _inside(value: object) -> object:
    """Data, in which dictionaries may have messages of their own."""
    if isinstance(value, dict):
        return cleaned(value)
    if isinstance(value, (list, tuple)) and any(isinstance(item, dict) for item in value):
        return [_inside(item) for item in value]
    return value
