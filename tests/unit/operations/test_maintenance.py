# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who is maintained in which order."""

from __future__ import annotations

from ansible_collections.hive.swarm.plugins.plugin_utils._operations.maintenance import (
    Actions,
    Settings,
    plan_maintenance,
)
from ansible_collections.hive.swarm.plugins.plugin_utils._plans.discovery import find_swarm
from ansible_collections.hive.swarm.tests.unit.cluster.situations import host, member, node, silent, wanted_of

LABEL, DONE = "hive.swarm.maintenance", "hive.swarm.maintained"
HOSTS = [member(name, "manager") for name in ("n1", "n2", "n3")] + [member(name, "worker") for name in ("n4", "n5")]
NODES = [node("n1", "manager", leader=True), node("n2", "manager"), node("n3", "manager"), node("n4"), node("n5")]


def plan(hosts=None, nodes=None, **settings):
    hosts, nodes = HOSTS if hosts is None else hosts, NODES if nodes is None else nodes
    found = find_swarm(hosts, wanted_of(hosts))
    return plan_maintenance(hosts, found, nodes, Settings(LABEL, DONE, **settings))


def messages(found):
    return [reason.message for reason in found["stop"]]


def kinds(found):
    return [reason.kind for reason in found["stop"]]


def changed(name, **changes):
    return [{**each, **changes} if each["hostname"] == name else each for each in NODES]


def test_managers_come_first_and_the_leader_is_their_last():
    found = plan()
    assert (found["managers"], found["workers"], found["stop"]) == (["n2", "n3", "n1"], ["n4", "n5"], [])
    assert found["steps"][2:4] == [
        ("n1", "drain, set to active", "leader, so the last manager"),
        ("n4", "drain, set to active", "worker"),
    ]


def test_what_was_left_behind_comes_first_and_gets_back_what_it_had():
    found = plan(nodes=changed("n5", labels={LABEL: "pause"}, availability="drain"))
    assert found["workers"] == ["n5", "n4"]
    assert ("n5", "drain, set to pause", "worker, left in maintenance by an earlier run") in found["steps"]


def test_a_run_with_a_name_leaves_out_what_it_has_finished():
    nodes = changed("n4", labels={DONE: "may"})
    assert plan(nodes=nodes, run="may")["workers"] == ["n5"]
    assert plan(nodes=nodes, run="june")["workers"] == plan(nodes=nodes)["workers"] == ["n4", "n5"]
    assert plan(nodes=changed("n4", labels={DONE: "may", LABEL: "active"}), run="may")["workers"] == ["n4", "n5"]


def test_the_only_manager_needs_a_word():
    hosts, nodes = [HOSTS[0], HOSTS[3]], [NODES[0], NODES[3]]
    assert kinds(plan(hosts, nodes)) == ["quorum_at_risk"]
    assert plan(hosts, nodes, accept_outage=True)["stop"] == []


def test_locked_managers_need_today_s_key_before_the_first_restart():
    assert kinds(plan(autolock=True)) == ["unlock_key_missing"]
    assert plan(autolock=True, key_fits=True)["stop"] == []


def test_a_host_that_gives_no_answer_has_to_be_named():
    hosts = [*HOSTS[:4], silent("n5")]
    nodes = changed("n5", state="down")
    assert kinds(plan(hosts, nodes)) == ["host_not_responding"]
    found = plan(hosts, nodes, missing=("n5",))
    assert (found["stop"], found["workers"]) == ([], ["n4"])


def test_a_missing_node_stops_it_unless_it_was_left_behind():
    assert set(kinds(plan(nodes=changed("n5", state="down")))) == {"quorum_at_risk"}
    assert plan(nodes=changed("n5", state="down", labels={LABEL: "active"}))["stop"] == []


def test_hosts_that_are_no_members_are_left_alone():
    found = plan([*HOSTS, host("n6")])
    assert (found["stop"], found["warnings"]) == ([], ["n6: not in this swarm, left alone."])
    alone = member("n1", "manager", cluster_id="", error="no leader")
    assert plan([alone], [])["warnings"] == []


def test_what_is_done_may_differ_from_host_to_host():
    actions = {"n2": Actions(before="/x/b.yml", patch="/x/p.yml", after="/x/a.yml", reboot="always")}
    assert [step.step for step in plan(actions=actions)["steps"][:2]] == [
        "run b.yml, drain, run p.yml, reboot, set to active, run a.yml",
        "drain, set to active",
    ]


def test_a_reboot_where_it_is_needed_is_not_for_the_controller():
    found = plan(actions={"n4": Actions(reboot="if_needed"), "n5": Actions(reboot="if_needed", local=True)})
    assert [step.step for step in found["steps"][3:]] == [
        "drain, reboot if needed, set to active",
        "drain, set to active",
    ]


def test_what_cannot_be_done_is_said_before_the_first_turn_and_all_at_once():
    found = plan(
        actions={
            "n4": Actions(reboot="always", local=True),
            "n5": Actions(patch="/x/p.yml", missing_files=(("patch", "/x/p.yml"),)),
        },
        autolock=True,
    )
    assert kinds(found) == ["unlock_key_missing", "file_missing", "local_connection"]
    assert "/x/p.yml" in messages(found)[1] and "n4" in messages(found)[2]


def test_who_could_not_tell_that_a_reboot_is_needed_is_named():
    without = Actions(reboot="if_needed", indicates_reboot=False)
    (line,) = plan(actions={"n4": without, "n9": without})["warnings"]
    assert line.startswith("n4: nothing there would indicate that a reboot is needed")


def test_a_node_that_is_left_in_maintenance_and_has_no_turn_is_named():
    hosts = [*HOSTS[:3], member("n4", "worker", in_play=False), HOSTS[4]]
    nodes = changed("n4", labels={LABEL: "active"}, availability="drain")
    assert plan(hosts, nodes)["warnings"] == ["n4: left in maintenance, and not in this run."]
    assert plan(nodes=nodes)["warnings"] == []
