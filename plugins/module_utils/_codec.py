# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Units and spellings: what a user writes, what the engine stores.

A codec has two directions. ``encode`` takes the user's spelling to the engine's value and raises ``ValueError`` with
what would be right; ``decode`` takes the engine's value to the one spelling that results and diffs use.
``decode(encode(x))`` is the canonical spelling of ``x``, and ``encode(decode(v)) == v`` for every engine value.
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
_DURATION_PART = r"(\d+)(\.\d+)?(ns|us|µs|ms|s|m|h|d|w)"
_SHOWN_UNITS = ("h", "m", "s", "ms", "us", "ns")


def parse_duration(text: t.Any) -> int:
    """Nanoseconds from ``1m30s``, ``1.5s``, ``90d``; a bare number is nanoseconds, as in the Engine API."""
    wanted = str(text).strip()
    if re.fullmatch(r"\d+", wanted):
        return int(wanted)
    parts = re.findall(_DURATION_PART, wanted)
    if not parts or "".join(map("".join, parts)) != wanted:
        raise ValueError(f"{text!r} is no duration: write it like 10s, 1m30s, 1.5s or 90d")
    return sum(_nanoseconds(whole, fraction, unit) for whole, fraction, unit in parts)


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


def normalize_pem(text: str) -> str:
    """A PEM bundle without the differences that do not count: surrounding blanks, line ends, empty lines."""
    if "-----BEGIN" not in text:
        return text.strip()
    lines = [line.strip() for line in text.strip().splitlines()]
    return "".join(line + "\n" for line in lines if line)


PEM = Codec(normalize_pem, normalize_pem)


def _string_map(values: dict[t.Any, t.Any]) -> dict[str, str]:
    """Labels are strings. YAML's ``yes`` and ``1.10`` are not what was written any more, so they are refused."""
    return {str(key): _string(key, value) for key, value in values.items()}


def _string(key: t.Any, value: t.Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise ValueError(f"the value of {key!r} must be a string, not {value!r}: put it in quotes")


LABELS = Codec(_string_map, dict)
