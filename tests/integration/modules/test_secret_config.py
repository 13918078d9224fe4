# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets and configs on real engines of both generations: their lives, their limits, races, and that secrets stay."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.lifecycles import secret_config
from ansible_collections.hive.swarm.tests.support.lifecycles.real import GENERATIONS, make_swarm, reset_all
from ansible_collections.hive.swarm.tests.support.steps import run_steps

each_kind = pytest.mark.parametrize("kind", secret_config.KINDS)
# For a plugin that it does not have an engine looks for 15 seconds.
LIVES = [life for life in secret_config.LIVES if life != "refused_by_the_engine"]


@pytest.fixture(scope="module")
def swarm(real_lab):
    reset_all(real_lab[:1])
    make_swarm(real_lab[:1])
    return real_lab[0]


@pytest.fixture
def manager(swarm):
    """A manager without services, secrets and configs, before and after."""
    secret_config.Host(swarm, "secret").clean()
    yield swarm
    secret_config.Host(swarm, "secret").clean()


@pytest.mark.parametrize("life", LIVES)
def test_life(manager, life, tmp_path, request):
    """Each life on both generations, on one as a secret and on the other as a config."""
    turn = list(GENERATIONS).index(request.node.callspec.params["real_lab"]) + LIVES.index(life)
    host = secret_config.Host(manager, list(secret_config.KINDS)[turn % 2])
    run = secret_config.audited(host, on(manager))
    run_steps(secret_config.LIVES[life](host, tmp_path), run, secret_config.ObjectsWorld(manager))


@each_kind
def test_the_limits_are_those_of_the_engine(manager, kind):
    """A byte more is refused before anything is sent, and would be by the engine."""
    most = secret_config.KINDS[kind].most
    task = {"name": "much", "data": "x" * most}
    made = on(manager)(f"swarm_{kind}", task)
    assert made["changed"], made.get("msg")
    refused = on(manager)(f"swarm_{kind}", {**task, "data": "x" * (most + 1)})
    assert refused["failure"]["kind"] == "bad_input"
    with pytest.raises(Exception, match="data must be larger than 0 and less than"):
        secret_config.Host(manager, kind).make("more", "x" * (most + 1))


# -- two at once ------------------------------------------------------------------------------------------------------

_WRITER = """
import json, sys
from ansible_collections.hive.swarm.tests.support.harness import run_module
module, options = json.loads(sys.argv[1])
print(json.dumps(run_module(module, options)))
"""
ONE_GENERATION = pytest.mark.parametrize("real_lab", ["28.5"], indirect=True)


@ONE_GENERATION
@pytest.mark.parametrize("way", ["rolling_versions", "content_names"])
def test_of_parallel_runs_one_makes_the_next_version(manager, way):
    """The others find it done. Versions of a secret have random names, so nothing but looking keeps them from two."""
    host = secret_config.Host(manager, "secret")
    task = {"docker_host": manager.docker_host, "name": "app", "data": secret_config.ONE, way: True}
    task = json.dumps([host.module, task])
    writers = [
        subprocess.Popen([sys.executable, "-c", _WRITER, task], stdout=subprocess.PIPE, text=True)
        for _number in range(4)
    ]
    results = [json.loads(writer.communicate(timeout=300)[0]) for writer in writers]
    assert [result.get("msg") for result in results] == [None] * 4
    assert len(host.all()) == 1
    assert [result["changed"] for result in results].count(True) == 1
    assert {result["secret_name"] for result in results} == set(host.all())


# -- a playbook -------------------------------------------------------------------------------------------------------

