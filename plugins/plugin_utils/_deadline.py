# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A limit for programs that this process has started and waits for.

A connection plugin waits for its ssh indefinitely, and ssh for a host that has lost its power until TCP gives up, which
takes a quarter of an hour.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import typing as t


@contextlib.contextmanager
def children_end_after(seconds: float) -> t.Iterator[threading.Event]:
    """End the processes that descend from this one when the block takes longer. The event is set then."""
    ended = threading.Event()

    def end() -> None:
        ended.set()
        for pid in _descendants(os.getpid()):
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGTERM)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield ended
    finally:
        timer.cancel()


def _descendants(parent: int) -> list[int]:
    """Return the processes below one, by ps(1), which POSIX describes."""
    lister = subprocess.Popen(["ps", "-A", "-o", "pid=,ppid="], stdout=subprocess.PIPE, text=True)
    pairs = [tuple(map(int, line.split())) for line in lister.communicate()[0].splitlines()]
    found, level = [], [parent]
    while level:
        level = [pid for pid, above in pairs if above in level and pid != lister.pid]
        found += level
    return found
