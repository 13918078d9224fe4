# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One life of a real swarm, seen through the inventory: all ways to it, and all that can go wrong with it.

It is one story, as every fault is the beginning of the next: a drained node, playbooks that run from the inventory, TLS and
ssh, a machine that is wiped and comes back, a leader that dies, and a swarm without quorum.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable

import pytest
import yaml
from ansible_collections.hive.swarm.plugins.module_utils._lab import Lab
from ansible_collections.hive.swarm.tests.integration.transports.ssh import ssh_server
from ansible_collections.hive.swarm.tests.integration.transports.tls import NAME, make_certificates, tls_front
from ansible_collections.hive.swarm.tests.support.lifecycles.real import GENERATIONS, RealHost, Refusal, make_swarm


class Story:
    """Four engines n1 to n4, and what a source with some options gives."""

    def __init__(self, lab: Lab, folder: Path) -> None:
        self.hosts = [RealHost(engine) for engine in lab.engines]
        self.lab_folder = str(Path(self.hosts[0].socket).parents[1])
        self.folder = folder
        self.warnings = ""

    def run(self, program: str, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
        source = self.folder / "lab.swarm.yml"
        source.write_text(yaml.safe_dump({"plugin": "hive.swarm.swarm", **options}))
        environment = {key: value for key, value in os.environ.items() if not key.startswith("ANSIBLE_")}
        environment |= {"ANSIBLE_HOME": str(self.folder / "ansible"), "ANSIBLE_NOCOLOR": "1", "PYTHONUTF8": "1"}
        command = [str(Path(sys.executable).with_name(program)), "-i", str(source), *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=180, check=False)

    def inventory(self, *docker_host: str, **options: Any) -> dict[str, Any]:
        """The answer of ansible-inventory: group -> hosts, and host -> variables under ``vars``; short names of hosts."""
        done = self.run("ansible-inventory", "--list", docker_host=list(docker_host), **options)
        assert done.returncode == 0, done.stderr
        self.warnings = " ".join(done.stderr.split())
        listed = json.loads(done.stdout)
        groups = {
            name: sorted(map(self._short, group["hosts"]))
            for name, group in listed.items()
            if name != "_meta" and "hosts" in group
        }
        variables = listed["_meta"]["hostvars"].items()
        return {**groups, "vars": {self._short(host): _plain(found) for host, found in variables}}

    def _short(self, host: str) -> str:
        return host.partition("-")[2]

    def addresses(self, inventory: dict[str, Any]) -> dict[str, str]:
        return {host: found["ansible_host"] for host, found in inventory["vars"].items()}

    def truth(self, *names: str) -> dict[str, str]:
        return {host.name: host.address for host in self.hosts if host.name in names}


def _plain(value: Any) -> Any:
    """Without the marks of strings that are no templates."""
    if isinstance(value, dict):
        return value.get("__ansible_unsafe") or {key: _plain(item) for key, item in value.items()}
    return value


def wait(test: Callable[[], Any], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not test():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.2)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    lab = Lab(f"inv{os.getpid()}", engines=4, binaries=GENERATIONS["28.5"])
    try:
        lab.up()
        yield Story(lab, tmp_path_factory.mktemp("inventory"))
    finally:
        lab.down()


def test_a_life(story, tmp_path, monkeypatch):
    n1, n2, n3, n4 = story.hosts
    make_swarm(story.hosts, managers=3, heartbeat=1)
    drained(n1, n3, {"rack": "b7", "evil": "{{ 1 / 0 }}"})

    # A socket, and a drained node
    found = story.inventory(n1.docker_host)
    assert story.warnings == ""
    assert (found["managers"], found["workers"]) == (["n1", "n2", "n3"], ["n4"])
    assert (found["swarm_drain"], found["swarm_label_rack_b7"]) == (["n3"], ["n3"])
    assert story.addresses(found) == story.truth("n1", "n2", "n3", "n4")
    assert found["vars"]["n3"]["swarm_node_labels"] == {"rack": "b7", "evil": "{{ 1 / 0 }}"}
    playbooks_run_from_it(story)

    # The ways there
    assert tls(story, n2.socket, tmp_path / "tls", monkeypatch)["vars"] == found["vars"]
    assert ssh(story, n3.socket, tmp_path / "home", monkeypatch)["vars"] == found["vars"]

    # A worker dies.
    n4.kill()
    wait(lambda: named(n1, n4)[0]["Status"]["State"] == "down")
    found = story.inventory(n1.docker_host, offline="group")
    assert (found["swarm_offline"], found["swarm_down"]) == (["n4"], ["n4"])
    assert "workers" not in found

    # It is wiped and comes back as another node.
    join_again(n4, n1)
    found = story.inventory(n1.docker_host)
    assert found["workers"] == ["n4"]
    (former,) = found["swarm_former"]
    assert former == f"n4_{found['vars'][former]['swarm_node_id']}"
    assert story.addresses(found) == {**story.truth("n1", "n2", "n3", "n4"), former: n4.address}
    assert "Two nodes are called" in story.warnings

    # The leader dies. The list begins with it; then comes a worker, which leads to its managers by the port that it was
    # asked at.
    n1.kill()
    wait(lambda: has_another_leader(n2, n1))
    cached = {
        "cache": True,
        "cache_plugin": "jsonfile",
        "cache_connection": str(tmp_path / "cache"),
        "cache_timeout": 1,
    }
    endpoints = [n1.docker_host, f"tcp://{n4.address}:2375"]
    found = story.inventory(*endpoints, **cached)
    (leader,) = found["swarm_leader"]
    assert leader in ("n2", "n3")
    assert found["vars"][leader]["swarm_node_address"] == "0.0.0.0"
    assert story.addresses(found) == {**story.truth("n1", "n2", "n3", "n4"), former: n4.address}

    # No quorum: the last answer serves.
    (n2 if leader == "n2" else n3).kill()
    wait(lambda: not any(map(nodes_of, (n2, n3))))
    assert story.inventory(*endpoints, **cached) == found
    for words in (
        "connection refused. The socket exists, but no daemon listens on it",
        "a worker, whose managers are at",
        "finds no leader",
        "from the cache",
    ):
        assert words in story.warnings, story.warnings


def drained(manager: RealHost, host: RealHost, labels: dict[str, str]) -> None:
    node = manager.do("GET", f"/nodes/{host.hostname}")
    spec = {**node["Spec"], "Availability": "drain", "Labels": labels}
    manager.do("POST", f"/nodes/{node['ID']}/update?version={node['Version']['Index']}", spec)


def playbooks_run_from_it(story: Story) -> None:
    """They find the swarm as they want it: groups, addresses, and nothing that they take for a wish."""
    local = {
        "ansible_connection": "'local'",
        "docker_host": f"'unix://{story.lab_folder}/' ~ swarm_node_hostname.split('-')[1] ~ '/docker.sock'",
        "cluster_advertise_addr": "ansible_host",
    }
    options = {"docker_host": story.hosts[0].docker_host, "compose": local}
    done = story.run("ansible-playbook", "hive.swarm.site", "--diff", **options)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("changed=0 ") == 4, done.stdout


def tls(story: Story, socket: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """With a context that the docker CLI itself has made of certificates."""
    folder.mkdir()
    make_certificates(folder)
    with tls_front(socket, folder) as port, monkeypatch.context() as patch:
        patch.setenv("DOCKER_CONFIG", str(folder))
        where = f"host=tcp://127.0.0.1:{port},ca={folder}/ca.pem,cert={folder}/cert.pem,key={folder}/key.pem"
        subprocess.run(["docker", "context", "create", "lab", "--docker", where], check=True, capture_output=True)
        return story.inventory("context://lab", tls_hostname=NAME)


def ssh(story: Story, socket: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Through the program ssh, without any Python package."""
    home.mkdir()
    with ssh_server(home, socket) as port, monkeypatch.context() as patch:
        patch.setenv("HOME", str(home))
        patch.setenv("PATH", f"{home / '.ssh'}:{os.environ['PATH']}")
        return story.inventory(f"ssh://root@127.0.0.1:{port}", use_ssh_client=True)


def join_again(host: RealHost, manager: RealHost) -> None:
    host.wipe()
    token = manager.do("GET", "/swarm")["JoinTokens"]["Worker"]
    remote = [f"{manager.address}:2377"]
    host.do("POST", "/swarm/join", {"ListenAddr": "0.0.0.0:2377", "RemoteAddrs": remote, "JoinToken": token})
    wait(lambda: len(named(manager, host)) == 2 and any(n["Status"]["State"] == "ready" for n in named(manager, host)))


def named(manager: RealHost, host: RealHost) -> list[dict[str, Any]]:
    nodes = manager.do("GET", "/nodes")
    return [node for node in nodes if node["Description"].get("Hostname") == host.hostname]


def nodes_of(manager: RealHost) -> list[dict[str, Any]]:
    """None while there is no leader, or no daemon."""
    try:
        return manager.do("GET", "/nodes")
    except (Refusal, OSError):
        return []


def has_another_leader(manager: RealHost, dead: RealHost) -> bool:
    leaders = [node for node in nodes_of(manager) if (node.get("ManagerStatus") or {}).get("Leader")]
    return any(
        node["Description"]["Hostname"] != dead.hostname and node["Status"]["Addr"] == "0.0.0.0" for node in leaders
    )
