# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""swarm_stack and swarm_stack_info on real engines: the lives of a stack, a rollout that fails, and what nothing costs."""

from __future__ import annotations

import re

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._engine.client import Engine
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.lifecycles import stacks
from ansible_collections.hive.swarm.tests.support.lifecycles.real import dealt, make_swarm, reset_all
from ansible_collections.hive.swarm.tests.support.lifecycles.stacks import MODULE, NAME, changed, service, shop
from ansible_collections.hive.swarm.tests.support.stack_tasks import of_document
from ansible_collections.hive.swarm.tests.support.steps import run_steps

# For tests that one generation of engines is enough for.
ONE = pytest.mark.parametrize("real_lab", ["28.5"], indirect=True, scope="session")


@pytest.fixture(scope="module")
def manager(real_lab):
    reset_all(real_lab[:1])
    make_swarm(real_lab[:1])
    return real_lab[0]


@pytest.fixture
def run(manager):
    """A runner, and nothing left behind by it."""
    run = on(manager)
    yield run
    gone = run(MODULE, {"name": NAME, "state": "absent"})
    assert not gone["failed"], gone["msg"]


@dealt("life", stacks.LIVES)
def test_life(manager, run, life):
    host = stacks.Host(manager)
    run_steps(stacks.LIVES[life](host), stacks.audited(host, run), stacks.StackWorld(manager))


@ONE
def test_a_rollout_that_fails_leaves_the_rest_as_it_is(manager, run):
    """The failure says which service and why; what was to be pruned is still there, and swarm_stack_info tells it."""
    one = {"networks": ["node"], "deploy": {"replicas": 1}}
    first = {
        "services": {"web": service(**one), "api": service(**one), "old": service()},
        "networks": {"node": {"external": True, "name": "host"}},
    }
    made = run(MODULE, of_document(NAME, first))
    assert not made["failed"], made["msg"]
    (stack,) = run("swarm_stack_info", {"name": [NAME]})["stacks"]
    assert stack["healthy"] is True
    assert [one["running"] for one in stack["services"]] == [1, 0, 1]
    before = manager.do("GET", "/services/shop_api")

    policy = {"monitor": "5s", "failure_action": "pause"}
    crash = service(
        command=["sh", "-c", "echo no such host: db; exit 3"],
        networks=["node"],
        deploy={"replicas": 1, "update_config": policy},
    )
    bad = changed(changed(first, "services.web", crash), "services.old", None)
    result = run(MODULE, {**of_document(NAME, bad), "prune": True})
    assert result["failed"]
    for words in ("shop_web", "exit", "no such host: db", "Nothing was pruned"):
        assert words in result["msg"]
    after = manager.do("GET", "/services/shop_api")
    assert (after["Spec"], after.get("PreviousSpec")) == (before["Spec"], before.get("PreviousSpec"))
    assert stacks.Host(manager).names("services") == ["shop_api", "shop_old", "shop_web"]
    (stack,) = run("swarm_stack_info", {"name": [NAME]})["stacks"]
    assert stack["healthy"] is False
    assert [one["name"] for one in stack["services"] if not one["healthy"]] == ["shop_web"]


@ONE
def test_twenty_services_without_a_change_take_few_requests(manager, run, monkeypatch):
    document = changed(shop(), "services.web.deploy.replicas", 0)
    for number in range(18):
        document["services"][f"more{number}"] = service(networks=["front"], secrets=["key"], configs=["conf"])
    task = of_document(NAME, document, stacks.DATA)
    made = run(MODULE, task)
    assert not made["failed"], made["msg"]
    asked, send = [], Engine._request

    def counted(engine, method, path, *args, **more):
        asked.append(f"{method} {path}")
        return send(engine, method, path, *args, **more)

    monkeypatch.setattr(Engine, "_request", counted)
    result = run(MODULE, task)
    assert (result["failed"], result["changed"]) == (False, False), result
    compared = [one for one in asked if not one.startswith("GET")]
    # An update of an outdated version, which the engine refuses, compares a secret; one more proves that it does.
    assert len(compared) == len(document["secrets"]) + 1
    assert all(re.search(r"/secrets/\w+/update\?version=\d+$", one) for one in compared), compared
    assert len(asked) - len(compared) <= 6, asked
