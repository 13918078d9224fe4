# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The log of what was asked of a fake engine."""

from __future__ import annotations

from typing import Any, NamedTuple

READS = ("GET", "HEAD")


class ReadOnlyViolation(AssertionError):
    """A write reached an engine that a test had declared read-only."""


class Recorded(NamedTuple):
    """One request: method, path without version and query, query as a dict, parsed body, API version of the path.

    registry_auth: the header X-Registry-Auth as it came, which no answer ever shows.
    """

    method: str
    path: str
    query: dict[str, str]
    body: Any
    version: str | None
    registry_auth: str | None = None

    @property
    def is_write(self) -> bool:
        """Whether the request could change something."""
        return self.method not in READS

    def __str__(self) -> str:
        query = "&".join(f"{key}={value}" for key, value in self.query.items())
        return f"{self.method} {self.path}" + (f"?{query}" if query else "")
