# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The controller dies while a network is replaced under its services: the next run attaches them again."""

from __future__ import annotations

import json
import os

import pytest
from ansible_collections.hive.swarm.tests.support.fake_engine import FakeCluster
from ansible_collections.hive.swarm.tests.support.fake_engine.snapshot import Snapshot
from ansible_collections.hive.swarm.tests.support.histories.runner import CUT_AFTER, CUTS, run
from ansible_collections.hive.swarm.tests.support.lifecycles import networks as table
from ansible_collections.hive.swarm.tests.support.lifecycles.networks import NAME
from ansible_collections.hive.swarm.tests.support.stack_tasks import of_document

#: ``make test`` cuts at each third request.
STEP = 1 if os.environ.get("FAULTS_ALL") else 3
REPLACE = {"name": NAME, "internal": True, "recreate": True, "wait_timeout": 20}
LABEL = f"hive.swarm.detached.{NAME}"
FILE = {
    "services": {
        "mine": {
            "image": "lab/busybox:1",
            "networks": ["net"],
            "deploy": {"update_config": {"monitor": "1ms"}},
        }
    },
    "networks": {"net": {"name": NAME}},
}

pytestmark = pytest.mark.once


@pytest.fixture
def manager(time):
    """A manager on which two services use a network."""
    with FakeCluster(clock=time) as cluster:
        (engine,) = cluster.swarm()
        table.make_attached(engine)
        cluster.settle()
        yield engine


def task(manager, module, options, **how):
    """Run a task to its end; return its result."""
    result = run(manager, module, options, **how).result
    assert not result["failed"], result["msg"]
    manager.cluster.settle()
    return result


def cut_at(manager, number, how=CUT_AFTER):
    """Run the replacement until a request. False if it has fewer."""
    outcome = run(manager, "swarm_network", REPLACE, {number: how})
    manager.cluster.settle()
    return outcome.result is None


def labelled(manager):
    return {
        item["Spec"]["Name"]: item["Spec"]["Labels"][LABEL]
        for item in manager.do("GET", "/services")
        if LABEL in (item["Spec"]["Labels"] or {})
    }


def cuts(manager):
    """Return the numbers of the requests after which some service is detached."""
    start, found = Snapshot(manager.cluster), []
    number = 1
    while cut_at(manager, number):
        if labelled(manager):
            found.append(number)
        start.restore()
        number += 1
    start.restore()
    return found


def document(manager):
    return table.document(manager, NAME)


@pytest.mark.parametrize("how", CUTS)
def test_the_next_run_ends_as_one_that_was_not_cut(manager, how):
    start, specs = Snapshot(manager.cluster), table.specs(manager)
    task(manager, "swarm_network", REPLACE)
    wanted, number, detached = document(manager), 0, 0
    assert table.specs(manager) == specs
    start.restore()
    while cut_at(manager, number := number + STEP, how):
        detached += bool(labelled(manager))
        foretold = task(manager, "swarm_network", REPLACE, check=True)
        done = task(manager, "swarm_network", REPLACE)
        assert (foretold["changed"], foretold["diff"]) == (done["changed"], done["diff"]), number
        assert foretold["reattached"] == done["reattached"]
        assert table.specs(manager) == specs, number
        assert document(manager) == wanted
        for service in manager.do("GET", "/services"):
            assert service["PreviousSpec"] == service["Spec"], number
        assert not task(manager, "swarm_network", REPLACE)["changed"], number
        start.restore()
    assert number > 25 and detached > 10 // STEP


def test_a_label_that_is_not_ours_changes_nothing(manager):
    for text in (
        "",
        "[]",
        "{}",
        '{"networks": 1, "update_config": 2}',
        '{"networks": [[], [], []], "update_config": {}}',
    ):
        service = manager.do("GET", "/services/front")
        spec = {**service["Spec"], "Labels": {LABEL: text}}
        manager.do("POST", f"/services/{service['ID']}/update?version={service['Version']['Index']}", spec)
        assert not task(manager, "swarm_network", {**REPLACE, "internal": False})["changed"]


def test_a_task_without_recreate_makes_the_network_and_attaches_the_services(manager):
    specs = table.specs(manager)
    gone = next(n for n in cuts(manager) if cut_at_and(manager, n, lambda: "Name" not in document(manager)))
    assert cut_at(manager, gone)
    done = task(manager, "swarm_network", {"name": NAME, "attachable": True})
    assert done["reattached"] == ["back", "front"]
    assert done["diff"]["after"]["services"] == {"back": "attached", "front": "attached"}
    assert table.specs(manager) == specs


