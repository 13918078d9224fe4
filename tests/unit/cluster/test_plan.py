# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who joins, who is stale, who is promoted and demoted, and what is taken over."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.choice import choose
from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.plan import plan
from ansible_collections.hive.swarm.tests.unit.cluster.situations import host, member, node, wanted_of

MANAGERS = [member(name, "manager") for name in ("n1", "n2", "n3")]
WORKERS = [member(name, "worker") for name in ("n4", "n5")]
LISTED = [node(name, "manager") for name in ("n1", "n2", "n3")] + [node("n4"), node("n5")]


def planned(hosts, nodes, keys_given=False, **options):
    choice = choose(hosts, wanted_of(hosts), keys_given=keys_given, **options)
    assert choice["stop"] == []
    return plan(hosts, choice, nodes, **options)


def steps(found):
    """What is to be done, without what is not."""
    names = ("retire", "join", "promote", "demote", "settings", "remove")
    return {name: found[name] for name in names if found[name]}


def swapped(changed, hosts=None):
    """The healthy hosts with some of them replaced."""
    by_name = {each.name: each for each in changed}
    return [by_name.get(each.name, each) for each in hosts or MANAGERS + WORKERS]


def test_a_healthy_swarm_is_quiet():
    found = planned(MANAGERS + WORKERS, LISTED)
    assert (steps(found), found["quiet"], found["stop"], found["warnings"]) == ({}, True, [], [])
    assert (found["manager"], found["keeper"]) == ("n1", "n1")


def test_virgin_hosts_join_what_the_first_creates():
    found = planned([host("n1", "manager"), host("n2", "manager"), host("n3", "manager"), host("n4")], [])
    assert {name: each["role"] for name, each in found["join"].items()} == {
        "n2": "manager", "n3": "manager", "n4": "worker"
    }  # fmt: skip
    assert (found["init"], found["keeper"], found["quiet"]) == ("n1", "n1", False)


def test_a_swarm_of_one_that_is_to_be_created_is_not_quiet():
    assert not planned([host("n1", "manager")], [])["quiet"]


def test_a_host_outside_the_run_is_not_touched():
    hosts = [*MANAGERS, host("n4", in_play=False), host("n6")]
    assert list(planned(hosts, LISTED[:3])["join"]) == ["n6"]


@pytest.mark.parametrize(
    "changed",
    [
        host("n5"),
        # It was removed elsewhere and does not notice.
        member("n5", "worker", node_id="gone"),
        # A failed join, and a node whose certificate has expired.
        host("n5", state="error"),
        host("n5", state="pending"),
        member("n5", "worker", state="error", node_id="gone"),
    ],
)
def test_what_is_no_member_joins(changed):
    found = planned(swapped([changed]), LISTED[:4])
    assert (list(found["join"]), found["stop"]) == (["n5"], [])


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (
            {"labels": {"ssd": True}},
            "n5: swarm_labels: the value of 'ssd' must be a string, not the boolean true. Put it in quotes.",
        ),
        ({"address": "192.0.2"}, "n5: cluster_advertise_addr: '192.0.2': 192.0.2 is neither an IP address nor"),
    ],
)
def test_what_a_module_would_refuse_stops_the_run_before_anything_is_done(wrong, words):
    (stop,) = planned(swapped([host("n5", **wrong)]), LISTED[:4])["stop"]
    assert words in stop
    (stop,) = planned([host("n1", "manager"), host("n5", **wrong)], [])["stop"]
    assert words in stop
    assert planned([*MANAGERS, host("n5", in_play=False, **wrong)], LISTED[:3])["stop"] == []


def test_an_entry_of_the_same_name_does_not_make_a_member():
    """It was removed elsewhere, does not notice, and is listed as what it was before."""
    found = planned(
        swapped([member("n5", "worker", node_id="gone")]), [*LISTED[:4], node("n5", id="old", state="down")]
    )
    assert (list(found["join"]), [each["id"] for each in found["remove"]]) == (["n5"], ["old"])


