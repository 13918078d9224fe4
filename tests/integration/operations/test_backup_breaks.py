# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A backup that fails between stopping and starting the engine, and afterwards; and what the one that succeeds waits for.

The engine is a fake one, whose stops and starts the test sees: a real one starts its tasks too quickly to tell whether
anybody has waited.
"""

from __future__ import annotations

import json
import shutil
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.hive.swarm.tests.integration.cluster.runs import Run, run_playbook
from ansible_collections.hive.swarm.tests.support.fake_engine import FakeCluster, behaviours

# Whoever stops or starts the engine tells the test, which does it.
ENGINE = {
    "name": "Tell the test",
    "ansible.builtin.uri": {"url": "{{ operations_test }}/{{ operations_engine_state }}"},
}
SEAL = ["sh", "-c", 'test "$HIVE_BACKUP_KEY" = geheim && cp "$0" "$1"', "{source}", "{target}"]
BREAK = ["sh", "-c", 'echo half >"$1"; echo "no room for geheim" >&2; exit 3', "{source}", "{target}"]


class Manager:
    """The only manager of a swarm with one service, a state to copy, and what happened to its engine."""

    def __init__(self, cluster: FakeCluster, folder: Path):
        self.folder = folder
        self.state = folder / "data" / "swarm"
        self.backups = folder / "backups"
        self.script = cluster.script
        (self.engine,) = cluster.swarm(1)
        self.happened: list[str] = []
        self.services = 0
        self.fill()
        (folder / "engine.yml").write_text(json.dumps([ENGINE]))

    def fill(self) -> None:
        self.state.mkdir(parents=True)
        (self.state / "docker-state.json").write_text("{}")

    def serve(self) -> None:
        """A service whose task ends with the engine, and takes some looks to run again."""
        spec = {"Name": "web", "TaskTemplate": {"ContainerSpec": {"Image": "lab/web:1"}}, "Mode": {"Replicated": {}}}
        self.engine.do("POST", "/services/create", spec | {"Mode": {"Replicated": {"Replicas": 1}}})

    def tell(self, state: str) -> None:
        self.happened.append(state)
        if state == "stopped":
            return self.engine.kill()
        self.engine.start()
        for service in self.engine.do("GET", "/services"):
            self.script.set("web", behaviours.slow(3))
            spec = service["Spec"]
            spec["TaskTemplate"]["ForceUpdate"] = 1
            self.engine.do("POST", f"/services/{service['ID']}/update?version={service['Version']['Index']}", spec)
        return None

    def running(self) -> int:
        """How many tasks run, without a look that counts."""
        return sum(task["Status"]["State"] == "running" for task in self.engine.swarm.tasks.values())

    def files(self) -> list[str]:
        return sorted(path.name for path in self.backups.iterdir())

    def back_up(self, url: str, encrypt: list[str], check: bool = False, **variables: Any) -> Run:
        self.happened.clear()
        host = {"docker_host": self.engine.docker_host}
        common = {
            "ansible_connection": "local", "ansible_python_interpreter": sys.executable,
            "operations_engine_tasks": str(self.folder / "engine.yml"), "operations_test": url,
            "operations_backup_dir": str(self.backups), "operations_backup_encrypt": encrypt,
            "operations_backup_key": "geheim", "operations_wait_timeout": 30, **variables,
        }  # fmt: skip
        inventory = self.folder / "inventory.yml"
        inventory.write_text(json.dumps({"managers": {"hosts": {"n1": host}, "vars": common}}))
        return run_playbook(
            "backup",
            inventory,
            "-e",
            "operations_accept_outage=true",
            "-e",
            f"operations__state_dir={self.state}",
            "-vvv",
            check=check,
        )


@pytest.fixture
def manager(tmp_path):
    """The manager, and the address of what stops and starts its engine."""
    with FakeCluster() as cluster:
        made = Manager(cluster, tmp_path)

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                made.tell(self.path.strip("/"))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_arguments):
                pass

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield made, f"http://127.0.0.1:{server.server_port}"
            server.shutdown()


def test_whatever_breaks_the_engine_runs_again_and_no_half_archive_is_left(manager):
    manager, url = manager
    # The run before was cut off: the engine is stopped, and there are half a copy and the note.
    manager.backups.mkdir()
    (manager.backups / "stopped-n1").write_text("20261101T000000Z")
    (manager.backups / "swarm-c1-n1-20261101T000000Z.tar.gz.partial").write_text("half")
    manager.engine.kill()

    run = manager.back_up(url, BREAK)
    assert "The backup of n1 failed: sh ended with 3: no room for ********." in run.failure
    assert manager.happened == ["started", "stopped", "started"]
    assert manager.files() == []

    shutil.rmtree(manager.state)
    run = manager.back_up(url, SEAL)
    assert "The backup of n1 failed: Copy the state of n1: tar: swarm: Cannot stat" in run.failure
    assert manager.happened == ["stopped", "started"]
    assert manager.files() == []

    manager.fill()
    manager.serve()
    run = manager.back_up(url, SEAL).succeeded()
    assert manager.happened == ["stopped", "started"]
    assert manager.running() == 1
    assert [name.partition(".")[2] for name in manager.files()] == ["json", "tar.gz.enc"]
    assert "geheim" not in run.output


def test_check_mode_does_not_tell_of_an_engine_that_it_starts(manager):
    manager, url = manager
    (manager.folder / "engine.yml").write_text(json.dumps([{"ansible.builtin.fail": {"msg": "no such service"}}]))
    failure = manager.back_up(url, SEAL, check=True).failure
    assert "no such service. In check mode, nothing was stopped or copied." in failure
    assert manager.happened == []
