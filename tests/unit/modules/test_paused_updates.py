# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""F1, K4: an update that the engine paused half-way is finished by the next run, once its tasks no longer fail."""

from __future__ import annotations

import time

import pytest
from ansible_collections.hive.swarm.tests.support.fake_engine.behaviours import crashed
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.stack_tasks import of_document

WEB = {
    "name": "web",
    "image": "lab/busybox:1",
    "resolve_image": "never",
    "replicas": 3,
    "update_config": {"monitor": "0.1s"},
    "restart_config": {"delay": "0s"},
    "wait_timeout": 20,
}
RELEASE = {**WEB, "env": {"RELEASE": "2"}}
DIFF = ({"update_state": "paused"}, {"update_state": "updating"})


@pytest.fixture
def manager(cluster):
    """A manager of a swarm in which the first new task of a release fails, and no other."""
    (host,) = cluster.swarm()
    assert not on(host)("swarm_service", WEB)["failed"]
    cluster.script.set("web", crashed(), times=1)
    result = on(host)("swarm_service", RELEASE)
    assert result["failure"]["kind"] == "not_converged"
    return host


def releases(manager):
    """How many running tasks have the release."""
    running = [task for task in manager.do("GET", "/tasks") if task["Status"]["State"] == "running"]
    return sum("RELEASE=2" in task["Spec"]["ContainerSpec"].get("Env", []) for task in running)


def test_the_next_run_finishes_it(manager):
    manager.forget()
    predicted = on(manager)("swarm_service", RELEASE, check=True)
    assert not manager.writes
    result = on(manager)("swarm_service", RELEASE)
    for told in (predicted, result):
        assert (told["failed"], told["changed"]) == (False, True)
        assert (told["diff"]["before"], told["diff"]["after"]) == DIFF
    assert len(manager.writes) == 1 and releases(manager) == 3
    assert not on(manager)("swarm_service", RELEASE)["changed"]


def test_a_release_that_goes_on_failing_replaces_nothing_more(cluster, manager):
    cluster.script.set("web", crashed())
    worse = {**RELEASE, "env": {"RELEASE": "3"}}
    assert on(manager)("swarm_service", worse)["failed"]
    manager.forget()
    result = on(manager)("swarm_service", worse)
    assert (result["failed"], result["changed"]) == (True, False)
    assert result["failure"]["kind"] == "not_converged" and "non-zero exit (1)" in result["msg"]
    assert not manager.writes


def test_a_task_that_does_not_wait_goes_on_with_what_has_lasted(manager):
    quick = {**RELEASE, "wait": False}
    assert releases(manager) == 1
    time.sleep(0.2)
    assert on(manager)("swarm_service", quick)["changed"]
    on(manager)("swarm_service", RELEASE)
    assert releases(manager) == 3


def test_a_stack(cluster):
    (host,) = cluster.swarm()
    deploy = {"replicas": 3, "update_config": {"monitor": "0.1s"}, "restart_policy": {"delay": "0s"}}

    def run(release, check=False):
        web = {"image": "lab/busybox:1", "deploy": deploy, "environment": {"RELEASE": release}}
        return on(host)("swarm_stack", of_document("shop", {"services": {"web": web}}), check=check)

    assert not run("1")["failed"]
    cluster.script.set("shop_web", crashed(), times=1)
    assert run("2")["failed"]
    predicted, result = run("2", check=True), run("2")
    assert predicted["diff"] == result["diff"]
    assert result["diff"]["after"] == {"services": {"shop_web": {"update_state": "updating"}}}
    assert result["actions"] == [{"kind": "service", "name": "shop_web", "action": "resume"}]
    assert releases(host) == 3
    assert not run("2")["changed"]
