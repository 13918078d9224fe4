# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""swarm_info and swarm_node_info in every state of an engine."""

from __future__ import annotations

import json

import pytest
from ansible_collections.hive.swarm.tests.support.harness import on, run_module
from ansible_collections.hive.swarm.tests.support.lifecycles import membership
from ansible_collections.hive.swarm.tests.support.lifecycles.stage import Stage
from ansible_collections.hive.swarm.tests.support.shapes import shape
from ansible_collections.hive.swarm.tests.support.worlds import FakeWorld

ASIDE = {"invocation", "changed", "failed"}


@pytest.fixture
def stage(cluster):
    engines = [cluster.engine(f"node{number}") for number in (1, 2, 3)]
    cluster.delays.join_error = 30
    return Stage(engines, FakeWorld(engines))


def inactive(stage):
    return {"state": "inactive", "role": None, "node_id": "", "cluster_id": "", "quorum": {}, "swarm": {}}


def pending(stage):
    membership.init(stage.first)
    membership.fail_to_join(stage, "pending")
    return {"state": "pending", "role": None, "node_id": "", "remote_managers": ["192.0.2.253:2377"]}


def error(stage):
    stage.first.cluster.delays.join_error = 0.1
    membership.init(stage.first)
    membership.fail_to_join(stage, "error")
    return {"state": "error", "role": None, "node_id": "", "swarm": {}}


def worker(stage):
    membership.init(stage.first)
    membership.join(stage.hosts[1], stage.first)
    own = stage.node_id(stage.hosts[1])
    managers = [f"{stage.first.address}:2377"]
    return {"state": "active", "role": "worker", "node_id": own, "cluster_id": "", "remote_managers": managers}


def manager(stage):
    membership.init(stage.hosts[1])
    membership.join(stage.first, stage.hosts[1])
    swarm = stage.hosts[1].do("GET", "/swarm")
    quorum = {"managers": 1, "reachable": 1, "needed": 1, "margin": 0}
    return {"state": "active", "role": "manager", "cluster_id": swarm["ID"], "quorum": quorum, "error": ""}


def locked(stage):
    membership.init(stage.hosts[1], **membership.LOCKING)
    membership.lock(stage, stage.hosts[1])
    return {"state": "locked", "role": None, "node_id": "", "swarm": {}, "quorum": {}}


def without_quorum(stage):
    membership.init(stage.hosts[1])
    membership.join(stage.first, stage.hosts[1], "Manager")
    stage.first.kill()
    return {"state": "active", "role": "manager", "cluster_id": "", "quorum": {}, "swarm": {}}


def removed_elsewhere(stage):
    """The engine does not know it."""
    known = worker(stage)
    stage.first.do("DELETE", f"/nodes/{known['node_id']}?force=1")
    return known


STATES = [inactive, pending, error, worker, manager, locked, without_quorum, removed_elsewhere]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
@pytest.mark.parametrize("check", [False, True])
def test_swarm_info_never_fails(stage, state, check):
    expected = state(stage)
    result = run_module("swarm_info", {"docker_host": stage.hosts[1].docker_host}, check=check)
    assert not result["failed"], result["msg"]
    assert result["changed"] is False
    assert {key: result[key] for key in expected} == expected
    assert result["hostname"] == "node2"
    assert bool(result["error"]) is (state in (error, locked, without_quorum))
    assert not ({"join_tokens", "unlock_key", "warnings"} & set(result))
    assert result["api_version"] == stage.first.version.api
    assert not stage.hosts[1].writes or state in (pending, error)


def test_swarm_info_without_the_quorum_is_one_request(stage):
    manager(stage)
    engine = stage.hosts[1]
    before = len(engine.requests)
    result = run_module("swarm_info", {"docker_host": engine.docker_host, "quorum": False})
    assert (result["role"], result["quorum"]) == ("manager", {})
    assert [request.path for request in engine.requests[before:]] == ["/info"]


def test_swarm_info_has_the_same_keys_everywhere(stage):
    results = [run_module("swarm_info", {"docker_host": stage.hosts[1].docker_host})]
    manager(stage)
    results.append(run_module("swarm_info", {"docker_host": stage.hosts[1].docker_host}))
    keys = [set(result) - ASIDE for result in results]
    assert keys[0] == keys[1]


