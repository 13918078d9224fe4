# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who goes on when the quorum is lost."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.steps import EMPTY
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.recovery import (
    RecoveryCandidate,
    RecoveryOptions,
    can_recover,
    plan_recovery,
)
from ansible_collections.hive.swarm.tests.unit.cluster.situations import host, member, silent


def lost(name, **changes):
    return member(name, "manager", **{"cluster": "", "error": "no leader", **changes})


N1, N2, N4 = lost("n1"), lost("n2"), member("n4", "worker")
WIPED = host("n3", "manager")
REFUSAL = "force_new_cluster: this node belongs to cluster c1, not to (not confirmed)."


def plan(candidates, hosts, **options):
    return {**EMPTY, **plan_recovery(candidates, hosts, RecoveryOptions(**options))}


def test_the_only_one_goes_on_and_the_others_join_again():
    found = plan([RecoveryCandidate(N1)], [N1, host("n2", "manager"), WIPED, N4], confirm="c1")
    assert (found["target"], found["rejoin"], found["stop"], found["confirm"]) == ("n1", [], [], "c1")
    assert [(step.node, step.step) for step in found["steps"]] == [
        ("n1", "make it a swarm of one by force"),
        ("n2", "join as a manager"),
        ("n3", "join as a manager"),
        ("", "remove the entries of the other managers"),
    ]
    alone = plan([RecoveryCandidate(N1)], [N1, WIPED], rebuild=False)
    assert len(alone["steps"]) == 2
    assert "No other host joins" in alone["warnings"][0]


def test_the_engine_tells_what_has_to_be_confirmed():
    assert plan([RecoveryCandidate(N1)], [N1, WIPED], refusal=REFUSAL, cluster_id="c1")["confirm"] == "c1"
    assert plan([RecoveryCandidate(N1)], [N1, WIPED], refusal="It cannot be read.")["stop"] == [
        ("engine_refused", "It cannot be read.")
    ]


def test_of_several_the_user_chooses_and_is_told_which_is_the_newest():
    both = [RecoveryCandidate(N1, (2, 31)), RecoveryCandidate(N2, (2, 40))]
    (reason,) = plan(both, [N1, N2])["stop"]
    assert reason.kind == "several_survivors"
    assert "recover_on=n2" in reason.message and "31" in reason.message and "40" in reason.message
    found = plan(both, [N1, N2], on="n1", confirm="c1")
    assert (found["target"], found["silence"], found["stop"]) == ("n1", ["n2"], [])
    assert found["steps"][0][:2] == ("n2", "stop the engine")
    assert found["steps"][1].node == "n2" and "aside" in found["steps"][1].step
    assert found["steps"][3][:2] == ("n2", "join as a manager")
    assert plan(both, [N1, N2], on="n9")["stop"][0].kind == "bad_input"


def test_the_log_of_a_newer_leader_is_the_newer_one_however_short():
    (reason,) = plan([RecoveryCandidate(N1, (2, 31)), RecoveryCandidate(N2, (3, 30))], [N1, N2])["stop"]
    assert reason.kind == "several_survivors" and "recover_on=n2" in reason.message


def test_where_a_log_cannot_be_read_nobody_is_recommended():
    (reason,) = plan([RecoveryCandidate(N1), RecoveryCandidate(N2, (3, 30))], [N1, N2])["stop"]
    assert reason.kind == "several_survivors" and "recover_on=," in reason.message and "n1" in reason.message


@pytest.mark.parametrize("margin", [0, 1])
def test_a_swarm_with_a_quorum_is_left_alone(margin):
    well = member("n1", "manager", quorum={"margin": margin})
    found = plan([], [well, N4])
    assert (found["needed"], found["steps"], found["stop"], found["target"]) == (False, [], [], "")


def test_a_leader_that_has_lost_the_others_and_does_not_know_it_yet_is_no_leader():
    alone = member("n1", "manager", quorum={"margin": -1})
    assert can_recover(alone)
    assert plan([RecoveryCandidate(alone)], [alone, WIPED], confirm="c1")["target"] == "n1"


def test_an_engine_that_was_restarted_without_the_others_stays_pending():
    pending = host("n1", "manager", state="pending", node_id="id-n1", error="no leader")
    assert can_recover(pending)
    assert not can_recover(host("n4", "worker", state="pending"))


def test_managers_that_cannot_be_asked_must_be_known_to_be_off():
    hosts = [N1, silent("n2", "manager"), WIPED]
    assert plan([RecoveryCandidate(N1)], hosts)["stop"][0].kind == "host_not_responding"
    assert plan([RecoveryCandidate(N1)], hosts, peers_gone=True, confirm="c1")["stop"] == []
    assert plan([RecoveryCandidate(N1)], [N1, WIPED, silent("n4")], confirm="c1")["stop"] == []


def test_a_manager_that_the_run_leaves_out_must_not_have_the_state():
    out = lost("n2", in_play=False)
    assert plan([RecoveryCandidate(N1)], [N1, out])["stop"][0].kind == "host_left_out"


def test_an_autolocked_swarm_comes_back_from_backups_alone():
    (reason,) = plan([RecoveryCandidate(N1, encrypted=True)], [N1, WIPED])["stop"]
    assert reason.kind == "autolocked"
    (reason,) = plan([], [host("n1", "manager", state="locked"), WIPED])["stop"]
    assert reason.kind == "no_survivor"


def test_where_nobody_has_the_state_a_backup_is_named():
    assert plan([], [WIPED, N4])["stop"][0].kind == "no_survivor"