def test_a_member_that_was_just_started_is_a_member():
    restarted = member("n2", "manager", state="pending", cluster_id="")
    assert planned(swapped([restarted]), LISTED)["quiet"]


def test_a_worker_of_another_swarm_stops():
    stranger = member("n5", "worker", node_id="other", knows="n9")
    found = planned(swapped([stranger]), LISTED[:4])
    assert "n5 is in another swarm, whose managers are 192.0.2.9; the others are in c1" in found["stop"][0]


# Managers without a leader


def test_k6_a_manager_that_follows_no_leader_becomes_a_worker_and_a_manager_again():
    stalled = member("n3", "manager", cluster="", error="deadline exceeded")
    found = planned(swapped([stalled, host("n4")]), LISTED)
    assert found["retire"] == [{"id": "id-n3", "hostname": "n3", "role": "manager", "manager": True}]
    assert found["promote"] == [{"host": "n3", "id": "id-n3", "hostname": "n3"}]
    assert found["remote_addrs"] == ["192.0.2.1:2377", "192.0.2.2:2377"]  # it takes in nobody


@pytest.mark.parametrize(
    ("changes", "entry"),
    [
        ({"error": ""}, {}),  # it has not looked for a leader yet
        ({"cluster": "c1"}, {}),
        ({}, {"reachability": "unreachable"}),
        ({}, {"state": "down"}),
        ({}, {"leader": True}),
        ({"in_play": False}, {}),
    ],
)
def test_k6_other_managers_stay_as_they_are(changes, entry):
    stalled = member("n3", "manager", **{"cluster": "", "error": "deadline exceeded", **changes})
    listed = [*LISTED[:2], node("n3", "manager", **entry), *LISTED[3:]]
    found = planned(swapped([stalled]), listed)
    assert (found["retire"], found["promote"]) == ([], [])


# Former lives


def test_a_wiped_manager_is_retired_before_it_joins_and_keeps_its_place():
    wiped = host("n1", "manager", address="192.0.2.1", labels={"rack": "7"})
    listed = [node("n1", "manager", labels={"zone": "a", "rack": "1"}, availability="drain"), *LISTED[1:]]
    found = planned(swapped([wiped]), listed)
    entry = {"id": "id-n1", "hostname": "n1", "role": "manager", "manager": True}
    assert steps(found) == {
        "retire": [entry],
        "join": {"n1": {"role": "manager", "availability": "drain"}},
        "settings": {"n1": {"labels": {"zone": "a", "rack": "7"}}},
        "remove": [entry],
    }
    assert found["remote_addrs"] == ["192.0.2.2:2377", "192.0.2.3:2377"]


def test_a_former_manager_that_is_not_in_the_raft_anymore_is_not_demoted():
    """After force_new_cluster. The managers refuse: can't find manager in raft memberlist."""
    wiped = host("n1", "manager", address="192.0.2.1")
    gone = node("n1", "manager", labels={"zone": "a"}, state="down", manager=False, reachability="", manager_address="")
    found = planned(swapped([wiped]), [gone, *LISTED[1:]])
    assert found["retire"] == []
    assert [(entry["id"], entry["manager"]) for entry in found["remove"]] == [("id-n1", False)]
    assert found["settings"]["n1"]["labels"] == {"zone": "a"}


def test_a_run_that_was_cut_off_after_the_join_is_finished():
    new = member("n5", "worker", node_id="new")
    listed = [
        *LISTED[:4],
        node("n5", id="new", labels={"zone": "b"}),
        node("n5", state="down", labels={"zone": "a", "x": "1"}),
    ]
    assert steps(planned(swapped([new]), listed)) == {
        # What the new entry has already is not overwritten with what was once.
        "settings": {"n5": {"labels": {"x": "1"}}},
        "remove": [{"id": "id-n5", "hostname": "n5", "role": "worker", "manager": False}],
    }


