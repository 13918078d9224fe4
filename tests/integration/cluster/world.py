# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A lab and an inventory of it: swarms made by the API alone, so that the role finds what somebody else has made."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from ansible_collections.hive.swarm.plugins.module_utils._core import reconcile
from ansible_collections.hive.swarm.plugins.module_utils._engine.client import Engine
from ansible_collections.hive.swarm.plugins.module_utils._engine.connection import make_transport
from ansible_collections.hive.swarm.plugins.module_utils._lab import Lab
from ansible_collections.hive.swarm.tests.support.worlds import await_log

from .runs import Run, run_playbook

OPTIONS = {"timeout": 60, "tls": False, "validate_certs": False}


class World:
    """Six engines n1 to n6, inventory hosts of the same names; managers n1 to n3 and workers n4 and n5 unless told."""

    def __init__(self, lab: Lab, folder: Path) -> None:
        self.lab = lab
        self.folder = folder
        self.engines = {engine.name: engine for engine in lab.engines}
        self.inventory()

    # The inventory

    def inventory(
        self,
        managers: str = "n1 n2 n3",
        workers: str = "n4 n5",
        variables: dict[str, dict[str, Any]] | None = None,
        **common: Any,
    ) -> None:
        """Write it. ``variables`` are per host, the others for all."""
        groups = {"managers": managers.split(), "workers": workers.split()}
        hosts = {
            group: {"hosts": {name: {**self._variables(name), **(variables or {}).get(name, {})} for name in names}}
            for group, names in groups.items()
        }
        local = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
        document = {"all": {"vars": {**local, "cluster_patience": 10, **common}, "children": hosts}}
        self.file = self.folder / "inventory.yml"
        self.file.write_text(json.dumps(document))

    def _variables(self, name: str) -> dict[str, Any]:
        if name not in self.engines:
            return {"ansible_connection": "ssh", "ansible_host": "127.0.0.1", "ansible_port": 1}  # nobody listens
        engine = self.engines[name]
        return {"docker_host": f"unix://{engine.socket}", "lab_address": engine.address}

    def site(self, *arguments: str, check: bool = False) -> Run:
        return run_playbook("site", self.file, *arguments, check=check)

    def play(self, name: str, *arguments: str, check: bool = False) -> Run:
        return run_playbook(name, self.file, *arguments, check=check)

    # The engines

    def api(self, name: str) -> Engine:
        return Engine(make_transport({**OPTIONS, "docker_host": f"unix://{self.engines[name].socket}"}))

    def info(self, name: str) -> dict[str, Any]:
        return self.api(name).get("/info")["Swarm"]

    def cluster_id(self, name: str) -> str:
        return self.info(name)["Cluster"]["ID"]

    def node_id(self, name: str) -> str:
        return self.info(name)["NodeID"]

    def nodes(self, name: str = "n1") -> dict[str, list[dict[str, Any]]]:
        """What a manager lists, by the names of the engines."""
        found: dict[str, list[dict[str, Any]]] = {}
        for node in self.api(name).get("/nodes"):
            hostname = node["Description"].get("Hostname", "")  # a node that is just joining has none yet
            found.setdefault(hostname.rpartition("-")[2], []).append(node)
        return found

    def roles(self, name: str = "n1") -> dict[str, str]:
        """The role of each node; fails where an engine has two entries, is not ready or not what its role says."""
        roles = {}
        for host, entries in self.nodes(name).items():
            (node,) = entries
            assert node["Status"]["State"] == "ready", node
            roles[host] = node["Spec"]["Role"]
            assert ("ManagerStatus" in node) == (roles[host] == "manager"), node
        return roles

    # Worlds for the role to find

    def clear(self) -> None:
        """Every engine up and in no swarm. An empty disk is quicker than managers that leave one after the other.

        Who is in a swarm is seen on the disk: engines that look for lost managers answer after 20 seconds.
        """
        used = [name for name, engine in self.engines.items() if any(Path(engine.folder, "data/swarm").glob("*"))]
        self._side_by_side(lambda name: self.engines[name].wipe(), used)
        self.lab.up()
        self.inventory()

    def leave(self, *names: str) -> None:
        """At once: the last of the managers would look for the others before it told of its swarm."""
        used = [name for name in names if self.info(name)["LocalNodeState"] != "inactive"]
        self._side_by_side(lambda name: self.api(name).post("/swarm/leave", force=True), used)

    def init(self, name: str, **spec: Any) -> None:
        address = self.engines[name].address
        self.api(name).post("/swarm/init", {"ListenAddr": "0.0.0.0:2377", "AdvertiseAddr": address, "Spec": spec})

    def join(self, name: str, at: str, role: str = "Worker") -> None:
        token = self.api(at).get("/swarm")["JoinTokens"][role]
        body = {"ListenAddr": "0.0.0.0:2377", "AdvertiseAddr": self.engines[name].address, "JoinToken": token}
        self.api(name).post("/swarm/join", {**body, "RemoteAddrs": [f"{self.engines[at].address}:2377"]})

    def swarm(self, managers: str = "n1 n2 n3", workers: str = "n4 n5", **spec: Any) -> str:
        """Make a swarm by the API, wait until it is settled, return its ID.

        A node is seen as down after three heartbeats, of two seconds here instead of five.
        """
        first, *others = managers.split()
        self.init(first, **{"Dispatcher": {"HeartbeatPeriod": 2 * 10**9}, **spec})
        for name in others:
            self.join(name, first, "Manager")
        self._side_by_side(lambda name: self.join(name, first), workers.split())
        count = len(managers.split() + workers.split())
        self.wait(lambda: len(self.ready(first)) == count, "all nodes ready")
        await_log([self.engines[name].socket for name in (first, *others)])
        return self.cluster_id(first)

    def ready(self, name: str) -> list[str]:
        return [host for host, entries in self.nodes(name).items() for n in entries if n["Status"]["State"] == "ready"]

    def label(self, name: str, at: str = "n1", availability: str = "active", **labels: str) -> None:
        node = self.nodes(at)[name][0]
        spec = {**node["Spec"], "Labels": labels, "Availability": availability}
        self.api(at).post(f"/nodes/{node['ID']}/update", spec, version=node["Version"]["Index"])

    def wait(self, test, what: str, timeout: float = 60) -> None:
        def look():
            return reconcile.CONVERGED if test() else reconcile.waiting("not yet")

        reconcile.wait(look, timeout, what, reconcile.Clock())

    def restart(self, *names: str) -> None:
        self._side_by_side(lambda name: self.engines[name].restart(), names)

    @staticmethod
    def _side_by_side(function, names) -> None:
        with ThreadPoolExecutor(6) as pool:
            list(pool.map(function, names))
