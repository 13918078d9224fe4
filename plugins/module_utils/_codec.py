# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Units and spellings: what a user writes, what the engine stores.

A codec has two directions. ``encode`` takes the user's spelling to the engine's value and raises ``ValueError`` with
what would be right; ``decode`` takes the engine's value to the one spelling that results and diffs use.
``decode(encode(x))`` is the canonical spelling of ``x``, and ``encode(decode(v)) == v`` for every engine value.
"""

from __future__ import annotations

import typing as t


def _same(value: t.Any) -> t.Any:
    return value


class Codec(t.NamedTuple):
    encode: t.Callable[[t.Any], t.Any] = _same
    decode: t.Callable[[t.Any], t.Any] = _same


AS_IS = Codec()


def normalize_pem(text: str) -> str:
    """A PEM bundle without the differences that do not count: surrounding blanks, line ends, empty lines."""
    if "-----BEGIN" not in text:
        return text.strip()
    lines = [line.strip() for line in text.strip().splitlines()]
    return "".join(line + "\n" for line in lines if line)


PEM = Codec(normalize_pem, normalize_pem)


def string_map(values: dict[t.Any, t.Any]) -> dict[str, str]:
    """Labels are strings. YAML's ``yes`` and ``1.10`` are not what was written any more, so they are refused."""
    return {str(key): _string(key, value) for key, value in values.items()}


def _string(key: t.Any, value: t.Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise ValueError(f"the value of {key!r} must be a string, not {value!r}: put it in quotes")


LABELS = Codec(string_map, dict)
