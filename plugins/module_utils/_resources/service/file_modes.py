# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""File modes: octal, in quotes or as YAML's octal number.

YAML reads 0444 as the number 292, and 444 as the number 444, which is 0674. Whoever writes 444 means 0444, so numbers
are refused whose digits are a usual mode.
"""

from __future__ import annotations

import re
import typing as t

from ..._codec import Codec, shown
from ..._path import MISSING

_HIGHEST = 0o7777
_TEXT = re.compile(r"(?:0o)?[0-7]{1,5}")


def parse_mode(value: t.Any) -> int:
    """Return the bits of ``"0444"``, ``"444"``, ``"0o444"`` or 0444 (292 by then); raise ValueError."""
    if isinstance(value, str) and _TEXT.fullmatch(value.strip()):
        mode = int(value.strip().replace("o", ""), 8)
    elif isinstance(value, int) and not isinstance(value, bool):
        mode = value
        _refuse_decimal(mode)
    else:
        raise ValueError(f"{shown(value)} is not a file mode. Write it in octal and in quotes, like '0444'")
    if not 0 <= mode <= _HIGHEST:
        raise ValueError(f"{shown(value)} is not a file mode. The highest is '07777'")
    return mode


def _refuse_decimal(number: int) -> None:
    """Raise ValueError for 444: without quotes and without a 0 in front it is another mode than it looks like."""
    text = str(number)
    if re.fullmatch(r"[0-7]{3,4}", text) and _is_usual(int(text, 8)):
        raise ValueError(
            f"the number {text} is the mode {number:04o} in octal. Write '{int(text, 8):04o}' or '{number:04o}', in quotes"
        )


def _is_usual(mode: int) -> bool:
    """Whether nobody may do more than the owner or than the group, and who may write or execute may read."""
    owner, group, others = mode >> 6 & 7, mode >> 3 & 7, mode & 7
    readable = all(bits == 0 or bits & 4 for bits in (owner, group, others))
    return readable and not group & ~owner and not others & ~group


# Go's os.FileMode keeps setuid, setgid and sticky in bits of its own (https://pkg.go.dev/io/fs#FileMode), but what
# the docker CLI sends for services are the plain Unix bits.
MODE = Codec(parse_mode, lambda mode: f"{mode:04o}")
# To the engine 0 is no mode, so the default.
MODE_OR_NONE = Codec(lambda value: (parse_mode(value) if value != "" else 0) or MISSING, MODE.decode)
