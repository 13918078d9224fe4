# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""swarm_discover and swarm_plan in a playbook, on fake engines: what they read, return, show and refuse.

All tasks are in one playbook, as it is Ansible that takes the time. The plans of each operation are in unit/operations.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from ansible_collections.hive.swarm.tests.support.fake_engine import API_1_51, FakeCluster
from ansible_collections.hive.swarm.tests.support.harness import on

BIN = Path(sys.executable).parent
HOSTILE, SAFE = "\x1b[2Jevil\x07", "\\x1b[2Jevil\\x07"
DISCOVER = {
    "hosts": [{"name": "one", "probe": "{{ probe }}", "address": "192.0.2.1"}],
    "wanted": {"manager": ["one"], "worker": []},
}
SILENT = {**DISCOVER, "hosts": [{"name": "one", "probe": {"msg": f"no answer {HOSTILE}"}}]}
LABEL = {"maintenance_label": "hive.swarm.maintenance"}
MAINTENANCE = {"operation": "rolling_maintenance", **LABEL, "accept_outage": True}


def plan(name: str, engine: str = "engine", **options) -> dict:
    return {
        "hive.swarm.swarm_plan": {"discovered": "{{ of_found }}", "docker_host": f"{{{{ {engine} }}}}", **options},
        "register": f"of_{name}",
        "ignore_errors": True,
        "run_once": True,
    }


def status(name: str, engine: str = "engine", **options) -> dict:
    options = {"discovered": "{{ of_found }}", "docker_host": f"{{{{ {engine} }}}}", **options}
    return {"hive.swarm.swarm_status": options, "register": f"of_{name}", "ignore_errors": True, "run_once": True}


def discover(name: str, options: dict) -> dict:
    return {"hive.swarm.swarm_discover": options, "register": f"of_{name}", "ignore_errors": True, "run_once": True}


TASKS = [
    {"hive.swarm.swarm_info": {"docker_host": "{{ engine }}"}, "register": "probe"},
    discover("found", DISCOVER),
    discover("silent", SILENT),
    discover("misspelt_wanted", {**DISCOVER, "wanted": {"manager": [], "workers": []}}),
    plan("maintenance", **MAINTENANCE, unlock_keys=["{{ key }}"]),
    plan(
        "locked",
        **MAINTENANCE,
        unlock_keys=["SWMKEY-1-other"],
        actions=[{"host": "one", "patch": "/nowhere/patch.yml"}],
    ),
    plan("unread", engine="nowhere", **MAINTENANCE),
    plan("no_manager", engine="nowhere", **{**MAINTENANCE, "discovered": "{{ of_silent }}"}),
    plan("misspelt", **MAINTENANCE, mising=["one"]),
    plan("of_another", **MAINTENANCE, engine_version="28.5"),
    plan("misspelt_action", **MAINTENANCE, actions=[{"host": "one", "rebot": "always"}]),
    plan("unknown", operation="holiday", accept_outage=True),
    plan(
        "upgraded",
        operation="upgrade_engine",
        **LABEL,
        unlock_keys=["{{ key }}"],
        engine_version="{{ probe.engine_version }}",
    ),
    plan("site", operation="site"),
    status("status"),
    status("whole", full=True, format="json"),
    status("status_unread", engine="nowhere", full=True),
    status("status_misspelt", ful=True),
    {
        "ansible.builtin.copy": {
            "content": "{{ dict(names | map('regex_replace', '^of_', '') | zip(names | map('extract', vars))) }}",
            "dest": "{{ playbook_dir }}/results.json",
        },
        "vars": {"names": "{{ query('ansible.builtin.varnames', '^of_') }}"},
        "no_log": True,
    },
]


