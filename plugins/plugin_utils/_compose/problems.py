# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with the files of a stack, collected over all phases of reading them and reported together."""

from __future__ import annotations

import contextlib
import typing as t

from ...module_utils._core.values import Values
from ...module_utils._stack.compose_places import ComposeError, File, Invalid, Origins, Problem, outer, problem_at
from .option_problems import REQUIRED

# Sorts behind all lines.
_NO_LINE = 2**31
# Shows a text without the values of variables, which may be passwords: text, file, place -> text.
Hide = t.Callable[[str, File, str], str]


class Problems:
    """:param hide: for the text of each problem.

    A problem that an earlier phase found at a place makes later ones there, and inside of it, say nothing new.
    """

    def __init__(self, origins: Origins, hide: Hide) -> None:
        self._origins = origins
        self._hide = hide
        self._found: dict[tuple[int, str, str], Problem] = {}
        self._known: set[tuple[int, str]] = set()

    def add(self, problem: Problem) -> None:
        file, place = self._origins.origin(problem.place, problem.file)
        number = self._origins.number(file)
        if not any((number, known) in self._known for known in _and_outer(place)):
            text = self._hide(problem.text.rstrip("."), file, place)
            self._found.setdefault((number, place, text), Problem(place, text, file))

    def origin(self, place: str, file: File | None = None) -> tuple[File, str]:
        """The file that says what counts at a place, and the place in it."""
        return self._origins.origin(place, file)

    def add_near(self, problem: Problem) -> None:
        """A problem at the nearest place that the files have: not every option of a check has a key of its own."""
        file, place = self._origins.origin(problem.place, problem.file)
        near = self.existing(place, file)
        key = place[len(near) :].lstrip(".")
        text = f"{key} {REQUIRED}" if key and problem.text == REQUIRED else problem.text
        self.add(Problem(near, text, file))

    def existing(self, place: str, file: File | None = None) -> str:
        """The place, or the nearest one around it that the files have."""
        return self._origins.existing(place, file)

    def has(self, place: str) -> bool:
        """Whether something is wrong with a place or inside of it, in any file."""
        return any(
            known == place or known.startswith((f"{place}.", f"{place}[")) for _number, known, _text in self._found
        )

    @contextlib.contextmanager
    def attempt(self, place: str, file: File | None = None) -> t.Iterator[None]:
        """Collect what is raised in it; a ValueError is one of the place."""
        try:
            yield
        except Invalid as error:
            problem = error.problem
            self.add(problem if problem.file else problem._replace(file=file))
        except ValueError as error:
            self.add(Problem(place, str(error), file))

    def next_phase(self) -> None:
        self._known = {(number, place) for number, place, _text in self._found}

    def report(self) -> None:
        """Raise ComposeError with all that was found, sorted by file and line."""
        if not self._found:
            return
        found = sorted(self._found.items(), key=lambda item: self._order(*item))
        raise ComposeError(*(self._data(problem) for _key, problem in found))

    def _order(self, key: tuple[int, str, str], problem: Problem) -> tuple[int, int, str, str]:
        number, place, text = key
        return number, t.cast(File, problem.file).line(place) or _NO_LINE, place, text

    @staticmethod
    def _data(problem: Problem) -> Values:
        file = t.cast(File, problem.file)
        return problem_at(file.name, problem.text, file.line(problem.place), problem.place)


def _and_outer(place: str) -> t.Iterator[str]:
    while place:
        yield place
        place = outer(place)
