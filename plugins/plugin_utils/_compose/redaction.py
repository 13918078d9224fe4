# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Messages about a filled in file, with the names of variables instead of their values: these may be passwords."""

from __future__ import annotations

import re
import typing as t

from ...module_utils._stack.compose_places import File, walk

_NAME = re.compile(r"\$\{?([A-Za-z_][A-Za-z0-9_]*)")
_WORD = re.compile(r"[^\W_]+")
# Shorter values are not passwords, and are parts of many words.
_SHORTEST = 4


class Redactor:
    """:param files: the files as they are written. :param values: of variables."""

    def __init__(self, files: t.Sequence[File], values: t.Mapping[str, str]) -> None:
        self._files = files
        self._values = values
        self._used: list[tuple[File, str, set[str]]] | None = None

    def text(self, text: str, file: File, place: str) -> str:
        """A text about a place without the values of variables.

        Of the variables of the place itself no part is left: what reads a value often shows a piece of it.
        """
        names, here = self._names(file, place)
        for name in names:
            value = self._values.get(name, "")
            if len(value) >= _SHORTEST:
                for shown in (value, repr(value)[1:-1]):
                    text = text.replace(shown, f"${{{name}}}")
        for name in here:
            text = _without_pieces(text, name, self._values.get(name, ""))
        return text

    def _names(self, file: File, place: str) -> tuple[list[str], list[str]]:
        """The variables of all files, the longest values first, and those at a place or inside of it."""
        if self._used is None:
            self._used = [(one, *used) for one in self._files for used in _uses(one.document)]
        everywhere = {name for _file, _place, names in self._used for name in names}
        here = {
            name
            for one, used, names in self._used
            if one is file and (used == place or used.startswith((f"{place}.", f"{place}[")))
            for name in names
        }
        return sorted(everywhere, key=lambda name: (-len(self._values.get(name, "")), name)), sorted(here)


def _uses(document: object) -> t.Iterator[tuple[str, set[str]]]:
    """The places of a document that have variables, and which."""
    for place, value in walk(document):
        if isinstance(value, str) and "$" in value:
            yield place, set(_NAME.findall(value))


def _without_pieces(text: str, name: str, value: str) -> str:
    pieces = {piece for piece in _WORD.findall(value) if len(piece) >= _SHORTEST}
    for piece in sorted(pieces, key=lambda piece: (-len(piece), piece)):
        text = text.replace(piece, f"${{{name}}}")
    return text
