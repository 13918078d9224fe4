# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""roles/engine/tasks/turn.yml, with ansible-playbook on the fake engine: a dead node blocks restarts until it is named."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from ansible_collections.hive.swarm.tests.support.fake_engine import API_1_51, FakeCluster
from ansible_collections.hive.swarm.tests.support.playbooks import run_play

pytestmark = pytest.mark.once  # neither Python nor ansible-core matters


@pytest.fixture
def swarm():
    """Three managers and two workers, the last of which is dead."""
    with FakeCluster(API_1_51) as cluster:
        engines = cluster.swarm(managers=3, workers=2)
        engines[-1].kill()
        cluster.settle()
        yield engines


def turn(folder: Path, manager, engine, role: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """One host has its turn, in check mode: its engine would restart."""
    name = engine.name
    facts = {"name": name, "node_id": engine.do("GET", "/info")["Swarm"]["NodeID"], "manager": role == "manager"}
    given = {
        "engine__turn": {**facts, "trusted": True},
        "engine__group": [name],
        "engine__swarm": {"node_id": facts["node_id"], "state": "active", "role": role},
        "engine__active": True,
        "engine__there": False,
        "engine__manages": role == "manager",
        "engine__works": role == "worker",
        "engine__via": name,
        "engine__because": ["daemon.json was changed"],
        "engine__upgrade": False,
        "engine_wait_timeout": 2,
        "docker_host": manager.docker_host,
        "ansible_python_interpreter": sys.executable,
    }
    include = {"name": "hive.swarm.engine", "tasks_from": "turn"}
    play = {"hosts": name, "gather_facts": False, "tasks": [{"ansible.builtin.include_role": include}]}
    (folder / "facts.yml").write_text(json.dumps(given))  # above the variables of the role
    return run_play(folder, play, "-i", f"{name},", "-c", "local", "--check", "-e", "@facts.yml", *arguments)


@pytest.mark.parametrize(("number", "role"), [(1, "manager"), (3, "worker")])
def test_a_dead_node_blocks_restarts_until_it_is_named(tmp_path, swarm, number, role):
    manager, engine, dead = swarm[0], swarm[number], swarm[-1]
    blocked = turn(tmp_path, manager, engine, role)
    assert blocked.returncode != 0, blocked.stdout
    assert f"{dead.name} (" in blocked.stdout, blocked.stdout + blocked.stderr
    assert "engine_missing" in blocked.stdout
    named = turn(tmp_path, manager, engine, role, "-e", f"engine_missing=other,{dead.name}")
    assert named.returncode == 0, named.stdout
