# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values: where one stands in a document of the engine (``Path``), and how it is written there (``Codec``).

A path is a lens: ``get`` what you ``put``, putting back what you got changes nothing, and neighbours are left alone.
Documents are never mutated.

A codec has two directions. ``encode`` takes the user's spelling to the engine's value and raises ``ValueError`` with
what would be right; ``decode`` takes the engine's value to the one spelling that results and diffs use.
``decode(encode(x))`` is the canonical spelling of ``x``, and ``encode(decode(v)) == v`` for every engine value.

The one reader of durations and of sizes has a dialect for options and one for compose files.
"""

from __future__ import annotations

import re
import typing as t

# One of the engine's JSON objects; and options of a task with their values.
Document = dict[str, t.Any]
Values = dict[str, t.Any]


class Missing:
    """The type of ``MISSING``: the key is not in the document, which is not the same as null."""

    def __repr__(self) -> str:
        return "MISSING"

    def __deepcopy__(self, memo: dict[int, object]) -> Missing:
        return self


MISSING = Missing()


class Place(t.Protocol):
    """A place in a document: one chain of keys (``Path``), or a part of what is there."""

    def get(self, document: object) -> t.Any:
        """Return the value, or ``MISSING``."""

    def put(self, document: Document | None, value: object) -> Document:
        """Return a document in which this place holds the value, or nothing for ``MISSING``."""


class Path(t.NamedTuple):
    """A chain of keys from the top of a document."""

    keys: tuple[str, ...]

    def get(self, document: object) -> t.Any:
        """Return the value, which may be None, or ``MISSING`` where a key of the chain is not there."""
        for key in self.keys:
            if not isinstance(document, dict) or key not in document:
                return MISSING
            document = document[key]
        return document

    def put(self, document: Document | None, value: object) -> Document:
        """Return a document in which this place holds the value, or has no such key for ``MISSING``.

        Objects on the way are only made where there is something to put into them: to the engine an empty object
        and an absent one differ (it restarts tasks for less).
        """
        return _put(document, self.keys, value)

    def __str__(self) -> str:
        return ".".join(self.keys)


def _put(document: Document | None, keys: tuple[str, ...], value: object) -> Document:
    head, rest = keys[0], keys[1:]
    changed = dict(document or {})
    if not rest:
        if value is MISSING:
            changed.pop(head, None)
        else:
            changed[head] = value
        return changed
    if value is MISSING and not isinstance(changed.get(head), dict):
        return changed
    changed[head] = _put(changed.get(head), rest, value)
    return changed


def at(*keys: str) -> Path:
    """Return the path of these keys, from the outermost to the innermost."""
    return Path(keys)


def inside(place: str, key: object) -> str:
    """Return the place of a key of the mapping at ``place``, such as ``services.web``, for messages."""
    return f"{place}.{key}" if place else str(key)


# -- units and spellings -------------------------------------------------------------------------------------------------

Value = t.TypeVar("Value")


def _same(value: Value) -> Value:
    return value


class Codec(t.NamedTuple):
    """The user's spelling to the engine's value, and back; see the head of the file."""

    encode: t.Callable[[t.Any], t.Any] = _same
    decode: t.Callable[[t.Any], t.Any] = _same


AS_IS = Codec()

# The engine's numbers are Go's int64 at most.
MAX_INT64 = 2**63 - 1
_LONGEST = 60


def in_int64(number: int, text: object) -> int:
    """Return the number; raise ValueError for one that the engine's integers cannot hold."""
    if not -MAX_INT64 <= number <= MAX_INT64:
        raise ValueError(f"{shown(text)} is too large. The engine's numbers have 64 bits")
    return number


