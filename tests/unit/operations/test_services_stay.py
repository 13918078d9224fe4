# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""K4: roles/operations/tasks/shared/services.yml, with ansible-playbook on the fake engine: a crash loop is not back."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.services import failed
from ansible_collections.hive.swarm.tests.support.fake_engine import API_1_51, FakeCluster, behaviours
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.playbooks import run_play

pytestmark = pytest.mark.once  # neither Python nor ansible-core matters

QUICK = {"update_config": {"monitor": "1s"}, "restart_config": {"delay": "0s"}, "resolve_image": "never", "wait": False}


def _play(folder: Path, manager, before: dict, **variables) -> subprocess.CompletedProcess[str]:
    given = {
        "operations__manager": "localhost",
        "operations__manager_docker_host": manager.docker_host,
        "operations__services_before": before["services"],
        "operations_allow_unschedulable": False,
        "operations_wait_timeout": 20,
        "operations_stable_for": 0,
        **variables,
    }
    role = {"name": "hive.swarm.operations", "tasks_from": "shared/services"}
    tasks = [{"ansible.builtin.include_role": role, "vars": given}]
    play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": tasks}
    return run_play(folder, play)


@pytest.fixture
def cluster():
    with FakeCluster(API_1_51) as made:
        yield made


@pytest.fixture
def manager(cluster):
    return cluster.swarm(managers=1)[0]


def _services(manager) -> dict:
    return on(manager)("swarm_service_info", {"hide_env": True})


def test_services_that_stay_are_back(tmp_path, manager):
    on(manager)("swarm_service", {"name": "web", "image": "lab/busybox:1", "replicas": 1, **QUICK})
    done = _play(tmp_path, manager, _services(manager))
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("action", "replicas", "is_back"), [("continue", 1, True), ("pause", 1, True), ("pause", 2, False)]
)
def test_a_service_whose_tasks_failed_has_to_converge(tmp_path, cluster, manager, action, replicas, is_back):
    """Its tasks run now, as many as before: by their number alone it would be back."""
    options = {**QUICK, "update_config": {"monitor": "1s", "failure_action": action}}
    on(manager)("swarm_service", {"name": "web", "image": "lab/busybox:1", "replicas": replicas, **options})
    on(manager)("swarm_service", {"name": "other", "image": "lab/busybox:1", **options})
    before = _services(manager)
    cluster.script.set("web", behaviours.crashed(1, output=["no such host: db"]), times=2)
    on(manager)("swarm_service", {"name": "web", "force_update": True, **options})
    for _look in range(40):
        if {each["name"]: each["running"] for each in _services(manager)["services"]}["web"] == replicas:
            break
    done = _play(tmp_path, manager, before)
    assert (done.returncode == 0) is is_back, done.stdout
    assert "item=web" in done.stdout and "item=other" not in done.stdout


def test_what_was_broken_before_is_not_waited_for():
    def service(name: str, state: str = "", running: int = 1, mode: str = "replicated"):
        spec = {"mode": mode}
        return {
            "id": name, "name": name, "running": running, "desired": 1, "spec": spec, "update_status": {"state": state}
        }  # fmt: skip

    before = [service("a"), service("b", "paused"), service("c", running=0), service("d", mode="replicated-job")]
    tasks = [{"service": name, "state": "failed"} for name in "abcde"]
    assert failed(before, tasks) == ["a"]
    assert failed(before, [{"service": "a", "state": "running"}]) == []
