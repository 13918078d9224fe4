# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names as users give them on the command line."""

from __future__ import annotations

import typing as t

Given = t.Union[str, t.Iterable[object], None]


def as_names(given: Given) -> list[str]:
    """Names from a list, or from a string with commas or spaces between them; each once, in the order given."""
    words = given.replace(",", " ").split() if isinstance(given, str) else [str(name) for name in given or ()]
    return list(dict.fromkeys(words))


def confirmed(given: Given, expected: Given) -> bool:
    """Whether the user has typed the required confirmation, in any order."""
    return set(as_names(given)) == set(as_names(expected))
