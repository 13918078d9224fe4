# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether the engines of this process's labs are alive and well: no panic in a log, no daemon that ended unasked.

A request of ours that crashes an engine fails the test that sent it, whatever the test looks at itself.
"""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from ...plugins.module_utils._lab import _box, _daemon, _store
from ...plugins.module_utils._lab._lab import Engine
from ...plugins.module_utils._lab._processes import Process
from ...plugins.module_utils._lab._spec import Node, Spec

# What the Go runtime writes when it gives up, and net/http when a handler does.
_CRASH = re.compile(rb"\bpanic\b|fatal error:|SIGSEGV")
_AFTER = 400
# Methods of an engine of a lab that end its daemon.
_ENDING = ("stop", "kill", "restart", "power_off", "wipe")


class _Log(NamedTuple):
    """How far a log has been read."""

    inode: int
    size: int


class Vitals:
    """What is known of the engines since the last check, by the path of an engine's log."""

    def __init__(self) -> None:
        self._logs: dict[str, _Log] = {}
        self._daemons: dict[str, Process] = {}
        self._asked: set[str] = set()
        self._crashes: list[str] = []

    def check(self, ends_engines: bool = False) -> list[str]:
        """What is wrong since the last check; one sentence each.

        :param ends_engines: whether daemons may have been ended by other processes, such as playbooks.
        """
        found = [(_daemon.log_file(spec, node.name), spec, node) for spec, node in _engines()]
        for log in [path for path, _spec, _node in found]:
            self._read(log)
        problems, self._crashes = self._crashes, []
        for log, spec, node in found:
            if self._has_ended(log) and not ends_engines:
                problems.append(f"{log}: the daemon has ended, and the test did not end it.")
            self._note(log, spec, node)
        self._asked.clear()
        return problems

    def asked(self, log: str) -> None:
        """The test ends the daemon itself."""
        self._asked.add(log)

    @contextmanager
    def aside(self, log: str) -> Iterator[None]:
        """What happens meanwhile is not the product's doing."""
        self._read(log)
        self._asked.add(log)
        yield
        self._logs[log] = _Log(*_place(log))

    def _has_ended(self, log: str) -> bool:
        known = self._daemons.get(log)
        return known is not None and log not in self._asked and known.gone(zombie=True)

    def _note(self, log: str, spec: Spec, node: Node) -> None:
        """The processes of the machine are searched for new daemons alone."""
        known = self._daemons.get(log)
        if known is None or known.gone(zombie=True):
            daemon = _daemon.daemon_of(node, _box.find(spec, node.name))
            self._daemons.pop(log, None) if daemon is None else self._daemons.update({log: daemon})

    def _read(self, log: str) -> None:
        """Read what is new in a log."""
        inode, size = _place(log)
        known = self._logs.get(log, _Log(inode, 0))
        start = known.size if known.inode == inode and known.size <= size else 0
        self._logs[log] = _Log(inode, size)
        if start == size:
            return
        with open(log, "rb") as file:
            file.seek(start)
            text = file.read(size - start)
        crash = _CRASH.search(text)
        if crash:
            words = text[text.rfind(b"\n", 0, crash.start()) + 1 :][:_AFTER]
            self._crashes.append(f"{log}: {words.decode(errors='replace')}")


def _place(log: str) -> tuple[int, int]:
    """Inode and size of a file, zeros where there is none."""
    try:
        found = os.stat(log)
    except FileNotFoundError:
        return 0, 0
    return found.st_ino, found.st_size


def _engines() -> Iterator[tuple[Spec, Node]]:
    """The engines of labs that have this process's ID in their names, as all labs of tests have."""
    own = re.compile(rf"(?<!\d){os.getpid()}(?!\d)")
    try:
        names = sorted(filter(own.search, os.listdir(_store.DEFAULT_ROOT)))
    except FileNotFoundError:
        return
    for name in names:
        spec = _store.read(_store.DEFAULT_ROOT, name)
        for node in spec.nodes if spec else ():
            if node.kind == "engine":
                yield spec, node


VITALS = Vitals()


@contextmanager
def noted() -> Iterator[None]:
    """Have the ends that a test gives to engines of a lab known to VITALS."""
    before = {name: getattr(Engine, name) for name in _ENDING}
    for name, method in before.items():
        setattr(Engine, name, _noting(method))
    try:
        yield
    finally:
        for name, method in before.items():
            setattr(Engine, name, method)


def _noting(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def ending(engine: Engine, *args: Any, **more: Any) -> Any:
        VITALS.asked(engine.log)
        return method(engine, *args, **more)

    return ending
