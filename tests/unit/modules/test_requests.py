# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many requests a run may cost."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.lifecycles import swarm_init

NO_OPS = [
    ("swarm_init", {}, 1),
    ("swarm_init", swarm_init.SEASONED_OPTIONS, 1),
    ("swarm_init", {"signing_ca_cert": "the live one"}, 1),
    ("swarm_init", {"force_new_cluster": "not needed"}, 2),
    ("swarm_leave", {"docker_host": "outsider"}, 1),
    ("swarm_unlock", {"unlock_keys": [f"SWMKEY-1-{'A' * 43}"]}, 1),
    ("swarm_join", {"docker_host": "worker"}, 1),
    ("swarm_join", {"docker_host": "worker", "manager_docker_host": "manager"}, 2),
    ("swarm_join", {"docker_host": "manager2", "role": "manager"}, 2),
    ("swarm_node", {"hostname": "worker1", "role": "worker", "availability": "active", "labels": {}}, 1),
    ("swarm_node", {"hostname": "worker1", "labels_to_remove": ["never"]}, 1),
    ("swarm_node", {"hostname": "self", "role": "manager"}, 2),
    ("swarm_node", {"hostname": "drained", "availability": "drain"}, 2),
    ("swarm_node", {"hostname": "nobody", "state": "absent"}, 1),
    ("swarm_info", {}, 2),
    ("swarm_info", {"docker_host": "worker"}, 1),
    ("swarm_info", {"docker_host": "outsider"}, 1),
    ("swarm_node_info", {}, 1),
    ("swarm_node_info", {"self": True}, 2),
    ("swarm_node_info", {"name": ["worker1"], "query": "[].id"}, 1),
]
# Each secret that a task asks for is one more.
ON_REQUEST = [
    ("swarm_init", {"join_tokens": True}, 2),
    ("swarm_init", {"join_tokens": True, "unlock_key": True}, 3),
    ("swarm_info", {"join_tokens": True}, 3),
]
CHANGES = [
    ("swarm_init", {"labels": {"a": "b"}}, 3),  # read, write, read back
    ("swarm_node", {"hostname": "worker1", "labels": {"a": "b"}}, 3),
    ("swarm_init", {"docker_host": "outsider"}, 5),  # _ping-less: read, init, read for zeroes, read back
    ("swarm_leave", {"docker_host": "worker"}, 4),
    ("swarm_join", {"docker_host": "outsider", "role": "worker"}, 4),
]


@pytest.fixture
def stage(cluster):
    """Two managers, a worker, a drained worker, and an engine in no swarm, by the names that the tables use."""
    engines = dict(zip(("manager", "manager2", "worker", "drained"), cluster.swarm(managers=2, workers=2)))
    engines["drained"].hostname = "drained"
    manager = engines["manager"]
    swarm_init.season(manager)
    node = manager.do("GET", "/nodes/worker2")
    spec = {**node["Spec"], "Availability": "drain"}
    manager.do("POST", f"/nodes/{node['ID']}/update?version={node['Version']['Index']}", spec)
    engines["drained"].restart()
    engines["outsider"] = cluster.engine("outsider")
    return engines


def cost(stage, module, options):
    """Run a task with the names of its options replaced; the result and what it cost."""
    manager = stage["manager"]
    options = dict(options)
    for option in ("docker_host", "manager_docker_host"):
        if option in options:
            options[option] = stage[options[option]].docker_host
    if module == "swarm_join":
        options.setdefault("remote_addrs", [manager.address])
        options.setdefault("join_token", manager.do("GET", "/swarm")["JoinTokens"]["Worker"])
    if options.get("signing_ca_cert"):
        options["signing_ca_cert"] = manager.do("GET", "/swarm")["TLSInfo"]["TrustRoot"]
    for engine in stage.values():
        engine.forget()
    result = on(manager)(module, options)
    assert not result["failed"], result["msg"]
    return result, sum(len(engine.requests) for engine in stage.values())


@pytest.mark.parametrize(("module", "options", "requests"), NO_OPS + ON_REQUEST)
def test_a_run_that_changes_nothing(stage, module, options, requests):
    result, asked = cost(stage, module, options)
    assert result["changed"] is False
    assert asked == requests
    assert not any(engine.writes for engine in stage.values())


@pytest.mark.parametrize(("module", "options", "requests"), NO_OPS)
def test_two_requests_are_enough_for_nothing(stage, module, options, requests):
    assert requests <= 2


@pytest.mark.parametrize(("module", "options", "requests"), CHANGES)
def test_a_run_that_changes_something(stage, module, options, requests):
    result, asked = cost(stage, module, options)
    assert result["changed"] is True
    assert asked <= requests
    assert sum(len(engine.writes) for engine in stage.values()) == 1


def test_versions_are_not_asked_for_where_an_answer_told_them(stage):
    cost(stage, "swarm_init", {"labels": {"a": "b"}})
    manager = stage["manager"]
    assert manager.count(path="/_ping") == manager.count(path="/version") == 0
    assert {request.version for request in manager.writes} == {manager.version.api}
