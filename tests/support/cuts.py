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

from .fake_engine.cluster import FakeCluster

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

    :param groups: names of engines. :param options: variables of all hosts.
    :ivar folder: where the playbooks are started.
    """

    def __init__(self, folder: Path, cluster: FakeCluster, groups: dict[str, list[str]], **options: Any):
        self.folder = folder
        self._observer = cluster.engine("observer")
        self._log: list[Any] = []
        for engine in cluster.engines.values():
            engine.accepts = self._watch(engine.accepts)  # type: ignore[method-assign]
        hosts = {
            name: {"cluster_docker_host": engine.docker_host, "cluster_advertise_addr": engine.address}
            for name, engine in cluster.engines.items()
        }
        common = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable, **options}
        children = {group: {"hosts": {name: hosts[name] for name in names}} for group, names in groups.items()}
        (folder / "hosts.yml").write_text(json.dumps({"all": {"vars": common, "children": children}}))

    def run(self, playbook: str, options: dict[str, Any], cut: int = 0) -> Ran:
        """Run a playbook of the collection.

        :param options: extra variables. :param cut: number of the task at which the controller is killed.
        """
        self._log.clear()
        return run_playbook(self.folder, "hosts.yml", playbook, options, cut, self._observer.socket)

    def cuts(self) -> list[int]:
        """Return the tasks of the last run to cut at: the first one after each write."""
        found, written = [], False
        for request in self._log:
            task = _TASK.fullmatch(request.path)
            if task and written:
                found.append(int(task.group(1)))
                written = False
            written = written or request.is_write
        return found

    def _watch(self, accepts: Any) -> Any:
        def watched(request: Any) -> bool:
            self._log.append(request)
            return bool(accepts(request))

        return watched
