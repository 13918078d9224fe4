# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hosts without Python: every module of the action group, by Perl, curl and the docker CLI, and the playbooks."""

from __future__ import annotations

import importlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from ansible_collections.hive.swarm.plugins.module_utils._lab import Lab
from ansible_collections.hive.swarm.plugins.plugin_utils._node_command import PROGRAMS
from ansible_collections.hive.swarm.plugins.plugin_utils._swarm_action import SwarmAction
from ansible_collections.hive.swarm.tests.integration.cluster.world import World
from ansible_collections.hive.swarm.tests.support.lifecycles.membership import STRANGE_KEY
from ansible_collections.hive.swarm.tests.support.lifecycles.real import GENERATIONS, IMAGE

# One generation of engines is enough, as none of this is about the engine.
RELEASE = pytest.mark.parametrize("real_lab", ["28.5"], indirect=True)

ROOT = Path(__file__).parents[3]
GROUP = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())["action_groups"]["swarm"]
# What ssh(1) would do, with a mount namespace of its own in which no file of these names can be run.
SSH = """#!/bin/sh
for last; do :; done
exec unshare --mount /bin/sh -c '
for program in {hidden}; do mount --bind /dev/null "$program" || exit 99; done
unset PYENV_ROOT; PATH=/usr/bin:/bin; exec /bin/sh -c "$1"' sh "$last"
"""
COMPOSE = {
    "services": {"web": {"image": IMAGE, "command": "sleep 1000", "secrets": ["key"]}},
    "secrets": {"key": {"file": "data.txt"}},
}
SERVICE = {"name": "web", "image": IMAGE, "command": "sh -c 'echo $A; exec sleep 1000'", "resolve_image": "never"}
READ = {"register": "found"}


def tasks(folder: Path, joins: str) -> list[tuple[str, dict, dict]]:
    """Module, options and keywords, in an order in which each one works.

    :param joins: the address of the manager.
    """
    data = {"data_src": f"{folder}/data.txt"}  # of the node
    elsewhere = {"vars": {"engine": "{{ hostvars.two.engine }}"}}
    return [
        ("swarm_init", {"advertise_addr": joins, "join_tokens": True}, {"register": "made"}),
        ("swarm_info", {}, READ),
        ("swarm_unlock", {"unlock_keys": [STRANGE_KEY]}, {}),
        ("swarm_node", {"hostname": "{{ found.hostname }}", "labels": {"a": "b"}}, {}),
        ("swarm_node_info", {}, {}),
        ("swarm_network", {"name": "net", "driver": "overlay"}, {}),
        ("swarm_network_info", {"name": ["net"]}, {}),
        ("swarm_volume", {"name": "vol", "state": "absent"}, {}),
        ("swarm_volume_info", {}, {}),
        ("swarm_secret", {"name": "key", **data}, {}),
        ("swarm_secret_info", {}, {}),
        ("swarm_config", {"name": "conf", **data}, {}),
        ("swarm_config_info", {}, {}),
        ("swarm_service", {**SERVICE, "env_files": [f"{folder}/values.env"]}, {}),
        ("swarm_service_info", {"name": ["web"], "logs": 5}, {"register": "of_service"}),
        ("swarm_task_info", {"service": ["web"]}, {}),
        ("swarm_stack", {"name": "shop", "compose": [COMPOSE], "resolve_image": "never"}, {}),
        ("swarm_stack_info", {"name": "shop"}, {}),
        ("swarm_join", {"remote_addrs": [joins], "join_token": "{{ made.join_tokens.worker }}"}, elsewhere),
        ("swarm_leave", {}, elsewhere),
    ]


@RELEASE
@pytest.mark.parametrize("program", ["perl", "curl", "docker"])
def test_every_module(real_hosts, tmp_path, program):
    (tmp_path / "data.txt").write_text("data of the node")
    (tmp_path / "values.env").write_text("A=from-a-file\n")
    output = play(tmp_path, real_hosts, program)
    routes = re.findall(r"hive\.swarm\.(\w+) uses the route (\w+):.* by (\S+)$", output, re.MULTILINE)
    assert {name for name, _route, _program in routes} == {name for name in GROUP if runs_in_the_controller(name)}
    assert {(route, by) for _name, route, by in routes} == {("command", program)}
    assert "from-a-file" in output, "the service's log"


