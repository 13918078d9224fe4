# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Durations, sizes and numbers as Go, and with it the docker command line, reads and writes them."""

from __future__ import annotations

import math
import re
import typing as t
from fractions import Fraction

# https://pkg.go.dev/time#ParseDuration: no days, no blanks.
_NANOSECONDS = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9}
_NANOSECONDS["h"] = 60 * _NANOSECONDS["m"]
_PART = re.compile(r"(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)")
_DURATION = re.compile(rf"[+-]?(?:0|(?:{_PART.pattern})+)")
# docker/go-units, size.go: powers of 1024 whatever the spelling; a unit alone or with b or ib.
_SIZE = re.compile(r"(\d+\.?\d*|\.\d+) ?(?:([kmgtp])(?:i?b)?|b)?", re.IGNORECASE)


def nanoseconds(text: str) -> int:
    """``1m30s`` in nanoseconds; raises ValueError."""
    if re.fullmatch(r"\d+\.?\d*", text) and float(text):
        raise ValueError(f"{text!r} has no unit. Write {text}s for seconds, or for example 1m30s")
    if not _DURATION.fullmatch(text):
        raise ValueError(f"{text!r} is not a duration. Write it like 10s, 1m30s or 1.5h")
    whole = sum(Fraction(_decimal(number)) * _NANOSECONDS[unit] for number, unit in _PART.findall(text))
    return int(whole) * (-1 if text.startswith("-") else 1)


def size_in_bytes(text: str | int) -> int:
    """``512M`` in bytes; raises ValueError."""
    match = _SIZE.fullmatch(str(text))
    if not match:
        raise ValueError(f"{text!r} is not a size. Write it like 512M, 1.5G or a number of bytes")
    power = " kmgtp".index(match[2].lower()) if match[2] else 0
    return int(Fraction(_decimal(match[1])) * 1024**power)


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


def _decimal(number: str) -> str:
    """``1.`` and ``.5``, which Fraction does not read."""
    return f"0{number}0" if "." in number else number


def as_text(value: t.Any) -> str:
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
