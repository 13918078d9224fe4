# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""swarm_wait in a playbook, on fake engines: what it waits for, returns and shows, and when it gives up."""

from __future__ import annotations

import json

import pytest
from ansible_collections.hive.swarm.tests.support.fake_engine import API_1_51, FakeCluster
from ansible_collections.hive.swarm.tests.support.playbooks import run_play

HOSTILE, SAFE = "\x1b[2Jevil\x07", "\\x1b[2Jevil\\x07"
#: So that a line appears without a wait of 15 seconds.
EAGER = "from ansible_collections.hive.swarm.plugins.module_utils._core import reconcile\nreconcile.INTERVAL = 0.5\n"
ACTION = "from ansible_collections.hive.swarm.plugins.plugin_utils._wait_action import WaitAction as ActionModule\n"


def wait(name: str, **options) -> dict:
    task = {"hive.swarm.swarm_wait": {"docker_host": "{{ engine }}", "wait_timeout": 1, **options}}
    return {**task, "register": f"of_{name}", "ignore_errors": True}


LOST = {"condition": "nodes_ready", "expected": [{"hostname": HOSTILE, "role": "worker"}]}
TASKS = [
    wait("met", condition="can_do_without", nodes=["{{ worker }}"]),
    wait("lost", **LOST, prefix="mine_"),
    {**wait("quiet", **LOST), "no_log": True},
    wait("checked", **LOST, wait_timeout=100) | {"check_mode": True},
    wait("hopeless", condition="can_do_without", nodes=["{{ manager }}"], wait_timeout=100),
    wait("silent", docker_host="unix:///nowhere.sock", condition="engine_ready"),
    wait("engine", condition="engine_ready", engine_version="{{ version }}"),
    wait("membership", condition="membership_known"),
    wait("no_engine", docker_host="unix:///nowhere.sock", condition="membership_known", wait_timeout=100),
    wait("services", condition="services_running"),
    wait("rotated", condition="root_rotated"),
    wait("misspelt", **LOST, expcted=[]),
    wait("of_another", condition="engine_ready", nodes=["{{ worker }}"]),
    wait("unknown", condition="spring"),
    {"ansible.builtin.copy": {"dest": "results.json", "content": "{{ results | to_json }}"}, "no_log": True},
]
NAMES = [task["register"] for task in TASKS if "register" in task]
EAGER_PLAY = [{"wait_eagerly": {"docker_host": "{{ engine }}", "wait_timeout": 3, **LOST}, "ignore_errors": True}]


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wait")
    (folder / "action_plugins").mkdir()
    (folder / "action_plugins" / "wait_eagerly.py").write_text(EAGER + ACTION)
    (folder / "library").mkdir()
    (folder / "library" / "wait_eagerly.py").write_text("DOCUMENTATION = ''\n")
    with FakeCluster(API_1_51) as cluster:
        manager, worker = cluster.swarm(managers=1, workers=1)
        ids = {
            name: each.do("GET", "/info")["Swarm"]["NodeID"]
            for name, each in (("manager", manager), ("worker", worker))
        }
        variables = {
            **ids,
            "engine": manager.docker_host,
            "version": manager.do("GET", "/version")["Version"],
            "results": {name: f"{{{{ {name} }}}}" for name in NAMES},
        }
        play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "vars": variables}
        done = run_play(folder, {**play, "tasks": TASKS + EAGER_PLAY})
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads((folder / "results.json").read_text()), done


def test_what_is_met_is_returned_as_read(played):
    results, _done = played
    assert results["of_met"]["changed"] is False
    assert len(results["of_met"]["found"]["nodes"]) == 2
    assert results["of_engine"]["found"]["state"] == "active"
    assert results["of_membership"]["found"]["role"] == "manager"
    assert results["of_services"]["found"]["services"] == []
    assert results["of_rotated"]["failed"] is False


def test_what_is_not_met_fails_with_what_is_missing_and_the_users_variable(played):
    failure = played[0]["of_lost"]["failure"]
    assert failure["kind"] == "not_converged"
    assert "not done after 1 seconds (mine_wait_timeout)" in failure["message"]
    assert f"{SAFE}: the managers do not list it" in failure["message"]
    assert list(played[0]["of_lost"]["found"]) == ["quorum"]  # Ansible shows the whole of a failed result
    assert HOSTILE not in json.dumps(played[0]["of_lost"]["msg"])


@pytest.mark.parametrize("name", ["of_checked", "of_hopeless"])
def test_what_waiting_cannot_change_is_not_waited_for(played, name):
    """The whole playbook would take longer than its limit."""
    assert played[0][name]["failure"]["kind"] == "not_converged"


def test_an_engine_that_does_not_respond_is_waited_for(played):
    assert "wait_timeout" not in played[0]["of_no_engine"]["msg"]  # it waits for an engine that is there
    failure = played[0]["of_silent"]["failure"]
    assert failure["kind"] == "not_converged"


@pytest.mark.parametrize(
    ("name", "option"), [("of_misspelt", "expcted"), ("of_of_another", "nodes"), ("of_unknown", "condition")]
)
def test_wrong_options_are_errors(played, name, option):
    assert played[0][name]["failed"] is True
    assert played[0][name]["failure"]["option"] == option


def test_long_waits_show_why_how_long_and_how_much_is_left(played):
    lines = [line for line in played[1].stderr.splitlines() if "seconds passed" in line]
    assert lines
    for line in lines:
        assert line.startswith("[localhost]: waiting until the managers report the nodes as ready: ")
        assert f"{SAFE}: the managers do not list it; " in line
        assert line.endswith(" left")
    assert HOSTILE not in played[1].stderr
