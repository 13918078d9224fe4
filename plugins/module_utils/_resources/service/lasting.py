# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""For how long a task has been running, by the clock of the manager."""

from __future__ import annotations

import datetime
import re
import typing as t

from ..._converge import Clock
from ..._errors import SwarmError
from ..._path import Document

# RFC 3339 as Go writes it: a fraction of up to nine digits, and Z or an offset.
_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)")


def seconds_of(text: str) -> float | None:
    """Return a time of the API as seconds since 1970; None for what is not a time."""
    found = _TIME.fullmatch(text)
    if not found:
        return None
    second, fraction, zone = found.groups()
    moment = datetime.datetime.fromisoformat(second + ("+00:00" if zone == "Z" else zone))
    return moment.timestamp() + float(fraction or 0)


class ManagerTime:
    """The time of the manager (``SystemTime`` of ``GET /info``), read once and carried on by the clock of the run."""

    def __init__(self, engine: t.Any, clock: Clock) -> None:
        self._engine, self._clock = engine, clock
        self._read: tuple[float | None, float] | None = None

    def age(self, task: Document) -> float:
        """Return the seconds for which the task has had its state; 0 where that is not known."""
        since = seconds_of((task.get("Status") or {}).get("Timestamp", ""))
        now = self._now()
        return 0.0 if since is None or now is None else now - since

    def _now(self) -> float | None:
        if self._read is None:
            self._read = (self._ask(), self._clock.now())
        told, at = self._read
        return None if told is None else told + self._clock.now() - at

    def _ask(self) -> float | None:
        try:
            return seconds_of(self._engine.get("/info").get("SystemTime", ""))
        except SwarmError:
            return None  # then the task is watched for the whole period
