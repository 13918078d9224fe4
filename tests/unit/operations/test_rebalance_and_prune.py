# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which services lie unevenly, and what takes room."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.lists import as_names, confirmed
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.pruning import plan_prune, prunable
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.rebalance import plan_rebalance
from ansible_collections.hive.swarm.tests.unit.cluster.situations import node

NODES = [node("n1", "manager", availability="drain"), node("n2"), node("n3", labels={"a": "b"})]
NOW = 1_800_000_000
DAY = 86400
TEN_DAYS = 10 * DAY * 10**9


def service(name="web", **spec):
    return {"id": f"id-{name}", "name": name, "spec": spec}


def plan(where, services=None, names=()):
    tasks = [{"service_id": "id-web", "node_id": f"id-{name}"} for name in where]
    return plan_rebalance(services or [service()], NODES, tasks, list(names))


def test_one_task_more_is_as_even_as_it_gets():
    assert plan(["n2", "n2", "n3"])["services"] == plan(["n2"])["services"] == []
    found = plan(["n2", "n2"])
    assert (found["services"], found["confirm"]) == (["web"], "web")
    assert found["steps"] == [("", "replace the tasks of the service web", "tasks by node: n2 2, n3 0")]


def test_only_nodes_that_may_have_tasks_count():
    pinned = service(placement={"constraints": ["node.labels.a==b"]})
    assert plan(["n3", "n3", "n3"], [pinned])["services"] == []
    assert plan(["n2", "n2"], [service(mode="global")])["services"] == []


def test_services_that_are_named():
    assert plan(["n2"], names=["web"])["services"] == ["web"]
    assert plan(["n2", "n2"], names=["api"])["stop"] == [
        ("bad_input", "operations_services: the swarm has no service api.")
    ]


def image(days, **changes):
    return {"Created": NOW - days * DAY, "Containers": 0, "Size": 5_000_000, **changes}


def test_images_that_are_old_and_idle():
    df = {"Images": [image(20), image(20, Containers=1), image(5)], "Volumes": [{"Name": "data"}]}
    found = prunable(df, ["images", "build"], TEN_DAYS, NOW)
    assert (found["images"], found["build"], found["bytes"]) == (1, 0, 5_000_000)
    assert prunable(df, ["build"], TEN_DAYS, NOW)["images"] == 0
    assert prunable({}, ["images", "build"], TEN_DAYS, NOW)["images"] == 0


def test_build_records_that_are_old_and_idle():
    old = {"InUse": False, "LastUsedAt": "2026-11-01T10:00:00.123456789Z", "Size": 1_000_000}
    df = {"BuildCache": [old, {**old, "InUse": True}, {**old, "LastUsedAt": "2027-01-15T00:00:00Z"}]}
    assert prunable(df, ["build"], TEN_DAYS, NOW)["build"] == 1


def usage(host="n1", df=None, age="240h", failure=""):
    return {"host": host, "usage": df or {}, "kinds": ["images", "build"], "age": age, "failure": failure}


def test_what_is_removed_where():
    usages = [usage(df={"Images": [image(20)]}), usage("n2"), usage("n3", failure="no answer.")]
    found = plan_prune(usages, NOW)
    assert found["steps"] == [("n1", "remove 1 images", "not used by a container, up to 5 MB")]
    assert (found["warnings"], found["stop"]) == (["n3 is left alone: no answer."], [])
    assert found["prunable"]["n1"] == {"images": 1, "build": 0, "bytes": 5_000_000, "until": "240h"}
    assert found["prunable"]["n2"]["images"] == 0


def test_each_host_has_an_age_of_its_own():
    df = {"Images": [image(20)]}
    found = plan_prune([usage(df=df), usage("n2", df, age="30d")], NOW)
    assert [step.node for step in found["steps"]] == ["n1"]


def test_names_and_confirmations():
    assert as_names("a,b, c a") == as_names(["a", "b", "c"]) == ["a", "b", "c"]
    assert as_names("") == as_names(None) == []
    assert confirmed("b,a", "a,b") and not confirmed("a", "a,b") and not confirmed("", "a")


@pytest.mark.parametrize(
    ("age", "until"),
    [("30d", "720h"), ("2w", "336h"), ("240h", "240h"), ("1.5h", "1h30m"), ("1d12h", "36h"), ("0", "0s")],
)
def test_the_engine_gets_an_age_that_go_can_parse(age, until):
    """F: days and weeks are ours; the engine answers 400 to an until filter with them (moby, api/types/time)."""
    assert plan_prune([usage(age=age)], NOW)["prunable"]["n1"]["until"] == until


@pytest.mark.parametrize("age", ["30", "True", "a month", "-1h"])
def test_k2_an_age_without_a_unit_is_refused(age):
    """K2: 30 was 30 ns, so everything that is unused would have been removed."""
    found = plan_prune([usage(age=age)], NOW)
    (reason,) = found["stop"]
    assert reason.kind == "bad_input"
    assert reason.message.startswith("operations_prune_age of n1: ")
    assert (found["steps"], found["prunable"]) == ([], {})
