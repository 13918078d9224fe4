# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The progress of long waits, for the user who looks at the run."""

from __future__ import annotations

import typing as t

from .._core.waiting import Clock

#: Seconds between two lines on a wait.
INTERVAL = 15


class ReportingClock(Clock):
    """Shows at intervals what is waited for and why, for how long already, and how much time is left.

    :param show: takes a line.
    """

    def __init__(self, show: t.Callable[[str], None]) -> None:
        self._show = show
        self._last = self.now()

    def wait_goes_on(self, what: str, why: str, passed: float, left: float) -> None:
        if self.now() - self._last < INTERVAL:
            return
        self._last = self.now()
        self._show(f"{what}: {why}; {passed:.0f} seconds passed, {left:.0f} left")
