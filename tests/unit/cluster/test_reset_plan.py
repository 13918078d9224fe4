# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who leaves, in which order, and with what confirmation."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.reset import plan_reset
from ansible_collections.hive.swarm.tests.unit.cluster.situations import host, member, node, silent

MANAGERS = [member(name, "manager") for name in ("n1", "n2", "n3")]
WORKERS = [member(name, "worker") for name in ("n4", "n5")]
LISTED = [node(name, "manager") for name in ("n1", "n2", "n3")] + [node("n4"), node("n5")]


def test_everybody_leaves_workers_first():
    found = plan_reset(MANAGERS + WORKERS, LISTED, "c1")
    assert (found["workers"], found["managers"], found["stop"]) == (["n4", "n5"], ["n1", "n2", "n3"], [])
    assert (found["force"], found["entries"], found["alone"]) == (True, [], [])
    assert found["steps"][0] == ("n4", "leave", "worker")
    ends = "manager; the swarm is gone when the last manager has left"
    assert found["steps"][2:] == [("n1", "demote, leave", ends), ("n2", "demote, leave", ends), ("n3", "leave", ends)]


def test_the_leader_is_the_last_to_leave():
    listed = [node("n1", "manager", leader=True), *LISTED[1:]]
    found = plan_reset(MANAGERS, listed, "c1")
    assert (found["managers"], found["leader"]) == (["n2", "n3", "n1"], "n1")
    assert found["steps"][-1] == (
        "n1",
        "leave",
        "leader, so the last; the swarm is gone when the last manager has left",
    )
    assert plan_reset(MANAGERS[1:], listed, "c1")["leader"] == plan_reset(MANAGERS, [], "lost")["leader"] == ""


def test_where_managers_remain_the_others_step_down():
    others = [member("n1", "manager", in_play=False), member("n2", "manager", in_play=False)]
    found = plan_reset([MANAGERS[2], WORKERS[0], *others], LISTED, "c1")
    assert (found["managers"], found["force"], found["entries"]) == (["n3"], False, ["id-n3", "id-n4"])
    assert found["warnings"] == ["The swarm goes on with n1, n2."]
    assert ("n3", "demote, leave", "manager") in found["steps"]


def test_without_a_confirmation_nothing_is_said_of_other_swarms():
    found = plan_reset([*MANAGERS, *WORKERS], LISTED, "")
    assert found["stop"]
    assert found["warnings"] == []


@pytest.mark.parametrize(
    ("stranger", "leaves"),
    [
        (member("n9", "manager", "c2"), False),
        (member("n9", "worker", knows="n8"), False),
        (member("n9", "worker", node_id="gone", knows="n1"), True),
        (host("n5", state="locked"), True),
        (host("n9", state="locked"), False),
        (host("n9", state="error", remote_managers=["192.0.2.1:2377"]), True),
        (host("n9", state="error"), False),
    ],
)
def test_hosts_in_other_swarms_are_left_alone(stranger, leaves):
    found = plan_reset([*MANAGERS, stranger], LISTED, "c1")
    assert (stranger.name in found["workers"] + found["managers"]) == leaves
    assert (found["alone"] == [stranger.name]) != leaves


def test_an_engine_in_no_swarm_or_without_an_answer_has_nothing_to_leave():
    found = plan_reset([*MANAGERS, host("n4"), silent("n5")], LISTED, "c1")
    assert (found["workers"], found["alone"]) == ([], [])
    assert found["warnings"][-1].startswith(
        "n5 does not respond and is left as it is: the socket does not exist. Docker Engine is not installed here, or does not run."
    )


@pytest.mark.parametrize("confirm", ["", "c2", "lost"])
def test_needs_the_right_id(confirm):
    assert plan_reset(MANAGERS + WORKERS, [], confirm)["stop"][0].kind == "not_confirmed"


def test_a_swarm_without_quorum_is_confirmed_as_lost():
    hosts = [member("n1", "manager", cluster_id="", error="no leader"), *WORKERS]
    assert plan_reset(hosts, [], "c1")["stop"][0].kind == "not_confirmed"
    found = plan_reset(hosts, [], "lost")
    assert (found["stop"], found["workers"], found["managers"]) == ([], ["n4", "n5"], ["n1"])
    assert found["steps"][-1][:2] == ("n1", "leave")


def test_nothing_to_do():
    found = plan_reset([host("n1", "manager")], [], "c1")
    assert (found["stop"], found["steps"], found["warnings"]) == ([], [], [])
