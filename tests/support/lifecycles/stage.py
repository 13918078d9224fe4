# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a life is played: engines behind one face, whether fake or real, and the world that must not move."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Callable, Protocol

from ..harness import Runner, on
from ..steps import Step, World

Life = Callable[["Stage"], list[Step]]


class Host(Protocol):
    """An engine: a fake one, or one of a lab."""

    docker_host: str
    address: str
    hostname: str

    def do(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the engine; raises for a refusal."""


@dataclass
class Stage:
    """hosts: the engines; modules talk to the first of them unless a step says docker_host."""

    hosts: list[Any]
    world: World

    @property
    def first(self) -> Any:
        return self.hosts[0]

    @property
    def run(self) -> Runner:
        return on(self.first)

    def node_id(self, host: Any) -> str:
        """What the engine takes for its node's ID."""
        return str(host.do("GET", "/info")["Swarm"]["NodeID"])

    @staticmethod
    def wait_for(test: Callable[[], bool], seconds: float = 60.0) -> None:
        """Return when the test passes; AssertionError when it does not in time."""
        end = time.monotonic() + seconds
        while not test():
            assert time.monotonic() < end, "the engines did not get there"
            time.sleep(0.1)

    def token(self, role: str = "Worker") -> str:
        return str(self.first.do("GET", "/swarm")["JoinTokens"][role])
