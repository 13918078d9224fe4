# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The conditions of hive.swarm.swarm_wait, as pure functions."""

from __future__ import annotations

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.hive.swarm.plugins.plugin_utils._plans.conditions import COMMON, CONDITIONS
from ansible_collections.hive.swarm.tests.unit.cluster.situations import node

MANAGERS = [node("n1", "manager", leader=True), node("n2", "manager"), node("n3", "manager")]
ENGINE = {
    "state": "active",
    "node_id": "id-n1",
    "role": "manager",
    "error": "",
    "cluster_id": "c1",
    "engine_version": "28.5.2",
}


def judged(condition, found, **given):
    """The state of the verdict, and its reason."""
    options = {**COMMON, **CONDITIONS[condition].options}
    outcome = ArgumentSpecValidator(options).validate({"condition": condition, **given})
    assert outcome.error_messages == []
    return tuple(CONDITIONS[condition].judge(found, outcome.validated_parameters))


def test_a_swarm_can_do_without_one_of_three_managers():
    assert judged("can_do_without", {"nodes": MANAGERS}, nodes=["id-n2"]) == ("converged", "")


def test_a_node_that_is_missing_is_waited_for_until_it_is_named():
    nodes = [*MANAGERS, node("n4", state="down"), node("n5")]
    assert judged("can_do_without", {"nodes": nodes}, nodes=["id-n5"]) == (
        "waiting", "n4 (id-n4) is missing already: it is down"
    )  # fmt: skip
    assert judged("can_do_without", {"nodes": nodes}, nodes=["id-n5"], missing="n9, n4")[0] == "converged"


def test_waiting_does_not_make_two_managers_three():
    two = {"nodes": MANAGERS[:2]}
    state, why = judged("can_do_without", two, nodes=["id-n2"], prefix="engine_")
    assert state == "failed"
    assert "engine_accept_outage" in why
    assert judged("can_do_without", two, nodes=["id-n2"], accept_outage=True)[0] == "converged"
    assert judged("can_do_without", {"nodes": [*MANAGERS[:2], node("n5")]}, nodes=["id-n5"])[0] == "converged"


@pytest.mark.parametrize(
    ("engine", "options", "state"),
    [
        ({}, {}, "converged"),
        ({"state": "pending"}, {}, "waiting"),
        ({"error": "rpc error: The swarm does not have a leader."}, {}, "waiting"),
        ({"error": "The swarm does not have a leader."}, {"accept_errors": True}, "converged"),
        ({"state": "locked", "error": "locked"}, {"states": ["active", "locked"]}, "converged"),
        ({"state": "locked"}, {}, "waiting"),
        # One that has just started: it does not know yet what it is.
        ({"state": "pending"}, {"states": ["active", "pending"]}, "waiting"),
        ({"state": "pending", "error": "no leader"}, {"states": ["active", "pending"]}, "converged"),
        ({"state": "inactive", "cluster_id": ""}, {"states": []}, "converged"),
        ({}, {"cluster_id": "c2"}, "waiting"),
        ({}, {"cluster_id": "c1", "engine_version": "28.5"}, "converged"),
        ({}, {"engine_version": "28.50"}, "waiting"),
        ({"role": "worker"}, {"role": "manager"}, "waiting"),
        ({"role": "manager"}, {"role": "manager"}, "converged"),
        ({"engine_version": "a build of my own"}, {"engine_version": "28.5"}, "waiting"),
    ],
)
def test_engines(engine, options, state):
    found, why = judged("engine_ready", {**ENGINE, **engine}, **options)
    assert found == state
    assert bool(why) == (state == "waiting")


@pytest.mark.parametrize(
    ("engine", "state"),
    [
        ({}, "converged"),
        ({"state": "inactive", "node_id": ""}, "converged"),
        ({"state": "locked", "node_id": "", "error": "locked"}, "converged"),
        ({"state": "error", "node_id": "", "error": "the join has failed"}, "converged"),
        ({"state": "pending"}, "waiting"),
        ({"state": "error", "error": "certificate has expired"}, "waiting"),
        ({"error": "rpc error: The swarm does not have a leader."}, "waiting"),
    ],
)
def test_the_place_of_an_engine(engine, state):
    assert judged("membership_known", {**ENGINE, **engine})[0] == state


def test_nodes():
    expected = [{"hostname": "n1", "role": "manager"}, {"hostname": "n4", "role": "worker"}]
    assert judged("nodes_ready", {"nodes": [*MANAGERS, node("n4")]}, expected=expected)[0] == "converged"
    assert judged("nodes_ready", {"nodes": MANAGERS}, expected=expected) == (
        "waiting", "n4: the managers do not list it"
    )  # fmt: skip


def test_a_rotation_names_the_nodes_that_keep_it_from_its_end():
    found = {"nodes": [*MANAGERS, node("n4", state="down")], "root_rotation_in_progress": True}
    state, why = judged("root_rotated", found)
    assert state == "waiting"
    assert "n4" in why
    assert judged("root_rotated", {**found, "root_rotation_in_progress": False})[0] == "converged"


def test_services_get_back_what_they_had():
    service = {"id": "id-web", "name": "web", "running": 1, "desired": 2, "spec": {"mode": "replicated"}}
    assert judged("services_running", {"services": [service]}) == ("waiting", "web: 1 of 2 tasks run")
    assert judged("services_running", {"services": [service]}, before=[service])[0] == "converged"