# What works on a swarm of three managers and a worker, in an order in which each one works.
PLAYBOOKS: list[tuple[str, list[str]]] = [
    ("status", []),
    ("deploy_stack", ["operations_stack=shop", "operations_compose={folder}/shop.yml"]),
    ("rotate", ["operations_rotate=tokens"]),
    ("rolling_maintenance", ["operations_patch={folder}/patch.yml"]),
    ("rebalance", []),
    ("prune", []),
    ("heal", []),
    ("scale_in", ["operations_nodes=n4", "operations_confirm=n4"]),
    ("scale_out", []),
    ("reset", ["operations_confirm={cluster}"]),
]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    engines = [{"name": f"n{number}", "binaries": GENERATIONS["28.5"]} for number in range(1, 5)]
    lab = Lab(name=f"nopy{os.getpid()}", engines=engines, images=[IMAGE])
    try:
        lab.up()
        found = World(lab, tmp_path)
        found.inventory("n1 n2 n3", "n4", operations_settle_seconds=0, **without(tmp_path, ["perl", "python3"]))
        yield found
    finally:
        lab.down()


@pytest.mark.soak
def test_playbooks(world: World) -> None:
    """All but those that install, reboot, stop engines or look into hosts: preflight, backup, restore and the like."""
    world.site().succeeded()
    assert world.site().succeeded().changes == []
    facts = {"folder": world.folder, "cluster": world.cluster_id("n1")}
    (world.folder / "shop.yml").write_text(json.dumps(COMPOSE))
    (world.folder / "data.txt").write_text("of the controller")
    (world.folder / "patch.yml").write_text(json.dumps([{"ansible.builtin.raw": "true"}]))
    for name, options in PLAYBOOKS:
        world.play(name, *(word for option in options for word in ("-e", option.format(**facts)))).succeeded()


def runs_in_the_controller(name: str) -> bool:
    """Planning actions have no core of their own: they use the actions of other modules."""
    action = importlib.import_module(f"ansible_collections.hive.swarm.plugins.action.{name}").ActionModule
    return issubclass(action, SwarmAction)


def without(folder: Path, names: list[str]) -> dict[str, object]:
    """Variables of hosts that have no program of these names."""
    hidden = {found for name in names for found in everywhere(name)}
    (folder / "ssh.sh").write_text(SSH.format(hidden=" ".join(sorted(hidden))))
    (folder / "ssh.sh").chmod(0o755)
    return {
        "ansible_connection": "ssh",
        "ansible_ssh_executable": str(folder / "ssh.sh"),
        "ansible_pipelining": False,
        "ansible_python_interpreter": "/usr/bin/python3",
    }


def play(folder: Path, hosts: list, program: str) -> str:
    variables = without(folder, hidden_names(program))
    inventory = {name: {**variables, "engine": host.docker_host} for name, host in zip(("one", "two"), hosts)}
    no_python = {"ansible.builtin.raw": "! /usr/bin/python3 -c 1", "changed_when": False}
    book = [
        {f"hive.swarm.{name}": {"docker_host": "{{ engine }}", **options}, **keywords}
        for name, options, keywords in tasks(folder, hosts[0].address)
    ]
    shown = {"ansible.builtin.debug": {"var": "of_service.services[0].logs"}}
    play = {"hosts": "one", "gather_facts": False, "tasks": [no_python, *book, shown]}
    (folder / "hosts.yml").write_text(json.dumps({"all": {"hosts": inventory}}))
    (folder / "book.yml").write_text(json.dumps([play]))
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("ANSIBLE_", "DOCKER_"))}
    environment |= {"ANSIBLE_NOCOLOR": "1", "ANSIBLE_HOME": str(folder / "ansible")}
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "hosts.yml", "book.yml", "-vvv"]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-5000:]
    return done.stdout


def hidden_names(program: str) -> list[str]:
    """Python, and those that are preferred to the program."""
    return [*{"python3", *PROGRAMS[: PROGRAMS.index(program)]}]


def everywhere(name: str) -> list[str]:
    """Where a program of the name is, without the links: a mount replaces what a link leads to."""
    folders = ["/usr/local/bin", "/usr/local/sbin", "/usr/bin", "/usr/sbin", "/usr/libexec"]
    found = [shutil.which(name, path=folder) for folder in folders]
    return [os.path.realpath(path) for path in found if path]
