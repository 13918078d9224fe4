# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""JMESPath over the result of an info module."""

from __future__ import annotations

import traceback
import typing as t

from ._errors import BadInput, MissingLibrary


def check_query(expression: str | None) -> t.Any:
    """Compile an expression; raises BadInput that names the position of a mistake."""
    if not expression:
        return None
    try:
        import jmespath
        import jmespath.exceptions
    except ImportError as error:
        raise MissingLibrary("The option query needs jmespath.", "jmespath", traceback.format_exc()) from error
    try:
        return jmespath.compile(expression)
    except jmespath.exceptions.JMESPathError as error:
        position = getattr(error, "lex_position", None)
        where = f" at position {position}" if isinstance(position, int) and position >= 0 else ""
        raise BadInput(f"query: {expression!r} is no valid JMESPath expression{where}: {_reason(error)}.") from error


def run_query(compiled: t.Any, data: t.Any) -> t.Any:
    import jmespath.exceptions

    try:
        return compiled.search(data)
    except jmespath.exceptions.JMESPathError as error:
        raise BadInput(f"query: it cannot be applied: {_reason(error)}.") from error


def _reason(error: Exception) -> str:
    """The first line; the others draw an arrow below the expression."""
    return str(error).splitlines()[0].rstrip(".: ")
