# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One playbook, run in the controller's process and as shipped modules: what a user sees is the same.

What is compared is the whole output of ansible-playbook, with results, diffs, warnings and errors.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

# One generation of engines is enough, as none of this is about the engine; both legs, as all of it is about Ansible.
pytestmark = [pytest.mark.floor, pytest.mark.parametrize("real_lab", ["28.5"], indirect=True)]

# From ansible-core 2.22 on a token that a task returns is masked in all output.
MASKS = importlib.util.find_spec("ansible.module_utils.secrets") is not None
SECRET = "SWMTKN-1-very-secret-0000"
# What differs from swarm to swarm, and from run to run.
VARYING = [
    (r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", "PEM"),
    (r"SWMTKN-1-[0-9a-z]{50}-[0-9a-z]{25}", "TOKEN"),
    (r"\b[0-9a-z]{25}\b", "ID"),
    (r"\d{4}-\d\d-\d\dT[\d:.]+Z", "TIME"),
    (r"\bj?\d+\.\d+\b", "NUMBER"),  # a job's ID, and times
    (r"(results_file: ).*", r"\1FILE"),
    (r"ASYNC POLL on .*\n", ""),  # as many as the machine needs
    (r"ASYNC OK on .*", "ASYNC OK"),
    (r"Task failed: (Action|Module) failed:", "Task failed:"),  # ansible-core names the kind of plugin
]


def task(module: str, options: dict[str, Any] | None = None, **keywords: Any) -> dict[str, Any]:
    """A task of the playbook; what fails is part of what is compared."""
    return {f"hive.swarm.{module}": options or {}, "ignore_errors": True, "register": "found", **keywords}


# The last result as a playbook sees it, without what a shipped module returns of its options on older releases.
SHOW = {
    "ansible.builtin.debug": {
        "var": "found | ansible.builtin.dict2items | rejectattr('key', 'eq', 'invocation') | sort(attribute='key')"
    }
}


def same_tasks(address: str, docker_host: str) -> list[dict[str, Any]]:
    """Every way of using a task that Ansible has and that could make a difference."""
    init = {"advertise_addr": address, "labels": {"a": "1"}}
    node = {"hostname": "{{ found_host }}", "labels": {"zone": "{{ item }}"}}
    join = {"remote_addrs": ["192.0.2.1"], "join_token": SECRET}
    elsewhere = {"docker_host": "unix:///nowhere/docker.sock"}
    return [
        task("swarm_init", init, check_mode=True),
        task("swarm_init", init),
        SHOW,
        task("swarm_init", init, diff=False),
        task("swarm_info"),
        {"ansible.builtin.set_fact": {"found_host": "{{ found.hostname }}"}},
        task("swarm_node", node, loop=["a", "b", "b"]),
        task("swarm_node", {**node, "labels_to_remove": ["zone"]}, vars={"item": "b"}),  # warns
        task("swarm_node_info", {"query": "[].role"}),
        task("swarm_info", {"docker_host": "{{ omit }}"}, environment={"DOCKER_HOST": docker_host}),
        task("swarm_info", {"docker_host": "{{ omit }}"}, environment=[{"DOCKER_HOST": "unix:///nowhere/either.sock"}]),
        task("swarm_info", {"docker_host": f"tcp://{address}:2375"}),
        task("swarm_info", {"join_tokens": True}),
        task("swarm_info", {"join_tokens": True}, no_log=True),
        SHOW,
        task("swarm_join", join),
        SHOW,
        task("swarm_join", {"remote_addrs": ["192.0.2.1"]}),
        task("swarm_init", {**init, "nonsense": 1}),
        SHOW,
        task("swarm_init", {**init, "wait_timeout": "soon"}, check_mode=True),
        task("swarm_info", elsewhere, timeout=30),
        task("swarm_info", become=True),
        task("swarm_info", delegate_to="another"),
        task("swarm_info", **{"async": 30, "poll": 1}),
        task("swarm_info", **{"async": 30, "poll": 1}, check_mode=True),
        task("swarm_leave", {"force": True}, check_mode=True),
        task("swarm_leave", {"force": True}),
    ]


# Ansible itself cannot run a task in the background with a Python whose path has a blank in it.
BACKGROUND = " " not in sys.executable


def possible(tasks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What can be run from this checkout."""
    return [task for task in tasks if BACKGROUND or "async" not in task]


def play(folder: Path, tasks: list[dict[str, Any]], docker_host: str, *arguments: str) -> subprocess.CompletedProcess:
    """Run the tasks on a host with a local connection and this Python, where nothing else is said."""
    book, inventory = folder / "book.yml", folder / "hosts.yml"
    defaults = {"group/hive.swarm.swarm": {"docker_host": docker_host}}
    hosts: dict[str, dict[str, Any]] = {
        name: {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
        for name in ("one", "another", "switched_off")
    }
    hosts["switched_off"]["hive_swarm_in_process"] = False
    inventory.write_text(json.dumps({"all": {"hosts": hosts}}))
    book.write_text(json.dumps([{"hosts": "one", "gather_facts": False, "module_defaults": defaults, "tasks": tasks}]))
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("ANSIBLE_", "DOCKER_"))}
    environment |= {
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_PIPELINING": "1",
        "ANSIBLE_HOME": str(folder / "ansible"),
        "ANSIBLE_REMOTE_TEMP": str(folder / "ansible" / "tmp"),
        "ANSIBLE_ASYNC_DIR": str(folder / "ansible" / "async"),
    }
    program = str(Path(sys.executable).with_name("ansible-playbook"))
    command = [program, "-i", str(inventory), str(book), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)


def normal(text: str) -> str:
    for pattern, word in VARYING:
        text = re.sub(pattern, word, text)
    return text


def test_both_ways_give_the_same(real_engine, tmp_path):
    tasks = possible(same_tasks(real_engine.address, real_engine.docker_host))
    outputs = []
    for way in ("true", "false"):
        done = play(tmp_path, tasks, real_engine.docker_host, "--diff", "-v", "-e", f"hive_swarm_in_process={way}")
        assert done.returncode == 0, done.stdout + done.stderr
        assert SECRET not in done.stdout + done.stderr
        outputs.append(normal(done.stdout) + normal(done.stderr))
    assert outputs[0].splitlines() == outputs[1].splitlines()
    # It is not a comparison of nothing with nothing.
    for word in (
        '"worker": "$REDACTED$"' if MASKS else '"worker": "TOKEN"',
        "is also in labels and is kept",
        "+++ after",
        "nonsense",
        "either.sock",
        *(["ASYNC OK"] if BACKGROUND else []),
    ):
        assert word in outputs[0], word


ROUTES = [
    ({}, "direct"),
    ({"loop": [1, 2]}, "direct"),
    ({"check_mode": True}, "direct"),
    ({"delegate_to": "another"}, "direct"),
    ({"environment": {"DOCKER_TIMEOUT": "5"}}, "direct"),
    ({"vars": {"ansible_python_interpreter": "{{ playbook_dir }}/python3"}}, "direct"),
    ({"vars": {"ansible_shell_executable": "/bin/bash"}}, "direct"),
    ({"become": True}, "command"),
    ({"become": True, "vars": {"ansible_shell_executable": "/bin/bash"}}, "command"),
    ({"vars": {"hive_swarm_in_process": False}}, "module"),
    ({"async": 30, "poll": 1}, "module"),
    ({"delegate_to": "switched_off"}, "module"),
]


def test_nothing_is_shipped_where_it_need_not_be(real_engine, tmp_path):
    """Where a module is shipped, Ansible makes a folder for it below remote_tmp; nothing else does."""
    (tmp_path / "python3").symlink_to(os.path.realpath(sys.executable))
    tasks, folders = [], []
    routes = [route for route in ROUTES if possible([route[0]])]
    for number, (keywords, _name) in enumerate(routes):
        folders.append(tmp_path / f"shipped{number}")
        variables = {**keywords.get("vars", {}), "ansible_remote_tmp": str(folders[-1]), "ansible_pipelining": False}
        tasks.append({"hive.swarm.swarm_info": {}, **keywords, "vars": variables})
    done = play(tmp_path, tasks, real_engine.docker_host, "-vvv")
    assert done.returncode == 0, done.stdout + done.stderr
    assert [folder.exists() for folder in folders] == [name == "module" for _keywords, name in routes]
    shown = re.findall(r"hive\.swarm\.swarm_info uses the route (\w+):", done.stdout)
    assert shown == [name for keywords, name in routes for _item in keywords.get("loop", [1])]
