# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A swarm of real engines on which a service is rolled out, and what goes wrong meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Callable
from urllib.parse import quote

from .harness import run_module
from .lifecycles.real import IMAGE, RealHost, Refusal, make_swarm, reset_all

NAME = "web"
BAD_IMAGE = "lab/none:1"
# Its tasks stop at once, and the engine does not watch them for longer than a test lasts.
RELEASE = {
    "image": IMAGE,
    "resolve_image": "never",
    "command": "sleep 3600",
    "init": True,
    "wait_timeout": 60,
}
QUICK = {"restart_config": {"delay": "0s"}, "update_config": {"monitor": "0.5s", "delay": "0s"}}
CRASH = ["sh", "-c", "echo opening the database; echo no such host: db >&2; exit 3"]
_PATIENCE = 60.0
_CALM = 5  # seconds between heartbeats; the engine's default


class Rollouts:
    """:param hosts: engines of one swarm, the first of them a manager."""

    def __init__(self, hosts: list[RealHost]):
        self.hosts = hosts
        self.manager = hosts[0]

    def deploy(self, check: bool = False, via: RealHost | None = None, **options: Any) -> dict[str, Any]:
        """Run swarm_service with a whole release and quick policies."""
        return self.run(check, via, **{**RELEASE, **QUICK, **options})

    def deploy_bad(self, check: bool = False, **options: Any) -> dict[str, Any]:
        """The same for a release that fails: watched for long enough to see it on a busy machine."""
        policy = {**QUICK["update_config"], **options.get("update_config", {}), "monitor": "5s"}
        return self.deploy(check, **{**options, "update_config": policy})

    def job(self, check: bool = False, **options: Any) -> dict[str, Any]:
        """Run swarm_service with a job: it has no update policy."""
        own = {"mode": "replicated-job", "restart_config": {"condition": "on-failure", "delay": "0s"}}
        return self.run(check, **{**RELEASE, **own, **options})

    def run(self, check: bool = False, via: RealHost | None = None, **options: Any) -> dict[str, Any]:
        """Run swarm_service with these options alone."""
        own = {"docker_host": (via or self.manager).docker_host, "name": NAME}
        return run_module("swarm_service", {**own, **options}, check=check)

    def service(self, name: str = NAME) -> dict[str, Any] | None:
        """The raw document; None where there is no such service."""
        try:
            return self.manager.do("GET", f"/services/{name}")
        except Refusal as refusal:
            if refusal.status == 404:
                return None
            raise

    def tasks(self, *states: str, name: str = NAME) -> list[dict[str, Any]]:
        """The raw tasks, of these states where some are given, oldest first."""
        found = self.manager.do("GET", "/tasks?filters=" + quote(f'{{"service":["{name}"]}}'))
        chosen = [task for task in found if not states or task["Status"]["State"] in states]
        return sorted(chosen, key=lambda task: task["CreatedAt"])

    def released(self, variable: str, *states: str) -> list[dict[str, Any]]:
        """The tasks that have this in their environment: those that run, or are in these states."""
        found = self.tasks(*(states or ("running",)))
        return [task for task in found if variable in task["Spec"]["ContainerSpec"].get("Env", [])]

    def running(self) -> set[str]:
        """IDs of the tasks that run and are meant to."""
        return {task["ID"] for task in self.tasks("running") if task["DesiredState"] == "running"}

    def clear(self) -> None:
        """Remove all services. Their containers end while others start."""
        for service in self.manager.do("GET", "/services"):
            self.manager.do("DELETE", f"/services/{service['ID']}")


def swarm_of(hosts: list[RealHost], managers: int = 1, heartbeat: int = _CALM) -> Rollouts:
    """A swarm of all hosts: the one that they are in, if it is as it shall be.

    :param heartbeat: seconds; a death is noticed after three of them.
    """
    if not _whole(hosts, managers, heartbeat):
        reset_all(hosts)
        make_swarm(hosts, managers, heartbeat)
    return Rollouts(hosts)


def revive(hosts: list[RealHost], managers: int = 1, heartbeat: int = _CALM) -> None:
    """Start what was killed, and wait for all to be in touch."""
    for host in hosts:
        host.start()
    until(lambda: _whole(hosts, managers, heartbeat))


def bury(hosts: list[RealHost]) -> None:
    """Empty the disks of managers of which one was killed: leaving would take them half a minute."""
    with ThreadPoolExecutor() as pool:
        list(pool.map(RealHost.wipe, hosts))


def _whole(hosts: list[RealHost], managers: int, heartbeat: int) -> bool:
    try:
        nodes, swarm = hosts[0].do("GET", "/nodes"), hosts[0].do("GET", "/swarm")
    except (OSError, Refusal):
        return False
    fit = [n for n in nodes if n["Status"]["State"] == "ready" and n["Spec"]["Availability"] == "active"]
    roles = [node["Spec"]["Role"] for node in fit]
    pace = swarm["Spec"]["Dispatcher"]["HeartbeatPeriod"] == heartbeat * 10**9
    return pace and len(nodes) == len(fit) == len(hosts) and roles.count("manager") == managers


@contextmanager
def meanwhile(when: Callable[[], Any], what: Callable[[], Any]) -> Iterator[None]:
    """Do something as soon as something else is so, while the body runs. Fails where it has not come to that."""
    trouble: list[BaseException] = []

    def run() -> None:
        try:
            until(when)
            what()
        except BaseException as error:
            trouble.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        thread.join()
    if trouble:
        raise trouble[0]


def until(when: Callable[[], Any], patience: float = _PATIENCE) -> None:
    """Wait for a condition; what cannot be asked is not so."""
    end = time.monotonic() + patience
    while not _holds(when):
        if time.monotonic() > end:
            raise TimeoutError("it has not come to that")
        time.sleep(0.05)


def _holds(when: Callable[[], Any]) -> bool:
    try:
        return bool(when())
    except (OSError, Refusal):
        return False
