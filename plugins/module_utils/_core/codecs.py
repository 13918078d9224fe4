# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Units and spellings: what a user writes, what the engine stores.

A codec has two directions. ``encode`` takes the user's spelling to the engine's value and raises ``ValueError`` with
what would be right; ``decode`` takes the engine's value to the one spelling that results and diffs use.
``decode(encode(x))`` is the canonical spelling of ``x``, and ``encode(decode(v)) == v`` for every engine value.

Durations: ``1m30s`` and the like to the API's nanoseconds, and back.
"""

from __future__ import annotations

import re
import typing as t


def _same(value: t.Any) -> t.Any:
    return value


class Codec(t.NamedTuple):
    encode: t.Callable[[t.Any], t.Any] = _same
    decode: t.Callable[[t.Any], t.Any] = _same


AS_IS = Codec()

# The engine's numbers are Go's int64 at most.
MAX_INT64 = 2**63 - 1
_LONGEST = 60


def in_int64(number: int, text: t.Any) -> int:
    """Return the number; raise ValueError for one that the engine's integers cannot hold."""
    if not -MAX_INT64 <= number <= MAX_INT64:
        raise ValueError(f"{shown(text)} is too large. The engine's numbers have 64 bits")
    return number


def shown(value: t.Any) -> str:
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


def number_text(value: t.Any) -> str:
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


def text_of(value: t.Any) -> str:
    """Return a string as it is and a number as YAML writes it; raise ValueError for any other type."""
    if not isinstance(value, str):
        return number_text(value)
    if "\0" in value:
        raise ValueError("contains a NUL character")
    if not value.isascii() and _SURROGATE.search(value):
        raise ValueError("contains bytes that are not valid UTF-8")
    return value


def normalize_pem(text: str) -> str:
    """A PEM bundle without the differences that do not count: surrounding blanks, line ends, empty lines."""
    if "-----BEGIN" not in text:
        return text.strip()
    lines = [line.strip() for line in text.strip().splitlines()]
    return "".join(line + "\n" for line in lines if line)


PEM = Codec(normalize_pem, normalize_pem)


def string_map(values: dict[t.Any, t.Any]) -> dict[str, str]:
    """Labels are strings. YAML's ``yes`` and ``1.10`` are not what was written any more, so they are refused."""
    return {text_of(key): _string(key, value) for key, value in values.items()}


def _string(key: t.Any, value: t.Any) -> str:
    try:
        if not isinstance(value, float):
            return text_of(value)
        raise ValueError(f"must be a string, not {shown(value)}. Put it in quotes")
    except ValueError as error:
        raise ValueError(f"the value of {key!r} {error}") from None


LABELS = Codec(string_map, dict)


# Go's units, from moby's API: durations are int64 nanoseconds. Days and weeks are not Go's, but what people write.
_NANOSECONDS = {
    "ns": 1,
    "us": 10**3,
    "µs": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
    "d": 86400 * 10**9,
    "w": 7 * 86400 * 10**9,
}
_DURATION_PART = r"([0-9]+)(\.[0-9]+)?(ns|us|µs|ms|s|m|h|d|w)"
_SHOWN_UNITS = ("h", "m", "s", "ms", "us", "ns")


def parse_duration(text: t.Any) -> int:
    """Return the nanoseconds of ``1m30s``, ``1.5s``, ``90d``; of numbers without a unit 0 alone has a meaning.

    As Go's time.ParseDuration, which the docker CLI uses. To the Engine API a number is nanoseconds, so 30 would stop
    a task after 30 ns.
    """
    wanted = text_of(text).strip()
    if wanted == "0":
        return 0
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", wanted):
        raise ValueError(f"the duration {wanted!r} has no unit. Write {_with_unit(wanted)}")
    parts = re.findall(_DURATION_PART, wanted)
    if not parts or "".join(map("".join, parts)) != wanted:
        raise ValueError(f"{text!r} is not a duration. Write it like 10s, 1m30s, 1.5s or 90d")
    return in_int64(sum(_nanoseconds(whole, fraction, unit) for whole, fraction, unit in parts), wanted)


def _with_unit(number: str) -> str:
    """The number in seconds; a number with nine zeroes is how other clients write seconds as nanoseconds."""
    if number.endswith("0" * 9) and len(number) < 19:
        return f"{format_duration(int(number))}, or {number}s for seconds"
    return f"{number}s for seconds, or another unit: ms, m, h, d"


def _nanoseconds(whole: str, fraction: str, unit: str) -> int:
    """Integers alone, since a float loses nanoseconds of long durations."""
    size, digits = _NANOSECONDS[unit], fraction.lstrip(".")
    return int(whole) * size + int(digits or 0) * size // 10 ** len(digits)


def format_duration(nanoseconds: int) -> str:
    """The shortest spelling of whole units, ``1h30m``; ``0s`` for nothing."""
    left, shown = int(nanoseconds), ""
    for unit in _SHOWN_UNITS:
        count, left = divmod(left, _NANOSECONDS[unit])
        if count:
            shown += f"{count}{unit}"
    return shown or "0s"


DURATION = Codec(parse_duration, format_duration)
