# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mappings that can be lists as well (docker/cli, cli/compose/loader)."""

from __future__ import annotations

import typing as t

from ....module_utils._stack.compose_places import Section
from ..units import as_text

# A mapping, or a list of texts.
Pairs = t.Union[Section, t.Sequence[str]]


def texts(value: Pairs) -> dict[str, str]:
    """Labels, sysctls, options: from a mapping or from ``key=value``; without a value it is empty."""
    return {key: item or "" for key, item in pairs(value).items()}


def pairs(value: Pairs) -> dict[str, str | None]:
    """An environment: as texts, but without a value it is None."""
    if isinstance(value, dict):
        return {key: None if item is None else as_text(item) for key, item in value.items()}
    split = (item.partition("=") for item in value)
    return {key: text if equals else None for key, equals, text in split}


def hosts(value: Pairs) -> list[tuple[str, str]]:
    """``extra_hosts``: name and address. A mapping is sorted by it; a list keeps its order."""
    if isinstance(value, dict):
        found = sorted(f"{name}:{as_text(item)}" for name, item in value.items() if item is not None)
        split = [item.partition(":") for item in found]
    else:
        split = [item.partition("=" if "=" in item else ":") for item in value]
    for name, _sign, address in split:
        if address != address.strip():
            raise ValueError(f"the address of {name!r} has blanks around it. Write it like {name}:{address.strip()}")
    return [(name, _bare(address)) for name, sign, address in split if sign]


def _bare(address: str) -> str:
    return address[1:-1] if len(address) > 2 and address.startswith("[") and address.endswith("]") else address
