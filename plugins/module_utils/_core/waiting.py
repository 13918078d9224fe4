# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wait until the swarm converges and show how far it is, and repeat a write that another client was faster than.

A look at the swarm has three outcomes: converged, waiting (why; the last reason is in the message when time is up) and failed
(why).
"""

from __future__ import annotations

import random
import time
import typing as t

from .errors import NotConverged, OutOfSequence

CONVERGED, WAITING, FAILED = "converged", "waiting", "failed"


class ConvergenceStatus(t.NamedTuple):
    """What a look at the swarm says: it is there, it is on its way (why), or it will never be (why)."""

    state: str
    why: str = ""


def converged() -> ConvergenceStatus:
    return ConvergenceStatus(CONVERGED)


def waiting(why: str) -> ConvergenceStatus:
    return ConvergenceStatus(WAITING, why)


def failed(why: str) -> ConvergenceStatus:
    return ConvergenceStatus(FAILED, why)


class Clock:
    """Time, so that tests can hand in one that does not pass."""

    def now(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def wait_goes_on(self, what: str, why: str, passed: float, left: float) -> None:
        """Take note of a wait that is not over; ``ReportingClock`` shows it to the user.

        :param passed: seconds since it began. :param left: seconds until it fails.
        """


Outcome = t.TypeVar("Outcome")

# How often a lost race is run again. The writers of a playbook on many hosts are through long before.
_ATTEMPTS = 12


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


def retry_on_conflict(attempt: t.Callable[[int], Outcome], clock: Clock) -> Outcome:
    """Run attempts, counted from 1, until no other client writes in between; the last one's OutOfSequence is raised.

    An attempt after the first has to read anew what it writes, so that no change of either is lost.
    """
    for number in range(1, _ATTEMPTS):
        try:
            return attempt(number)
        except OutOfSequence:
            clock.sleep(random.uniform(0.02, 0.1 * number))
    return attempt(_ATTEMPTS)


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
