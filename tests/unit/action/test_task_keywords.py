# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a playbook puts around a task works over the task's connection as well: the ssh plugin with an ssh that stays here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from ansible_collections.hive.swarm.tests.support.fake_engine import API_1_51, FakeCluster

# Writes down whom it was to reach. The host is the last argument but one.
SSH = '#!/bin/sh\nfor last; do host=$next next=$last; done\necho "$host" >>"$0.hosts"\nexec sh -c "$last"\n'
ADDRESSES = {"four": "192.0.2.1", "six": "2001:db8::6"}


def info(name: str, **keywords) -> dict:
    return {"hive.swarm.swarm_info": {"docker_host": "{{ engine }}"}, "register": name, **keywords}


def stack(name: str, options: dict | None = None, **keywords) -> dict:
    compose = [{"services": {"web": {"image": "web:1", "deploy": {"replicas": 0}}}}]
    given = {
        "docker_host": "{{ engine }}",
        "name": "shop",
        "compose": compose,
        "resolve_image": "never",
        **(options or {}),
    }
    return {"hive.swarm.swarm_stack": given, "run_once": True, "register": name, **keywords}


UNCHANGED, CHECKED, WRONG = "192.0.2.97", "192.0.2.98", "192.0.2.99"

TASKS = [
    info("plain"),
    info("once", run_once=True),
    info("retried", until="retried.attempts | default(1) > 1", retries=2, delay=0),
    info("looped", loop=[1, 2]),
    info("delegated", delegate_to="six", vars={"engine": "{{ hostvars.six.engine }}"}),
    info("background", **{"async": 60, "poll": 1}),
    info("checked", check_mode=True),
    info("skipped", when="false"),
    {"hive.swarm.swarm_init": {"docker_host": "{{ engine }}"}, "run_once": True, "register": "made"},
    stack("stack"),
    stack("unchanged", vars={"ansible_host": UNCHANGED}),
    stack("predicted", vars={"ansible_host": CHECKED}, check_mode=True),
    stack("wrong", {"compose": [{"services": []}]}, vars={"ansible_host": WRONG}, ignore_errors=True),
]


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """Return the registered results by host and name, the hosts that ssh was called for, and the output."""
    folder = tmp_path_factory.mktemp("keywords")
    (folder / "ssh.sh").write_text(SSH)
    (folder / "ssh.sh").chmod(0o755)
    with FakeCluster(API_1_51) as cluster:
        hosts = {
            name: {
                "ansible_host": address,
                "ansible_connection": "ssh",
                "ansible_ssh_executable": str(folder / "ssh.sh"),
                "ansible_python_interpreter": sys.executable,
                "engine": cluster.engine(name).docker_host,
            }
            for name, address in ADDRESSES.items()
        }
        output = _play(folder, hosts)
    results = {name: json.loads((folder / f"{name}.json").read_text()) for name in hosts}
    return results, (folder / "ssh.sh.hosts").read_text().split(), output


def _play(folder: Path, hosts: dict) -> str:
    names = [task["register"] for task in TASKS]
    copy = {
        "content": "{{ dict(names | zip(names | map('extract', vars))) | to_json }}",
        "dest": f"{folder}/{{{{ inventory_hostname }}}}.json",
    }
    keep = {"ansible.builtin.copy": copy, "vars": {"names": names}, "delegate_to": "localhost"}
    (folder / "hosts.yml").write_text(json.dumps({"all": {"hosts": hosts}}))
    (folder / "book.yml").write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": [*TASKS, keep]}]))
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("ANSIBLE_", "DOCKER_"))}
    environment |= {
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_PIPELINING": "1",
        "ANSIBLE_HOME": str(folder / "ansible"),
        "ANSIBLE_ASYNC_DIR": str(folder / "async"),
    }
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "hosts.yml", "book.yml", "-vvv"]
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-4000:]
    return ran.stdout


def test_each_host_has_the_answer_of_its_engine(played):
    """An IPv6 address in ansible_host goes to ssh as it is."""
    results, reached, _output = played
    assert {host: found["plain"]["hostname"] for host, found in results.items()} == {"four": "four", "six": "six"}
    assert set(ADDRESSES.values()) < set(reached)


def test_a_stack_is_read_by_one_command_while_its_files_are_read(played):
    """So the swarm has been asked when a file turns out to be wrong."""
    results, reached, _output = played
    changed = [results["four"][name]["changed"] for name in ("stack", "unchanged", "predicted")]
    assert changed == [True, False, False]
    assert [reached.count(host) for host in (UNCHANGED, CHECKED, WRONG)] == [1, 1, 1]
    assert results["four"]["wrong"]["failure"]["kind"] == "bad_input"


def test_run_once_and_delegate_to(played):
    results = played[0]
    assert {found["once"]["hostname"] for found in results.values()} == {"four"}
    assert {found["delegated"]["hostname"] for found in results.values()} == {"six"}


def test_until_loops_and_conditions(played):
    for host, found in played[0].items():
        assert found["retried"]["attempts"] == 2
        assert [item["hostname"] for item in found["looped"]["results"]] == [host, host]
        assert found["skipped"]["skipped"] and not found["checked"]["changed"]


def test_in_the_background_the_module_is_shipped(played):
    results, _reached, output = played
    assert {found["background"]["hostname"] for found in results.values()} == {"four", "six"}
    assert output.count("uses the route module: the task is asynchronous") == 2
    assert (
        output.count("uses the route command: the engine's socket is reached over the task's connection by perl") > 10
    )
