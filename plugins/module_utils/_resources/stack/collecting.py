# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an engine cannot do of a stack, collected over its objects while they are planned, and reported together."""

from __future__ import annotations

import contextlib
import typing as t

from ..._errors import BadInput, Refused, SwarmError, Unsupported
from .definition import Definition

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
        from .origins import name_origin

        name_origin(error, self._wanted, kind, name, error.option)

    def report(self) -> None:
        """Raise what was collected."""
        if self._errors:
            from .origins import combined

            raise combined(self._errors)