@pytest.mark.parametrize("state", [inactive, pending, worker, locked, without_quorum], ids=lambda state: state.__name__)
@pytest.mark.parametrize("secret", ["join_tokens", "unlock_key"])
def test_secrets_of_what_has_none_are_a_failure_that_says_why(stage, state, secret):
    state(stage)
    result = run_module("swarm_info", {"docker_host": stage.hosts[1].docker_host, secret: True})
    assert result["failed"]
    assert result["failure"]["kind"] in ("not_a_manager", "refused", "locked", "no_quorum")
    assert result["msg"] == result["failure"]["message"]


def test_the_spec_is_in_the_options_words_and_can_be_given_back(stage):
    """What swarm_info tells is what swarm_init takes: nothing changes."""
    manager(stage)
    run = on(stage.hosts[1])
    told = run("swarm_info")["swarm"]
    given = {key: value for key, value in told.items() if key != "signing_ca_cert"}
    result = run("swarm_init", {**given, "signing_ca_cert": told["signing_ca_cert"]})
    assert not result["failed"], result["msg"]
    assert result["changed"] is False


# -- nodes ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def swarm(cluster):
    engines = cluster.swarm(managers=1, workers=2)
    node = engines[0].do("GET", "/nodes/worker1")
    spec = {**node["Spec"], "Labels": {"zone": "a", "flag": ""}}
    engines[0].do("POST", f"/nodes/{node['ID']}/update?version={node['Version']['Index']}", spec)
    cluster.settle()
    return engines


def names(result):
    return [node["hostname"] for node in result["nodes"]]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({}, ["manager1", "worker1", "worker2"]),
        ({"name": ["worker2"]}, ["worker2"]),
        ({"name": ["worker2", "manager1", "worker2"]}, ["worker2", "manager1"]),
        ({"name": ["worker"]}, []),  # the engine would take the beginning of a name
        ({"self": True}, ["manager1"]),
        ({"filters": {"role": "worker"}}, ["worker1", "worker2"]),
        ({"filters": {"role": ["worker", "manager"]}}, ["manager1", "worker1", "worker2"]),
        ({"filters": {"node.label": "zone=a"}}, ["worker1"]),
        ({"filters": {"node.label": "flag"}}, ["worker1"]),
        ({"filters": {"membership": "accepted", "name": "worker"}}, ["worker1", "worker2"]),
    ],
)
def test_which_nodes(swarm, options, found):
    result = on(swarm[0])("swarm_node_info", options)
    assert not result["failed"], result["msg"]
    assert result["changed"] is False
    assert names(result) == found


def test_a_query_is_beside_the_nodes(swarm):
    result = on(swarm[0])("swarm_node_info", {"query": "[?role == 'worker'].hostname"})
    assert result["result"] == ["worker1", "worker2"]
    assert len(result["nodes"]) == 3


def test_a_node_is_what_swarm_node_returns(swarm):
    run = on(swarm[0])
    told = run("swarm_node_info", {"name": ["worker1"]})["nodes"][0]
    assert run("swarm_node", {"hostname": "worker1"})["node"] == told
    assert told["labels"] == {"zone": "a", "flag": ""}


def test_raw_is_the_engines_own(swarm):
    node = on(swarm[0])("swarm_node_info", {"name": ["worker1"], "raw": True})["nodes"][0]
    assert node["raw"]["Spec"] == swarm[0].do("GET", "/nodes/worker1")["Spec"]
    assert shape({**node, "raw": None}) == shape({**on(swarm[0])("swarm_node_info")["nodes"][1], "raw": None})


@pytest.mark.parametrize(
    "options",
    [
        {"filters": {"zone": "a"}},
        {"filters": {"role": "boss"}},
        {"filters": {"membership": "maybe"}},
        {"query": "[?"},
        {"query": "[].keys(id)"},
    ],
)
def test_what_cannot_be_asked(swarm, options):
    result = on(swarm[0])("swarm_node_info", options)
    assert result["failed"]
    assert (result["failure"]["kind"], result["failure"]["option"]) == ("bad_input", next(iter(options)))


@pytest.mark.parametrize("options", [{}, {"self": True}, {"name": ["node2"]}])
@pytest.mark.parametrize(
    ("state", "kind"),
    [
        (inactive, "not_a_manager"),
        (worker, "not_a_manager"),
        (locked, "locked"),
        (without_quorum, "no_quorum"),
    ],
    ids=lambda value: getattr(value, "__name__", "kind"),
)
def test_who_cannot_list_nodes_says_why(stage, options, state, kind):
    state(stage)
    result = run_module("swarm_node_info", {"docker_host": stage.hosts[1].docker_host, **options})
    assert result["failed"]
    assert result["failure"]["kind"] == kind
    assert "Traceback" not in json.dumps(result)
