# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files of variables for interpolation (``.env``), in the grammar of ``docker compose`` (compose-go, dotenv).

``NAME=value``, also with ``export`` before and ``:`` for ``=``. A value without quotes ends before `` #`` or with its
line, and loses the blanks around it. Values in quotes may have several lines; in double quotes ``\\n`` and the like are
what they are in a shell's ``$''``. Variables are filled in except in single quotes. A name alone takes the value that
it has outside of the file, and is left out where it has none.

A service's ``env_file`` has another grammar, without quotes: see module_utils/_service/codecs.py.
"""

from __future__ import annotations

import collections
import re
import typing as t
from collections.abc import Mapping

from ...module_utils._service.codecs import env_file_text
from ...module_utils._stack.compose_places import ComposeError, problem_at
from .template import Lookup, substitute

_STATEMENT = re.compile(
    r"""(?:export[ \t]+)?
    (?P<name>[\w.\-\[\]]+)[ \t]*
    (?:(?P<sign>[=:])[ \t]*
        (?:'(?P<single>(?:[^'\\]|\\.)*)'(?P<after>[^\n]*)
        |"(?P<double>(?:[^"\\]|\\.)*)"(?P<behind>[^\n]*)
        |(?P<bare>(?!['"])[^\n]*)
        )
    |(?=\n|\Z))""",
    re.VERBOSE | re.DOTALL,
)
_NOTHING = re.compile(r"\s*(?:#[^\n]*\s*)*")
_COMMENT = re.compile(r"(?:^| )#.*")
# Unlike in a compose file, text after a name without braces is not a default.
_VARIABLE = re.compile(r"\$\$|\$\{[^}]*\}|\$(?P<bare>[A-Za-z_][A-Za-z0-9_]*)")
_ESCAPE = re.compile(r'\\([abfnrtv"\\$])')
_ESCAPED = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "$": "$$"}


Values = Mapping[str, t.Optional[str]]


def parse_dotenv(
    name: str, data: bytes, above: Values, below: Values, unset: t.Callable[[str], None]
) -> dict[str, str | None]:
    """:param name: for messages. :param above: values that count before those of the file. :param below: after them.
    :param unset: told of the name of each variable that is used and has no value.
    Raises ComposeError, which shows no value.
    """
    try:
        text = env_file_text(data).replace("\r\n", "\n")
    except ValueError as error:
        raise ComposeError(problem_at(name, str(error))) from None
    found: dict[str, str | None] = {}
    # It is only read.
    lookup = collections.ChainMap(above, found, below).get  # type: ignore[arg-type]  # takes no Mapping
    place = _after_nothing(text, 0)
    while place < len(text):
        try:
            match = _statement(text, place)
            _take(match, found, lookup, unset)
        except ValueError as error:
            line = text.count("\n", 0, place) + 1
            raise ComposeError(problem_at(name, str(error), line)) from None
        place = _after_nothing(text, match.end())
    return found


def _after_nothing(text: str, place: int) -> int:
    """The place behind empty lines and comments."""
    match = _NOTHING.match(text, place)
    return match.end() if match else place


def _statement(text: str, place: int) -> re.Match[str]:
    match = _STATEMENT.match(text, place)
    if not match:
        raise ValueError("is not a variable. Write it as NAME=value, and close the quotes of a value")
    return match


def _take(match: re.Match[str], found: dict[str, str | None], lookup: Lookup, unset: t.Callable[[str], None]) -> None:
    name = match["name"]
    after = match["after"] or match["behind"] or ""
    if after.strip() and not after.lstrip().startswith("#"):
        raise ValueError(f"unexpected text after the closing quotes of {name}")
    value = _value(match, lookup, unset) if match["sign"] else lookup(name)
    if value is not None:
        found[name] = value


def _value(match: re.Match[str], lookup: Lookup, unset: t.Callable[[str], None]) -> str:
    if match["single"] is not None:
        return match["single"].replace("\\'", "'")
    if match["double"] is not None:
        escaped = _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[1]), match["double"])
        return _filled(escaped, lookup, unset)
    return _filled(_COMMENT.sub("", match["bare"]).rstrip(), lookup, unset)


def _filled(text: str, lookup: Lookup, unset: t.Callable[[str], None]) -> str:
    braced = _VARIABLE.sub(lambda found: f"${{{found['bare']}}}" if found["bare"] else found[0], text)
    return substitute(braced, lookup, unset)
