# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Playbooks on fake engines whose controller is killed when a task begins.

Tasks between which nothing was written leave the same behind, so a playbook is cut once for each state that it passes
through: the request that each task's beginning sends to an engine of its own, the observer, shows which those are.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from .disks import Disks
from .fake_engine.cluster import FakeCluster
from .fake_engine.snapshot import Snapshot

BIN = Path(sys.executable).parent
_KILLED = -9
_HEADER = re.compile(r"^(?:TASK|RUNNING HANDLER) \[", re.M)
_TASK = re.compile(r"/task/([0-9]+)")


class Ran(NamedTuple):
    """A run of ansible-playbook. ``changed`` counts the results of its hosts that are changed."""

    code: int
    output: str

    @property
    def killed(self) -> bool:
        return self.code == _KILLED

    @property
    def tasks(self) -> int:
        """How many tasks have begun."""
        return len(_HEADER.findall(self.output))

    @property
    def changed(self) -> int:
        return sum(map(int, re.findall(r"\bchanged=([0-9]+)", self.output)))


def run_playbook(
    folder: Path, inventory: str, playbook: str, options: dict[str, Any], cut: int = 0, observer: str = ""
) -> Ran:
    """Run a playbook of the collection.

    :param options: extra variables. :param cut: number of the task at which the controller is killed; 0 for none.
    :param observer: socket of an engine that each task's beginning is told; empty for none.
    """
    env = {
        **os.environ,
        "CUT_AT": str(cut),
        "CUT_SOCKET": observer,
        "ANSIBLE_CALLBACK_PLUGINS": str(Path(__file__).parent / "callbacks"),
        "ANSIBLE_CALLBACKS_ENABLED": "cut",
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_LOCAL_TEMP": str(folder / "tmp"),
    }
    argv = [str(BIN / "ansible-playbook"), "-i", inventory, f"hive.swarm.{playbook}", "-e", json.dumps(options)]
    done = subprocess.run(argv, cwd=folder, env=env, capture_output=True, text=True, timeout=900, check=False)
    return Ran(done.returncode, done.stdout + done.stderr)


class Site:
    """An inventory of fake engines, by groups, in a folder.

    :param groups: names of engines. :param disks: their folders, if they have any. :param options: variables of all hosts.
    :ivar folder: where the playbooks are started.
    """

    def __init__(
        self,
        folder: Path,
        cluster: FakeCluster,
        groups: dict[str, list[str]],
        disks: Disks | None = None,
        **options: Any,
    ):
        self.folder = folder
        self._cluster, self._disks = cluster, disks
        self._seen: Any = None
        self._observer = cluster.engine("observer")
        self._log: list[tuple[int, bool]] = []  # number of a task, or 0 for a request; whether something was written
        for engine in cluster.engines.values():
            engine.accepts = self._watch(engine.accepts)  # type: ignore[method-assign]
        hosts = {
            name: {
                "cluster_docker_host": engine.docker_host,
                "cluster_advertise_addr": engine.address,
                "lab_address": engine.address,
            }
            for name, engine in cluster.engines.items()
        }
        common = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable, **options}
        common.update(disks.variables if disks else {})
        children = {group: {"hosts": {name: hosts[name] for name in names}} for group, names in groups.items()}
        (folder / "hosts.yml").write_text(json.dumps({"all": {"vars": common, "children": children}}))

    def run(self, playbook: str, options: dict[str, Any], cut: int = 0) -> Ran:
        """Run a playbook of the collection.

        :param options: extra variables. :param cut: number of the task at which the controller is killed.
        """
        self._log.clear()
        self._seen = self._disks and self._disks.state()
        return run_playbook(self.folder, "hosts.yml", playbook, options, cut, self._observer.socket)

    def save(self) -> None:
        """Keep the state of the engines and of their disks."""
        self._start = Snapshot(self._cluster)
        if self._disks:
            self._disks.save()

    def restore(self) -> None:
        """Go back to the state that was saved."""
        if self._disks:
            self._disks.restore()
        self._start.restore()

    def cuts(self) -> list[int]:
        """Return the tasks of the last run to cut at: the first one after each write."""
        found, written = [], False
        for task, is_write in self._log:
            if task and (written or is_write):
                found.append(task)
                written = False
            written = written or (is_write and not task)
        return found

    def _watch(self, accepts: Any) -> Any:
        def watched(request: Any) -> bool:
            task = _TASK.fullmatch(request.path)
            self._log.append((int(task.group(1)), self._has_changed()) if task else (0, request.is_write))
            return bool(accepts(request))

        return watched

    def _has_changed(self) -> bool:
        """Whether a task has changed the hosts."""
        before, self._seen = self._seen, self._disks and self._disks.state()
        return bool(self._seen != before)
