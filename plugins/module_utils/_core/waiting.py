# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wait until the swarm converges, and show how far it is.

A look at the swarm has three outcomes: converged, waiting (why; the last reason is in the message when time is up) and failed
(why).
"""

from __future__ import annotations

import time
import typing as t

from .errors import NotConverged

CONVERGED, WAITING, FAILED = "converged", "waiting", "failed"


class ConvergenceStatus(t.NamedTuple):
    """What a look at the swarm says: it is there, it is on its way (why), or it will never be (why)."""

    state: str
    why: str = ""


def converged() -> ConvergenceStatus:
    """Return the status of what is as the task wants it."""
    return ConvergenceStatus(CONVERGED)


def waiting(why: str) -> ConvergenceStatus:
    """Return the status of what is on its way. :param why: for messages, without a full stop."""
    return ConvergenceStatus(WAITING, why)


def failed(why: str) -> ConvergenceStatus:
    """Return the status that ends a wait with a failure. :param why: for its message, without a full stop."""
    return ConvergenceStatus(FAILED, why)


class Clock:
    """Time, so that tests can hand in one that does not pass."""

    def now(self) -> float:
        """Return seconds from any start, which never go back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def wait_goes_on(self, what: str, why: str, passed: float, left: float) -> None:
        """Take note of a wait that is not over; ``ReportingClock`` shows it to the user.

        :param passed: seconds since it began. :param left: seconds until it fails.
        """


def wait(
    check_convergence: t.Callable[[], ConvergenceStatus],
    timeout: float,
    what: str,
    clock: Clock,
    option: str = "wait_timeout",
) -> None:
    """Look until converged; raise NotConverged with the reason when it failed or time is up.

    :param option: the name of the user's option for the timeout.

    The pauses grow from 0.1 to 1 second: most waits here are a matter of moments, the rest of many seconds.
    """
    begin, pause = clock.now(), 0.1
    end = begin + timeout
    while True:
        status = check_convergence()
        if status.state == CONVERGED:
            return
        if status.state == FAILED:
            raise NotConverged(f"{what}: {status.why}")
        now = clock.now()
        if now >= end:
            raise NotConverged(f"{what}: not done after {timeout:g} seconds ({option}): {status.why}")
        clock.wait_goes_on(what, status.why, now - begin, end - now)
        clock.sleep(min(pause, max(end - clock.now(), 0.05)))
        pause = min(pause * 1.5, 1.0)


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
