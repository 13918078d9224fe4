# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who leaves, how and in which order."""

from __future__ import annotations

from ansible_collections.hive.swarm.plugins.plugin_utils._operations.scale_in import plan_scale_in
from ansible_collections.hive.swarm.plugins.plugin_utils._plans.discovery import find_swarm
from ansible_collections.hive.swarm.tests.unit.cluster.situations import host, member, node, silent, wanted_of

THREE = [member(name, "manager") for name in ("n1", "n2", "n3")]
TWO = [member(name, "worker") for name in ("n4", "n5")]
NODES = [*(node(name, "manager") for name in ("n1", "n2", "n3")), node("n4"), node("n5")]


def plan(names, hosts=None, nodes=NODES, **options):
    everybody = THREE + TWO if hosts is None else hosts
    found = find_swarm(everybody, wanted_of(everybody), names)
    return plan_scale_in(everybody, found, nodes, names, **options)


def order(found):
    return [target["name"] for target in found["targets"]]


def test_workers_leave_before_managers():
    found = plan(["n3", "n2", "n5"])
    assert (order(found), found["stop"], found["confirm"]) == (["n5", "n2", "n3"], [], "n5,n2,n3")
    assert found["steps"][0] == ("n5", "drain, leave, remove its entry", "worker, id-n5")
    assert found["steps"][1][:2] == ("n2", "demote, drain, leave, remove its entry")


def test_the_manager_that_is_asked_is_one_that_stays():
    assert find_swarm(THREE, wanted_of(THREE), ["n1", "n2"])["manager"] == "n3"
    assert find_swarm(THREE, wanted_of(THREE))["manager"] == "n1"


def test_a_dead_manager_comes_first_and_is_removed_by_force():
    dead = node("n3", "manager", state="down", reachability="unreachable")
    found = plan(
        ["n5", "n3"],
        [*THREE[:2], silent("n3", "manager", address="192.0.2.3"), *TWO],
        [*NODES[:2], dead, *NODES[3:]],
        allow_even=True,
    )
    assert (order(found), found["stop"]) == (["n3", "n5"], [])
    assert found["steps"][0] == (
        "n3",
        "demote, remove its entry by force",
        "manager, id-n3; its host does not respond",
    )
    assert "n3 will not know that it was removed" in found["warnings"][0]
    assert found["targets"][0]["host"] == ""


def test_an_offline_host_is_found_by_name_or_address():
    entry = node("web-7", address="192.0.2.5", state="down")
    hosts = [*THREE, silent("n5", address="192.0.2.5")]
    assert [target["id"] for target in plan(["n5"], hosts, [*NODES[:3], entry])["targets"]] == ["id-web-7"]
    assert order(plan(["web-7"], hosts, [*NODES[:3], entry])) == ["web-7"]
    assert order(plan(["id-web-7"], hosts, [*NODES[:3], entry])) == ["id-web-7"]


def test_all_entries_of_a_host_go():
    former = node("n5", id="old", state="down")
    found = plan(["n5"], nodes=[*NODES, former])
    assert sorted(target["id"] for target in found["targets"]) == ["id-n5", "old"]
    assert found["confirm"] == "n5"
    assert found["warnings"] == []


def test_what_is_gone_already_is_no_failure():
    hosts = [*THREE, TWO[0], host("n5")]
    found = plan(["n5", "n9"], hosts, NODES[:4])
    assert (found["targets"], found["stop"]) == ([], [])
    assert found["warnings"] == [
        "n5 is not a node of the swarm. Nothing to remove.",
        "n9 is not a node of the swarm. Nothing to remove.",
    ]


def test_without_a_manager_nobody_knows_who_is_a_node():
    alone = member("n1", "manager", cluster_id="", error="no leader")
    found = plan(["n5"], [alone, silent("n5")], [])
    assert found["stop"][0].kind == "no_swarm"
    assert found["warnings"] == []


def test_the_last_manager_stays():
    found = plan(["n1"], [THREE[0], *TWO], [NODES[0], *NODES[3:]])
    assert found["stop"][0].kind == "last_manager"


def test_the_majority_stays():
    dead = [node(name, "manager", state="down", reachability="unreachable") for name in ("n4", "n5")]
    hosts = [*THREE, silent("n4", "manager"), silent("n5", "manager")]
    found = plan(["n1"], hosts, [*NODES[:3], *dead])
    assert found["stop"][0].kind == "quorum_at_risk"
    assert plan(["n1", "n4"], hosts, [*NODES[:3], *dead])["stop"] == []


def test_an_even_number_has_to_be_wanted():
    assert plan(["n3"])["stop"][0].kind == "even_managers"
    assert plan(["n3"], allow_even=True)["stop"] == []


def test_what_the_run_leaves_out_is_not_touched():
    assert plan(["n5"], left_out=["n5"])["stop"][0].kind == "host_left_out"


def test_strangers_are_those_that_we_labelled():
    label = "hive.swarm.host"
    nodes = [
        *NODES,
        node("x1", labels={label: "n8"}),
        node("x2"),
        node("x3", labels={label: "n4"}),
        node("x4", labels={label: "n9"}),
    ]
    nobody = plan([], nodes=nodes)
    assert nobody["targets"] == [] and "-e operations_nodes=" in nobody["warnings"][0]
    found = plan([], nodes=nodes, strangers_label=label, left_out=["n9"])
    assert (order(found), found["confirm"]) == (["n8"], "n8")
    assert "by force" in found["steps"][0].step
    assert found["steps"][0].reason.endswith("the inventory has no such host")


def test_a_host_that_only_lost_its_group_is_no_stranger():
    label = "hive.swarm.host"
    found = plan([], nodes=[*NODES, node("x1", labels={label: "n8"})], strangers_label=label, inventory=["n1", "n8"])
    assert found["targets"] == []
    assert found["warnings"][0].startswith("n8: no stranger")


def test_the_command_of_a_run_that_was_cut_off_is_confirmed_still():
    hosts = [*THREE, TWO[0], host("n5")]
    assert plan(["n4", "n5"], hosts, NODES[:4], confirm="n4,n5")["confirm"] == "n4,n5"
    for other in ("", "n5", "n4,n6", "n4,n5,n6"):
        assert plan(["n4", "n5"], hosts, NODES[:4], confirm=other)["confirm"] == "n4"
    assert plan(["n5"], hosts, NODES[:4], confirm="n5")["confirm"] == ""
