# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Variables in a text: ``$NAME``, ``${NAME}``, ``${NAME:-default}`` and the like, ``$$`` for a dollar sign.

As docker/cli, cli/compose/template has it: a default is plain text without variables, and, which surprises, belongs
to a name without braces as well (``$NAME-x y`` has the default ``x y``). Where we differ: the sign right behind the
name counts, while the command line looks for ``-`` first and so reads ``${NAME:?say-so}`` as a default; and
``${NAME:+text}`` and ``${NAME+text}`` are known, which it refuses.
"""

from __future__ import annotations

import re
import typing as t

Lookup = t.Callable[[str], t.Optional[str]]

_NAME = r"[_a-zA-Z][_a-zA-Z0-9]*"
_VARIABLE = re.compile(
    rf"\$(?:(?P<dollar>\$)"
    rf"|(?P<bare>{_NAME})(?:(?P<bare_sign>:?[-?])(?P<bare_text>[^}}]*))?"
    rf"|\{{(?P<name>{_NAME})(?:(?P<sign>:?[-?+])(?P<text>[^}}]*))?\}}"
    rf"|(?P<wrong>))"
)


def substitute(text: str, lookup: Lookup, unset: t.Callable[[str], None]) -> str:
    """The text with values for names.

    :param lookup: name to value, None for a variable that is not set.
    :param unset: told of each name that has neither a value nor a default, and becomes empty.
    Raises ValueError, which shows nothing of the text: it may be a password.
    """

    def value_of(match: re.Match[str]) -> str:
        if match["dollar"]:
            return "$"
        name = match["name"] or match["bare"]
        if not name:
            raise ValueError("a $ without a variable. Write ${NAME}, or $$ for a dollar sign")
        return _value(name, match["sign"] or match["bare_sign"], match["text"] or match["bare_text"], lookup, unset)

    return _VARIABLE.sub(value_of, text)


def _value(name: str, sign: str | None, text: str | None, lookup: Lookup, unset: t.Callable[[str], None]) -> str:
    """With a colon, an empty variable counts as one that is not set."""
    value = lookup(name)
    there = value is not None and (value != "" or not (sign or "").startswith(":"))
    kind = (sign or "").lstrip(":")
    if kind == "+":
        return (text or "") if there else ""
    if there:
        return value or ""
    if kind == "?":
        raise ValueError(f"the variable {name} is required{f': {text}' if text else ''}")
    if kind != "-":
        unset(name)
    return text or ""
