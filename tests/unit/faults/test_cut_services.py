# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The controller dies while a service of another mode is replaced: the next run keeps what its task does not name."""

from __future__ import annotations

import itertools

import pytest
from ansible_collections.hive.swarm.tests.support.fake_engine import FakeCluster
from ansible_collections.hive.swarm.tests.support.fake_engine.snapshot import Snapshot
from ansible_collections.hive.swarm.tests.support.fault_matrix import contents
from ansible_collections.hive.swarm.tests.support.histories.runner import CUT_AFTER, CUTS, run

NAME = "web"
MADE = {
    "name": NAME,
    "image": "lab/busybox:1",
    "resolve_image": "never",
    "env": {"A": "1"},
    "labels": {"zone": "a"},
    "networks": ["net"],
    "publish": [{"published_port": 8080, "target_port": 80}],
    "placement": {"constraints": ["node.role==manager"]},
    "update_config": {"monitor": "1ms"},
    "wait": False,
}
REPLACE = {"name": NAME, "mode": "global", "recreate": True, "wait": False}
LEFT = f"{NAME}-rehearsal"

pytestmark = pytest.mark.once


@pytest.fixture
def manager(time):
    """A manager with a replicated service."""
    with FakeCluster(clock=time) as cluster:
        (engine,) = cluster.swarm()
        task(engine, {"name": "net", "driver": "overlay"}, module="swarm_network")
        task(engine, MADE)
        yield engine


def task(manager, options, module="swarm_service", **how):
    """Run a task to its end; return its result."""
    result = run(manager, module, options, **how).result
    assert not result["failed"], result["msg"]
    manager.cluster.settle()
    return result


def names(manager):
    return {item["Spec"]["Name"] for item in manager.do("GET", "/services")}


def without_the_service(manager):
    """End a replacement between the removal of the old service and the creation of the new one."""
    start = Snapshot(manager.cluster)
    for number in itertools.count(1):
        run(manager, "swarm_service", REPLACE, {number: CUT_AFTER})
        if names(manager) == {LEFT}:
            return
        start.restore()


@pytest.mark.parametrize("how", CUTS)
@pytest.mark.parametrize("mode", ["global", "replicated-job"])
def test_the_next_run_ends_as_one_that_was_not_cut(manager, how, mode):
    replace = {**REPLACE, "mode": mode}
    start = Snapshot(manager.cluster)
    task(manager, replace)
    wanted, gone = contents(manager.cluster), 0
    start.restore()
    for number in itertools.count(1):
        if run(manager, "swarm_service", replace, {number: how}).result is not None:
            break
        gone += NAME not in names(manager)
        foretold = task(manager, replace, check=True)
        done = task(manager, replace)
        assert (foretold["changed"], foretold["diff"]) == (done["changed"], done["diff"]), number
        assert contents(manager.cluster) == wanted, number
        assert not task(manager, replace)["changed"], number
        start.restore()
    assert number > 6 and gone == 1


def test_another_task_of_the_name_changes_what_it_names(manager):
    without_the_service(manager)
    made = task(manager, {"name": NAME, "env": {"A": "2"}, "mode": "global", "wait": False})["service"]
    assert (made["env"], made["labels"], made["mode"]) == ({"A": "2"}, {"zone": "a"}, "global")
    assert [port["published_port"] for port in made["publish"]] == [8080]
    assert made["placement"]["constraints"] == ["node.role==manager"]
    assert names(manager) == {NAME}


def test_a_removal_removes_what_is_left(manager):
    without_the_service(manager)
    assert task(manager, {"name": NAME, "state": "absent"})["changed"]
    assert names(manager) == set()


@pytest.mark.parametrize("label", ["", "{}", "[1]", None])
def test_a_service_of_the_name_that_no_run_has_left_is_none_of_the_task(manager, label):
    spec = manager.do("GET", f"/services/{NAME}")["Spec"]
    labels = {} if label is None else {"hive.swarm.rehearsal": label}
    template = {**spec["TaskTemplate"], "Placement": {"Constraints": ["node.id==hive-swarm-rehearsal"]}}
    other = {**spec, "Name": LEFT, "Labels": labels, "TaskTemplate": template, "EndpointSpec": {}}
    manager.do("POST", "/services/create", other)
    assert not task(manager, MADE)["changed"]
    task(manager, {"name": NAME, "state": "absent"})
    assert names(manager) == {LEFT}
