# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compose files and the places in them, such as ``services.web.ports[0]``, for errors about a stack.

An error names the place in the files: of a value that is not valid, of the key that corresponds to an option of a single module,
or of an object that the engine refuses. Problems of several objects are collected while they are planned, and reported together.
"""

from __future__ import annotations

import contextlib
import typing as t

from .._core.errors import BadInput, Refused, SwarmError, Unsupported
from .._core.values import Values, inside
from .definition import Definition


def problem_at(file: str, text: str, line: int | None = None, key: str = "") -> Values:
    """Return a problem as ``failure.problems`` lists it.

    :param line: None where it is not known. :param key: such as ``services.web.ports[0]``; empty for the file as a whole.
    """
    return {"file": file, "line": line, "key": key, "message": text}


class ComposeError(BadInput):
    """Compose files are not valid. The message has a line for each problem, file and line first.

    :param problems: of ``problem_at``. :param option: of swarm_stack.
    """

    def __init__(self, *problems: Values, option: str = "compose") -> None:
        message = "\n".join(map(_sentence, problems))
        super().__init__(option, message)
        SwarmError.__init__(self, message)
        self.details["problems"] = list(problems)


def _sentence(problem: Values) -> str:
    spot = f"{problem['file']}, line {problem['line']}" if problem["line"] else problem["file"]
    return ": ".join(filter(None, (spot, problem["key"], problem["message"])))


# A mapping of a compose file, with its keys.
Section = dict[str, t.Any]


class Problem(t.NamedTuple):
    """:param place: ``services.web.ports[0]``. :param text: what is wrong there, and what would be right.
    :param file: the file that it stands in, where it is known.
    """

    place: str
    text: str
    file: File | None = None


class Invalid(Exception):
    """Something at one place is wrong; the caller that knows the file makes a ComposeError of it."""

    def __init__(self, place: str, text: str, file: File | None = None) -> None:
        super().__init__(f"{place}: {text}")
        self.problem = Problem(place, text, file)


class File(t.NamedTuple):
    """:param name: for messages. :param document: as parsed.
    :param lines: place to line number, as far as known; a place without one has that of what it is in.
    """

    name: str
    document: t.Any
    lines: t.Mapping[str, int] = {}

    def spot(self, place: str) -> str:
        """Return ``stack.yml, line 7``, or the name without the line."""
        line = self.line(place)
        return f"{self.name}, line {line}" if line else self.name

    def line(self, place: str) -> int | None:
        """Return the line of a place, or of what it is in; None where it is not known."""
        while place and place not in self.lines:
            place = outer(place)
        return self.lines.get(place) or None


class Item(Section):
    """An element of a list, of a file or of a document, which keeps the file and place that it comes from.

    :param file: None where the place alone tells the file.
    """

    def __init__(self, values: t.Mapping[str, object], file: File | None, place: str) -> None:
        super().__init__(values)
        self.file = file
        self.place = place


class Origins:
    """The files of a stack, and which of them a place of the merged whole stands in."""

    def __init__(self, files: t.Sequence[File]) -> None:
        self.files = files
        self._places: dict[int, t.Collection[str]] = {}

    def number(self, file: File) -> int:
        """Return the number of a file in the order of the task, from 0."""
        return next(number for number, one in enumerate(self.files) if one is file)

    def origin(self, place: str, file: File | None = None) -> tuple[File, str]:
        """Return the file that says what counts at a place, and the place in it.

        :param file: that file, where it is known.
        """
        if file is not None:
            return file, place
        key, bracket, rest = place.partition("[")
        if bracket and rest.partition("]")[0].isdigit():
            return self._element(key, *rest.split("]", 1))
        return self._last(place), place

    def existing(self, place: str, file: File | None = None) -> str:
        """Return the place, or the nearest one around it that the files have; the place itself where they have none."""
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
        """Return all places of a file; a document that stands in a task has no lines."""
        if number not in self._places:
            file = self.files[number]
            self._places[number] = file.lines or unnumbered(file.document)
        return self._places[number]


def unnumbered(document: object) -> dict[str, int]:
    """Return all places of a document that stands in no file, each with 0 for its line."""
    return {place: 0 for place, _value in walk(document) if place}


def walk(value: object, place: str = "") -> t.Iterator[tuple[str, object]]:
    """Return all places of a document with their values, outer ones first, from ``place`` on."""
    yield place, value
    if isinstance(value, dict):
        for key, item in value.items():
            yield from walk(item, inside(place, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from walk(item, f"{place}[{number}]")


def outer(place: str) -> str:
    """Return the place that this one is in; empty for the top."""
    return place[: max(place.rfind("."), place.rfind("["), 0)]


@contextlib.contextmanager
def at(place: str) -> t.Iterator[None]:
    """Give ValueError of what is done in it a place."""
    try:
        yield
    except ValueError as error:
        raise Invalid(place, str(error)) from None


Option = tuple[t.Union[str, int], ...]

_SERVICE: dict[tuple[str, ...], str] = {
    ("args",): "command",
    ("command",): "entrypoint",
    ("container_labels",): "labels",
    ("dns_options",): "dns_opt",
    ("endpoint_mode",): "deploy.endpoint_mode",
    ("env",): "environment",
    ("groups",): "group_add",
    ("hosts",): "extra_hosts",
    ("labels",): "deploy.labels",
    ("limits",): "deploy.resources.limits",
    ("max_concurrent",): "deploy.replicas",
    ("mode",): "deploy.mode",
    ("mounts",): "volumes",
    ("placement",): "deploy.placement",
    ("placement", "replicas_max_per_node"): "deploy.placement.max_replicas_per_node",
    ("publish",): "ports",
    ("replicas",): "deploy.replicas",
    ("reservations",): "deploy.resources.reservations",
    ("restart_config",): "deploy.restart_policy",
    ("rollback_config",): "deploy.rollback_config",
    ("update_config",): "deploy.update_config",
    ("networks", "options"): "driver_opts",
    ("mounts", "readonly"): "read_only",
    ("mounts", "propagation"): "bind.propagation",
    ("mounts", "no_copy"): "volume.nocopy",
    ("mounts", "subpath"): "volume.subpath",
    ("mounts", "tmpfs_size"): "tmpfs.size",
    ("mounts", "tmpfs_mode"): "tmpfs.mode",
    ("publish", "published_port"): "published",
    ("publish", "target_port"): "target",
    ("secrets", "filename"): "target",
    ("configs", "filename"): "target",
}
_NETWORK: dict[tuple[str, ...], str] = {
    ("driver_options",): "driver_opts",
    ("encrypted",): "driver_opts.encrypted",
    ("ipam_config",): "ipam.config",
    ("ipam_driver",): "ipam.driver",
}
_SECRET_CONFIG: dict[tuple[str, ...], str] = {
    ("data",): "file",
    ("driver", "name"): "driver",
    ("driver", "options"): "driver_opts",
}
_KEYS = {"service": _SERVICE, "network": _NETWORK, "secret": _SECRET_CONFIG, "config": _SECRET_CONFIG}


def key_of(kind: str, option: Option) -> str:
    """Return the place of an option in the object of a compose file.

    :param kind: ``service``, ``network``, ``secret`` or ``config``. :param option: as in ``_checks.Problem``.
    """
    table = _KEYS[kind]
    for length in range(len(option), 0, -1):
        known = table.get(tuple(part for part in option[:length] if isinstance(part, str)))
        if known is not None and not isinstance(option[length - 1], int):
            return _joined(known, option[length:])
    return _joined("", option)


def inside_element(kind: str, option: Option) -> str:
    """Return the place inside of a list's element: ``target`` of ``("publish", 0, "target_port")``."""
    rest = option[2:]
    known = _KEYS[kind].get(tuple(part for part in (option[0], *rest) if isinstance(part, str)))
    return known if known is not None and rest else _joined("", rest)


def _joined(place: str, parts: t.Iterable[str | int]) -> str:
    for part in parts:
        place = f"{place}[{part}]" if isinstance(part, int) else inside(place, part)
    return place


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
    text = error.problem if isinstance(error, (BadInput, Refused)) and found else error.message
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
    """Return one error for all: that of the first place, with a line for each."""
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


class ErrorCollector:
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
        """Add the error of an object of the stack, with the place of its key or option in the files."""
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
