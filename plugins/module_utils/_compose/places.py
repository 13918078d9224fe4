# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A parsed file, and places in it: ``services.web.ports[0]``."""

from __future__ import annotations

import contextlib
import difflib
import typing as t

from .errors import ComposeError, Invalid, Problem


class File(t.NamedTuple):
    """:param name: for messages. :param document: as parsed.
    :param lines: place to line number, as far as known; a place without one has that of what it is in.
    """

    name: str
    document: t.Any
    lines: t.Mapping[str, int] = {}

    def spot(self, place: str) -> str:
        """``stack.yml, line 7``, or without the line."""
        line = self._line(place)
        return f"{self.name}, line {line}" if line else self.name

    def _line(self, place: str) -> int | None:
        while place and place not in self.lines:
            place = outer(place)
        return self.lines.get(place)

    def error(self, problems: t.Iterable[Problem]) -> ComposeError:
        return ComposeError("\n".join(f"{self.spot(place)}: {place}: {text}" for place, text in problems))


def inside(place: str, key: object) -> str:
    """The place of a key of the mapping at ``place``."""
    return f"{place}.{key}" if place else str(key)


def outer(place: str) -> str:
    """The place that this one is in; empty for the top."""
    return place[: max(place.rfind("."), place.rfind("["), 0)]


def closest(key: str, known: t.Iterable[str]) -> str:
    """``; did you mean environment?``, or nothing."""
    found = difflib.get_close_matches(key, list(known), n=1)
    return f"; did you mean {found[0]}?" if found else ""


@contextlib.contextmanager
def at(place: str) -> t.Iterator[None]:
    """Give ValueError of what is done in it a place."""
    try:
        yield
    except ValueError as error:
        raise Invalid(place, str(error)) from None
