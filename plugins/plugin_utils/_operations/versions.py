# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Versions of Docker Engine: which is newer."""

from __future__ import annotations

import re


def version_key(version: str) -> tuple[int, ...]:
    """``28.5.2+dfsg4`` as (28, 5, 2): what a distribution adds says nothing about what the engine can read."""
    found = re.match(r"(?:\d+:)?v?(\d+(?:\.\d+)*)", version.strip())
    if not found:
        raise ValueError(f"{version!r} is no version of Docker Engine")
    numbers = tuple(int(part) for part in found[1].split("."))
    return (*numbers, 0, 0)[: max(3, len(numbers))]


def older(one: str, other: str) -> bool:
    """Whether one version comes before the other."""
    return version_key(one) < version_key(other)