@pytest.fixture(scope="module", params=["direct", "command", "module"])
def played(request, tmp_path_factory):
    """The output and the results, by the way that the requests go to the engine."""
    folder = tmp_path_factory.mktemp("plan")
    (folder / "ssh.sh").write_text('#!/bin/sh\nfor last; do :; done\nexec sh -c "$last"\n')
    (folder / "ssh.sh").chmod(0o755)
    host = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    if request.param != "direct":
        host |= {"ansible_connection": "ssh", "ansible_ssh_executable": str(folder / "ssh.sh")}
    (folder / "hosts.yml").write_text(json.dumps({"all": {"hosts": {"one": host}}}))
    with FakeCluster(API_1_51) as cluster:
        engine = cluster.engine("one")
        on(engine)("swarm_init", {"advertise_addr": "192.0.2.1", "autolock_managers": True})
        key = on(engine)("swarm_info", {"unlock_key": True})["unlock_key"]
        variables = {"engine": engine.docker_host, "nowhere": f"unix://{folder}/none.sock", "key": key}
        in_process = {"hive_swarm_in_process": request.param != "module"}
        play = {"hosts": "one", "gather_facts": False, "vars": {**variables, **in_process}, "tasks": TASKS}
        (folder / "book.yml").write_text(json.dumps([play]))
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "DOCKER_"))
        }
        environment |= {"ANSIBLE_NOCOLOR": "1", "ANSIBLE_PIPELINING": "1", "ANSIBLE_HOME": str(folder / "ansible")}
        command = [str(BIN / "ansible-playbook"), "-i", "hosts.yml", "book.yml", "-vvv"]
        ran = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
        )
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-4000:]
    return ran.stdout + ran.stderr, json.loads((folder / "results.json").read_text()), key


@pytest.fixture
def results(played):
    return played[1]


def test_discovery(results):
    found = results["found"]
    assert (found["manager"], found["managers"], found["silent"], found["stop"]) == ("one", ["one"], [], [])
    (host,) = found["hosts"]
    assert (host["name"], host["wanted"], host["in_play"], host["address"]) == ("one", "manager", True, "192.0.2.1")
    assert results["silent"]["silent"] == [{"name": "one", "why": f"no answer {SAFE}"}]


def test_a_plan_has_steps_and_is_shown_as_a_table(played):
    output, results, _key = played
    found = results["maintenance"]
    step = {"node": "one", "step": "drain, set to active", "reason": "leader, so the last manager"}
    assert (found["failed"], found["changed"], found["steps"], found["stop"]) == (False, False, [step], [])
    assert found["managers"] == ["one"]
    table = ["NODE  STEP                  REASON", "one   drain, set to active  leader, so the last manager"]
    assert found["lines"] == table
    assert "\n".join(["", "", *table]) in output


def test_all_reasons_to_stop_are_in_one_failure(results):
    found = results["locked"]
    assert found["failed"]
    assert [reason["kind"] for reason in found["stop"]] == ["unlock_key_missing", "file_missing"]
    assert found["failure"]["kind"] == "unlock_key_missing"


def test_the_unlock_key_is_in_no_output(played):
    output, results, key = played
    results = {name: found for name, found in results.items() if name != "found"}
    assert key not in json.dumps(results)
    assert key not in output


def test_an_engine_that_does_not_respond_fails_with_its_own_reason(results):
    assert results["unread"]["failure"]["kind"] == "unreachable"


def test_without_a_manager_nothing_is_read(results):
    found = results["no_manager"]
    assert [reason["kind"] for reason in found["stop"]] == ["no_swarm", "host_not_responding"]
    assert SAFE in found["msg"]


@pytest.mark.parametrize(
    ("name", "option"),
    [
        ("misspelt", "mising"),
        ("of_another", "engine_version"),
        ("misspelt_action", "actions.rebot"),
        ("misspelt_wanted", "wanted.workers"),
        ("unknown", "operation"),
        ("status_misspelt", "ful"),
    ],
)
def test_a_misspelt_option_is_an_argument_error(results, name, option):
    found = results[name]
    assert found["failed"]
    assert (found["failure"]["kind"], found["failure"]["option"]) == ("bad_input", option)


def test_the_status_is_shown_as_a_table(played):
    output, results, _key = played
    found = results["status"]
    assert found["status"]["problems"] == []
    assert found["lines"][1].startswith("HOSTNAME")
    assert "\n".join(["", "", *found["lines"]]) in output


def test_the_whole_status_is_shown_as_json(played):
    output, results, _key = played
    found = results["whole"]["status"]
    assert (found["autolock"], found["services"], found["engine_versions"]) == (True, 0, ["28.5.2"])
    assert json.dumps(found, indent=4) in output


def test_the_status_says_why_the_nodes_are_not_listed(results):
    found = results["status_unread"]
    assert not found["failed"]
    (problem,) = found["status"]["problems"]
    assert "none.sock" in problem


def test_nothing_to_do_is_shown(results):
    assert (results["upgraded"]["needed"], results["upgraded"]["lines"]) == (False, ["Nothing to do."])


def test_a_site_run_may_change_settings_although_no_node_needs_a_change(results):
    assert (results["site"]["steps"], results["site"]["lines"]) == ([], ["No node needs a change."])
