# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A command line in one string to its words, as github.com/google/shlex splits it, which the docker command line
uses. Python's shlex differs: it keeps a backslash in double quotes before most characters, and sees no comments.
"""

from __future__ import annotations

import typing as t

_BLANKS = " \t\r\n"


def split_words(text: str) -> list[str]:
    """The words; raises ValueError for a quote without its end. A ``#`` at the start of a word begins a comment."""
    words: list[str] = []
    rest = iter(text)
    for char in rest:
        if char in _BLANKS:
            continue
        if char == "#":
            _skip_comment(rest)
        else:
            words.append(_word(char, rest))
    return words


def _skip_comment(rest: t.Iterator[str]) -> None:
    for char in rest:
        if char == "\n":
            return


def _word(char: str | None, rest: t.Iterator[str]) -> str:
    word = ""
    while char is not None and char not in _BLANKS:
        if char == "'":
            word += _single_quoted(rest)
        elif char == '"':
            word += _double_quoted(rest)
        else:
            word += _next(rest, "after a backslash") if char == "\\" else char
        char = next(rest, None)
    return word


def _single_quoted(rest: t.Iterator[str]) -> str:
    found = ""
    while (char := _next(rest, "in single quotes")) != "'":
        found += char
    return found


def _double_quoted(rest: t.Iterator[str]) -> str:
    found = ""
    while (char := _next(rest, "in double quotes")) != '"':
        found += _next(rest, "after a backslash") if char == "\\" else char
    return found


def _next(rest: t.Iterator[str], where: str) -> str:
    char = next(rest, None)
    if char is None:
        raise ValueError(f"the command ends {where}")
    return char
