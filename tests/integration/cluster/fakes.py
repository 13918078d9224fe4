# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Playbooks on engines that lie: fake ones, since no real engine does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ansible_collections.hive.swarm.tests.support.fake_engine import FakeCluster

from .runs import Run, run_playbook

KEY = "SWMKEY-1-" + "K" * 43


class FakeWorld:
    """Engines m1 to m3, wanted as managers, and w1 to w3, wanted as workers, in no swarm."""

    def __init__(self, fakes: FakeCluster, folder: Path) -> None:
        self.folder = folder
        self.engines = {name: fakes.engine(name) for name in ("m1", "m2", "m3", "w1", "w2", "w3")}
        self.inventory()

    def inventory(self, managers: str = "m1 m2 m3", workers: str = "w1", addresses: bool = True, **common: Any) -> None:
        """Write it. Without addresses, a host has the one that its engine chooses."""
        groups = {"managers": managers.split(), "workers": workers.split()}
        hosts = {
            group: {"hosts": {name: self._variables(name, addresses) for name in names}}
            for group, names in groups.items()
        }
        local = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
        quick = {
            "cluster_patience": 0,
            "cluster_wait_timeout": 10,
            "operations_wait_timeout": 10,
            "operations_settle_seconds": 0,
        }
        # The connection is local: no playbook may touch an engine or a folder of this machine.
        quick |= {
            "operations_engine_units": [],
            "operations_backup_dir": str(self.folder / "backups"),
            "site_engine": False,
        }
        self.file = self.folder / "inventory.yml"
        self.file.write_text(json.dumps({"all": {"vars": {**local, **quick, **common}, "children": hosts}}))

    def _variables(self, name: str, addresses: bool) -> dict[str, Any]:
        engine = self.engines[name]
        return {"docker_host": engine.docker_host, "cluster_advertise_addr": engine.address if addresses else ""}

    def init(self, name: str, **spec: Any) -> str:
        """Make a swarm; its ID."""
        engine = self.engines[name]
        engine.do("POST", "/swarm/init", {"ListenAddr": "0.0.0.0:2377", "AdvertiseAddr": engine.address, "Spec": spec})
        return engine.do("GET", "/swarm")["ID"]

    def join(self, name: str, at: str, role: str = "Worker") -> None:
        manager, engine = self.engines[at], self.engines[name]
        token = manager.do("GET", "/swarm")["JoinTokens"][role]
        body = {"ListenAddr": "0.0.0.0:2377", "AdvertiseAddr": engine.address, "JoinToken": token}
        engine.do("POST", "/swarm/join", {**body, "RemoteAddrs": [f"{manager.address}:2377"]})

    def swarm(self, managers: str = "m1 m2 m3", workers: str = "w1", **spec: Any) -> str:
        first, *others = managers.split()
        cluster = self.init(first, **spec)
        for name in others:
            self.join(name, first, "Manager")
        for name in workers.split():
            self.join(name, first)
        return cluster

    def play(self, name: str, *arguments: str, check: bool = False) -> Run:
        return run_playbook(name, self.file, *arguments, check=check)

    def state(self, name: str) -> str:
        return self.engines[name].do("GET", "/info")["Swarm"]["LocalNodeState"]

    def asked(self, name: str, path: str) -> list[Any]:
        """The requests that an engine got for a path."""
        return [request for request in self.engines[name].requests if request.path == path]
