# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with hosts, and who is new."""

from __future__ import annotations

from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.steps import EMPTY
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.heal import plan_heal
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.scale_out import plan_scale_out
from ansible_collections.hive.swarm.plugins.plugin_utils._plans.discovery import find_swarm
from ansible_collections.hive.swarm.tests.unit.cluster.situations import host, member, node, silent, wanted_of

MANAGERS = [member(name, "manager") for name in ("n1", "n2", "n3")]
NODES = [node(name, "manager") for name in ("n1", "n2", "n3")]


def heal(hosts, nodes, **options):
    found = find_swarm(hosts, wanted_of(hosts), keys_given=options.get("keys_given", False))
    return {**EMPTY, **plan_heal(hosts, found, nodes, **options)}


def grow(hosts, nodes, names=(), **options):
    return plan_scale_out(hosts, find_swarm(hosts, wanted_of(hosts)), nodes, list(names), **options)


def test_where_all_is_well_there_is_nothing_to_do():
    found = heal(MANAGERS, NODES)
    assert (found["steps"], found["warnings"], found["stop"], found["confirm"]) == ([], [], [], "c1")


def test_what_the_inventory_wants_already_is_no_step():
    hosts = [*MANAGERS[:2], member("n3", "manager", labels={"a": "1"}, availability="active")]
    assert heal(hosts, [*NODES[:2], node("n3", "manager", labels={"a": "1"})])["steps"] == []
    assert heal(hosts, NODES)["steps"] == [("n3", "set labels a=1", "from the inventory")]


def test_a_wiped_manager_is_demoted_before_it_joins_and_gets_its_labels_back():
    hosts = [*MANAGERS[:2], host("n3", "manager", address="192.0.2.3")]
    nodes = [*NODES[:2], node("n3", "manager", labels={"zone": "a"}, availability="pause")]
    steps = heal(hosts, nodes)["steps"]
    assert steps == [
        ("n3", "demote", "its engine is not this manager any more: id-n3, ready, 192.0.2.3"),
        ("n3", "join as a manager, with labels zone=a and availability pause", "in no swarm"),
        ("n3", "remove the entry", "stale entry: id-n3, ready, 192.0.2.3"),
    ]


def test_k6_a_manager_that_follows_no_leader_is_demoted_and_promoted():
    hosts = [*MANAGERS[:2], member("n3", "manager", cluster="", error="deadline exceeded")]
    why = "managers reach it, and its engine follows no leader"
    assert heal(hosts, NODES)["steps"] == [
        ("n3", "demote", f"{why}: id-n3, ready, 192.0.2.3"),
        ("n3", "promote", why),
    ]


def test_k6_a_manager_that_never_became_a_node_again_has_to_leave():
    hosts = [*MANAGERS[:2], member("n3", "manager", state="pending", error="deadline exceeded")]
    found = heal(hosts, [*NODES[:2], node("n3", "manager", state="down")])
    (line,) = found["warnings"]
    assert found["steps"] == []
    assert "docker swarm leave --force on n3" in line
    left = heal(
        [*MANAGERS[:2], host("n3", "manager", address="192.0.2.3")], [*NODES[:2], node("n3", "manager", state="down")]
    )
    assert [step.step.split(",")[0] for step in left["steps"]] == ["demote", "join as a manager", "remove the entry"]


def test_who_was_removed_elsewhere_or_has_lost_its_place_joins_again():
    hosts = [*MANAGERS, member("n4", "worker"), member("n5", "worker", state="error", error="certificate has expired")]
    assert heal(hosts, [*NODES, node("n5")])["steps"] == [
        ("n4", "leave, join as a worker", "not in the managers' list, although its engine reports a membership"),
        ("n5", "leave, join as a worker, with availability active", "lost its place: certificate has expired"),
        ("n5", "remove the entry", "stale entry: id-n5, ready, 192.0.2.5"),
    ]


def test_who_gives_no_answer_is_left_alone_and_named():
    found = heal([*MANAGERS, silent("n4")], [*NODES, node("n4", state="down")], maintenance_label="m")
    assert (found["steps"], found["hosts"]) == ([], ["n1", "n2", "n3"])
    assert "n4 does not respond" in found["warnings"][0]
    assert "scale_in -e operations_nodes=id-n4" in found["warnings"][1]


