# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Durations: ``1m30s`` and the like to the API's nanoseconds, and back."""

from __future__ import annotations

import re
import typing as t

from ._codec import Codec, in_int64, text_of

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
        return f"{format_duration(int(number))}, or {number}s if seconds are meant"
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