_PLAY = """
- hosts: all
  gather_facts: false
  module_defaults:
    group/hive.swarm.swarm: {docker_host: "{{ docker_host }}"}
  tasks:
    - import_tasks: tasks.yml
    - import_tasks: ordinary.yml
      vars: {hive_swarm_in_process: false}
"""
_TASKS = """
- hive.swarm.swarm_secret: {name: plain, data: "{{ secret }}"}
  register: made
- debug: {var: made}
- hive.swarm.swarm_secret: {name: plain, data: "{{ other | b64encode }}", data_is_b64: true}
- hive.swarm.swarm_secret: {name: plain, data_src: "{{ playbook_dir }}/file"}
- hive.swarm.swarm_secret: {name: named, data: "{{ secret }}", content_names: true, labels: {a: "1"}}
  register: made
- debug: {msg: "made {{ made.secret_name }}"}
- hive.swarm.swarm_service:
    name: web
    image: lab/busybox:1
    resolve_image: never
    replicas: 0
    secrets: [{secret_name: "{{ made.secret_name }}", filename: s}]
- hive.swarm.swarm_secret: {name: named, data: "{{ other }}", content_names: true}
- hive.swarm.swarm_secret: {name: "{{ made.secret_name }}", data: "{{ other }}"}
  ignore_errors: true
- hive.swarm.swarm_secret: {name: "no name", data: "{{ secret }}"}
  ignore_errors: true
- hive.swarm.swarm_secret: {name: plain, data: "{{ secret }}", data_is_b64: true}
  ignore_errors: true
- hive.swarm.swarm_secret: {name: plain, data: "{{ secret }}", versions_to_keep: many}
  ignore_errors: true
- hive.swarm.swarm_secret: {name: plain, data: "{{ secret }}", nonsense: 1}
  ignore_errors: true
- hive.swarm.swarm_secret_info: {raw: true, used_by: true}
- hive.swarm.swarm_service: {name: web, state: absent}
- hive.swarm.swarm_secret: {name: named, content_names: true, state: absent}
"""
_ORDINARY = """
- hive.swarm.swarm_secret: {name: plain, data: "{{ secret }}", force: true}
  register: made
- debug: {var: made}
- hive.swarm.swarm_secret: {name: plain, data: "{{ secret }}", versions_to_keep: many}
  ignore_errors: true
- hive.swarm.swarm_secret: {name: plain, data: "{{ secret }}", data_is_b64: true}
  ignore_errors: true
"""


@pytest.mark.floor
@ONE_GENERATION
def test_no_secret_in_what_a_playbook_run_says(manager, tmp_path):
    """Nor anything that it could be guessed from quickly, in the controller's process and as an ordinary module."""
    (tmp_path / "play.yml").write_text(_PLAY)
    (tmp_path / "tasks.yml").write_text(_TASKS)
    (tmp_path / "ordinary.yml").write_text(_ORDINARY)
    (tmp_path / "file").write_text(secret_config.THREE)
    facts = {"docker_host": manager.docker_host, "secret": secret_config.ONE, "other": secret_config.TWO}
    hosts = {"all": {"hosts": {"n1": {"ansible_connection": "local", **facts}}}}
    (tmp_path / "hosts.yml").write_text(json.dumps(hosts))
    program = str(Path(sys.executable).with_name("ansible-playbook"))
    env = {key: value for key, value in os.environ.items() if not key.startswith("ANSIBLE_")}
    env |= {"ANSIBLE_NOCOLOR": "1", "ANSIBLE_PYTHON_INTERPRETER": sys.executable, "ANSIBLE_INJECT_INVOCATION": "1"}
    env["ANSIBLE_COLLECTIONS_PATH"] = str(tmp_path)  # what is installed at home would come before the checkout
    run = subprocess.run(
        [program, "-i", "hosts.yml", "play.yml", "--diff", "-vvv"],
        cwd=tmp_path, env=env, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    words = run.stdout + run.stderr
    assert run.returncode == 0, words
    assert "ignored=7" in words
    assert words.count("uses the route direct") == 14
    assert words.count("uses the route module") == 3
    assert "made named_" in words
    assert '"data": "(hidden)",\n            "data_is_b64": true' in words, (
        "the options of the task, as Ansible returns them"
    )
    found = [
        tell
        for data in (secret_config.ONE, secret_config.TWO, secret_config.THREE)
        for tell in secret_config.tells(data)
        if tell in words
    ]
    assert not found
    assert "scrypt" not in words