def test_nodes_that_an_interrupted_run_has_drained_get_their_availability_back():
    hosts = [*MANAGERS, member("n4", "worker"), host("n5")]
    drained = [
        node(name, **given, availability="drain", labels={"m": "pause"})
        for name, given in {"n3": {"role": "manager"}, "n4": {"state": "down"}, "n5": {"state": "down"}}.items()
    ]
    found = heal(hosts, [*NODES[:2], *drained], maintenance_label="m")
    assert found["drained"] == [{"id": "id-n3", "name": "n3"}]
    assert found["steps"][0] == ("n3", "set to pause", "drained by an earlier run that did not end")
    # The entry of a host that has left is removed, and a node that is down waits.
    assert [line for line in found["warnings"] if "n5" in line] == []
    assert "n4 was left drained by an earlier run and is down." in found["warnings"][-1]


def test_managers_that_are_all_locked_need_a_key():
    locked = [host(name, "manager", state="locked") for name in ("n1", "n2", "n3")]
    assert heal(locked, [])["stop"][0].kind == "no_swarm"
    found = heal(locked, [], keys_given=True)
    assert (found["stop"], len(found["steps"]), found["confirm"]) == ([], 4, "unlock")
    assert found["unlock_first"]
    assert found["steps"][0] == ("n1", "unlock", "locked manager")
    assert "if the confirmation is the ID of the swarm" in found["steps"][-1].step


def test_who_confirms_the_id_of_a_locked_swarm_need_not_confirm_the_unlocking():
    locked = [host(name, "manager", state="locked") for name in ("n1", "n2", "n3")]
    cluster = "jn5gsnyhb2xtzs4pofhmn4b9y"
    assert heal(locked, [], keys_given=True, confirm=cluster)["confirm"] == cluster
    assert heal(locked, [], keys_given=True, confirm="yes")["confirm"] == "unlock"
    one_leads = [MANAGERS[0], *locked[1:]]
    found = heal(one_leads, NODES, keys_given=True, confirm=cluster)
    assert (found["confirm"], found["unlock_first"]) == ("c1", False)


def test_a_node_that_is_down_while_its_engine_answers_is_not_taken_out():
    hosts = [*MANAGERS, member("n4", "worker")]
    (line,) = heal(hosts, [*NODES, node("n4", state="down")])["warnings"]
    assert "the engine of n4 answers" in line and "scale_in" not in line
    assert heal(hosts, [*NODES, node("n4", state="unknown")])["warnings"] == []


def test_new_hosts_join_and_the_others_are_not_named():
    hosts = [*MANAGERS, host("n4", labels={"a": "1"}), host("n5", availability="drain")]
    found = grow(hosts, NODES)
    assert found["hosts"] == ["n4", "n5"]
    assert found["steps"] == [
        ("n4", "join as a worker, with labels a=1", "in no swarm"),
        ("n5", "join as a worker, with availability drain", "in no swarm"),
    ]
    assert grow(hosts, NODES, ["n5"])["hosts"] == ["n5"]
    assert grow(MANAGERS, NODES)["steps"] == []


def test_a_member_that_was_cut_off_before_its_labels_is_named():
    hosts = [*MANAGERS, member("n4", "worker", labels={"a": "1"}, availability="active")]
    found = grow(hosts, [*NODES, node("n4", availability="pause")])
    assert (found["steps"], found["hosts"]) == ([], [])
    assert found["warnings"] == [
        "n4: is in the swarm, but lacks labels a=1 and availability active, which hive.swarm.site gives it."
    ]
    assert grow(hosts, [*NODES, node("n4", labels={"a": "1"})])["warnings"] == []


def test_an_even_number_of_managers_has_to_be_wanted():
    hosts = [*MANAGERS, host("n4", "manager")]
    assert grow(hosts, NODES)["stop"][0].kind == "even_managers"
    assert grow(hosts, NODES, allow_even=True)["stop"] == []
    assert grow([*hosts, host("n5", "manager")], NODES)["stop"] == []


def test_a_new_host_that_is_named_has_to_answer_and_to_be_there():
    hosts = [*MANAGERS, silent("n4")]
    assert grow(hosts, NODES)["stop"] == []
    assert grow(hosts, NODES, ["n4"])["stop"][0].kind == "host_not_responding"
    assert grow(hosts, NODES, ["n9"])["stop"][0].kind == "host_left_out"


def test_without_a_swarm_there_is_nothing_to_join():
    stop = grow([host("n1", "manager")], [])["stop"]
    assert [reason.message for reason in stop] == [
        "None of the hosts that answer is in a swarm.",
        "A first swarm is made by hive.swarm.site.",
    ]
