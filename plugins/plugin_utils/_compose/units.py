# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Durations, sizes and numbers as Go, and with it the docker command line, reads and writes them."""

from __future__ import annotations

import math
import re
from fractions import Fraction

from ...module_utils._core.values import GO, parse_duration, parse_size


def duration(text: str) -> int:
    """``1m30s`` in nanoseconds; raises ValueError."""
    return parse_duration(text, GO)


def size(value: str | int) -> int:
    """``512M`` in bytes; raises ValueError."""
    return parse_size(value, GO)


def file_mode(text: str) -> int:
    """``"0440"``, octal; raises ValueError."""
    if not re.fullmatch(r"(0o)?[0-7]{1,5}", text):
        raise ValueError(f"{text!r} is not a file mode. Write it in octal, such as '0440'")
    return int(text.replace("0o", ""), 8)


def nano_cpus(text: str) -> int:
    """``0.5`` in billionths of a CPU; raises ValueError. The command line takes fractions such as 1/4, too."""
    try:
        nano = Fraction(text) * 10**9
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"{text!r} is not a number of CPUs. Write it like '0.5'") from None
    if nano.denominator != 1:
        raise ValueError(f"{text!r} is too precise. The engine counts billionths of a CPU")
    return int(nano)


def as_text(value: object) -> str:
    """A YAML scalar as Go prints it: ``true``, ``1``, ``0.5``, ``2`` for 2.0; whole numbers have 64 bits."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) or (isinstance(value, int) and not -(2**63) <= value < 2**64):
        try:
            return _float_text(float(value))
        except OverflowError:  # more digits than a number can have: YAML's text
            return str(value)
    return str(value)


def _float_text(value: float) -> str:
    """The shortest digits that are this number, with an exponent below 1e-4 and from 1e6 on (Go's fmt, %v)."""
    if not math.isfinite(value):
        return {"nan": "NaN", "inf": "+Inf", "-inf": "-Inf"}[str(value)]
    sign, digits, exponent = _digits(value)
    if not -4 <= exponent < 6:
        fraction = f".{digits[1:]}" if digits[1:] else ""
        return f"{sign}{digits[0]}{fraction}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
    if exponent < 0:
        return f"{sign}0.{'0' * (-exponent - 1)}{digits}"
    whole, fraction = digits[: exponent + 1].ljust(exponent + 1, "0"), digits[exponent + 1 :]
    return f"{sign}{whole}{f'.{fraction}' if fraction else ''}"


def _digits(value: float) -> tuple[str, str, int]:
    """Sign, significant digits and the power of ten of the first of them."""
    mantissa, exponent = f"{value!r}e0".lower().split("e")[:2]
    sign, mantissa = ("-", mantissa[1:]) if mantissa.startswith("-") else ("", mantissa)
    whole, _point, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    power = int(exponent) + len(whole) - 1 - (len(whole + fraction) - len(digits))
    return sign, digits.rstrip("0") or "0", power if digits else 0
