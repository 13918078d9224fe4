# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""hive.swarm.engine_plan, run by ansible-playbook on this machine, whatever engine it has."""

from __future__ import annotations

import json
import sys

import pytest
from ansible_collections.hive.swarm.plugins.action import engine_plan
from ansible_collections.hive.swarm.plugins.plugin_utils import _reading_action
from ansible_collections.hive.swarm.tests.support.playbooks import run_play

API = {"hosts": ["tcp://192.0.2.1:2376"], "ca": "/none/ca.pem", "cert": "here.pem", "key": "BEGIN a CANARY-key"}
FIREWALLED = {"managers": ["alpha"], "workers": ["beta", "gamma"], "api": API}
PYTHON = f"ansible_python_interpreter={sys.executable}"
TASKS = {
    "batches": {"operation": "restart", "hosts": ["a", "b", "c", "d"], "managers": ["a", "b"], "leaders": ["a"], "at_once": "2"},
    "misspelt": {"containerd_versio": "1"},
    "of_another": {"operation": "restart", "hosts": [], "version": "28"},
    "wrong": {"daemon": "[]"},
    "plan": {**FIREWALLED, "show": False},
    "refused": FIREWALLED,
}  # fmt: skip


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("play")
    (folder / "files").mkdir()
    (folder / "files" / "here.pem").write_text("-----BEGIN CERTIFICATE-----\n\n")
    tasks = [
        {"name": name, "hive.swarm.engine_plan": options, "register": name, "ignore_errors": True}
        for name, options in TASKS.items()
    ]
    content = f"{{{{ {{ {', '.join(f'{name!r}: {name}' for name in TASKS)} }} | to_json }}}}"
    write = {"content": content, "dest": str(folder / "results"), "mode": "0600"}
    play = {"hosts": "alpha", "gather_facts": False, "tasks": [*tasks, {"ansible.builtin.copy": write}]}
    done = run_play(folder, play, "-i", "alpha,beta,gamma", "-c", "local", "-e", PYTHON)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads((folder / "results").read_text())


def test_managers_restart_one_by_one_and_others_in_batches(results):
    assert results["batches"]["batches"] == [["b"], ["a"], ["c", "d"]]
    assert results["batches"]["changed"] is False


@pytest.mark.parametrize(
    ("name", "option"), [("misspelt", "containerd_versio"), ("of_another", "version"), ("wrong", "daemon")]
)
def test_an_option_that_the_operation_does_not_have_is_an_error(results, name, option):
    assert results[name]["failed"]
    assert (results[name]["failure"]["kind"], results[name]["failure"]["option"]) == ("bad_input", option)


def test_the_plan_is_returned_or_fails_with_all_reasons(results):
    """A certificate that the controller does not have is a reason on any system."""
    plan, refused = results["plan"], results["refused"]
    assert not plan["failed"]
    (missing,) = [reason["message"] for reason in plan["stop"] if reason["kind"] == "file_missing"]
    assert missing.startswith("engine_api.ca: cannot read /none/ca.pem on the controller")
    assert refused["failed"]
    assert refused["failure"]["kind"] == refused["stop"][0]["kind"]
    assert refused["msg"] == " ".join(reason["message"] for reason in refused["stop"])
    assert "unchanged" not in refused


def test_s17_no_secret_is_returned_without_being_asked_for(results):
    """S17: nor a key that was given as PEM."""
    assert "CANARY" not in json.dumps([results["plan"], results["refused"]])


STEPS = [("alpha", "write /etc/docker/daemon.json", "debug"), ("alpha", "restart \x1b[2Jthe engine", "")]
ASKED = {"show": True, "offers": False, "downloaded_key": ""}


@pytest.mark.parametrize(
    ("steps", "options", "lines"),
    [
        (
            STEPS,
            {},
            [
                "",
                "NODE   STEP                           REASON",
                "alpha  write /etc/docker/daemon.json  debug",
                "alpha  restart \\x1b[2Jthe engine",
            ],
        ),
        ([], {}, []),
        (STEPS, {"show": False}, []),
        (STEPS, {"offers": True}, []),
        (STEPS, {"downloaded_key": "/tmp/key"}, []),
    ],
)
def test_a_plan_is_shown_once_and_only_where_something_is_to_be_done(monkeypatch, steps, options, lines):
    shown: list[str] = []
    monkeypatch.setattr(_reading_action.display, "display", shown.append)
    result = engine_plan._outcome({"steps": steps, "stop": []}, {**ASKED, **options})
    assert "\n".join(shown).splitlines() == lines
    assert [step["reason"] for step in result["steps"]] == [reason for _node, _step, reason in steps]