def shown(value: object) -> str:
    """Return a refused value as YAML has it; of a list or mapping its type alone, as it may be long."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return f"the boolean {str(value).lower()}"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, (list, tuple, set)):
        return "a list"
    text = repr(value) if isinstance(value, (str, bytes)) else f"the number {value}"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def number_text(value: object) -> str:
    """Return a number as YAML writes it; raise ValueError for what is not one, with what to write.

    For options that are strings. A boolean, a mapping or a list has no text that the engine would read as the same.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        text = str(value)
        if not isinstance(value, float) or re.fullmatch(r"-?[0-9]+\.[0-9]+", text):
            return text
    hint = " or convert it with the filter to_json" if isinstance(value, (dict, list)) else ""
    raise ValueError(f"must be a string, not {shown(value)}. Put it in quotes{hint}")


_SURROGATE = re.compile("[\ud800-\udfff]")


def text_of(value: object) -> str:
    """Return a string as it is and a number as YAML writes it; raise ValueError for any other type."""
    if not isinstance(value, str):
        return number_text(value)
    if "\0" in value:
        raise ValueError("contains a NUL character")
    if not value.isascii() and _SURROGATE.search(value):
        raise ValueError("contains bytes that are not valid UTF-8")
    return value


def normalize_pem(text: str) -> str:
    """Return a PEM bundle without the differences that do not count: surrounding blanks, line ends, empty lines."""
    if "-----BEGIN" not in text:
        return text.strip()
    lines = [line.strip() for line in text.strip().splitlines()]
    return "".join(line + "\n" for line in lines if line)


PEM = Codec(normalize_pem, normalize_pem)


def string_map(values: t.Mapping[t.Any, object]) -> dict[str, str]:
    """Return a mapping of strings, such as labels; raise ValueError for other values.

    A value that YAML has changed, such as ``yes`` or ``1.10``, cannot be stored as it was written.
    """
    return {text_of(key): _string(key, value) for key, value in values.items()}


def _string(key: object, value: object) -> str:
    try:
        if not isinstance(value, float):
            return text_of(value)
        raise ValueError(f"must be a string, not {shown(value)}. Put it in quotes")
    except ValueError as error:
        raise ValueError(f"the value of {key!r} {error}") from None


LABELS = Codec(string_map, dict)
# Labels that docker stack deploy sets (docker/cli, cli/compose/convert).
_STACK_PREFIX = "com.docker.stack."
NAMESPACE = f"{_STACK_PREFIX}namespace"


def is_of_a_stack(label: str) -> bool:
    """Return whether a label is a stack's own, which stays even when others do not."""
    return label.startswith(_STACK_PREFIX)


# Labels of services that are detached from a network while it is replaced; the name of the network follows
# (_network/unfinished.py).
DETACHED = "hive.swarm.detached."


def is_detachment(label: str) -> bool:
    """Return whether a label states from which network a service is detached: neither shown nor managed by a task."""
    return label.startswith(DETACHED)


_GO_UNITS = {
    "ns": 1,
    "us": 10**3,
    "µs": 10**3,
    "μs": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
}
_DURATION_PART = re.compile(r"([0-9]*)\.?([0-9]*)(ns|us|µs|μs|ms|s|m|h|d|w)")
_SHOWN_UNITS = ("h", "m", "s", "ms", "us", "ns")
_NUMBER = r"[0-9]+\.?[0-9]*|\.[0-9]+"
# docker/go-units, size.go: powers of 1024 whatever the spelling; a unit alone or with b or ib; one blank before it.
_SIZE = re.compile(rf"({_NUMBER}) ?(?:([kmgtp])(?:i?b)?|b)?", re.IGNORECASE | re.ASCII)
_SIZE_UNITS = ("", "k", "m", "g", "t", "p")


class Dialect(t.NamedTuple):
    """What a reader of durations and sizes accepts.

    :param units: of durations, in nanoseconds.
    :param signs: whether a duration may have a sign.
    :param blanks: whether blanks may surround a value, and any number of them stand before the unit of a size.
    :param examples: of durations, for messages.
    """

    units: t.Mapping[str, int]
    signs: bool
    blanks: bool
    examples: str

    def duration(self, text: str) -> list[tuple[str, str, str]] | None:
        """Return the parts of a duration (whole number, fraction, unit); None where it is not one."""
        parts = _DURATION_PART.findall(text)
        valid = all((whole or fraction) and unit in self.units for whole, fraction, unit in parts)
        return parts if valid and parts and _DURATION_PART.sub("", text) == "" else None


