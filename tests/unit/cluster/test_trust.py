# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventory decides who may lead, and identity is what a manager has recorded: S2, S3 and S5 of the security review."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
import yaml
from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.choice import choose
from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.hosts import Host, read_hosts
from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.nodes import unsettled
from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.plan import plan
from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.reset import plan_reset
from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.situation import without_list
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.recovery import (
    RecoveryCandidate,
    RecoveryOptions,
    plan_recovery,
)
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.scale_in import plan_scale_in
from ansible_collections.hive.swarm.plugins.plugin_utils._plans.discovery import find_swarm
from ansible_collections.hive.swarm.tests.unit.cluster.situations import host, member, node, silent, wanted_of

ROLES = Path(__file__).resolve().parents[3] / "roles"
LABEL = "hive.swarm.host"
ROGUE = member("n9", "manager", "evil", wanted="worker", knows="n9")
LOST = member("n1", "manager", cluster_id="", error="no leader")
THREE = [member(name, "manager") for name in ("n1", "n2", "n3")]
LISTED = [*(node(name, "manager") for name in ("n1", "n2", "n3")), node("n4"), node("n5")]


def chosen(*hosts, **more):
    return choose(list(hosts), {**wanted_of(list(hosts)), **more})


# S2: who may lead


def test_s2_a_worker_that_claims_to_lead_is_not_asked_and_nothing_is_created():
    found = chosen(host("n1", "manager"), ROGUE)
    assert (found["manager"], found["init"], found["cluster_id"]) == ("", "", "")
    assert "n9 reports that it manages the swarm evil, but the inventory wants a worker" in found["stop"][0]


def test_s2_a_host_that_the_operator_names_may_lead():
    named = dataclasses.replace(ROGUE, named=True)
    assert chosen(host("n1", "manager"), named)["manager"] == "n9"


def test_s2_a_lie_about_the_same_swarm_changes_nothing():
    rogue = member("n9", "manager", "c1", wanted="worker")
    assert find_swarm([THREE[0], rogue], wanted_of([THREE[0], rogue]), avoid=["n1"])["managers"] == ["n1"]
    assert chosen(*THREE, rogue)["manager"] == "n1"


def test_the_reason_of_a_silent_host_has_no_prefix_of_ansible():
    far = Host("far", "worker", {"msg": "Task failed: Failed to connect by ssh."})
    assert find_swarm([far], wanted_of([far]))["silent"] == [{"name": "far", "why": "Failed to connect by ssh"}]


def test_s2_a_pinned_swarm_is_the_only_one():
    assert "cluster_id: the swarm must be c2, but n1 is a manager of c1" in chosen(THREE[0], cluster_id="c2")["stop"][0]
    assert chosen(THREE[0], cluster_id="c1")["stop"] == []
    nowhere = chosen(host("n1", "manager"), cluster_id="c1")
    assert (nowhere["init"], "no manager of it answers" in nowhere["stop"][0]) == ("", True)


def test_s2_a_leaderless_manager_that_is_not_listed_is_not_made_to_leave():
    hosts = [member("n2", "manager"), member("n1", "manager", cluster_id="", node_id="lost", knows="n2")]
    listed = [node("n2", "manager")]
    (stop,) = plan(hosts, choose(hosts, wanted_of(hosts)), listed)["stop"]
    assert "confirm it with -e cluster_confirm_nodes=lost" in stop
    sure = [hosts[0], dataclasses.replace(hosts[1], confirmed=frozenset({"lost"}))]
    found = plan(sure, choose(sure, wanted_of(sure)), listed)
    assert (found["stop"], found["rejoin"]) == ([], {"n1": "lost"})
    pinned = choose(hosts, {**wanted_of(hosts), "cluster_id": "c1"})
    assert plan(hosts, pinned, listed)["stop"] == []


