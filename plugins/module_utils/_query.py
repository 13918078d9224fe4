# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""JMESPath over the result of an info module, and over the nodes of the inventory."""

from __future__ import annotations

import traceback
import typing as t

from ._errors import MissingLibrary


def check_query(expression: str | None) -> t.Any:
    """Compile an expression; raises BadInput that names the position of a mistake."""
    if not expression:
        return None
    try:
        import jmespath
    except ImportError as error:
        raise MissingLibrary("The option query needs jmespath.", "jmespath", traceback.format_exc()) from error
    from ._query_mistakes import mistake, wrong_call  # only where there is a query

    try:
        compiled = jmespath.compile(expression)
    except ValueError as error:  # the root of jmespath's own
        raise mistake(expression, error) from error
    wrong_call(expression)
    return compiled


def run_query(compiled: t.Any, data: t.Any) -> t.Any:
    """What an expression makes of data; raises BadInput where they do not fit."""
    try:
        return compiled.search(data)
    except (ValueError, TypeError) as error:  # a slice's step of zero is no JMESPathError
        from ._query_mistakes import misfit

        raise misfit(compiled.expression, error) from error
