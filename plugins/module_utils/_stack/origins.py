# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the compose files describe what an error is about.

What an engine cannot do of a stack, collected over its objects while they are planned, and reported together.
"""

from __future__ import annotations

import contextlib
import typing as t

from .._core.errors import BadInput, Refused, SwarmError, Unsupported
from .._core.paths import Values
from .compose_places import File, Option, Origins, inside, key_of
from .definition import Definition

# Lists of a service whose elements stand elsewhere in the engine's document: the list as a whole is named.
_LISTS = {"publish": "ports", "mounts": "volumes", "secrets": "secrets", "configs": "configs", "networks": "networks"}


def name_origin(error: SwarmError, wanted: Definition | None, kind: str, name: str, option: Option = ()) -> None:
    """Put file, line and key, and the object, before an error's message, and into its details.

    :param kind: ``service``, ``network``, ``secret`` or ``config``. :param name: as the engine has it.
    :param option: of the kind's own module, where the error is about one.
    """
    if "object" in error.details:
        return
    error.details["object"] = {"kind": kind, "name": name}
    found = _find(wanted, kind, name, option) if wanted else None
    # The key of the file stands for the option of the single module.
    text = error.problem if isinstance(error, BadInput) and found else error.message
    said = text if name in text else f"{kind} {name}: {text}"
    if not found:
        error.message = said
        return
    file, place = found
    problem = {"file": file.name, "line": file.line(place), "key": place, "message": text}
    error.details["problems"] = [problem]
    error.message = f"{file.spot(place)}: {place}: {said}"


def _find(wanted: Definition, kind: str, name: str, option: Option) -> tuple[File, str] | None:
    objects = wanted.origins.get("objects", {}).get(f"{kind}s", {})
    if name not in objects:
        return None
    place = objects[name]
    files = [File(file, None, lines) for file, lines in wanted.origins["files"]]
    if option[:1] == ("publish",) and len(option) > 1:
        number, place = wanted.origins["ports"][name][option[1]]
        return files[number], place
    if option:
        place = inside(place, _LISTS[str(option[0])] if option[0] in _LISTS else key_of(kind, option))
    return Origins(files).origin(place)


def combined(errors: list[SwarmError]) -> SwarmError:
    """One error for all: that of the first place, with a line for each."""
    if len(errors) == 1:
        return errors[0]
    ordered = sorted(errors, key=_order)
    first = ordered[0]
    first.message = "\n".join(dict.fromkeys(error.message for error in ordered))
    first.details["problems"] = [problem for error in ordered for problem in error.details.get("problems", [])]
    return first


def _order(error: SwarmError) -> tuple[str, int, str]:
    problems: list[Values] = error.details.get("problems") or [{}]
    return str(problems[0].get("file", "")), problems[0].get("line") or 0, t.cast(str, problems[0].get("key", ""))


_COLLECTED = (BadInput, Refused, Unsupported)


class Collected:
    """:param wanted: tells where the files describe an object."""

    def __init__(self, wanted: Definition) -> None:
        self._wanted = wanted
        self._errors: list[SwarmError] = []

    @contextlib.contextmanager
    def attempt(self, kind: str, name: str) -> t.Iterator[None]:
        """Name the object of an error; what the task can change is kept for later, other errors end the planning."""
        try:
            yield
        except SwarmError as error:
            self._name(error, kind, name)
            if not isinstance(error, _COLLECTED):
                raise
            self._errors.append(error)

    def add(self, error: SwarmError, kind: str, name: str, option: tuple[str, ...] = ()) -> None:
        error.option = option
        self._name(error, kind, name)
        self._errors.append(error)

    def _name(self, error: SwarmError, kind: str, name: str) -> None:
        name_origin(error, self._wanted, kind, name, error.option)
        if isinstance(error, _COLLECTED):
            error.option = ("compose",)  # of this module; the key of the file is among the problems

    def report(self) -> None:
        """Raise what was collected."""
        if self._errors:
            raise combined(self._errors)
