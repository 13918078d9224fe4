# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Apply the option ``query``, a JMESPath expression, to the result of an info module.

A wrong expression is refused with the place of the mistake: where it cannot be compiled, calls an unknown function or passes
another number of arguments, or cannot be applied to the result.
"""

from __future__ import annotations

import traceback
import typing as t

from .errors import BadInput, MissingLibrary
from .values import Values


class Query(t.Protocol):
    """A compiled expression of jmespath."""

    expression: str

    def search(self, value: object) -> t.Any: ...


def check_query(expression: str | None) -> Query | None:
    """Compile an expression; raises BadInput that names the position of a mistake."""
    if not expression:
        return None
    try:
        import jmespath
    except ImportError as error:
        raise MissingLibrary("query: needs the Python package jmespath.", "jmespath", traceback.format_exc()) from error

    try:
        compiled: Query = jmespath.compile(expression)
    except ValueError as error:  # the root of jmespath's own
        raise mistake(expression, error) from error
    wrong_call(expression)
    return compiled


def listing(key: str, items: list[Values], compiled: Query | None) -> Values:
    """Return a list as the result of an info module, under its key, with what the expression makes of it as ``result``."""
    return {key: items, "result": run_query(compiled, items)} if compiled else {key: items}


def run_query(compiled: Query, data: object) -> t.Any:
    """What an expression makes of data; raises BadInput where they do not fit."""
    try:
        return compiled.search(data)
    except (ValueError, TypeError) as error:  # a slice's step of zero raises ValueError, not JMESPathError
        raise not_applicable(compiled.expression, error) from error


Token = dict[str, t.Any]
_OPENING = ("lparen", "lbracket", "lbrace", "filter")
_CLOSING = ("rparen", "rbracket", "rbrace")
_SHOWN = 20


def mistake(expression: str, error: Exception) -> BadInput:
    """Why an expression cannot be compiled. jmespath draws an arrow below it; a result has one line."""
    return _bad(expression, getattr(error, "lex_position", None), _reason(error))


def not_applicable(expression: str, error: Exception) -> BadInput:
    """Why an expression cannot be applied; where a function says so, with its first call."""
    called = getattr(error, "function_name", None)
    positions = [start for start, name, _given in _calls(expression) if name == called]
    where = f" at {_place(expression, positions[0])}" if positions else ""
    return BadInput("query", f"{expression!r} cannot be applied{where}: {_reason(error)}.")


def wrong_call(expression: str) -> None:
    """Raise BadInput for a function that there is not, or that has another number of arguments.

    jmespath would tell neither before data come its way, and never where.
    """
    from jmespath.functions import Functions

    for position, name, given in _calls(expression):
        if name not in Functions.FUNCTION_TABLE:
            raise _bad(expression, position, f"the function {name}() does not exist")
        signature = Functions.FUNCTION_TABLE[name]["signature"]
        more = bool(signature and signature[-1].get("variadic"))
        if given < len(signature) or (given > len(signature) and not more):
            least = "at least " if more else ""
            raise _bad(expression, position, f"{name}() takes {least}{_count(len(signature))}, but gets {given}")


def _count(number: int) -> str:
    return f"{number} argument" + ("" if number == 1 else "s")


def _bad(expression: str, position: object, reason: str) -> BadInput:
    where = f" at {_place(expression, position)}" if isinstance(position, int) and position >= 0 else ""
    return BadInput("query", f"{expression!r} is not a valid JMESPath expression{where}: {reason}.")


def _place(expression: str, position: int) -> str:
    """Positions count from 1, as in an editor."""
    rest = expression[position : position + _SHOWN]
    return f"position {position + 1} ({rest!r})" if rest else f"position {position + 1} (its end)"


def _reason(error: Exception) -> str:
    """The beginning of jmespath's message: after it come its own position and the expression."""
    line = str(error).split("\n", 1)[0].partition(": Parse error at column")[0]
    for opening in ("Invalid jmespath expression: ", "Bad jmespath expression: "):
        line = line[len(opening) :] if line.startswith(opening) else line
    return line.rstrip(".: ")


def _calls(expression: str) -> t.Iterator[tuple[int, str, int]]:
    """Position, name and number of arguments of each function call of a valid expression."""
    from jmespath.lexer import Lexer

    tokens: list[Token] = list(Lexer().tokenize(expression))
    for index, (token, following) in enumerate(zip(tokens, tokens[1:])):
        if token["type"] == "unquoted_identifier" and following["type"] == "lparen":
            yield token["start"], token["value"], _arguments(tokens[index + 2 :])


def _arguments(tokens: list[Token]) -> int:
    """How many there are up to the parenthesis that closes the call."""
    depth, commas = 0, 0
    if tokens[0]["type"] == "rparen":
        return 0
    for token in tokens:
        if token["type"] in _CLOSING and depth == 0:
            break
        depth += (token["type"] in _OPENING) - (token["type"] in _CLOSING)
        commas += token["type"] == "comma" and depth == 0
    return commas + 1
