# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kinds of values in a compose file, each of which checks a value and gives it back.

``check(value, place, report)`` returns the value, with what came out of variables turned into the number or boolean
that the kind wants. What is wrong is added to the report, and None returned, or the rest without it; no message shows a
value, which may be a password. The types are those of docker/cli, cli/compose/schema.
"""

from __future__ import annotations

import re
import typing as t

from ...module_utils._core.validators import did_you_mean
from ...module_utils._core.values import in_int64, inside
from ...module_utils._stack.compose_places import Problem
from .interpolation import Substituted

_NAME = re.compile(r"[a-zA-Z0-9._-]+")
_EXTENSION = "x-"
# What booleans are spelled like in variables: docker/cli, cli/compose/loader/interpolate.go.
_BOOLEANS = {"y": True, "yes": True, "true": True, "on": True, "n": False, "no": False, "false": False, "off": False}


class Report(t.NamedTuple):
    """:param version: of the file's format, as numbers. Problems and warnings are collected."""

    version: tuple[int, int]
    problems: list[Problem]
    warnings: list[Problem]

    def wrong(self, place: str, text: str) -> None:
        self.problems.append(Problem(place, text))

    def knows(self, since: tuple[int, int]) -> bool:
        return self.version >= since


class Kind(t.Protocol):
    """A kind of values; see the head of the file."""

    @property
    def what(self) -> str:
        """The kind in messages."""

    def fits(self, value: object) -> bool:
        """Return whether a value has the type of the kind."""

    def check(self, value: object, place: str, report: Report) -> object:
        """Return the value, or None with what is wrong in the report."""


class Scalar(t.NamedTuple):
    """:param what: for messages. :param types: of Python. :param read: a variable's text to a value, or ValueError.
    :param proper: what else has to be right about a value of the type; raises ValueError.
    :param number: what to write instead of a number without quotes.
    """

    what: str
    types: tuple[type, ...]
    read: t.Callable[[str], object] | None = None
    proper: t.Callable[[t.Any], object] | None = None
    number: str = "put it in quotes"

    def fits(self, value: object) -> bool:
        if isinstance(value, bool) and bool not in self.types:
            return False
        return isinstance(value, self.types) or (int in self.types and _is_whole(value))

    def check(self, value: object, place: str, report: Report) -> object:
        try:
            if self.read and isinstance(value, Substituted):
                value = self.read(value)
            if not self.fits(value):
                raise ValueError(f"must be {self.what}, not {_called(value)}{_advice(self, value)}")
            if int in self.types and float not in self.types and _is_whole(value):
                value = int(t.cast(float, value))
            if self.read and isinstance(value, int):
                in_int64(value, value)
            if self.proper:
                self.proper(value)
        except ValueError as error:
            report.wrong(place, str(error))
            return None
        return str(value) if isinstance(value, str) else value


def _is_whole(value: object) -> bool:
    """Whether it is a float such as 2.0 or 1e3, which the command line reads as a whole number."""
    return isinstance(value, float) and value % 1 == 0


class Null(t.NamedTuple):
    what: str = "null"

    def fits(self, value: object) -> bool:
        return value is None

    def check(self, value: object, place: str, report: Report) -> None:
        if value is not None:
            report.wrong(place, f"must be null, not {_called(value)}")


class Anything(t.NamedTuple):
    """What is ignored as a whole."""

    what: str = "anything"

    def fits(self, value: object) -> bool:
        return True

    def check(self, value: object, place: str, report: Report) -> object:
        return value


class ListOf(t.NamedTuple):
    item: Kind
    unique: bool = False
    what: str = "a list"

    def fits(self, value: object) -> bool:
        return isinstance(value, list)

    def check(self, value: object, place: str, report: Report) -> object:
        if not isinstance(value, list):
            return report.wrong(place, f"must be a list, not {_called(value)}")
        for i, item in enumerate(value):
            if self.unique and item in value[:i]:
                report.wrong(f"{place}[{i}]", "is given twice")
        before = len(report.problems)
        found = [self.item.check(item, f"{place}[{i}]", report) for i, item in enumerate(value)]
        # Without one element, the others would have other places.
        return None if None in found and len(report.problems) > before else found


class MapOf(t.NamedTuple):
    """A mapping whose keys are the user's. :param named: whether they have to be names, as of services."""

    value: Kind
    named: bool = False
    what: str = "a mapping"

    def fits(self, value: object) -> bool:
        return isinstance(value, dict)

    def check(self, value: object, place: str, report: Report) -> object:
        if not isinstance(value, dict):
            return report.wrong(place, f"must be a mapping, not {_called(value)}")
        checked = {}
        for key, item in value.items():
            if key == "":
                report.wrong(place, "a key is empty")
            elif _proper_key(key, place, report) and (not self.named or self._proper_name(key, place, report)):
                before = len(report.problems)
                found = self.value.check(item, inside(place, key), report)
                # What is wrong with a network is none of the business of those who name it.
                if self.named or found is not None or len(report.problems) == before:
                    checked[str(key)] = found
        return checked

    def _proper_name(self, key: str, place: str, report: Report) -> bool:
        if _NAME.fullmatch(key):
            return True
        report.wrong(inside(place, key), "a name consists of letters, digits and . _ -")
        return False


