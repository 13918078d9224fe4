# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""F3: a run that fails in the middle of several writes returns what was done, what is left, and ``changed: true``.

Each task below is run once for each of its writes, with that write refused by the engine: whatever the place, the
result has to agree with the swarm, and the same task run again has to finish the job.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from ansible_collections.hive.swarm.tests.support.fake_engine import API_1_51, behaviours
from ansible_collections.hive.swarm.tests.support.fake_engine.errors import ApiError
from ansible_collections.hive.swarm.tests.support.fake_engine.faults import Fault
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.stack_tasks import of_document

pytestmark = [
    pytest.mark.once,  # neither Python nor ansible-core matters
    pytest.mark.parametrize("version", [API_1_51], indirect=True),
    pytest.mark.usefixtures("no_time"),
]

QUICK = {"update_config": {"monitor": "1ms"}}
WEB = {"name": "web", "image": "lab/busybox:1", "resolve_image": "never", "replicas": 1, **QUICK}
SECRET = {"name": "key", "data": "other", "rolling_versions": True, "versions_to_keep": 1}


def stack(document: Any, files: dict[str, str], **options: Any) -> tuple[str, dict[str, Any]]:
    services = {name: {"image": "lab/busybox:1", "deploy": QUICK, **one} for name, one in document["services"].items()}
    return "swarm_stack", {**of_document("shop", {**document, "services": services}, files), **options}


FIRST = (
    {
        "services": {"web": {"configs": ["conf"], "secrets": ["key"]}, "old": {}},
        "configs": {"conf": {"file": "./conf"}},
        "secrets": {"key": {"file": "./key"}},
    },
    {"conf": "a", "key": "b"},
)
NEXT = (
    {
        "services": {"web": {"configs": ["conf"], "secrets": ["key"], "command": "sleep 9"}, "new": {}},
        "configs": {"conf": {"file": "./conf"}},
        "secrets": {"key": {"file": "./key"}},
    },
    {"conf": "a2", "key": "b2"},
)


class Case(NamedTuple):
    """``before``: the tasks that make the world. ``task``: the one that fails. ``writes``: how many requests it sends."""

    before: list[tuple[str, dict[str, Any]]]
    task: tuple[str, dict[str, Any]]
    writes: int


CASES = {
    "a stack": Case([], stack(*FIRST), 5),
    "a stack with other versions, and prune": Case([stack(*FIRST)], stack(*NEXT, prune=True), 5),
    "a stack whose network is replaced": Case(
        [stack({"services": {"web": {}}}, {})],
        stack({"services": {"web": {}}, "networks": {"default": {"internal": True}}}, {}, recreate=True),
        6,  # attaching is tried again
    ),
    "a stack with a service of another mode": Case(
        [stack({"services": {"web": {}}}, {})],
        stack({"services": {"web": {"deploy": {"mode": "global", **QUICK}}}}, {}, recreate=True),
        4,
    ),
    "a stack that goes": Case([stack(*FIRST)], ("swarm_stack", {"name": "shop", "state": "absent"}), 5),
    "a network that is replaced": Case(
        [("swarm_network", {"name": "net"}), ("swarm_service", {**WEB, "networks": ["net"]})],
        ("swarm_network", {"name": "net", "internal": True, "recreate": True}),
        6,  # attaching is tried again
    ),
    "a service of another mode": Case(
        [("swarm_service", WEB)],
        ("swarm_service", {"name": "web", "mode": "global", "recreate": True}),
        4,
    ),
    "a secret with versions": Case(
        [("swarm_secret", {**SECRET, "data": text, "versions_to_keep": 5}) for text in ("a", "b", "c")],
        ("swarm_secret", SECRET),
        3,
    ),
    "a config with labels and fewer versions": Case(
        [("swarm_config", {**SECRET, "data": text, "versions_to_keep": 5}) for text in ("a", "b", "other")],
        ("swarm_config", {**SECRET, "labels": {"a": "b"}}),
        2,
    ),
    "a secret that is replaced": Case(
        [("swarm_secret", {"name": "key", "data": "a"})],
        ("swarm_secret", {"name": "key", "data": "b"}),
        4,
    ),
    "all versions of a secret": Case(
        [("swarm_secret", {**SECRET, "data": text, "versions_to_keep": 5}) for text in ("a", "b", "c")],
        ("swarm_secret", {"name": "key", "rolling_versions": True, "state": "absent"}),
        3,
    ),
}


