# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find and end the processes of labs.

The lab has no pid files: a process belongs to a lab because its environment says so. A stale
file after a reboot or a pid that was given away cannot mislead.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Callable

from ._errors import LabError

#: Variable in the environment of all of a node's processes; its value is the node's folder.
MARK = "HIVE_LAB_NODE"
#: Variable with the fingerprint of the Node that the process was started for.
SPEC = "HIVE_LAB_SPEC"
BOX = "sleep"

#: proc(5), stat: flags of a kernel thread, which has neither arguments nor an environment.
_KERNEL_THREAD = 0x00200000
#: How long a process may be between two programs, in seconds, and how many looks tell that it has no environment.
_EXEC, _LOOKS = 2.0, 3


@dataclass(frozen=True)
class Process:
    """One live process. `start` is in clock ticks since boot: pid and start name it for good."""

    pid: int
    start: int
    command: str
    stopped: bool
    mark: str
    spec: str
    init: bool

    def age(self) -> float:
        """Seconds since it was started."""
        with open("/proc/uptime", encoding="ascii") as file:
            uptime = float(file.read().split()[0])
        return uptime - self.start / os.sysconf("SC_CLK_TCK")

    def gone(self, zombie: bool = False) -> bool:
        """Whether nothing is left of the process; with `zombie` a dead process that was not reaped counts as gone.

        A dying process loses its environment, and so its mark, before it leaves the process table.
        """
        fields = _stat(self.pid)
        if fields is None or int(fields[19]) != self.start:
            return True
        return zombie and fields[0] in "ZX"

    def send(self, number: int) -> bool:
        """Send a signal; False when the process is gone. Safe against a pid that is given away."""
        try:
            handle = os.pidfd_open(self.pid)
        except ProcessLookupError:
            return False
        try:
            if self.gone():
                return False
            signal.pidfd_send_signal(handle, number)
            return True
        except ProcessLookupError:
            return False
        finally:
            os.close(handle)


def _stat(pid: int) -> list[str] | None:
    """Fields of /proc/PID/stat from the state on (proc(5) counts it as the third)."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            # The command is in parentheses and may hold anything.
            return file.read().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def read(pid: int) -> Process | None:
    """The process of that pid if it carries a mark (a zombie has none), else None."""
    try:
        environ = _environ(pid)
        if not (environ.startswith(f"{MARK}=".encode()) or f"\0{MARK}=".encode() in environ):
            return None
        with open(f"/proc/{pid}/status", encoding="utf-8", errors="replace") as file:
            status = file.read()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return None
    fields = _stat(pid)
    if fields is None:
        return None
    values = dict(entry.partition("=")[::2] for entry in environ.decode("utf-8", "replace").split("\0"))
    return Process(
        pid=pid,
        start=int(fields[19]),
        command=status.partition("\n")[0].partition("\t")[2],
        stopped=fields[0] in "Tt",
        mark=values.get(MARK, ""),
        spec=values.get(SPEC, ""),
        init=_namespaced_pid(status) == 1,
    )


def _environ(pid: int) -> bytes:
    """The environment of a process; empty for a zombie and a kernel thread.

    In the middle of an exec a process has none for a moment, and a daemon read just then would look as if it had
    ended (Linux, fs/binfmt_elf.c: the new program's arguments and environment are set last).
    """
    end, looks = time.monotonic() + _EXEC, 0
    while True:
        with open(f"/proc/{pid}/environ", "rb") as file:
            environ = file.read()
        fields = _stat(pid)
        if environ or fields is None or not _may_have_one(fields) or time.monotonic() > end:
            return environ
        looks += _has_empty_one(fields)
        if looks == _LOOKS:
            return environ
        time.sleep(0.001)


def _may_have_one(fields: list[str]) -> bool:
    return fields[0] not in "ZX" and not int(fields[6]) & _KERNEL_THREAD


def _has_empty_one(fields: list[str]) -> bool:
    """Whether it begins where it ends (proc(5), env_start and env_end: both are 0 in the middle of an exec)."""
    return fields[47] == fields[48] != "0"


def _namespaced_pid(status: str) -> int:
    for line in status.splitlines():
        if line.startswith("NSpid:"):
            numbers = line.split()[1:]
            return int(numbers[-1]) if len(numbers) > 1 else 0
    return 0


def marked(folder: str = "") -> list[Process]:
    """All processes whose mark is the folder or lies below it; all labs' without a folder."""
    found = (read(int(entry)) for entry in os.listdir("/proc") if entry.isdigit())
    return [
        process
        for process in found
        if process and (not folder or process.mark == folder or process.mark.startswith(folder + "/"))
    ]


def wait_until(true: Callable[[], bool], seconds: float, what: str, pause: float = 0.02) -> None:
    """Return when true; LabError naming what was awaited after the given time."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise LabError(f"{what}: still not after {seconds:.0f} s")
        time.sleep(pause)


def end_all(find: Callable[[], Iterable[Process]], what: str, seconds: float = 20) -> None:
    """Kill until none is found. An init of a PID namespace takes all of that namespace with it."""

    seen: set[Process] = set()

    def gone() -> bool:
        left = list(find())
        seen.update(left)
        for process in sorted(left, key=lambda item: not item.init):
            process.send(signal.SIGKILL)
        return not left and all(process.gone(zombie=True) for process in seen)

    wait_until(gone, seconds, f"end of the processes of {what}")