# What docker stack deploy reads in files: https://pkg.go.dev/time#ParseDuration, and docker/go-units for sizes.
GO = Dialect(_GO_UNITS, signs=True, blanks=False, examples="10s, 1m30s or 1.5h")
# Options of tasks also have days and weeks, which operators write for ages and expiries.
OPTIONS = Dialect(
    {**_GO_UNITS, "d": 86400 * 10**9, "w": 7 * 86400 * 10**9},
    signs=False,
    blanks=True,
    examples="10s, 1m30s, 1.5s or 90d",
)


def parse_duration(text: object, dialect: Dialect = OPTIONS) -> int:
    """Return the nanoseconds of ``1m30s``, ``1.5s``, ``90d``; of numbers without a unit 0 alone has a meaning.

    As Go's time.ParseDuration, which the docker CLI uses. To the Engine API a number is nanoseconds, so 30 would stop
    a task after 30 ns.
    """
    wanted = text_of(text).strip() if dialect.blanks else text_of(text)
    unsigned = wanted[1:] if dialect.signs and wanted[:1] in ("+", "-") else wanted
    if unsigned == "0":
        return 0
    if re.fullmatch(_NUMBER, unsigned):
        raise ValueError(f"the duration {wanted!r} has no unit. Write {_with_unit(unsigned, dialect)}")
    parts = dialect.duration(unsigned)
    if parts is None:
        raise ValueError(f"{text!r} is not a duration. Write it like {dialect.examples}")
    total = in_int64(sum(_nanoseconds(whole, fraction, dialect.units[unit]) for whole, fraction, unit in parts), wanted)
    return -total if wanted.startswith("-") else total


def _with_unit(number: str, dialect: Dialect) -> str:
    """The number in seconds; a number with nine zeroes is how other clients write seconds as nanoseconds."""
    if number.endswith("0" * 9) and len(number) < 19:
        return f"{format_duration(int(number))}, or {number}s for seconds"
    units = ", ".join(unit for unit in ("ms", "m", "h", "d") if unit in dialect.units)
    return f"{number}s for seconds, or another unit: {units}"


def _nanoseconds(whole: str, fraction: str, unit: int) -> int:
    """Integers alone, since a float loses nanoseconds of long durations. As Go does, each part is cut to nanoseconds."""
    return int(whole or 0) * unit + int(fraction or 0) * unit // int(10 ** len(fraction))


def format_duration(nanoseconds: int) -> str:
    """Return nanoseconds in the shortest spelling of whole units, ``1h30m``; ``0s`` for nothing."""
    if nanoseconds < 0:
        return f"-{format_duration(-nanoseconds)}"
    left, shown = int(nanoseconds), ""
    for unit in _SHOWN_UNITS:
        count, left = divmod(left, _GO_UNITS[unit])
        if count:
            shown += f"{count}{unit}"
    return shown or "0s"


DURATION = Codec(parse_duration, format_duration)


def parse_size(text: object, dialect: Dialect = OPTIONS) -> int:
    """Return the bytes of ``512M``, ``1.5g``, ``64MiB`` or a bare number; units are powers of 1024."""
    wanted = text_of(text)
    found = _SIZE.fullmatch(" ".join(wanted.split()) if dialect.blanks else wanted)
    if not found:
        raise ValueError(f"{shown(text)} is not a size. Write it like 512M, 1.5G or a number of bytes")
    factor = 1024 ** _SIZE_UNITS.index((found[2] or "").lower())
    return in_int64(int(float(found[1]) * factor) if "." in found[1] else int(found[1]) * factor, text)


def format_size(size: int) -> str:
    """Return bytes in the largest unit that divides them: ``512M``; bytes without a unit."""
    power = 0
    while power < 4 and size and size % 1024 == 0:
        size, power = size // 1024, power + 1
    return f"{size}{_SIZE_UNITS[power].upper()}"
