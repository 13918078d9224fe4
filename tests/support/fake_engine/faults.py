# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a test can do to an engine, short of the requests that it answers."""

from __future__ import annotations

import threading
from typing import Any, NamedTuple


class Fault(NamedTuple):
    """One disturbance of requests whose method and path begin as given."""

    kind: str  # delay, hang, drop, conflict, error
    method: str
    path: str
    value: Any = None

    def hits(self, method: str, path: str) -> bool:
        """Whether this request is meant; an empty method or path means any."""
        return self.method in ("", method) and path.startswith(self.path)


class Faults:
    """The disturbances of one engine; each is used up by as many requests as it was made for."""

    def __init__(self) -> None:
        self.released = threading.Event()
        self._waiting: list[list[Any]] = []  # [fault, times left]

    def add(self, fault: Fault, times: int) -> None:
        """Disturb the next `times` requests that the fault hits."""
        self._waiting.append([fault, times])

    def clear(self) -> None:
        """Forget all disturbances and let hanging requests go."""
        self._waiting.clear()
        self.released.set()
        self.released = threading.Event()

    def take(self, method: str, path: str) -> list[Fault]:
        """The disturbances of this request, each counted down."""
        taken = []
        for entry in list(self._waiting):
            if entry[0].hits(method, path):
                taken.append(entry[0])
                entry[1] -= 1
                if entry[1] <= 0:
                    self._waiting.remove(entry)
        return taken
