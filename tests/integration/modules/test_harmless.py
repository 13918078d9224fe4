# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes that leave the engines alive: what is cleared while tasks run, and the ways back from it."""

from __future__ import annotations

import contextlib

import pytest
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.lifecycles.real import IMAGE, Refusal, make_swarm, reset_all
from ansible_collections.hive.swarm.tests.support.lifecycles.stage import Stage
from ansible_collections.hive.swarm.tests.support.stack_tasks import of_document
from ansible_collections.hive.swarm.tests.support.vitals import VITALS

NAME = "web"
HERE = {"constraints": ["node.role == manager"]}
SERVICE = {"name": NAME, "image": IMAGE, "args": ["sleep", "600"], "stop_grace_period": "0s", "resolve_image": "never"}


class Manager:
    """A manager, and the tasks of its one service."""

    def __init__(self, host):
        self.host = host
        self.run = on(host)

    def does(self, module, args):
        result = self.run(module, args)
        assert not result["failed"], result["msg"]
        return result

    def sets(self, **options):
        """swarm_service, until a task runs."""
        result = self.does("swarm_service", {**SERVICE, **options, "wait": False})
        Stage.wait_for(self.running)
        return result

    def service(self):
        (found,) = self.host.do("GET", "/services")
        return found

    def update(self, spec, query=""):
        """What another client writes, again where the engine has just noted how a rollout goes on."""
        for _attempt in range(10):
            live = self.service()
            path = f"/services/{live['ID']}/update?version={live['Version']['Index']}{query}"
            try:
                return self.host.do("POST", path, spec)
            except Refusal as error:
                if "out of sequence" not in str(error):
                    raise
        raise AssertionError("the service changes all the time")

    def running(self):
        """The IDs of the tasks that run and are to, without those of a deleted service, which end a little later."""
        service_id = self.service()["ID"]
        tasks = [task for task in self.host.do("GET", "/tasks") if task["ServiceID"] == service_id]
        alive = [task for task in tasks if task["DesiredState"] == "running" and task["Status"]["State"] == "running"]
        return {task["ID"] for task in alive}

    def has_looked_at_all_tasks(self):
        """Return when the engine has compared tasks with the service: one more of them runs."""
        spec = self.service()["Spec"]
        count = spec["Mode"]["Replicated"]["Replicas"] + 1
        spec["Mode"]["Replicated"]["Replicas"] = count
        self.update(spec)
        Stage.wait_for(lambda: len(self.running()) == count)


@pytest.fixture(scope="module")
def lab_manager(real_lab):
    reset_all(real_lab[:1])
    make_swarm(real_lab[:1])
    return real_lab[0]


@pytest.fixture
def manager(lab_manager):
    yield Manager(lab_manager)
    for service in lab_manager.do("GET", "/services"):
        lab_manager.do("DELETE", f"/services/{service['ID']}")


@pytest.mark.parametrize(
    ("first", "cleared"),
    [
        (HERE, {}),
        (HERE, {"constraints": []}),
        ({"preferences": [{"spread": "node.labels.a"}]}, {"preferences": []}),
        ({"replicas_max_per_node": 9}, {"replicas_max_per_node": 0}),
        ({"platforms": [{"os": "linux"}]}, {"platforms": []}),
    ],
    ids=str,
)
def test_k1_a_cleared_placement(manager, first, cleared):
    """K1: an engine crashed, and did so at every start, on a service without Placement whose tasks had one."""
    manager.sets(placement=first)
    before = manager.running()
    assert manager.sets(placement=cleared)["changed"]
    manager.has_looked_at_all_tasks()
    assert before < manager.running()
    assert manager.service()["Spec"]["TaskTemplate"]["Placement"] == {}


def test_k1_a_stack_that_loses_its_constraints(manager):
    web = {"image": IMAGE, "command": "sleep 600", "stop_grace_period": "0s", "networks": ["host"]}
    document = {"networks": {"host": {"external": True, "name": "host"}}}
    placed = {**document, "services": {"web": {**web, "deploy": {"placement": HERE}}}}
    for file in (placed, {**document, "services": {"web": web}}):
        assert manager.does("swarm_stack", {**of_document("shop", file), "wait": False})["changed"]
        Stage.wait_for(manager.running)
    manager.has_looked_at_all_tasks()
    assert manager.service()["Spec"]["TaskTemplate"]["Placement"] == {}


def test_k1_the_way_back_to_a_new_service(manager):
    """K1: the engine rolls back to the spec that we made the service with."""
    manager.sets()
    manager.sets(placement=HERE)
    manager.does("swarm_service", {"name": NAME, "state": "rolled_back", "wait": False})
    manager.has_looked_at_all_tasks()


def made_by_another_client(manager):
    """A service without Placement, as community.docker and the Docker SDK make it."""
    container = {"Image": IMAGE, "Args": ["sleep", "600"], "StopGracePeriod": 0}
    spec = {"Name": NAME, "TaskTemplate": {"ContainerSpec": container}, "Mode": {"Replicated": {"Replicas": 1}}}
    manager.host.do("POST", "/services/create", spec)
    Stage.wait_for(manager.running)
    return manager.service()["Spec"]


def test_k1_the_way_back_to_a_service_of_another_client(manager):
    """K1: before it gets its first Placement, a service gets an empty one, which restarts nothing."""
    made_by_another_client(manager)
    before = manager.running()
    manager.sets(placement=HERE)
    assert manager.service()["PreviousSpec"]["TaskTemplate"]["Placement"] == {}
    manager.does("swarm_service", {"name": NAME, "state": "rolled_back", "wait": False})
    manager.has_looked_at_all_tasks()
    assert before < manager.running()


def test_k1_a_way_back_that_crashes_is_refused(manager):
    """K1: another client has given a service its first Placement."""
    spec = made_by_another_client(manager)
    placed = {**spec["TaskTemplate"], "Placement": {"Constraints": ["node.role==manager"]}}
    manager.update({**spec, "TaskTemplate": placed})
    for check in (True, False):
        refused = manager.run("swarm_service", {"name": NAME, "state": "rolled_back"}, check=check)
        assert refused["failure"]["kind"] == "refused"
    manager.has_looked_at_all_tasks()


@pytest.mark.parametrize("real_lab", ["28.5"], indirect=True, scope="session")
def test_k1_a_crash_is_seen_after_the_test_that_caused_it(real_peer):
    """K1: the check that follows each integration test (tests/support/vitals.py) finds what no client sends."""
    make_swarm([real_peer])
    manager = Manager(real_peer)
    manager.sets(placement=HERE)
    VITALS.check()
    spec = manager.service()["Spec"]
    del spec["TaskTemplate"]["Placement"]
    with contextlib.suppress(OSError):  # the engine crashes before it answers, or just after
        manager.update(spec)
    problems = []

    def has_crashed():
        problems.extend(VITALS.check())
        return len(problems) > 1

    Stage.wait_for(has_crashed)
    real_peer.wipe()
    assert [word in " ".join(problems) for word in ("panic", "the daemon has ended")] == [True, True]
