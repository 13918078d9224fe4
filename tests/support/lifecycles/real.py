# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Real engines of a lab as hosts of a stage, and getting them out of whatever swarm a test has left them in."""

from __future__ import annotations

import datetime
import itertools
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from ....plugins.module_utils._lab import Engine
from ....plugins.module_utils._lab._images import Store
from ....plugins.module_utils._lab._spec import Image
from ..worlds import RealWorld, ask

# Release of Docker Engine -> where the lab takes it from: this system, or a suite of Debian.
GENERATIONS = {"20.10": "system", "28.5": "forky"}
# What the tasks of services run; every engine has it.
IMAGE = "lab/busybox:1"
# A manager that leaves in the first moments of its swarm can take its daemon with it (seen on 20.10).
_YOUNG = 2.0


def shared(names: Iterable[str]) -> list[tuple[str, str]]:
    """Deal out what is slow to the generations: (generation, name) for a test with an indirect real_lab."""
    return list(zip(itertools.cycle(GENERATIONS), names))


def dealt(argument: str, names: Iterable[str]) -> pytest.MarkDecorator:
    """A parametrization that deals names to the generations, one lab after the other and not in turns."""
    pairs = sorted(shared(names), key=lambda pair: pair[0])
    return pytest.mark.parametrize(("real_lab", argument), pairs, indirect=["real_lab"], scope="session")


class Refusal(Exception):
    """An answer with a status of 400 or more."""

    def __init__(self, status: int, message: str):
        super().__init__(f"{status} {message}")
        self.status = status
        self.message = message


class RealHost:
    """One engine of a lab."""

    def __init__(self, engine: Engine):
        self._engine = engine
        self.name = engine.name
        self.hostname = engine.hostname
        self.address = engine.address
        self.socket = engine.socket
        self.docker_host = engine.docker_host

    def do(self, method: str, path: str, body: Any = None) -> Any:
        """One request; raises Refusal."""
        status, answer = ask(self.socket, method, path, body)
        if status >= 400:
            raise Refusal(status, answer["message"] if isinstance(answer, dict) else answer)
        return answer

    @property
    def state(self) -> str:
        return str(self.do("GET", "/info")["Swarm"]["LocalNodeState"])

    def kill(self) -> None:
        """kill -9."""
        self._engine.kill()

    def start(self) -> None:
        self._engine.start()

    def restart(self) -> None:
        self.kill()
        self.start()

    def wipe(self) -> None:
        """Lose the disk, but for the image of the tests."""
        self._engine.wipe()
        Store().load(self.socket, Image(IMAGE))

    def partition(self, cut: bool = True) -> None:
        """Cut the engine off from the others, or connect it again."""
        if cut:
            self._engine.partition()
        else:
            self._engine.heal()

    def reset(self) -> None:
        """Have it running, connected and in no swarm: by leaving where that is quick, with an empty disk elsewhere."""
        self._engine.heal()
        try:
            self._engine.start()
            self._leave()
        except (OSError, Refusal):
            self.wipe()

    def _leave(self) -> None:
        swarm = self.do("GET", "/info")["Swarm"]
        if swarm["LocalNodeState"] == "inactive":
            return
        if swarm["LocalNodeState"] != "active":
            self.wipe()
            return
        time.sleep(max(0.0, _YOUNG - _age(swarm)))
        self.do("POST", "/swarm/leave?force=1")
        self._engine.start()  # should the daemon not have survived it


def reset_all(hosts: list[RealHost]) -> None:
    """Reset engines side by side."""
    with ThreadPoolExecutor() as pool:
        list(pool.map(RealHost.reset, hosts))


def _age(swarm: dict[str, Any]) -> float:
    """Seconds since a manager's swarm was made; much, where that is not known."""
    created = (swarm.get("Cluster") or {}).get("CreatedAt", "")
    if not created or created.startswith("0001"):
        return 0.0 if swarm["ControlAvailable"] else _YOUNG
    moment = datetime.datetime.fromisoformat(created[:19] + "+00:00")
    return (datetime.datetime.now(datetime.timezone.utc) - moment).total_seconds() - 1


class CalmWorld(RealWorld):
    """Real engines with nothing going on: a write shows at once, so one look will do."""

    def token(self) -> Any:
        return self._look()


def make_swarm(hosts: list[RealHost], managers: int = 1, heartbeat: int = 5) -> None:
    """One swarm of engines that are in none: so many managers, then workers; all Ready, managers Reachable.

    :param heartbeat: seconds (the engine's default); nodes keep the one that they joined with for a while.
    """
    first = hosts[0]
    spec = {"Dispatcher": {"HeartbeatPeriod": heartbeat * 10**9}}
    first.do("POST", "/swarm/init", {"ListenAddr": "0.0.0.0:2377", "AdvertiseAddr": first.address, "Spec": spec})
    tokens = first.do("GET", "/swarm")["JoinTokens"]
    for number, host in enumerate(hosts[1:], start=1):
        token = tokens["Manager" if number < managers else "Worker"]
        remote = f"{first.address}:2377"
        host.do("POST", "/swarm/join", {"ListenAddr": "0.0.0.0:2377", "RemoteAddrs": [remote], "JoinToken": token})
    end = time.monotonic() + 60
    while not _settled(first.do("GET", "/nodes"), managers):
        if time.monotonic() > end:
            raise TimeoutError("the swarm did not settle")
        time.sleep(0.1)


def _settled(nodes: list[dict[str, Any]], managers: int) -> bool:
    reachable = [node for node in nodes if node.get("ManagerStatus", {}).get("Reachability") == "reachable"]
    return len(reachable) == managers and all(node["Status"]["State"] == "ready" for node in nodes)
