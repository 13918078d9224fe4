# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rollback of a whole stack, and what a race or a failure leaves of it ("Missing"). Its life is in stacks.ways_back."""

from __future__ import annotations

import json

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._stack.removal import ALL, surplus_versions
from ansible_collections.hive.swarm.tests.support.fake_engine import API_1_51
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.stack_tasks import of_document

pytestmark = [
    pytest.mark.parametrize("version", [API_1_51], indirect=True),
    pytest.mark.usefixtures("no_time"),
]


@pytest.fixture
def manager(cluster):
    return cluster.swarm(managers=1)[0]


def document(value, *names):
    deploy = {"replicas": 1, "update_config": {"monitor": "1ms"}}
    one = {"image": "lab/busybox:1", "command": "sleep 1000", "environment": {"A": value}, "deploy": deploy}
    return {"services": dict.fromkeys(names or ("api", "web"), one)}


def deploy(manager, *args, **options):
    result = on(manager)("swarm_stack", {**of_document("shop", document(*args)), **options})
    assert not result["failed"], result
    return result


def back(manager, check=False, **options):
    return on(manager)("swarm_stack", {"name": "shop", "state": "rolled_back", **options}, check=check)


def envs(manager):
    specs = [item["Spec"] for item in manager.do("GET", "/services")]
    return {spec["Name"]: spec["TaskTemplate"]["ContainerSpec"]["Env"] for spec in specs}


@pytest.fixture
def updated(manager):
    deploy(manager, "CANARY1")
    deploy(manager, "CANARY2")
    return manager


def test_a_lost_race_is_run_again_and_loses_nothing(updated):
    updated.conflict(times=2, path="/services/")
    result = back(updated)
    assert (result["failed"], result["changed"]) == (False, True)
    assert [action["name"] for action in result["actions"]] == ["shop_api", "shop_web"]
    assert set(map(tuple, envs(updated).values())) == {("A=CANARY1",)}


def test_a_failure_in_the_middle_says_what_is_back_and_the_next_run_ends_it(updated):
    _api, web = (item["ID"] for item in sorted(updated.do("GET", "/services"), key=lambda item: item["Spec"]["Name"]))
    updated.fail(500, "disk full", path=f"/services/{web}/update")
    result = back(updated)
    assert result["failed"]
    assert result["failure"]["done"] == ["service shop_api"]
    assert result["failure"]["left"] == ["service shop_web"]
    assert result["changed"]
    again = back(updated)
    assert [action["name"] for action in again["actions"]] == ["shop_web"]
    assert set(map(tuple, envs(updated).values())) == {("A=CANARY1",)}
    assert not back(updated)["changed"]


def test_s12_hidden_variables_are_hidden_in_the_diff(updated):
    for check in (True, False):
        result = back(updated, check, hide_env=True)
        assert result["changed"]
        assert "CANARY" not in json.dumps(result)


def test_what_was_never_updated_stays_with_a_warning(updated):
    deploy(updated, "CANARY2", "api", "web", "new")
    result = back(updated)
    assert [action["name"] for action in result["actions"]] == ["shop_api", "shop_web"]
    assert result["warnings"] == [
        "Stack shop has services that were not rolled back, because they were never updated: shop_new."
    ]
    again = back(updated)
    assert (again["changed"], again.get("warnings", [])) == (False, [])


@pytest.mark.parametrize(
    "options",
    [{"prune": True}, {"recreate": True}, {"services": ["nope"]}],
)
def test_bad_input(updated, options):
    before = len(updated.writes)
    for check in (True, False):
        result = back(updated, check, **options)
        assert (result["failure"]["kind"], result["failure"]["option"]) == ("bad_input", next(iter(options)))
    assert len(updated.writes) == before


@pytest.mark.parametrize("state", ["present", "absent"])
def test_services_are_for_the_rollback_alone(updated, state):
    options = {**of_document("shop", document("CANARY2")), "state": state, "services": ["web"]}
    result = on(updated)("swarm_stack", options)
    assert (result["failure"]["kind"], result["failure"]["option"]) == ("bad_input", "services")


def test_the_versions_that_are_kept_are_counted_for_each_name(version):
    found = ["a9", "a8", "b3", "a7", "b2", "b1"]
    documents = [{"Spec": {"Name": name}} for name in found]
    for number, gone in ((0, found), (1, ["a8", "a7", "b2", "b1"]), (2, ["a7", "b1"]), (9, []), (ALL, [])):
        assert [
            item["Spec"]["Name"] for item in surplus_versions(documents, lambda item: item["Spec"]["Name"][0], number)
        ] == gone
