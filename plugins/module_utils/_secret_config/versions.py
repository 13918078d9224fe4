# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The names of versions."""

from __future__ import annotations

import hashlib
import os
import re

from .._core.paths import Document

_SUFFIX = 10


def number_of(base: str, name: str) -> int | None:
    """N of ``base_vN``, None of any other name."""
    found = re.fullmatch(re.escape(base) + r"_v([0-9]+)", name)
    return int(found[1]) if found else None


def is_version(base: str, name: str) -> bool:
    """Whether the name is one that ``content_name`` or ``random_name`` makes."""
    return bool(re.fullmatch(re.escape(base) + rf"_[0-9a-f]{{{_SUFFIX}}}", name))


def content_name(base: str, spec: Document) -> str:
    """The name of a config with what this one cannot change: its bytes and its template driver."""
    driver = (spec.get("Templating") or {}).get("Name") or ""
    made = hashlib.sha256(f"{spec['Data']} {driver}".encode()).hexdigest()
    return f"{base}_{made[:_SUFFIX]}"


def random_name(base: str) -> str:
    """A name that says nothing of what it names."""
    return f"{base}_{os.urandom(_SUFFIX).hex()[:_SUFFIX]}"
