# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A parsed file, and places in it: ``services.web.ports[0]``."""

from __future__ import annotations

import contextlib
import difflib
import typing as t

from .errors import Invalid


class File(t.NamedTuple):
    """:param name: for messages. :param document: as parsed.
    :param lines: place to line number, as far as known; a place without one has that of what it is in.
    """

    name: str
    document: t.Any
    lines: t.Mapping[str, int] = {}

    def spot(self, place: str) -> str:
        """``stack.yml, line 7``, or without the line."""
        line = self.line(place)
        return f"{self.name}, line {line}" if line else self.name

    def line(self, place: str) -> int | None:
        """The line of a place, or of what it is in; None where it is not known."""
        while place and place not in self.lines:
            place = outer(place)
        return self.lines.get(place) or None


class Item(dict[str, t.Any]):
    """An element of a list, of a file or of a document, which keeps the file and place that it comes from.

    :param file: None where the place alone tells the file.
    """

    def __init__(self, values: t.Mapping[str, t.Any], file: File | None, place: str) -> None:
        super().__init__(values)
        self.file = file
        self.place = place


class Origins:
    """The files of a stack, and which of them a place of the merged whole stands in."""

    def __init__(self, files: t.Sequence[File]) -> None:
        self.files = files
        self._places: dict[int, t.Collection[str]] = {}

    def number(self, file: File) -> int:
        return next(number for number, one in enumerate(self.files) if one is file)

    def origin(self, place: str, file: File | None = None) -> tuple[File, str]:
        """The file that says what counts at a place, and the place in it.

        :param file: that file, where it is known.
        """
        if file is not None:
            return file, place
        key, bracket, rest = place.partition("[")
        if bracket and rest.partition("]")[0].isdigit():
            return self._element(key, *rest.split("]", 1))
        return self._last(place), place

    def existing(self, place: str, file: File | None = None) -> str:
        """The place, or the nearest one around it that the files have; the place itself where they have none."""
        numbers = range(len(self.files)) if file is None else [self.number(file)]
        found = place
        while found:
            if any(found in self.places(number) for number in numbers):
                return found
            found = outer(found)
        return place

    def _last(self, place: str) -> File:
        """The last file that has the place, or what it is in, since its word counts."""
        while place:
            for number in reversed(range(len(self.files))):
                if place in self.places(number):
                    return self.files[number]
            place = outer(place)
        return self.files[0]

    def _element(self, key: str, digits: str, rest: str) -> tuple[File, str]:
        """An element of lists that were put behind each other."""
        left = int(digits)
        for number, file in enumerate(self.files):
            length = sum(1 for place in self.places(number) if outer(place) == key and place.endswith("]"))
            if left < length:
                return file, f"{key}[{left}]{rest}"
            left -= length
        return self._last(key), key

    def places(self, number: int) -> t.Collection[str]:
        """All places of a file; a document that stands in a task has no lines."""
        if number not in self._places:
            file = self.files[number]
            self._places[number] = file.lines or unnumbered(file.document)
        return self._places[number]


def unnumbered(document: t.Any) -> dict[str, int]:
    """All places of a document that stands in no file, each with 0 for its line."""
    return dict.fromkeys(_all_places(document, ""), 0)


def _all_places(value: t.Any, place: str) -> t.Iterator[str]:
    if place:
        yield place
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _all_places(item, inside(place, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _all_places(item, f"{place}[{number}]")


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