@pytest.mark.parametrize(("listed", "stops"), [([], 1), ([node("n1", "manager", id="lost", state="down")], 0)])
def test_s2_a_manager_in_the_state_error_is_a_manager_still(listed, stops):
    """Its certificate has ended, say. Where the managers list it, they have its state too."""
    hosts = [member("n2", "manager"), member("n1", "manager", state="error", node_id="lost", knows="n2")]
    found = plan(hosts, choose(hosts, wanted_of(hosts)), [node("n2", "manager"), *listed])
    assert len(found["stop"]) == stops


def test_s2_a_worker_does_not_decide_whether_a_quorum_is_lost():
    rogue = dataclasses.replace(ROGUE, probe={**ROGUE.probe, "quorum": {"margin": 1}})
    found = plan_recovery([RecoveryCandidate(LOST, (1, 1))], [LOST, rogue], RecoveryOptions())
    assert (found["needed"], found["target"]) == (True, "n1")
    assert "has no quorum: n1 cannot" in without_list([LOST, rogue], "")[0]


def test_s2_a_worker_does_not_say_which_swarm_is_reset():
    assert plan_reset([LOST, ROGUE], [], "lost")["stop"] == []
    assert plan_reset([LOST, ROGUE], [], "lost")["managers"] == ["n1"]
    assert plan_reset([LOST, ROGUE], [], "evil")["stop"][0].kind == "distrusted"


def test_s2_who_is_trusted_is_read_from_the_inventory():
    records = [{"name": name, "probe": dict(ROGUE.probe)} for name in ("m", "w", "t")]
    wanted = {"manager": ["m"], "worker": ["w", "t"], "trusted": ["t"], "host_label": LABEL, "confirmed": ["x"]}
    hosts = read_hosts(records, wanted, [{"item": "far", **ROGUE.probe}])
    assert {each.name: each.leads for each in hosts} == {"m": True, "w": False, "t": True, "far": False}
    assert {(each.host_label, each.confirmed) for each in hosts} == {(LABEL, frozenset({"x"}))}


# S3: who gets a key


def tasks(items):
    for item in items:
        yield item
        for part in ("block", "rescue", "always"):
            yield from tasks(item.get(part, ()))


def all_tasks():
    return [
        (str(path.relative_to(ROLES)), task)
        for path in sorted(ROLES.glob("*/tasks/**/*.yml"))
        for task in tasks(yaml.safe_load(path.read_text()) or [])
    ]


def test_s3_every_task_that_unlocks_looks_at_the_inventory():
    unlocking = [(path, task) for path, task in all_tasks() if "hive.swarm.swarm_unlock" in task]
    assert len(unlocking) >= 6
    for path, task in unlocking:
        conditions = task["when"] if isinstance(task["when"], list) else [task["when"]]
        assert {"inventory_hostname in cluster_entitled", "engine__entitled"} & set(conditions), path


def test_s3_a_locked_worker_stops_the_run_though_there_are_keys():
    hosts = [THREE[0], host("n4", state="locked")]
    found = choose(hosts, wanted_of(hosts), keys_given=True)
    assert "n4 reports that it is a locked manager, but the inventory wants a worker" in found["stop"][0]
    assert choose([THREE[0], host("n2", "manager", state="locked")], wanted_of(hosts), keys_given=True)["stop"] == []


# S5: who a node is


def planned(hosts, listed):
    return plan(hosts, choose(hosts, wanted_of(hosts)), listed)


def test_s5_a_member_that_renames_itself_inherits_nothing():
    """Its own entry is ready: w1 calls itself db2, which is down."""
    renamed = member("n4", "worker", hostname="db2")
    listed = [*LISTED[:3], node("n4", hostname="db2"), node("db2", id="D2", state="down", labels={"zone": "pci"})]
    listed[-1]["address"] = "192.0.2.77"
    found = planned([*THREE, renamed], listed)
    assert (found["settings"], found["remove"]) == ({}, [])
    assert "db2 (D2, down) has the host name of n4, and nothing proves that it was n4" in found["warnings"][0]


