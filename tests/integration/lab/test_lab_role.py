# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role, the playbooks and the modules of the lab, run by ansible-playbook."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from .support import pids, traces

ANSIBLE_PLAYBOOK = str(Path(sys.executable).parent / "ansible-playbook")


def play(playbook, *arguments, **variables):
    """Run a playbook with the variables; the finished process."""
    env = {**os.environ, "ANSIBLE_STDOUT_CALLBACK": "ansible.builtin.default", "ANSIBLE_NOCOLOR": "1"}
    env["ANSIBLE_COLLECTIONS_PATH"] = "/nonexistent"  # what is installed at home would come before the checkout
    command = [ANSIBLE_PLAYBOOK, playbook, *arguments, "-e", json.dumps(variables)]
    return subprocess.run(command, capture_output=True, text=True, env=env, check=False, timeout=300)


def changed(done):
    """Number of changed tasks on localhost; fails when the run failed."""
    assert done.returncode == 0, done.stdout + done.stderr
    (recap,) = [line for line in done.stdout.splitlines() if line.startswith("localhost ")]
    return int(recap.partition("changed=")[2].split()[0])


SHOW = """
- import_playbook: hive.swarm.lab
- hosts: lab
  gather_facts: false
  tasks:
    - copy:
        dest: "{{ out }}/{{ inventory_hostname }}"
        content: >-
          {{ {'docker_host': docker_host, 'address': lab_address, 'engine': lab_engine, 'lab': lab_name,
              'groups': group_names, 'connection': ansible_connection} | to_json }}
      check_mode: false
      diff: false
"""


def test_the_role_adds_the_hosts_and_the_check_says_the_same(new_lab, tmp_path):
    lab = new_lab()
    playbook = tmp_path / "play.yml"
    playbook.write_text(SHOW)
    seen = []
    for number, arguments in enumerate((["--check", "--diff"], [], [])):
        out = tmp_path / str(number)
        out.mkdir()
        done = play(str(playbook), *arguments, out=str(out), lab_name=lab.name, lab_engines=3, lab_managers=2)
        seen.append(({path.name: json.loads(path.read_text()) for path in out.iterdir()}, changed(done)))
        assert (lab.folder in traces(lab).get("folders", [])) is (number > 0)
    hosts = seen[0][0]
    assert [hosts for hosts, _changed in seen] == [hosts] * 3
    assert [count for _hosts, count in seen] == [1, 1, 0]
    group = f"lab_{lab.name.replace('-', '_')}"
    assert {host: set(hosts[host]["groups"]) for host in hosts} == {
        f"{lab.name}-n1": {"lab", group, "managers"},
        f"{lab.name}-n2": {"lab", group, "managers"},
        f"{lab.name}-n3": {"lab", group, "workers"},
    }
    engines = {engine.hostname: engine for engine in lab.engines}
    for host, values in hosts.items():
        assert values["docker_host"] == engines[host].docker_host
        assert values["address"] == engines[host].address
        assert (values["engine"], values["lab"], values["connection"]) == (engines[host].name, lab.name, "local")
    assert changed(play("hive.swarm.lab_down", "--check", lab_name=lab.name)) == 1
    assert traces(lab) != {}
    assert changed(play("hive.swarm.lab_down", lab_name=lab.name)) == 1
    assert traces(lab) == {}
    assert changed(play("hive.swarm.lab_down", lab_name=lab.name)) == 0


ORDERS = ["killed", "started", "paused", "unpaused", "stopped", "powered_off", "started", "partitioned", "connected"]
TWICE = """
- hosts: localhost
  gather_facts: false
  module_defaults:
    hive.swarm.lab_engine: {lab: "{{ lab_name }}", name: n2, state: "{{ order }}"}
  tasks:
    - {hive.swarm.lab_engine: {}, check_mode: true, register: check}
    - {hive.swarm.lab_engine: {}, register: first}
    - {hive.swarm.lab_engine: {}, register: second}
    - assert:
        that:
          - check.changed and first.changed
          - check.diff == first.diff
          - second.changed == (order in ['restarted', 'wiped'])
          - first.engine.name == 'n2'
"""


def test_each_order_is_predicted_and_given_once(lab, tmp_path):
    live = pids(lab)
    tasks = tmp_path / "orders.yml"
    tasks.write_text(
        "".join(TWICE.replace("{{ order }}", order).replace("order in", f"'{order}' in") for order in ORDERS)
    )
    done = play(str(tasks), lab_name=lab.name)
    assert done.returncode == 0, done.stdout
    assert {name: pid for name, pid in pids(lab).items() if name != "n2"} == {
        name: pid for name, pid in live.items() if name != "n2"
    }


@pytest.mark.parametrize("order", ["restarted", "wiped"])
def test_an_order_that_is_always_carried_out(lab, tmp_path, order):
    playbook = tmp_path / "order.yml"
    playbook.write_text(TWICE)
    done = play(str(playbook), lab_name=lab.name, order=order)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"lab_name": "Not Good"}, "lab name 'Not Good'"),
        ({"lab_name": "bad-one", "lab_subnet": "300.0.0.0/24"}, "300.0.0.0/24"),
        ({"lab_name": "bad-one", "lab_engine_binaries": "/nowhere"}, "/nowhere does not contain dockerd"),
        ({"lab_name": "bad-one", "lab_daemon_json": {"data-root": "/x"}}, "'data-root'"),
        (
            {"lab_name": "bad-one", "lab_images": [{"name": "x:1", "archive": "/nowhere"}]},
            "the file /nowhere does not exist",
        ),
        ({"lab_name": "bad-one", "lab_root": "/run/x"}, "/run/x"),
        ({"lab_name": "bad-one", "lab_state": "up"}, "lab_state"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bad_input_is_said_in_one_line_before_anything_is_done(variables, words):
    done = play("hive.swarm.lab", **variables)
    assert done.returncode != 0
    assert words in done.stdout.replace("\\n", "\n") + done.stderr
    assert not os.path.exists("/var/lib/hive-lab/bad-one")
