# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of option values that need no engine. Each raises ValueError with what would be right."""

from __future__ import annotations

import re
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


def named(option: str, check: t.Callable[[t.Any], None], value: t.Any) -> None:
    """Run a check that no field makes; raises BadInput that names the option."""
    try:
        check(value)
    except ValueError as error:
        raise BadInput(f"{option}: {error}.") from error


def known(word: str, words: t.Sequence[str], kind: str) -> str:
    """Return the word; raise ValueError where it is not one of the words, with the closest of them."""
    if word in words:
        return word
    import difflib

    closest = difflib.get_close_matches(word.lower(), words, n=1) or difflib.get_close_matches(word.upper(), words, n=1)
    hint = f"Did you mean {closest[0]!r}?" if closest else f"Known are {', '.join(words)}"
    raise ValueError(f"{word!r} is not a valid {kind}. {hint}")


_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# Of plugins that are drivers: a built-in name or an image's (docker/cli, plugin install). The engine checks few of them.
_DRIVER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/:@-]*")
_TEMPLATE = "{{"


def printable(text: str) -> None:
    """What names, paths and arguments are: a control character comes from a mistake, and ends up in logs."""
    if _CONTROL.search(text):
        raise ValueError(f"{text!r} contains a control character")


def one_word(text: str) -> None:
    """A name without blanks. Go templates, which the engine replaces, may have them."""
    printable(text)
    if _TEMPLATE not in text and re.search(r"\s", text):
        raise ValueError(f"{text!r} contains a blank")


# Also of Windows; the engine replaces templates before a task starts.
_ABSOLUTE = re.compile(r"/|[A-Za-z]:[\\/]|\\\\|\{\{")


def absolute_path(path: str) -> None:
    printable(path)
    if path and not _ABSOLUTE.match(path):
        raise ValueError(f"{path!r} is not an absolute path")


def driver(name: str) -> None:
    """A driver's or a plugin's name; which ones there are is known to the nodes alone."""
    if name and not _DRIVER.fullmatch(name):
        raise ValueError(
            f"{name!r} is not a valid driver name. Use letters, digits and . _ / : @ -, as docker plugin ls and"
            " docker info show it"
        )


def ip_addresses(items: t.Iterable[str]) -> None:
    from ._address import is_ip

    wrong = next((item for item in items if not is_ip(item)), None)
    if wrong is not None:
        raise ValueError(f"{wrong!r} is not an IP address")


def between(low: int, high: int | None = None) -> t.Callable[[int], None]:
    def check(value: int) -> None:
        if value < low or (high is not None and value > high):
            bounds = f"at least {low}" if high is None else f"from {low} to {high}"
            raise ValueError(f"{value} is out of bounds: it must be {bounds}")

    return check
