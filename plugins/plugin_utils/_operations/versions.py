# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Versions of Docker Engine: which is meant, and which is older."""

from __future__ import annotations

import re


def version_key(version: str) -> tuple[int, ...]:
    """``5:28.5.2+dfsg4`` as (28, 5, 2): what a distribution adds says nothing about what the engine can read."""
    found = re.match(r"(?:\d+:)?v?(\d+(?:\.\d+)*)", version.strip())
    if not found:
        raise ValueError(f"{version!r} is not a version of Docker Engine")
    return tuple(int(part) for part in found[1].split("."))


def pattern(wanted: str) -> str:
    """Return a regular expression for the beginning of the versions that are ``meant``."""
    return r"\s*(?:\d+:)?v?" + r"\.".join(f"0*{part}" for part in version_key(wanted)) + r"(?!\d)"


def version_matches(version: str, wanted: str) -> bool:
    """Whether a version is the one that is wanted, which may be its beginning: 28.5 means 28.5.2 too."""
    key = version_key(wanted)
    return version_key(version)[: len(key)] == key


def older(one: str, other: str) -> bool:
    """Whether one version comes before the other, as far as both are said."""
    length = min(len(version_key(one)), len(version_key(other)))
    return version_key(one)[:length] < version_key(other)[:length]
