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
from ..vitals import VITALS
from ..worlds import RealWorld, ask, await_log

# Release of Docker Engine -> where the lab takes it from: this system, or a suite of Debian.
GENERATIONS = {"20.10": "system", "28.5": "forky"}
# What the tasks of services run; every engine has it.
IMAGE = "lab/busybox:1"
# Networks of the engines' own, some of which come a while after the swarm.
BUILT_IN = ("ingress", "docker_gwbridge", "bridge", "host", "none")
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
        self.leave(self.look())

    def look(self) -> dict[str, Any] | None:
        """What it says of its swarm, running and connected.

        None for one that was killed (it would look for lost managers for 20 seconds) and one that gives no answer.
        """
        now = self._engine.status()
        if not now.healthy:
            self._engine.heal()
        if now.daemon is None:
            return None
        try:
            if not now.healthy:
                self._engine.start()
            return self.do("GET", "/info")["Swarm"]
        except (OSError, Refusal):
            return None

    def leave(self, swarm: dict[str, Any] | None) -> None:
        """Get it out of the swarm that it was seen in."""
        with VITALS.aside(self._engine.log):
            self._leave(swarm)

    def _leave(self, swarm: dict[str, Any] | None) -> None:
        try:
            if swarm is None or swarm["Error"] or swarm["LocalNodeState"] not in ("active", "inactive"):
                self.wipe()
            elif swarm["LocalNodeState"] == "active":
                time.sleep(max(0.0, _YOUNG - _age(swarm)))
                self.do("POST", "/swarm/leave?force=1")
                self._engine.start()  # should the daemon not have survived it
            self._clean()
        except (OSError, Refusal):
            self.wipe()

    def _clean(self) -> None:
        """Remove what an engine keeps of a swarm that it has left.

        Refusal where it cannot: a network of the swarm can keep an endpoint for good, and a name that the next swarm
        has then no use of.
        """
        found = [f"/containers/{item['Id']}?force=1&v=1" for item in self.do("GET", "/containers/json?all=1")]
        found += [f"/networks/{item['Id']}" for item in self.do("GET", "/networks") if item["Name"] not in BUILT_IN]
        found += [f"/volumes/{item['Name']}?force=1" for item in self.do("GET", "/volumes")["Volumes"] or []]
        for path in found:
            self._remove(path)

    def _remove(self, path: str) -> None:
        """Remove it, unless the engine has done so meanwhile."""
        try:
            self.do("DELETE", path)
        except Refusal as refusal:
            if refusal.status != 404:
                raise


def reset_all(hosts: list[RealHost]) -> None:
    """Reset engines side by side.

    All are looked at before: one that has lost its quorum meanwhile answers after 20 seconds. Managers come last: one
    waits five seconds for workers that are in touch with it.
    """
    with ThreadPoolExecutor() as pool:
        seen = list(zip(hosts, pool.map(RealHost.look, hosts)))
        managers = [pair for pair in seen if pair[1] and pair[1]["ControlAvailable"]]
        for pairs in ([pair for pair in seen if pair not in managers], managers):
            list(pool.map(lambda pair: pair[0].leave(pair[1]), pairs))


def _age(swarm: dict[str, Any]) -> float:
    """Seconds since a manager's swarm was made; much, where that is not known."""
    created = (swarm.get("Cluster") or {}).get("CreatedAt", "")
    if not created or created.startswith("0001"):
        return 0.0 if swarm["ControlAvailable"] else _YOUNG
    moment = datetime.datetime.fromisoformat(created[:19] + "+00:00").timestamp()
    fraction = float(f"0.{created[20:].rstrip('Z') or 0}")
    return time.time() - moment - fraction


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
    await_log([host.socket for host in hosts[:managers]])


def _settled(nodes: list[dict[str, Any]], managers: int) -> bool:
    reachable = [node for node in nodes if node.get("ManagerStatus", {}).get("Reachability") == "reachable"]
    return len(reachable) == managers and all(node["Status"]["State"] == "ready" for node in nodes)
