# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The machine room: engines that can reach each other, the swarms they form, the time that passes."""

from __future__ import annotations

import dataclasses
import shutil
import tempfile
import threading
import time
from pathlib import Path
from typing import Any, Callable

from .behaviours import Script
from .clock import Agenda
from .engine import FakeEngine
from .registry import Registry
from .versions import API_1_51, Version


@dataclasses.dataclass
class Delays:
    """Seconds that things take; a real engine's figures are in the comments."""

    role_change: float = 0.05  # 1 to 20
    node_down: float = 0.1  # 10 to 15: Ready until the heartbeat is missed
    ca_rotation: float = 0.05  # 3 on one node
    join_timeout: float = 0.1  # 20: how long a join to a dead manager blocks
    join_error: float = 0.1  # 5 to 20: from the answer of such a join to the state error


class FakeCluster:
    """A set of engines in one process. A context manager: leaving it stops them all.

    version: generation of the engines that `engine` makes unless told otherwise.
    directory: where the sockets go; a temporary one by default (its path must be short: 107 bytes with the name).
    clock: what `Delays` are measured with, for tests that move time themselves.
    script: what tasks do, see behaviours. registry: what GET /distribution answers, see Registry.
    """

    def __init__(
        self,
        version: Version = API_1_51,
        delays: Delays | None = None,
        directory: str | Path | None = None,
        clock: Callable[[], float] = time.monotonic,
    ):
        self.version = version
        self.delays = delays or Delays()
        self.lock = threading.RLock()
        self.agenda = Agenda(clock)
        self.engines: dict[str, FakeEngine] = {}
        self.script = Script()
        self.registry = Registry()
        self._owned = None if directory else tempfile.mkdtemp(prefix="fake-")
        self.directory = Path(directory or str(self._owned))

    def __enter__(self) -> FakeCluster:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop every engine and remove the sockets. Raises ReadOnlyViolation when a read-only engine saw a write."""
        for engine in self.engines.values():
            engine.close()
        if self._owned:
            shutil.rmtree(self._owned, ignore_errors=True)
        for engine in self.engines.values():
            engine.check_read_only()

    def engine(self, name: str, **options: Any) -> FakeEngine:
        """A new, running, inactive engine; see FakeEngine for the options."""
        options.setdefault("version", self.version)
        options.setdefault("address", f"192.0.2.{len(self.engines) + 1}")
        if name in self.engines:
            raise ValueError(f"an engine {name} exists")
        engine = FakeEngine(self, name, **options)
        self.engines[name] = engine
        return engine

    def swarm(self, managers: int = 1, workers: int = 0) -> list[FakeEngine]:
        """That many engines (manager1…, worker1…) in one swarm; nothing of its making is in their request logs."""
        engines = [self.engine(f"manager{number + 1}") for number in range(managers)]
        engines += [self.engine(f"worker{number + 1}") for number in range(workers)]
        first = engines[0]
        first.do("POST", "/swarm/init", {"ListenAddr": "0.0.0.0:2377", "AdvertiseAddr": first.address})
        for engine in engines[1:]:
            self.join(engine, first, "Manager" if engine in engines[:managers] else "Worker")
        return engines

    def join(self, engine: FakeEngine, manager: FakeEngine, role: str = "Worker") -> None:
        """Make an engine a Worker or Manager of a manager's swarm."""
        token = manager.do("GET", "/swarm")["JoinTokens"][role]
        engine.do(
            "POST",
            "/swarm/join",
            {"ListenAddr": "0.0.0.0:2377", "RemoteAddrs": [f"{manager.address}:2377"], "JoinToken": token},
        )

    def after(self, delay: float, event: Callable[[], None]) -> None:
        """Plan an event; see Agenda."""
        self.agenda.after(delay, event)

    def settle(self) -> None:
        """Let everything that was planned happen now: roles, heartbeats, rotations."""
        with self.lock:
            self.agenda.run_all()

    def at_address(self, remote: str) -> FakeEngine | None:
        """The engine that listens as a manager under host:port (port 2377 unless given), if it can be reached."""
        wanted = remote if ":" in remote else f"{remote}:2377"
        for engine in self.engines.values():
            membership = engine.membership
            if membership and membership.is_manager and membership.raft_address == wanted and engine.is_online:
                return engine
        return None