def test_of_several_former_lives_the_newest_counts():
    listed = [
        *LISTED[:4],
        node("n5", id="older", state="down", labels={"zone": "old"}, created_at="2026-10-01T10:00:00Z"),
        node("n5", id="newer", state="down", labels={"zone": "new"}, created_at="2026-11-01T10:00:00Z"),
    ]
    found = planned(swapped([host("n5")]), listed)
    assert found["settings"] == {"n5": {"labels": {"zone": "new"}}}
    assert [entry["id"] for entry in found["remove"]] == ["newer", "older"]


def test_a_replaced_machine_has_not_been_maintained():
    """Otherwise a rolling maintenance of the same name leaves it out."""
    former = node("n5", id="old", state="down", labels={"zone": "a", "hive.swarm.maintained": "2026-11"})
    found = planned(swapped([host("n5")]), [*LISTED[:4], former])
    assert found["settings"] == {"n5": {"labels": {"zone": "a"}}}


def test_a_machine_that_replaces_a_drained_one_has_the_availability_of_before():
    former = node("n5", state="down", availability="drain", labels={"hive.swarm.maintenance": "pause"})
    found = planned(swapped([host("n5")]), [*LISTED[:4], former])
    assert found["join"]["n5"]["availability"] == "pause"
    assert found["settings"] == {}


@pytest.mark.parametrize(
    ("changed", "entry", "removed"),
    [
        # Same name, down: it is gone, wherever it was. Same place and name: it has not been missed yet.
        (host("n5"), node("n5", id="old", state="down", address="192.0.2.99"), True),
        (host("n5", address="192.0.2.5"), node("n5", id="old"), True),
        (member("n5", "worker", node_id="new"), node("n5", id="old"), True),
        # Another name at the same address: two engines cannot be there, unless there is a NAT between.
        (host("n5", address="192.0.2.5"), node("n5", id="old", hostname="before"), True),
        (member("n5", "worker", node_id="new"), node("n5", id="old", hostname="before"), False),
        # S5: never for a host whose own entry is ready under another host name.
        (member("n5", "worker", node_id="new"), node("n5", id="old", hostname="before", state="down"), False),
        # The address of a leader that was elected later.
        (host("n5", address="192.0.2.5"), node("n5", "manager", id="old", address="0.0.0.0"), True),
        # Somebody else.
        (host("n5"), node("n9", state="down"), False),
    ],
)
def test_which_entries_are_a_former_life(changed, entry, removed):
    new = [node("n5", id="new")] if changed.node_id else []
    found = planned(swapped([changed]), [*LISTED[:4], *new, entry])
    assert [each["id"] for each in found["remove"]] == ["old"] * removed
    assert found["stop"] == []


def test_an_address_that_another_host_had_once_does_not_make_its_entry_ours():
    listed = [*LISTED[:4], node("n4", id="old", address="192.0.2.5", state="down", labels={"zone": "a"})]
    found = planned(swapped([host("n5", address="192.0.2.5")]), listed)
    assert (found["settings"], found["remove"]) == ({}, [])
    assert "n4 (old, down) has the host name of n4, and nothing proves that it was n4" in found["warnings"][0]


def test_another_live_machine_of_the_same_name_stops():
    listed = [*LISTED[:4], node("n5", id="old", address="192.0.2.99")]
    found = planned(swapped([host("n5", address="192.0.2.5")]), listed)
    assert "a node n5 (old) at 192.0.2.99 that is ready and is not n5" in found["stop"][0]
    assert found["remove"] == []


def test_with_ambiguous_names_only_the_address_tells():
    listed = [*LISTED[:4], node("n5", id="old", state="down", address="192.0.2.99")]
    assert planned(swapped([host("n5")]), listed, ambiguous_names=True)["remove"] == []


def test_a_locked_manager_is_a_member_though_it_does_not_know_its_id():
    locked = host("n3", "manager", state="locked")
    assert planned(swapped([locked]), LISTED, keys_given=True)["quiet"]