def cut_at_and(manager, number, test):
    """Whether something holds after a cut, which is undone."""
    start = Snapshot(manager.cluster)
    cut_at(manager, number)
    found = test()
    start.restore()
    return found


def test_a_network_that_services_are_to_get_back_is_used(manager):
    cut_at(manager, next(n for n in cuts(manager) if cut_at_and(manager, n, lambda: len(labelled(manager)) == 2)))
    failed = run(manager, "swarm_network", {"name": NAME, "state": "absent"}).result
    assert failed["failure"]["kind"] == "refused"


# -- services in between ----------------------------------------------------------------------------------------------

SERVICE = {"name": "front", "resolve_image": "never", "wait": False}


@pytest.fixture
def detached(manager):
    """The manager, cut with the services detached and the new network in its place."""
    cut_at(manager, next(n for n in cuts(manager) if cut_at_and(manager, n, lambda: document(manager).get("Internal"))))
    assert sorted(labelled(manager)) == ["back", "front"]
    return manager


def test_a_service_task_neither_shows_nor_removes_the_label(detached):
    labels = labelled(detached)
    done = task(detached, "swarm_service", {**SERVICE, "labels": {"a": "b"}})
    assert not done["changed"]
    assert done["service"]["labels"] == {"a": "b"}
    assert f"is detached from the network {NAME}" in done["warnings"][0]
    done = task(detached, "swarm_service", {**SERVICE, "labels": {}})
    assert done["diff"]["before"] == {"labels": {"a": "b"}}
    assert LABEL not in json.dumps(done)
    assert labelled(detached) == labels
    (shown,) = run(detached, "swarm_service_info", {"name": ["front"]}).result["services"]
    assert shown["spec"]["labels"] == {}
    task(detached, "swarm_network", REPLACE)
    assert labelled(detached) == {}
    assert table.specs(detached)["front"]["Labels"] == {}


def test_a_service_task_that_sets_the_networks_ends_the_detachment(detached):
    done = task(detached, "swarm_service", {**SERVICE, "networks": [NAME]})
    assert done["diff"]["after"]["networks"][0]["name"] == NAME
    assert done["diff"]["before"]["update_config"]["parallelism"] == 0
    assert done["diff"]["after"]["update_config"]["parallelism"] == 1
    spec = table.specs(detached)["front"]
    assert spec["UpdateConfig"]["FailureAction"] == "rollback"
    assert spec["TaskTemplate"]["Networks"] == [{"Target": NAME}]
    assert sorted(labelled(detached)) == ["back"]
    assert not task(detached, "swarm_service", {**SERVICE, "networks": [NAME]})["changed"]


def test_an_option_of_the_task_wins_over_what_was_before(detached):
    given = {"parallelism": 3, "order": "start-first"}
    done = task(detached, "swarm_service", {**SERVICE, "networks": [], "update_config": given})
    assert {key: done["diff"]["after"]["update_config"][key] for key in given} == given
    found = table.specs(detached)["front"]["UpdateConfig"]
    assert (found["Parallelism"], found["Order"], found["FailureAction"]) == (3, "start-first", "rollback")


# -- stacks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", CUTS)
def test_a_stack_attaches_its_own_services_and_those_of_others(manager, how):
    task(manager, "swarm_stack", {**of_document("shop", FILE), "recreate": True})
    start, specs = Snapshot(manager.cluster), table.specs(manager)
    internal = {**FILE, "networks": {"net": {"name": NAME, "internal": True}}}
    changed = {**of_document("shop", internal), "recreate": True}
    task(manager, "swarm_stack", changed)
    wanted, number = document(manager), 0
    assert table.specs(manager) == specs
    start.restore()
    while run(manager, "swarm_stack", changed, {(number := number + STEP): how}).result is None:
        manager.cluster.settle()
        foretold = task(manager, "swarm_stack", changed, check=True)
        done = task(manager, "swarm_stack", changed)
        assert foretold["changed"] == done["changed"], number
        assert table.specs(manager) == specs, number
        assert document(manager) == wanted
        assert not task(manager, "swarm_stack", changed)["changed"], number
        start.restore()
    assert number > 25
