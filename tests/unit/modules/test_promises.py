# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What users of other tools suffer from, each problem as a test.

The lives (tests/support/lifecycles) hold the same promises in general; here they stand one by one, by their names.
"""

from __future__ import annotations

import threading
import time

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._core.reconcile import Clock
from ansible_collections.hive.swarm.tests.support.fake_engine import API_1_51, Delays, FakeCluster
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.lifecycles import membership, swarm_init
from ansible_collections.hive.swarm.tests.support.lifecycles.stage import Stage
from ansible_collections.hive.swarm.tests.support.worlds import FakeWorld

pytestmark = pytest.mark.once  # neither Python nor ansible-core matters


@pytest.fixture
def swarm(cluster):
    return cluster.swarm(managers=1, workers=2)


def ok(result, changed):
    assert not result["failed"], result["msg"]
    assert result["changed"] is changed
    return result


# -- settings ---------------------------------------------------------------------------------------------------------


def test_changing_one_setting_keeps_all_the_others(swarm):
    manager = swarm[0]
    swarm_init.season(manager)
    before = manager.do("GET", "/swarm")["Spec"]
    result = ok(on(manager)("swarm_init", {"node_cert_expiry": "2000h"}), True)
    after = manager.do("GET", "/swarm")["Spec"]
    assert after["CAConfig"].pop("NodeCertExpiry") == 2000 * 3600 * 10**9
    before["CAConfig"].pop("NodeCertExpiry")
    assert after == before
    assert set(result["diff"]["before"]) == set(result["diff"]["after"]) == {"node_cert_expiry"}


@pytest.mark.parametrize("rotation", ["rotate_worker_token", "rotate_manager_token", "rotate_manager_unlock_key"])
def test_rotating_a_token_keeps_all_settings(swarm, rotation):
    manager = swarm[0]
    swarm_init.season(manager)
    before = manager.do("GET", "/swarm")["Spec"]
    ok(on(manager)("swarm_init", {rotation: True}), True)
    assert manager.do("GET", "/swarm")["Spec"] == before


def test_changing_a_setting_after_a_ca_rotation_starts_no_other(swarm):
    manager = swarm[0]
    ok(on(manager)("swarm_init", {"ca_force_rotate": 4}), True)
    root = manager.do("GET", "/swarm")["TLSInfo"]
    ok(on(manager)("swarm_init", {"labels": {"a": "b"}}), True)
    swarm = manager.do("GET", "/swarm")
    assert swarm["TLSInfo"] == root
    assert not swarm["RootRotationInProgress"]


def test_an_own_ca_is_not_set_again_on_every_run(swarm):
    manager = swarm[0]
    pair = {
        "signing_ca_cert": "-----BEGIN CERTIFICATE-----\nMIIBown\n-----END CERTIFICATE-----\n",
        "signing_ca_key": "-----BEGIN PRIVATE KEY-----\nMIIBkey\n-----END PRIVATE KEY-----\n",
    }
    ok(on(manager)("swarm_init", pair), True)
    ok(on(manager)("swarm_init", pair), False)
    manager.forget()
    ok(on(manager)("swarm_init", {**pair, "labels": {"a": "b"}}), True)
    assert "SigningCACert" not in manager.writes[0].body["CAConfig"]
    assert not manager.do("GET", "/swarm")["RootRotationInProgress"]


def test_forcing_a_new_cluster_does_nothing_to_a_healthy_one(swarm):
    manager = swarm[0]
    own = manager.do("GET", "/swarm")["ID"]
    manager.read_only = True
    for cluster_id in (own, "another"):
        ok(on(manager)("swarm_init", {"force_new_cluster": cluster_id}), False)


def test_options_of_the_connection_are_no_settings(swarm):
    manager = swarm[0]
    manager.read_only = True
    ok(on(manager)("swarm_init", {"timeout": 7, "api_version": "1.41", "tls_hostname": "x"}), False)


# -- check mode -------------------------------------------------------------------------------------------------------


def test_a_bootstrap_play_can_be_checked_on_virgin_hosts(cluster):
    """init -> tokens -> join -> labels, each fed with what check mode of the one before returned."""
    first, second, third = (cluster.engine(name) for name in ("one", "two", "three"))
    for engine in (first, second, third):
        engine.read_only = True
    asked = {"join_tokens": True, "unlock_key": True}
    created = ok(on(first)("swarm_init", {**asked, "autolock_managers": True}, check=True), True)
    ok(on(first)("swarm_node", {"hostname": created["node_id"], "labels": {"a": "b"}}, check=True), True)
    for engine, role in ((second, "manager"), (third, "worker")):
        options = {"remote_addrs": [first.address], "join_token": created["join_tokens"][role], "role": role}
        joined = ok(on(engine)("swarm_join", {**options, "cluster_id": created["cluster_id"]}, check=True), True)
        labelled = {"hostname": joined["node_id"], "labels": {"zone": "a"}, "role": role}
        assert ok(on(first)("swarm_node", labelled, check=True), True)["node"]["labels"] == {"zone": "a"}
    ok(on(first)("swarm_unlock", {"unlock_keys": [created["unlock_key"]]}, check=True), False)
    ok(on(first)("swarm_info", {}, check=True), False)


def test_leaving_and_removing_can_be_checked_without_waiting(swarm):
    manager, worker = swarm[:2]
    begin = time.monotonic()
    left = ok(on(worker)("swarm_leave", {}, check=True), True)
    ok(on(manager)("swarm_node", {"hostname": left["node_id"], "state": "absent"}, check=True), True)
    assert time.monotonic() - begin < 15  # a wait would last for as long as the default of wait_timeout
    assert not manager.writes
    assert not worker.writes


# -- membership -------------------------------------------------------------------------------------------------------


def joining(manager, role="Worker", **more):
    token = manager.do("GET", "/swarm")["JoinTokens"][role]
    return {"remote_addrs": [manager.address], "join_token": token, "role": role.lower(), **more}


def test_being_in_another_swarm_is_no_success(cluster, swarm):
    for number, role in enumerate(("Worker", "Manager")):
        other = cluster.engine(f"other{number}")
        membership.init(other)
        result = on(other)("swarm_join", joining(swarm[0], role))
        assert result["failed"]
        assert result["failure"]["kind"] == "refused"


def test_a_manager_is_not_proved_to_be_in_the_wanted_swarm_by_its_own_list(cluster, swarm):
    other = cluster.engine("other")
    membership.init(other)
    result = on(other)("swarm_join", joining(swarm[0], "Manager"))
    assert (result["failure"]["kind"], result["failure"]["option"]) == ("refused", "remote_addrs")


def test_being_in_the_swarm_in_another_role_is_no_success(swarm):
    result = on(swarm[1])("swarm_join", joining(swarm[0], "Manager"))
    assert (result["failure"]["kind"], result["failure"]["option"]) == ("refused", "role")


@pytest.mark.parametrize("until", ["pending", "error"])
def test_a_failed_join_does_not_wedge_the_node(until):
    with FakeCluster(delays=Delays(join_error=0.1 if until == "error" else 30)) as cluster:
        engines = [cluster.engine(f"node{number}") for number in (1, 2, 3)]
        stage = Stage(engines, FakeWorld(engines))
        membership.init(stage.first)
        membership.fail_to_join(stage, until)
        ok(on(engines[1])("swarm_join", joining(engines[0])), True)
        assert engines[1].state == "active"


def test_leaving_gets_a_node_out_of_a_failed_join():
    with FakeCluster() as cluster:
        engines = [cluster.engine(f"node{number}") for number in (1, 2, 3)]
        stage = Stage(engines, FakeWorld(engines))
        membership.init(stage.first)
        membership.fail_to_join(stage, "error")
        ok(on(engines[1])("swarm_leave"), True)
        assert engines[1].state == "inactive"
        ok(on(engines[1])("swarm_leave"), False)


def test_removing_a_node_twice_is_fine(swarm):
    manager, worker = swarm[:2]
    node_id = worker.do("GET", "/info")["Swarm"]["NodeID"]
    ok(on(worker)("swarm_leave"), True)
    ok(on(manager)("swarm_node", {"hostname": node_id, "state": "absent"}), True)
    ok(on(manager)("swarm_node", {"hostname": node_id, "state": "absent"}), False)


def test_a_label_with_an_empty_value_can_be_removed(swarm):
    run = on(swarm[0])
    ok(run("swarm_node", {"hostname": "worker1", "labels": {"ssd": ""}}), True)
    assert ok(run("swarm_node", {"hostname": "worker1", "labels_to_remove": ["ssd"]}), True)["node"]["labels"] == {}


def test_the_name_of_a_node_survives_other_changes(swarm):
    run = on(swarm[0])
    ok(run("swarm_node", {"hostname": "worker1", "name": "kept"}), True)
    ok(run("swarm_node", {"hostname": "worker1", "availability": "drain", "labels": {"a": "b"}}), True)
    assert swarm[0].do("GET", "/nodes/worker1")["Spec"]["Name"] == "kept"


# -- ok means done ----------------------------------------------------------------------------------------------------


@pytest.fixture
def slow():
    """A swarm in which roles change slowly."""
    with FakeCluster(API_1_51, Delays(role_change=0.6)) as cluster:
        yield cluster.swarm(managers=3, workers=1)


def test_promoting_waits_until_the_node_is_a_reachable_manager(slow):
    result = ok(on(slow[0])("swarm_node", {"hostname": "worker1", "role": "manager"}), True)
    assert result["node"]["reachability"] == "reachable"


def test_demoting_waits_until_the_node_is_no_manager(slow):
    assert ok(on(slow[0])("swarm_node", {"hostname": "manager3", "role": "worker"}), True)["node"]["manager"] is False


def test_demoting_oneself_waits_too(slow):
    ok(on(slow[1])("swarm_node", {"hostname": "self", "role": "worker"}), True)
    assert not slow[1].do("GET", "/info")["Swarm"]["ControlAvailable"]


def test_not_waiting_does_not_wait():
    """It is no manager yet when the task is done."""
    with FakeCluster(API_1_51, Delays(role_change=30)) as cluster:
        manager = cluster.swarm(managers=3, workers=1)[0]
        result = ok(on(manager)("swarm_node", {"hostname": "worker1", "role": "manager", "wait": False}), True)
    assert result["node"]["manager"] is False


def test_the_next_run_waits_for_what_the_last_one_did_not(slow):
    """Unchanged, but not before it is true."""
    options = {"hostname": "worker1", "role": "manager"}
    ok(on(slow[0])("swarm_node", {**options, "wait": False}), True)
    assert ok(on(slow[0])("swarm_node", options), False)["node"]["manager"] is True


def test_draining_waits_until_no_task_runs(swarm):
    manager, worker = swarm[:2]
    worker.set_tasks([{}, {"Status": {"State": "complete"}, "DesiredState": "shutdown"}])
    timer = threading.Timer(0.5, worker.set_tasks, [[]])
    timer.start()
    begin = time.monotonic()
    ok(on(manager)("swarm_node", {"hostname": "worker1", "availability": "drain"}), True)
    timer.join()
    assert time.monotonic() - begin >= 0.5


def test_a_drain_that_does_not_end_says_what_is_left(swarm):
    manager, worker = swarm[:2]
    worker.set_tasks([{}, {}])
    options = {"hostname": "worker1", "availability": "drain", "wait_timeout": 1}
    for changed in (True, False):
        result = on(manager)("swarm_node", options)
        assert result["failed"]
        assert result["failure"]["kind"] == "not_converged"
        assert result["failure"]["kind"] == "not_converged"
        assert result["changed"] is changed


@pytest.mark.parametrize("option", ["join_tokens", "rotate_worker_token", "rotate_manager_token"])
def test_tokens_that_a_ca_rotation_in_progress_will_change_are_marked(swarm, option):
    manager = swarm[0]
    manager.cluster.delays.ca_rotation = 60
    ok(on(manager)("swarm_init", {"ca_force_rotate": 1, "wait": False}), True)
    assert manager.do("GET", "/swarm")["RootRotationInProgress"]
    (warning,) = ok(on(manager)("swarm_init", {option: True}), option != "join_tokens")["warnings"]
    assert warning == "A CA rotation is in progress. Both join tokens change when it ends."
    manager.cluster.settle()
    assert not ok(on(manager)("swarm_init", {option: True}), option != "join_tokens").get("warnings")


def test_the_next_run_waits_for_a_ca_rotation_in_progress_and_starts_no_other(swarm):
    manager = swarm[0]
    manager.cluster.delays.ca_rotation = 1
    ok(on(manager)("swarm_init", {"ca_force_rotate": 1, "wait": False}), True)
    ok(on(manager)("swarm_init", {"ca_force_rotate": 1}), False)
    swarm = manager.do("GET", "/swarm")
    assert (swarm["RootRotationInProgress"], swarm["Spec"]["CAConfig"]["ForceRotate"]) == (False, 1)


def test_a_ca_rotation_names_the_node_that_holds_it_up(swarm):
    manager, worker = swarm[:2]
    worker.kill()
    time.sleep(0.3)
    result = on(manager)("swarm_init", {"ca_force_rotate": 1, "wait_timeout": 1})
    assert result["failed"]
    assert result["failure"]["kind"] == "not_converged"
    assert result["failure"]["kind"] == "not_converged"
    assert result["changed"] is True
    worker.start()
    manager.cluster.settle()
    ok(on(manager)("swarm_init", {"ca_force_rotate": 1}), False)


# -- races ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize(
    ("module", "options"),
    [
        ("swarm_init", {"labels": {"a": "b"}}),
        ("swarm_init", {"rotate_worker_token": True}),
        ("swarm_node", {"hostname": "worker1", "labels": {"a": "b"}}),
        ("swarm_node", {"hostname": "worker1", "role": "manager"}),
    ],
)
def test_a_write_in_between_is_no_failure(swarm, no_sleep, module, options, times):
    manager = swarm[0]
    manager.conflict(times)
    ok(on(manager)(module, options), True)
    assert len(manager.writes) == times + 1


def test_what_somebody_else_wrote_in_between_survives(swarm, monkeypatch):
    """The other one wins the race, and neither change is lost."""
    manager = swarm[0]
    node = manager.do("GET", "/nodes/worker1")

    def meddle(self, seconds):
        live = manager.do("GET", "/nodes/worker1")
        spec = {**live["Spec"], "Labels": {**live["Spec"]["Labels"], "theirs": "kept"}}
        manager.do("POST", f"/nodes/{live['ID']}/update?version={live['Version']['Index']}", spec)

    monkeypatch.setattr(Clock, "sleep", meddle)
    manager.conflict(1)
    ok(on(manager)("swarm_node", {"hostname": node["ID"], "labels": {"ours": "kept"}}), True)
    assert manager.do("GET", "/nodes/worker1")["Spec"]["Labels"] == {"ours": "kept", "theirs": "kept"}


def test_races_that_never_end_are_told_as_such(swarm, no_sleep):
    manager = swarm[0]
    manager.conflict(100)
    result = on(manager)("swarm_init", {"labels": {"a": "b"}})
    assert result["failed"]
    assert result["failure"]["kind"] == "out_of_sequence"
    assert len(manager.writes) == 12


def test_a_race_during_creation_does_not_change_the_story(engine, run, no_sleep):
    """The second request of a creation, for what the first cannot say, may come too late as well."""
    options = {"snapshot_interval": 0, "labels": {"a": "b"}}
    predicted = ok(run("swarm_init", options, check=True), True)
    engine.conflict(1, path="/swarm/update")
    done = ok(run("swarm_init", options), True)
    assert done["swarm"]["snapshot_interval"] == 0
    assert done["diff"] == predicted["diff"]


def test_a_refused_creation_leaves_no_swarm_behind(engine, run):
    """An external authority that cannot be reached: the manager sees it when the swarm stands already."""
    certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
    result = run("swarm_init", {"signing_ca_cert": certificate, "external_cas": [{"url": "https://192.0.2.200"}]})
    assert result["failed"]
    assert result["failure"]["kind"] == "engine"
    assert engine.state == "inactive"
    ok(run("swarm_init", {}), True)


# -- unlocking --------------------------------------------------------------------------------------------------------


@pytest.fixture
def locked(cluster):
    """A locked manager and its key."""
    (manager,) = cluster.swarm(managers=1)
    key = on(manager)("swarm_init", {"autolock_managers": True, "unlock_key": True})["unlock_key"]
    manager.restart()
    manager.hang("POST", "/swarm/unlock")
    yield manager, key
    manager.resume()


def test_an_unlock_that_is_answered_late_is_no_failure(locked):
    """An engine answers when it has a leader, and by then it may have forgotten who asked."""
    manager, key = locked
    unlock = threading.Timer(0.2, manager.do, ("POST", "/swarm/unlock", {"UnlockKey": key}))
    unlock.start()
    ok(on(manager)("swarm_unlock", {"unlock_keys": [key], "timeout": 1}), True)
    unlock.join()


def test_an_unlock_that_waits_for_the_others_says_so(locked):
    manager, key = locked
    failed = on(manager)("swarm_unlock", {"unlock_keys": [key], "timeout": 1})
    assert failed["failed"]
    assert failed["failure"]["kind"] == "outcome_unknown"
