# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Text of engines, nodes and containers without the characters that a terminal acts on.

A container that prints an escape sequence can otherwise set the title of the operator's terminal, clear its screen or
write its clipboard, as Ansible prints messages and warnings as they are.
"""

from __future__ import annotations

import re
import typing as t

# C0 without tab and newline, DEL, C1, and what reverses or breaks a line (Unicode's bidirectional controls, LS and PS).
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """Return the text with each control character as ``\\x1b`` or ``\\u202e``; tab and newline stay."""
    return text if text.isprintable() else _CONTROL.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def printable_values(value: t.Any) -> t.Any:
    """Return the same structure with every string in it, keys too, made printable."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {printable_values(key): printable_values(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [printable_values(item) for item in value]
    return value
