# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of option values that need no engine. Each raises ValueError with what would be right."""

from __future__ import annotations

import typing as t

from ._errors import BadInput


class Problem(t.NamedTuple):
    """A value of an option that cannot be meant.

    :param option: the option, then sub-options and numbers of list elements: ``("publish", 0, "target_port")``.
    :param text: what is wrong, and what would be right; without a full stop.
    """

    option: tuple[str | int, ...]
    text: str

    def inside(self, *outer: str | int) -> Problem:
        """The same problem of a sub-option."""
        return Problem((*outer, *self.option), self.text)

    def error(self) -> BadInput:
        names = [part for part in self.option if isinstance(part, str)]
        return BadInput(f"{'.'.join(names)}: {self.text}.")


def named(option: str, check: t.Callable[[str], None], value: str) -> None:
    """Run a check that no field makes; raises BadInput that names the option."""
    try:
        check(value)
    except ValueError as error:
        raise BadInput(f"{option}: {error}.") from error


def between(low: int, high: int | None = None) -> t.Callable[[int], None]:
    def check(value: int) -> None:
        if value < low or (high is not None and value > high):
            bounds = f"at least {low}" if high is None else f"from {low} to {high}"
            raise ValueError(f"{value} is out of bounds: it must be {bounds}")

    return check