class SinceVersion(t.NamedTuple):
    """A key, or a form of a value, that the format has from a version on."""

    version: tuple[int, int]
    kind: Kind

    @property
    def what(self) -> str:
        return str(self.kind.what)

    def fits(self, value: object) -> bool:
        return bool(self.kind.fits(value))

    def check(self, value: object, place: str, report: Report) -> object:
        if not report.knows(self.version):
            needed, said = ("{}.{}".format(*version) for version in (self.version, report.version))
            return report.wrong(place, f"needs version {needed} of the format; the version of the file is {said}")
        return self.kind.check(value, place, report)


class Keys(t.NamedTuple):
    """A mapping whose keys are the format's.

    :param extensions: the version from which on keys may begin with x-. :param needed: keys that have to be there.
    :param loose: whether the command line ignores other keys here, of which we warn.
    :param reasons: keys of the Compose Specification that a swarm cannot mean, to what to do instead.
    """

    keys: t.Mapping[str, Kind]
    extensions: tuple[int, int] | None = None
    needed: tuple[str, ...] = ()
    loose: bool = False
    reasons: t.Mapping[str, str] = {}
    what: str = "a mapping"

    def fits(self, value: object) -> bool:
        return isinstance(value, dict)

    def check(self, value: object, place: str, report: Report) -> object:
        if not isinstance(value, dict):
            return report.wrong(place, f"must be a mapping, not {_called(value)}")
        for key in self.needed:
            if key not in value:
                report.wrong(place, f"lacks {key}")
        checked = {}
        for key, item in value.items():
            if _proper_key(key, place, report) and self._known(key, place, report):
                before = len(report.problems)
                found = self.keys[key].check(item, inside(place, key), report)
                if found is not None or len(report.problems) == before:
                    checked[str(key)] = found
        return None if any(key not in checked for key in self.needed) else checked

    def _known(self, key: str, place: str, report: Report) -> bool:
        if key in self.keys:
            return True
        if key in self.reasons:
            report.wrong(inside(place, key), f"is not supported: {self.reasons[key]}")
        elif key.startswith(_EXTENSION):
            # The command line knows none in the mappings inside of a service; the output of docker compose may have some.
            SinceVersion(self.extensions or (3, 0), Anything()).check(None, inside(place, key), report)
        elif self.loose:
            report.warnings.append(Problem(inside(place, key), f"is ignored{did_you_mean(key, self.keys, '')}"))
        else:
            report.wrong(inside(place, key), f"unknown{did_you_mean(key, self.keys, '')}")
        return False


class OneOf(t.NamedTuple):
    kinds: tuple[Kind, ...]

    @property
    def what(self) -> str:
        names = [kind.what for kind in self.kinds]
        return f"{', '.join(names[:-1])} or {names[-1]}"

    def fits(self, value: object) -> bool:
        return any(kind.fits(value) for kind in self.kinds)

    def check(self, value: object, place: str, report: Report) -> object:
        value = self._read(value)
        for kind in self.kinds:
            if kind.fits(value):
                return kind.check(value, place, report)
        return report.wrong(place, f"must be {self.what}, not {_called(value)}{_advice(self, value)}")

    def _read(self, value: object) -> object:
        """What a variable holds, where a text is none of the kinds."""
        if isinstance(value, Substituted) and not self.fits(value):
            for kind in self.kinds:
                if isinstance(kind, Scalar) and kind.read:
                    try:
                        return kind.read(value)
                    except ValueError:
                        continue
        return value


def _proper_key(key: object, place: str, report: Report) -> bool:
    if isinstance(key, str):
        if "{{" in key:
            report.wrong(place or key, "a key contains {{ }}, which is supported only in values")
        return "{{" not in key
    report.wrong(inside(place, key), f"a key must be a string, not {_called(key)}. Put it in quotes")
    return False


def _called(value: object) -> str:
    if value is None:
        return "null"
    names = {bool: "a boolean", int: "a number", float: "a number", str: "a string", dict: "a mapping", list: "a list"}
    found = [name for kind, name in names.items() if isinstance(value, kind)]
    return found[0] if found else f"of type {type(value).__name__}"


def _advice(kind: Kind, value: object) -> str:
    """YAML makes something else of what looks like a number, a date or a boolean."""
    scalar = not isinstance(value, (str, dict, list)) and value is not None
    if not scalar or not kind.fits(""):
        return ""
    texts = [one for one in getattr(kind, "kinds", (kind,)) if one.fits("")]
    number = getattr(texts[0], "number", "") if not isinstance(value, bool) else ""
    return f": {number or 'put it in quotes'}"


def read_integer(text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]+", text):
        raise ValueError("the variable must hold a whole number")
    return int(text)


def read_number(text: str) -> float | int:
    try:
        return read_integer(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        raise ValueError("the variable must hold a number") from None


def read_boolean(text: str) -> bool:
    if text.lower() not in _BOOLEANS:
        raise ValueError("the variable must hold true or false")
    return _BOOLEANS[text.lower()]


def not_negative(value: float) -> None:
    if value < 0:
        raise ValueError("must not be negative")


def whole(value: float) -> None:
    if value % 1 != 0:  # of infinity too
        raise ValueError("must be a whole number")