# Roles


def test_promotes_and_demotes_to_match_the_inventory():
    hosts = swapped([member("n1", "manager", wanted="worker"), member("n4", "worker", wanted="manager")])
    found = planned(hosts, LISTED)
    assert [each["host"] for each in found["promote"]] == ["n4"]
    assert [each["host"] for each in found["demote"]] == ["n1"]
    assert found["adds_managers"]
    assert (found["manager"], found["keeper"]) == ("n2", "n2")


def test_the_manager_that_is_asked_is_demoted_last_and_another_one_is_asked_then():
    hosts = [member(name, "manager", wanted="worker", named=True) for name in ("n1", "n2", "n3")]
    hosts += [member("n4", "worker", wanted="manager"), member("n5", "worker")]
    found = planned(hosts, LISTED)
    assert [each["host"] for each in found["demote"]] == ["n2", "n3", "n1"]
    assert (found["manager"], found["keeper"]) == ("n1", "n4")


# Labels and availability


@pytest.mark.parametrize(
    ("wanted", "join", "settings"),
    [
        ({}, None, {}),
        ({"availability": "drain"}, "drain", {}),
        ({"labels": {"a": "1"}}, None, {"labels": {"a": "1"}}),
        ({"labels": {"a": "1"}, "availability": "active"}, "pause", {"labels": {"a": "1"}, "availability": "active"}),
        ({"labels": {"a": "1"}, "availability": "drain"}, "drain", {"labels": {"a": "1"}}),
    ],
)
def test_a_node_takes_no_tasks_before_it_has_its_labels(wanted, join, settings):
    found = planned(swapped([host("n5", **wanted)]), LISTED[:4])
    assert found["join"]["n5"]["availability"] == join
    assert found["settings"].get("n5", {}) == settings


@pytest.mark.parametrize(
    ("wanted", "live", "settings"),
    [
        ({"labels": {"a": 1, "b": True}, "availability": "active"}, {"labels": {"a": "1", "b": "true"}}, {}),
        ({"labels": {"a": "1", "b": "2"}}, {"labels": {"a": "1"}}, {"labels": {"b": "2"}}),
        ({"availability": "pause"}, {}, {"availability": "pause"}),
        ({"availability": "pause"}, {"availability": "pause"}, {}),
        # It may still have tasks, which the module waits for.
        ({"availability": "drain"}, {"availability": "drain"}, {"availability": "drain"}),
    ],
)
def test_a_member_is_told_what_it_does_not_have(wanted, live, settings):
    found = planned(swapped([member("n5", "worker", **wanted)]), [*LISTED[:4], node("n5", **live)])
    assert found["settings"].get("n5", {}) == settings
    assert found["quiet"] is (settings == {})


def test_a_new_swarm_has_no_tasks_to_wait_with():
    wanted = {"labels": {"a": "1"}, "availability": "active"}
    found = planned([host("n1", "manager", **wanted), host("n2", **wanted)], [])
    assert found["join"]["n2"]["availability"] == "active"
    assert found["settings"] == {"n1": {"labels": {"a": "1"}}, "n2": {"labels": {"a": "1"}}}


# Warnings


@pytest.mark.parametrize(
    ("managers", "words"),
    [
        (1, ""),
        (2, "Two managers are worse than one"),
        (3, ""),
        (4, "no more failures than 3"),
        (7, ""),
        (9, "9 managers slow"),
    ],
)
def test_the_number_of_managers_is_judged(managers, words):
    found = planned([host(f"n{number}", "manager") for number in range(1, managers + 1)], [])
    assert [words in warning for warning in found["warnings"]] == [True] * bool(words)


def test_managers_that_the_inventory_does_not_know_count():
    found = planned(MANAGERS, [*LISTED[:3], node("n9", "manager")])
    assert "4 managers survive" in found["warnings"][0]
