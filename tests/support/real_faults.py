# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Real engines for the pairs of requests and faults: a manager behind a proxy, whose state comes back by doing it again."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from typing import Any, Callable

from .fault_matrix import Engines, Start, comparable, named
from .fault_proxy import FaultProxy
from .harness import Runner
from .lifecycles.real import BUILT_IN, Refusal
from .lifecycles.stage import Stage
from .steps import Step

Action = Callable[[], Any]


class RealEngines(Engines):
    """A manager behind a proxy.

    :param prepare: makes what the tasks of a life expect, on a manager without objects.
    """

    def __init__(self, manager: Any, proxy: FaultProxy, prepare: Action):
        super().__init__()
        self.manager, self.docker_host = manager, proxy.docker_host
        self._proxy, self._prepare = proxy, prepare
        self._done: list[Action] = []

    def arm(self, number: int = 0, fault: str = "") -> None:
        self._proxy.arm(number, fault)

    @property
    def requests(self) -> list[tuple[str, str]]:
        return self._proxy.requests

    def faults(self, method: str, path: str) -> tuple[str, ...]:
        return self._proxy.faults(method, path)

    def start(self) -> Start:
        return _Replay(self, self._done)

    def contents(self) -> Any:
        kinds = {kind: named(self.manager, kind) for kind in ("services", "secrets", "configs")}
        networks = [item for item in named(self.manager, "networks") if item["Name"] not in BUILT_IN]
        nodes = [{**item["Spec"], "Host": item["Description"]["Hostname"]} for item in self.manager.do("GET", "/nodes")]
        volumes = [item for item in _volumes(self.manager) if "ClusterVolume" in item]
        swarm = self.manager.do("GET", "/swarm")["Spec"]
        return comparable(
            {**kinds, "networks": networks, "nodes": sorted(nodes, key=str), "volumes": volumes, "swarm": swarm}
        )

    def record(self, title: str, steps: Iterable[Step], run: Runner) -> None:
        """Do the steps of a life once each, and record what changes something."""
        self.reset()
        recorded = self.recording(title, self._noted(run))
        for step in steps:
            if step.before:
                step.before()
                self._done.append(step.before)
            recorded(step.module, step.args)

    def _noted(self, run: Runner) -> Runner:
        """Return a runner whose changes are made again whenever this state is to come back."""

        def run_there(module: Any, args: Any = None, check: bool = False, diff: bool = True) -> dict[str, Any]:
            result = run(module, args, check=check, diff=diff)
            if result.get("changed") and not check:
                self._done.append(lambda: run(module, args))
            return result

        return run_there

    def restore(self, done: list[Action]) -> None:
        """Do this again, on a manager without objects."""
        self.reset()
        for action in done:
            action()
        self._done = list(done)

    def reset(self) -> None:
        """Go back to the state before the first step."""
        remove_all(self.manager)
        self._prepare()


class _Replay:
    def __init__(self, engines: RealEngines, done: list[Action]):
        self._engines, self._done = engines, list(done)

    def restore(self) -> None:
        self._engines.restore(self._done)


def remove_all(manager: Any) -> None:
    """Remove all objects of a swarm. An engine removes what tasks use once these have ended."""
    Stage.wait_for(lambda: not [_remove(manager, path) for path in _there(manager)])


def _there(manager: Any) -> list[str]:
    found = [
        f"/{kind}/{item['ID']}" for kind in ("services", "secrets", "configs") for item in manager.do("GET", f"/{kind}")
    ]
    found += [f"/networks/{item['Id']}" for item in manager.do("GET", "/networks") if item["Name"] not in BUILT_IN]
    volumes = [item.get("ClusterVolume", {}).get("ID") or item["Name"] for item in _volumes(manager)]
    return [*found, *(f"/volumes/{volume}?force=1" for volume in volumes)]


def _volumes(manager: Any) -> list[dict[str, Any]]:
    return manager.do("GET", "/volumes")["Volumes"] or []


def _remove(manager: Any, path: str) -> str:
    with contextlib.suppress(Refusal):
        manager.do("DELETE", path)
    return path
