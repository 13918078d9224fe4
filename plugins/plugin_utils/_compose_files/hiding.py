# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Messages about a filled in file, with the names of variables instead of their values: these may be passwords."""

from __future__ import annotations

import json
import re
import typing as t
from collections.abc import Mapping, Sequence

from ...module_utils._compose.places import File

_NAME = re.compile(r"\$\{?([A-Za-z_][A-Za-z0-9_]*)")
# What is shorter is no password, and part of many a word.
_SHORTEST = 4


def without_values(files: Sequence[File], values: Mapping[str, str]) -> t.Callable[[str], str]:
    """A function that hides, in a message, the values of all variables that the files use: ``'${TAG}:80' is no port``."""
    names = set(_NAME.findall(json.dumps([file.document for file in files], default=str)))
    used = [(values[name], name) for name in names if len(values.get(name, "")) >= _SHORTEST]
    used.sort(key=lambda pair: (-len(pair[0]), pair[1]))

    def hide(message: str) -> str:
        for value, name in used:
            for text in (value, repr(value)[1:-1]):
                message = message.replace(text, f"${{{name}}}")
        return message

    return hide