class RefusedWrite:
    """Has an engine refuse its write of this number, counted from 1. What only asks about a secret's data is no write."""

    def __init__(self, engine: Any, number: int, kind: str = "error"):
        self._take, self._kind = engine.faults.take, kind
        self._engine, self._number, self.seen = engine, number, 0
        engine.faults.take = self.take

    def take(self, method: str, path: str) -> list[Fault]:
        if method != "GET" and not _asks(path):
            self.seen += 1
            if self.seen == self._number:
                return [Fault(self._kind, method, path, ApiError(500, "the disk is full"))]
        return self._take(method, path)

    def end(self) -> None:
        self._engine.faults.take = self._take


def _asks(path: str) -> bool:
    return "/secrets/" in path and path.partition("?")[0].endswith("/update")


def contents(manager: Any) -> dict[str, Any]:
    """All that the swarm has, by kind and name. A service that was put back has another ID."""
    found: dict[str, Any] = {}
    for kind in ("services", "secrets", "configs"):
        found[kind] = {item["Spec"]["Name"]: (item["ID"], item["Spec"]) for item in manager.do("GET", f"/{kind}")}
    found["networks"] = {item["Name"]: item["Id"] for item in manager.do("GET", "/networks")}
    found["nodes"] = {item["ID"]: item["Spec"] for item in manager.do("GET", "/nodes")}
    return found


def told_truly(result: dict[str, Any], before: dict[str, Any], after: dict[str, Any]) -> None:
    """Whether what a failed run returns agrees with what it left behind."""
    failure = result["failure"]
    print(result["msg"], failure, result.get("diff"))
    assert result["failure"]["kind"] == "engine"
    assert result["changed"] is bool(failure["done"])
    assert result["changed"] or before == after
    assert failure["left"], "the write that was refused is left"
    assert not set(failure["done"]) & set(failure["left"])
    for kind in ("service", "network", "secret", "config"):
        made = set(after[f"{kind}s"]) - set(before[f"{kind}s"])
        assert {f"{kind} {name}" for name in made} <= set(failure["done"]), made
        gone = set(before[f"{kind}s"]) - set(after[f"{kind}s"])
        assert {f"removal of {kind} {name}" for name in gone} <= set(failure["done"]), gone


@pytest.mark.parametrize("name", CASES)
def test_f3_each_write_refused_in_turn(cluster, name):
    """F3"""
    case, number = CASES[name], 0
    while True:
        number += 1
        manager = cluster.engine(f"host{number}")
        run = on(manager)
        run("swarm_init", {})
        for module, options in case.before:
            made = run(module, options)
            assert not made["failed"], made["msg"]
        before, fault = contents(manager), RefusedWrite(manager, number)
        result = run(*case.task)
        fault.end()
        if not result["failed"]:
            break
        told_truly(result, before, contents(manager))
        again = run(*case.task)
        assert not again["failed"], (number, again["msg"])
        assert not run(*case.task)["changed"], number
    assert number - 1 == case.writes


def test_f3_a_stack_says_what_is_done_and_what_is_left(cluster):
    """F3: in order, with the diff of what was done and of nothing else."""
    manager = cluster.swarm(managers=1)[0]
    fault = RefusedWrite(manager, 4)
    result = on(manager)(*stack(*FIRST))
    fault.end()
    assert result["failed"] and result["changed"]
    assert result["failure"]["done"] == ["network shop_default", "secret shop_key", "config shop_conf"]
    assert result["failure"]["left"] == ["service shop_web", "service shop_old"]
    assert result["failure"]["kind"] == "engine" and result["failure"]["status"] == 500
    assert set(result["diff"]["after"]) == {"networks", "secrets", "configs"}
    assert set(result["diff"]["after"]["configs"]) == {"shop_conf"}


def test_f3_a_connection_that_ends_in_the_middle(cluster):
    manager = cluster.swarm(managers=1)[0]
    fault = RefusedWrite(manager, 3, "drop")
    result = on(manager)(*stack(*FIRST))
    fault.end()
    assert result["failure"]["kind"] == "outcome_unknown" and result["changed"]
    assert result["failure"]["done"] == ["network shop_default", "secret shop_key"]
    assert result["failure"]["left"][0] == "config shop_conf"
    assert not on(manager)(*stack(*FIRST))["failed"]


