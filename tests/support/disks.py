# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Folders of fake engines with the state of their swarm, for playbooks that stop engines and copy or move the state.

An engine starts from what its folder has: what it stopped with, a copy of another time, or nothing.
"""

from __future__ import annotations

import base64
import json
import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from .fake_engine.cluster import FakeCluster
from .fake_engine.engine import FakeEngine
from .fake_engine.snapshot import Disk
from .fake_engine.versions import API_1_51

_REQUEST = {"name": "Request", "ansible.builtin.uri": {"url": "{{ test_hosts }}/{{ lab_engine }}/{{ test_request }}"}}


class Disks:
    """A folder for each engine of a cluster, and a server that stops, starts and upgrades engines.

    :ivar variables: of all hosts, by which playbooks do so.
    """

    def __init__(self, cluster: FakeCluster, folder: Path):
        self._cluster, self._root = cluster, folder / "hosts"
        self._kept: dict[str, Disk] = {}
        self._written: dict[str, str] = {}
        self._members: dict[str, str] = {}  # name of the engine -> ID of the node that its folder is of
        self._saved = folder / "saved"
        for engine in cluster.engines.values():
            engine.data_root = str(self._root / engine.name / "data")
            self._write(engine)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        for name, request in (("engine", "{{ operations_engine_state }}"), ("upgrade", "upgraded")):
            (folder / f"{name}.yml").write_text(json.dumps([{**_REQUEST, "vars": {"test_request": request}}]))
        self.variables = {
            "test_hosts": f"http://127.0.0.1:{self._server.server_port}",
            "operations_engine_tasks": str(folder / "engine.yml"),
            "operations_upgrade_tasks": str(folder / "upgrade.yml"),
            "operations_backup_dir": str(folder / "backups"),
            "lab_engine": "{{ inventory_hostname }}",
            "lab_name": "fake",
        }

    def close(self) -> None:
        """Stop the server."""
        self._server.shutdown()
        self._server.server_close()

    def request(self, name: str, what: str) -> None:
        """Stop, start or upgrade an engine, as a playbook does."""
        engine = self._cluster.engines[name]
        if what == "upgraded":
            engine.version = API_1_51._replace(engine="28.6.0")
            self.request(name, "stopped")
            self.request(name, "started")
        elif what == "stopped" and engine.running:
            engine.kill()
            self._write(engine)
        elif what == "started" and not engine.running:
            self._read(engine)
            engine.start()

    def wipe(self, name: str) -> None:
        """An engine loses its disk."""
        shutil.rmtree(self._folder(name), ignore_errors=True)
        self._cluster.engines[name].wipe()

    def save(self) -> None:
        """Keep all folders and the engines' versions as they are."""
        self._versions = {engine.name: engine.version for engine in self._cluster.engines.values()}
        self._start = dict(self._written), dict(self._members)
        shutil.rmtree(self._saved, ignore_errors=True)
        shutil.copytree(self._root, self._saved / "hosts")
        backups = self._root.parent / "backups"
        if backups.exists():
            shutil.copytree(backups, self._saved / "backups")

    def restore(self) -> None:
        """Bring back what was kept; each engine runs."""
        for engine in self._cluster.engines.values():
            engine.version = self._versions[engine.name]
            if not engine.running:
                engine.start()
        self._written, self._members = dict(self._start[0]), dict(self._start[1])
        for folder in (self._root, self._root.parent / "backups"):
            shutil.rmtree(folder, ignore_errors=True)
            if (self._saved / folder.name).exists():
                shutil.copytree(self._saved / folder.name, folder)

    def state(self) -> list[Any]:
        """Return all files with the time of their last change, and which engines run."""
        for engine in self._cluster.engines.values():
            self._follow(engine)
        found = [path for folder in (self._root, self._root.parent / "backups") for path in folder.rglob("*")]
        running = [engine.running for engine in self._cluster.engines.values()]
        return [*((str(path), path.stat().st_mtime_ns) for path in sorted(found)), *running]

    def _folder(self, name: str) -> Path:
        return self._root / name / "data" / "swarm"

    def _follow(self, engine: FakeEngine) -> None:
        """Write what an engine has joined, and remove what it has left."""
        member = engine.membership.node_id if engine.membership else ""
        if engine.running and self._members.get(engine.name) != member:
            shutil.rmtree(self._folder(engine.name), ignore_errors=True)
            self._write(engine)

    def _write(self, engine: FakeEngine) -> None:
        folder = self._folder(engine.name)
        self._members[engine.name] = engine.membership.node_id if engine.membership else ""
        if engine.membership is None:
            return
        number = f"{engine.name} {len(self._kept)}"
        self._kept[number], self._written[engine.name] = Disk(self._cluster, engine), number
        (folder / "certificates").mkdir(parents=True, exist_ok=True)
        (folder / "docker-state.json").write_text(number)
        swarm = engine.membership.swarm
        (folder / "certificates" / "swarm-node.key").write_text("ENCRYPTED" if swarm.unlock_key else "PLAIN")
        (folder / "certificates" / "swarm-node.crt").write_text(_certificate(swarm.id))

    def _read(self, engine: FakeEngine) -> None:
        """The members of a swarm that comes from copies meet again: the first one brings the swarm back."""
        file = self._folder(engine.name) / "docker-state.json"
        if not file.exists():
            engine.membership, self._members[engine.name] = None, ""
            return
        number = file.read_text()
        if number == self._written[engine.name] and engine.membership:
            return
        membership = self._kept[number].read()
        others = [other for other in self._cluster.engines.values() if other is not engine and other.membership]
        brought = [other.swarm for other in others if other.running and other.swarm and hasattr(other.swarm, "copied")]
        swarm = next((found for found in brought if found.id == membership.swarm.id), membership.swarm)
        swarm.copied = True  # type: ignore[attr-defined]
        membership.swarm = swarm
        engine.membership = membership
        self._written[engine.name], self._members[engine.name] = number, membership.node_id
        for other in others:
            if other.membership and not other.membership.is_manager and other.membership.swarm.id == swarm.id:
                other.membership.swarm = swarm


def _certificate(cluster_id: str) -> str:
    """As much of a node's certificate as names its swarm, the organization."""
    name = b"\x06\x03\x55\x04\x0a\x0c" + bytes([len(cluster_id)]) + cluster_id.encode()
    return f"-----BEGIN CERTIFICATE-----\n{base64.b64encode(name).decode()}\n-----END CERTIFICATE-----\n"


def _handler(disks: Disks) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Do what /HOST/REQUEST names."""
            disks.request(*self.path.strip("/").split("/"))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments: Any) -> None:
            """Print nothing."""

    return Handler
