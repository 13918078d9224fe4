# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Things that happen later: due events, carried out when somebody looks.

No thread runs for them. A request (or a test, by `FakeCluster.settle`) carries out what has become due,
in the order of the due times, so that a state never changes between two looks without reason.
"""

from __future__ import annotations

import heapq
import itertools
import time
from typing import Callable

_SETTLED = 600


class Agenda:
    """Events by due time; `now` is a monotonic clock that a test may replace."""

    def __init__(self, now: Callable[[], float] = time.monotonic):
        self.now = now
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()

    def after(self, delay: float, event: Callable[[], None]) -> None:
        """Carry out the event once `delay` seconds have passed."""
        heapq.heappush(self._events, (self.now() + delay, next(self._order), event))

    def run_due(self) -> None:
        """Carry out what is due by now, including what those events plan for now."""
        while self._events and self._events[0][0] <= self.now():
            heapq.heappop(self._events)[2]()

    def run_all(self) -> None:
        """Carry out what is planned by now, as if ten minutes had passed; what the events plan anew is left."""
        end = self.now() + _SETTLED
        planned = sorted(event for event in self._events if event[0] <= end)
        self._events = [event for event in self._events if event[0] > end]
        heapq.heapify(self._events)
        for _due, _number, event in planned:
            event()

    def forget(self) -> None:
        """Let nothing happen of what is planned."""
        self._events.clear()
