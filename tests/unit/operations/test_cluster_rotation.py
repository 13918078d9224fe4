# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether tokens, root certificate or unlock key may be renewed now."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.rotation import (
    RotationOptions,
    plan_rotation,
    waits_for,
)
from ansible_collections.hive.swarm.tests.unit.cluster.situations import node

SURVEY = {"manager": "n1", "stop": [], "cluster_id": "c1"}
NODES = [node("n1", "manager", leader=True), node("n2", "manager"), node("n3", "manager"), node("n4")]
DOWN = [*NODES[:3], node("n4", state="down")]


def live(autolock=False, rotating=False, counter=4):
    return {
        "swarm": {"autolock_managers": autolock, "ca_force_rotate": counter},
        "root_rotation_in_progress": rotating,
    }


def plan(kind, nodes=None, settings=None, **options):
    return plan_rotation(
        SURVEY, NODES if nodes is None else nodes, settings or live(), RotationOptions(kind, **options)
    )


@pytest.mark.parametrize("kind", ["", "all"])
def test_says_what_can_be_renewed(kind):
    assert plan(kind)["stop"] == [
        ("bad_input", "operations_rotate: required. Set what to renew with -e operations_rotate=tokens|ca|unlock_key.")
    ]


def test_tokens_need_nothing():
    found = plan("tokens", DOWN)
    assert (found["start"], found["stop"], found["confirm"]) == (True, [], "")


def test_a_certificate_counts_up_and_is_confirmed():
    found = plan("ca")
    assert (found["start"], found["counter"], found["confirm"], found["stop"]) == (True, 5, "c1", [])


def test_a_certificate_waits_for_nodes_that_are_down_for_ever():
    found = plan("ca", DOWN)
    assert not found["start"]
    assert [reason.kind for reason in found["stop"]] == ["node_not_ready"] and "id-n4" in found["stop"][0].message


def test_a_rotation_that_is_under_way_is_only_waited_for():
    found = plan("ca", settings=live(rotating=True))
    assert (found["start"], found["confirm"], found["stop"]) == (False, "", [])
    assert [step.step for step in found["steps"]] == [
        "wait for the new root certificate",
        "hand the new join tokens over",
    ]


def test_tokens_wait_for_the_end_of_a_rotation_which_changes_them_again():
    found = plan("tokens", settings=live(rotating=True))
    assert (found["start"], found["stop"]) == (True, [])
    assert found["steps"][0] == ("", "wait for the new root certificate", "both tokens change when it is there")
    assert plan("tokens", DOWN, live(rotating=True))["stop"][0].kind == "node_not_ready"


def test_what_a_rotation_waits_for():
    assert waits_for(DOWN, True).endswith("not ready: n4")
    assert waits_for(NODES, True) == "nodes get new certificates"
    assert waits_for(DOWN, False) == ""


def test_without_autolock_there_is_no_key():
    assert plan("unlock_key")["stop"][0].kind == "not_autolocked"


def test_a_key_may_change_while_a_manager_is_away_if_the_old_one_is_kept():
    away = [*NODES[:2], node("n3", "manager", reachability="unreachable", state="down"), NODES[3]]
    assert plan("unlock_key", away, live(autolock=True))["stop"][0].kind == "unlock_key_missing"
    for option in ("keeps_keys", "key_given"):
        found = plan("unlock_key", away, live(autolock=True), **{option: True})
        assert found["stop"] == []
        assert "n3" in found["warnings"][0] and "old key" in found["warnings"][0]
    assert plan("unlock_key", settings=live(autolock=True))["warnings"] == []


def test_without_a_leader_the_reason_is_that_of_the_survey():
    lost = {"manager": "", "stop": ["Nobody."], "cluster_id": ""}
    assert plan_rotation(lost, [], {}, RotationOptions("ca"))["stop"] == [("no_swarm", "Nobody.")]