def test_f3_nothing_written_is_not_changed(cluster):
    manager = cluster.swarm(managers=1)[0]
    fault = RefusedWrite(manager, 1)
    result = on(manager)("swarm_service", WEB)
    fault.end()
    assert (result["changed"], result["failure"]["done"], result["failure"]["left"]) == (False, [], ["service web"])


def test_f3_a_wait_that_fails_has_done_all_of_it(cluster):
    manager = cluster.swarm(managers=1)[0]
    cluster.script.set("web", behaviours.crashed(1))
    result = on(manager)("swarm_service", {**WEB, "restart_config": {"delay": "0s"}})
    assert (result["changed"], result["failure"]["done"], result["failure"]["left"]) == (True, ["service web"], [])
    unchanged = on(manager)("swarm_service", WEB)
    assert unchanged["failed"] and not unchanged["changed"]
    assert (unchanged["failure"]["done"], unchanged["failure"]["left"]) == ([], [])


def test_f3_a_swarm_without_its_zeroes(cluster):
    engine = cluster.engine("alone")
    fault = RefusedWrite(engine, 2)
    result = on(engine)("swarm_init", {"snapshot_interval": 0, "labels": {"a": "b"}})
    fault.end()
    assert result["changed"] and engine.state == "active"
    assert result["failure"]["done"] == ["swarm"]
    assert result["failure"]["left"] == ["snapshot_interval of the swarm"]


def test_f3_a_node_that_was_demoted_and_drained_and_is_still_listed(cluster):
    manager, other = cluster.swarm(managers=3)[:2]
    fault = RefusedWrite(manager, 2)
    result = on(manager)("swarm_node", {"hostname": other.hostname, "state": "absent"})
    fault.end()
    assert result["changed"], result
    assert result["failure"]["done"] == [f"role worker of node {other.hostname} ({other.membership.node_id})"]
    assert result["diff"]["after"] == {"role": "worker"}


def test_f3_a_manager_that_was_demoted_and_has_not_left(cluster):
    other = cluster.swarm(managers=3)[1]
    fault = RefusedWrite(other, 2)
    result = on(other)("swarm_leave", {"demote": True})
    fault.end()
    assert result["changed"], result
    assert len(result["failure"]["done"]) == 1 and result["failure"]["done"][0].startswith("role worker of node")
    assert result["failure"]["left"] == ["leaving the swarm"]


def test_f3_an_engine_that_has_left_and_was_not_let_in_again(cluster):
    manager, worker = cluster.swarm(managers=1, workers=1)
    task = {
        "remote_addrs": [manager.address],
        "join_token": manager.do("GET", "/swarm")["JoinTokens"]["Worker"],
        "member_ids": [],
    }
    fault = RefusedWrite(worker, 2)
    result = on(worker)("swarm_join", task)
    fault.end()
    assert result["failed"] and result["changed"], result
    assert result["failure"]["done"] == ["leaving the previous swarm"]
    assert result["failure"]["left"] == ["joining the swarm"]


def test_f3_a_swarm_whose_tokens_cannot_be_read(cluster):
    """The result needs a read after the write: it fails, and the swarm is there."""
    engine = cluster.engine("alone")
    accepts = engine.accepts

    def refuse(request):
        if request.path == "/swarm" and engine.state == "active":
            engine.fail(500, "the disk is full", "GET")
        return accepts(request)

    engine.accepts = refuse
    result = on(engine)("swarm_init", {"join_tokens": True, "wait": False})
    assert result["failed"] and result["changed"], result
    assert result["failure"]["done"] == ["swarm"]


def test_f3_what_a_cut_replacement_has_left_does_not_stand_in_the_way(cluster):
    """The rehearsal of a network has the addresses that the network is to have."""
    manager = cluster.swarm(managers=1)[0]
    run, wanted = on(manager), {"name": "net", "ipam_config": [{"subnet": "10.78.0.0/23"}], "recreate": True}
    assert not run("swarm_network", {"name": "net"})["failed"]
    fault = RefusedWrite(manager, 2)
    assert run("swarm_network", wanted)["failed"]
    fault.end()
    assert "net-rehearsal" in contents(manager)["networks"]
    again = run("swarm_network", wanted)
    assert not again["failed"], again["msg"]
    assert "net-rehearsal" not in contents(manager)["networks"]
