# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a word means that stands in a YAML file without quotes.

The docker command line has go-yaml for it. Version 3, which it has since about Docker 23, is between YAML 1.1 and 1.2:
``yes``, ``no``, ``on``, ``off``, ``y`` and ``n`` are strings (to Docker 20.10 they are booleans), ``0444`` and
``0o444`` are octal numbers, and ``22:22`` is not a number to the base of 60.

Other than there, a date is the string that was written. Docker 28 takes it for a time, and fails, or makes
``2001-12-14 00:00:00 +0000 UTC`` of it; for Docker 20.10 it was a string.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
import typing as t

Scalar = t.Union[str, int, float, bool, None]

TAG = "tag:yaml.org,2002:"

_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **{sign + word: math.inf for sign in ("", "+") for word in (".inf", ".Inf", ".INF")},
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}
_NUMBERS_BEGIN = frozenset("+-.0123456789")
_INTEGER = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))")
_BASES = (16, 2, 8, 10)
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
# A number that begins with its point may have _ only between two digits.
_FRACTION = re.compile(r"\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?")


def plain(word: str) -> Scalar:
    """The value of a word without quotes and tag."""
    if word in _WORDS:
        return _WORDS[word]
    if word[0] not in _NUMBERS_BEGIN:
        return word
    if word[0] == ".":
        return _finite(word.replace("_", ""), word) if _FRACTION.fullmatch(word) else word
    digits = word.replace("_", "")
    whole = _INTEGER.fullmatch(digits)
    if whole:
        return _integer(whole)
    return _finite(digits, word) if _FLOAT.fullmatch(digits) else word


def _integer(match: re.Match[str]) -> Scalar:
    """Whole numbers have 64 bits; what is larger becomes a float, where it is written in a way that floats are."""
    digits, base = next((digits, base) for digits, base in zip(match.groups()[1:], _BASES) if digits is not None)
    value = int(match[1] + digits, base)
    if -(2**63) <= value < 2**64:
        return value
    return _finite(match[0], match[0]) if _FLOAT.fullmatch(match[0]) else match[0]


def _finite(digits: str, word: str) -> Scalar:
    """A number that is too large for a float is a string."""
    value = float(digits)
    return value if math.isfinite(value) else word


def tagged(tag: str, word: str) -> Scalar:
    """The value of a word with a tag; raises ValueError."""
    name = tag[len(TAG) :] if tag.startswith(TAG) else ""
    if name == "binary":
        return _binary(word)
    if name not in _KINDS:
        return word
    value = plain(word)
    if name == "float" and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, _KINDS[name]) or (name != "bool" and isinstance(value, bool)):
        raise ValueError(f"what follows !!{name} is none")
    return value


_KINDS: dict[str, type] = {"int": int, "float": float, "bool": bool, "null": type(None)}


def _binary(word: str) -> str:
    try:
        return base64.b64decode("".join(word.split()), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise ValueError("the value of !!binary is not Base64") from None
