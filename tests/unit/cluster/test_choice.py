# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which swarm, whom to ask, who creates one, and when to stop."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.choice import choose
from ansible_collections.hive.swarm.tests.unit.cluster.situations import host, member, silent, wanted_of


def choice(*hosts, **options):
    return choose(list(hosts), wanted_of(list(hosts)), **options)


def test_virgin_hosts_the_first_manager_creates_the_swarm():
    found = choice(host("n4"), host("n1", "manager"), host("n2", "manager"))
    assert found == {"cluster_id": "", "manager": "", "init": "n1", "stop": []}


def test_a_manager_outside_the_run_does_not_create_the_swarm():
    assert choice(host("n2", "manager"), host("n1", "manager", in_play=False))["init"] == "n2"


@pytest.mark.parametrize(
    ("hosts", "asked"),
    [
        # The first manager of the inventory was wiped: no second swarm.
        ([host("n1", "manager"), member("n2", "manager")], "n2"),
        # One that stays a manager comes before one that does not, and one of this run before others.
        ([member("n1", "manager", wanted="worker"), member("n2", "manager")], "n2"),
        ([member("n1", "manager", in_play=False), member("n2", "manager")], "n2"),
        ([member("n1", "manager", wanted="worker"), member("n2", "manager", in_play=False)], "n2"),
        # A manager without quorum, one that is locked or looks for the others is not asked.
        ([member("n1", "manager", cluster_id="", error="no leader"), member("n2", "manager")], "n2"),
        ([host("n1", "manager", state="locked", in_play=False), member("n2", "manager")], "n2"),
        ([member("n1", "manager", state="pending"), member("n2", "manager")], "n2"),
        # A host outside the run may be silent.
        ([silent("n1", "manager", in_play=False), member("n2", "manager")], "n2"),
    ],
)
def test_a_living_manager_is_asked_and_nobody_creates_a_swarm(hosts, asked):
    assert choice(*hosts) == {"cluster_id": "c1", "manager": asked, "init": "", "stop": []}


@pytest.mark.parametrize(
    ("hosts", "words"),
    [
        ([member("n1", "manager", "c1"), member("n2", "manager", "c2")], "2 different swarms: n1 in c1; n2 in c2"),
        # Somebody knows a swarm that nobody answers for.
        ([host("n1", "manager"), member("n4", "worker", knows="n9")], "n4 is a worker in a swarm, and none"),
        ([host("n1", "manager"), member("n4", "worker", knows="n9", in_play=False)], "managers that it knows are 192.0.2.9"),
        ([member("n1", "manager", cluster_id="", error="no leader")], "manager without quorum (no leader)"),
        ([host("n1", "manager", state="locked")], "n1 is a locked manager: give its key in cluster_unlock_keys"),
        ([host("n1", "manager", state="locked"), member("n2", "manager")], "n1 is a locked manager: give its key"),
        ([host("n1", "manager", state="pending", node_id="x")], "was just started and finds no manager"),
        ([host("n1", "manager"), host("n4", state="error", node_id="x", error="expired")], "has lost its place in a swarm (expired)"),
        (
            [host("n1", "manager"), host("n4", state="error", remote_managers=["192.0.2.9:2377"])],
            "n4 tried to join a swarm at 192.0.2.9, which is none of the hosts",
        ),
        ([host("n1", "manager"), silent("n2", "manager", in_play=False)], "n2 cannot be asked: no second swarm"),
        ([host("n4"), host("n1", "manager", in_play=False)], "this run has no host of the managers' group"),
        # What is wrong with the inventory.
        ([silent("n1", "manager")], "n1: its engine gives no answer: the socket does not exist. Docker Engine is not installed here, or does not run."),
        ([host("n1", "manager"), host("n2", hostname="n1")], "n1, n2 all have the host name n1"),
        ([member("n1", "manager"), member("n2", "worker", node_id="id-n1")], "n1, n2 are the same engine, node id-n1"),
        ([host("n1", "manager", address="192.0.2.1"), host("n2", address="192.0.2.1")], "all have the address 192.0.2.1"),
        ([host("n1", "manager", address="127.0.0.1"), host("n2")], "cannot reach a loopback address"),
        ([host("n1", "manager"), host("n2", "")], "Neither in the managers' nor in the workers' group: n2"),
    ],
)  # fmt: skip
def test_stops(hosts, words):
    found = choice(*hosts)
    assert words in " ".join(found["stop"])
    assert found["init"] == ""


def test_a_host_in_both_groups_stops():
    hosts = [host("n1", "manager")]
    found = choose(hosts, {"manager": ["n1"], "worker": ["n1"]})
    assert found["stop"] == ["In both groups, managers and workers: n1. A host is one or the other."]


@pytest.mark.parametrize(
    "hosts",
    [
        # One host alone may use its loopback address.
        [host("n1", "manager", address="127.0.0.1")],
        # A join that failed at one of our own hosts says nothing of another swarm.
        [host("n1", "manager", address="192.0.2.1"), host("n4", state="error", remote_managers=["192.0.2.1:2377"])],
        [host("n1", "manager"), host("n4", state="pending")],
    ],
)
def test_creates_a_swarm_all_the_same(hosts):
    assert (choice(*hosts)["init"], choice(*hosts)["stop"]) == ("n1", [])


def test_a_lost_quorum_is_told_though_engines_are_silent_and_not_once_more_for_each_worker():
    lost = member("n1", "manager", cluster_id="", error="no leader", address="192.0.2.1")
    found = choice(lost, silent("n2", "manager"), member("n4", "worker", remote_managers=["192.0.2.1:2377"]))
    assert [text.partition(" (")[0].partition(": ")[0] for text in found["stop"]] == [
        "n2",
        "n1 is a manager without quorum",
    ]
    assert [text[:2] for text in choice(lost, member("n4", "worker", remote_managers=["192.0.2.1:2377"]))["stop"]] == [
        "n1"
    ]


def test_equal_host_names_can_be_allowed():
    assert choice(host("n1", "manager"), host("n2", hostname="n1"), ambiguous_names=True)["stop"] == []


def test_where_keys_are_given_check_mode_goes_on_with_a_locked_manager():
    found = choice(host("n1", "manager", state="locked"), member("n2", "manager"), keys_given=True)
    assert (found["manager"], found["stop"]) == ("n2", [])
