# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Variables in every value of a file; keys are left alone, as docker/cli, cli/compose/interpolation does."""

from __future__ import annotations

import typing as t

from ...module_utils._core.values import inside
from ...module_utils._stack.compose_places import ComposeError, File, Problem, problem_at
from .problems import Problems
from .template import substitute

# As many as a file itself may have (plugin_utils/_compose_files/document.py): one long variable can stand anywhere.
_MOST_CHARACTERS = 16_000_000


class Substituted(str):
    """A text that was made of variables: where the format wants a number or a boolean, it is read as one."""


class Variables:
    """:param values: name to value. :param warn: told once of each variable that is not set."""

    def __init__(self, values: t.Mapping[str, str], warn: t.Callable[[str], None]) -> None:
        self.values = values
        self._warn = warn
        self._told: set[str] = set()
        self._characters = 0

    def fill(self, file: File, problems: Problems) -> t.Any:
        """The document with values; what is wrong with variables stays as it is, and is added to the problems."""
        return self._walk(file.document, "", file, problems)

    def _walk(self, value: object, place: str, file: File, problems: Problems) -> object:
        if isinstance(value, dict):
            return {key: self._walk(item, inside(place, key), file, problems) for key, item in value.items()}
        if isinstance(value, list):
            return [self._walk(item, f"{place}[{i}]", file, problems) for i, item in enumerate(value)]
        if isinstance(value, str) and "$" in value:
            return self._text(value, place, file, problems)
        return value

    def _text(self, text: str, place: str, file: File, problems: Problems) -> str:
        def unset(name: str) -> None:
            if name not in self._told:
                self._told.add(name)
                self._warn(f"{file.spot(place)}: {place}: the variable {name} is not set and becomes empty.")

        try:
            filled = substitute(text, self.values.get, unset)
        except ValueError as error:
            problems.add(Problem(place, str(error), file))
            return text
        self._characters += len(filled)
        if self._characters > _MOST_CHARACTERS:
            text = f"with its variables it has more than {_MOST_CHARACTERS} characters"
            raise ComposeError(problem_at(file.name, text))
        return text if filled == text else Substituted(filled)
