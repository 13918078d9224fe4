# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The answer of the swarm in one of Ansible's cache plugins, with its age told here.

The plugins forget what is older than ``cache_timeout``. So they are told to keep everything, and the snapshot tells
how old it is: what is too old to be used may still serve when no manager answers.
"""

from __future__ import annotations

import hashlib
import json
import time
import typing as t

from ...module_utils._core.values import Values
from .reading import FORMAT


class Store(t.Protocol):
    """What is used of Ansible's CachePluginAdjudicator."""

    def get(self, key: str, default: object = None) -> t.Any: ...

    def __setitem__(self, key: str, value: object) -> None: ...


class Cache:
    """:param key: of this source with its options. :param timeout: seconds; 0 is unlimited, as everywhere in Ansible."""

    def __init__(self, store: Store, key: str, timeout: float) -> None:
        self._store, self._key, self._timeout = store, key, timeout

    def fresh(self) -> Values | None:
        kept = self.stale()
        young = kept is not None and (not self._timeout or age_of(kept) <= self._timeout)
        return kept if young else None

    def stale(self) -> Values | None:
        """The last answer, however old."""
        kept = self._store.get(self._key)
        return kept if isinstance(kept, dict) and kept.get("format") == FORMAT else None

    def keep(self, snapshot: Values) -> None:
        self._store[self._key] = snapshot


def age_of(snapshot: Values) -> float:
    """Seconds; never negative, though clocks are set."""
    return max(0.0, time.time() - snapshot["at"])


def key_of(source: str, *parts: object) -> str:
    """A key for what was asked of whom.

    :param source: Ansible's own key of the inventory file.
    """
    text = json.dumps(parts, sort_keys=True, default=str)
    return f"{source}_{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def duration_text(seconds: float) -> str:
    """An age as people say it."""
    for unit, length in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} seconds"