def test_s5_the_label_of_a_manager_tells_whose_entry_it_is():
    old = node("x", id="old", state="down", labels={LABEL: "n5", "zone": "a"}, address="192.0.2.77")
    back = host("n5", host_label=LABEL)
    found = planned([*THREE, back], [*LISTED[:4], old])
    assert ([each["id"] for each in found["remove"]], found["takeovers"]) == (["old"], {})
    thief = host("n4", host_label=LABEL, hostname="x", address="192.0.2.77")
    assert planned([*THREE, thief], [*LISTED[:3], old])["remove"] == []


def test_s5_an_address_that_a_host_claims_has_to_be_seen_by_the_managers():
    found = planned([*THREE, host("n5", address="192.0.2.5")], [*LISTED[:4], node("n5", id="old", state="down")])
    assert found["takeovers"] == {"n5": "192.0.2.5"}
    expected = [{"hostname": "n5", "id": "new", "role": "worker", "address": "192.0.2.5"}]
    assert unsettled([node("n5", id="new")], expected) == []
    (reason,) = unsettled([node("n5", id="new", address="192.0.2.66")], expected)
    assert "the managers see it at 192.0.2.66, not at 192.0.2.5" in reason


def test_s5_a_worker_has_no_manager_demoted_before_it_has_proved_its_address():
    dead = node("n3", "manager", id="old", state="down", address="192.0.2.5", manager_address="192.0.2.5:2377")
    liar = host("n5", hostname="n3", address="192.0.2.5")
    found = planned([*THREE[:2], liar], [*LISTED[:2], dead])
    assert (found["retire"], found["takeovers"]) == ([], {"n5": "192.0.2.5"})


def test_s5_a_confirmed_entry_is_inherited():
    old = node("n5", id="old", state="down", address="192.0.2.77", labels={"zone": "a"})
    sure = host("n5", address="192.0.2.5", confirmed=frozenset({"old"}))
    found = planned([*THREE, sure], [*LISTED[:4], old])
    assert (found["settings"], found["takeovers"]) == ({"n5": {"labels": {"zone": "a"}}}, {})


def test_s5_an_engine_that_reports_the_id_of_another_host_stops_the_run():
    liar = member("n4", "worker", node_id="id-n5", host_label=LABEL)
    listed = [*LISTED[:4], node("n5", labels={LABEL: "n5"})]
    found = planned([*THREE, liar, silent("n5", in_play=False)], listed)
    assert "n4 reports that it is node id-n5, which the label hive.swarm.host records as n5" in found["stop"][0]


def test_s5_a_node_is_settled_by_its_id_and_not_by_its_name():
    expected = [{"hostname": "n5", "id": "new", "role": "worker"}]
    assert unsettled([node("n5", id="other")], expected) == ["n5: the managers do not list it"]
    assert unsettled([node("renamed", id="new")], expected) == []


def test_s5_a_worker_that_takes_a_managers_name_is_removed_alone():
    """The operator takes n4 out, which calls itself n3."""
    liar = member("n4", "worker", hostname="n3")
    hosts = [*THREE[:2], silent("n3", "manager", in_play=False), liar]
    listed = [*LISTED[:3], node("n4", hostname="n3")]
    found = plan_scale_in(hosts, find_swarm(hosts, wanted_of(hosts), ["n4"]), listed, ["n4"])
    assert [target["id"] for target in found["targets"]] == ["id-n4"]


def test_s5_a_host_name_that_a_living_node_has_too_does_not_say_who_leaves():
    hosts = [*THREE, silent("n5")]
    listed = [*LISTED[:3], node("n4", hostname="n5"), node("n5", state="down")]
    (stop,) = plan_scale_in(hosts, find_swarm(hosts, wanted_of(hosts), ["n5"]), listed, ["n5"])["stop"]
    assert stop.kind == "ambiguous_name"


def test_s5_a_host_that_is_taken_out_has_no_other_hosts_entry_removed():
    liar = member("n4", "worker", node_id="id-n5", host_label=LABEL)
    listed = [*LISTED[:4], node("n5", labels={LABEL: "n5"})]
    assert plan_reset([THREE[0], liar], listed, "c1")["entries"] == ["id-n1"]
