# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a look at the swarm says: three answers, not two."""

from __future__ import annotations

import time
import typing as t

CONVERGED, WAITING, FAILED = "converged", "waiting", "failed"


class Verdict(t.NamedTuple):
    """What a look at the swarm says: it is there, it is on its way (why), or it will never be (why)."""

    state: str
    why: str = ""


def converged() -> Verdict:
    return Verdict(CONVERGED)


def waiting(why: str) -> Verdict:
    return Verdict(WAITING, why)


def failed(why: str) -> Verdict:
    return Verdict(FAILED, why)


class Clock:
    """Time, so that tests can hand in one that does not pass."""

    def now(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)
