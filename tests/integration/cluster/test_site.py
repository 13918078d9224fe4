# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From hosts in whatever state to the swarm that the inventory wants."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._core.errors import SwarmError

THREE_AND_TWO = {"n1": "manager", "n2": "manager", "n3": "manager", "n4": "worker", "n5": "worker"}
PLACED = {
    "n1": {"swarm_labels": {"zone": "a"}, "swarm_availability": "drain"},
    "n4": {"swarm_labels": {"zone": "b"}, "swarm_availability": "active"},
    "n5": {"swarm_availability": "pause"},
}


@pytest.mark.floor
def test_check_mode_predicts_the_bootstrap_and_a_second_run_changes_nothing(world):
    world.inventory(variables=PLACED, cluster_swarm={"task_history_retention_limit": 3})
    predicted = world.site(check=True).succeeded()
    assert all(world.info(name)["LocalNodeState"] == "inactive" for name in world.engines)
    real = world.site().succeeded()
    assert predicted.changes == real.changes
    assert {host for _task, host in real.changed_tasks} == set(THREE_AND_TWO)

    assert world.roles() == THREE_AND_TWO
    specs = {name: entries[0]["Spec"] for name, entries in world.nodes().items()}
    assert {name: spec["Availability"] for name, spec in specs.items()} == {
        "n1": "drain", "n2": "active", "n3": "active", "n4": "active", "n5": "pause"
    }  # fmt: skip
    assert (specs["n1"]["Labels"], specs["n4"]["Labels"]) == ({"zone": "a"}, {"zone": "b"})
    assert "SWMTKN" not in real.output.replace("SWMTKN-1-(known after apply)", "")

    again = world.site().succeeded()
    assert again.changes == []
    assert "Managers: 3 of 3 reachable, 2 needed, 1 more may fail" in again.said("Show the swarm")


def test_a_run_that_changes_nothing_is_short(world):
    """Each task costs a process of the controller for each host, one that is skipped as well."""
    world.swarm()
    world.label("n4", at="n1", zone="b")
    world.inventory(variables={"n4": {"swarm_labels": {"zone": "b"}, "swarm_availability": "active"}})
    run = world.site().succeeded()
    assert run.changes == []
    assert max(run.tasks.values()) <= 22, run.tasks  # of the host that the tasks for all run on
    assert sorted(run.tasks.values())[-2] <= 8, run.tasks
    assert len({each["number"] for each in run.results}) <= 12, run.output  # what is shown without those skipped


def test_a_first_manager_that_is_wiped_twice_rejoins_the_living_swarm(world):
    cluster = world.swarm()
    world.label("n1", at="n2", availability="pause", zone="a")
    for _again in range(2):
        world.engines["n1"].wipe()
        world.site().succeeded()
        assert world.cluster_id("n1") == world.cluster_id("n2") == cluster
        assert world.roles() == THREE_AND_TWO
        spec = world.nodes()["n1"][0]["Spec"]
        assert (spec["Labels"], spec["Availability"]) == ({"zone": "a"}, "pause")


def test_check_mode_predicts_how_a_wiped_manager_comes_back(world):
    world.swarm()
    world.leave("n3")
    predicted = world.site(check=True).succeeded()
    real = world.site().succeeded()
    # The entry that is removed at the end has been demoted before, which check mode cannot see.
    assert [change[:3] for change in predicted.changes] == [change[:3] for change in real.changes]
    assert [task for task, _host in real.changed_tasks] == [
        "Demote a manager that is gone or follows no leader",
        "Join as a manager",
        "Remove the entry of a node that no longer exists",
    ]
    assert world.roles() == THREE_AND_TWO
    assert world.site().succeeded().changes == []


def test_new_managers_and_a_worker_that_knows_old_ones_stop_the_run(world):
    world.swarm()
    world.leave("n1", "n2", "n3")
    run = world.site().refused()
    assert "n4 is a worker in a swarm, and none of the hosts is a manager of it" in run.failure
    assert world.engines["n1"].address in run.failure
    assert world.info("n1")["LocalNodeState"] == "inactive"
    limited = world.site("--limit", "n1").refused()
    assert "n4 is a worker in a swarm" in limited.failure


def test_a_live_worker_that_was_removed_elsewhere_is_noticed_and_rejoins(world):
    cluster = world.swarm()
    gone = world.node_id("n5")
    world.api("n1").delete(f"/nodes/{gone}", force=True)
    assert world.info("n5")["LocalNodeState"] == "active"
    assert world.site().succeeded().changed_tasks == [("Join as a worker", "n5")]
    assert world.roles() == THREE_AND_TWO
    assert world.cluster_id("n1") == cluster


def test_a_join_that_failed_at_a_dead_manager_ends_at_a_live_one(world):
    world.swarm()
    token = world.api("n1").get("/swarm")["JoinTokens"]["Worker"]
    dead = world.engines["n3"]
    dead.kill()
    api = world.api("n6")
    body = {"ListenAddr": "0.0.0.0:2377", "AdvertiseAddr": world.engines["n6"].address, "JoinToken": token}
    with pytest.raises(SwarmError):
        api.post("/swarm/join", {**body, "RemoteAddrs": [f"{dead.address}:2377"]}, timeout=2)
    assert world.info("n6")["LocalNodeState"] in ("pending", "error")
    world.inventory(managers="n3 n2 n1", workers="n4 n5 n6")
    world.site("--limit", "n6").succeeded()
    assert world.nodes()["n6"][0]["Status"]["State"] == "ready"


def test_two_swarms_among_the_hosts_stop_the_run(world):
    one = world.swarm("n1", "n4")
    two = world.swarm("n2", "n5")
    run = world.site().refused()
    assert f"n1 in {one}" in run.failure
    assert f"n2 in {two}" in run.failure


def test_a_worker_of_another_swarm_stops_the_run(world):
    world.swarm("n1 n2 n3", "n4")
    world.swarm("n6", "n5")
    run = world.site().refused()
    assert "n5 is in another swarm" in run.failure
    assert world.engines["n6"].address in run.failure


def test_a_worker_moved_to_the_managers_is_promoted_and_back(world):
    world.swarm()
    world.inventory(managers="n1 n2 n3 n4", workers="n5")
    predicted = world.site(check=True).succeeded()
    real = world.site().succeeded()
    assert predicted.changes == real.changes
    assert [task for task, _host in real.changed_tasks] == ["Promote"]
    assert "4 managers survive no more failures than 3" in " ".join(real.output.split())
    assert world.roles()["n4"] == "manager"
    world.inventory()
    back = world.site().succeeded()
    assert [task for task, _host in back.changed_tasks] == ["Demote"]
    assert world.roles() == THREE_AND_TWO


def test_the_only_manager_and_the_only_worker_change_places(world):
    world.swarm("n1", "n2")
    world.inventory(managers="n2", workers="n1")
    assert "add it to cluster_trusted_hosts if it is to be demoted" in world.site().refused().failure
    world.inventory(managers="n2", workers="n1", cluster_trusted_hosts=["n1"])
    check = world.site(check=True).succeeded()
    real = world.site().succeeded()
    assert check.changed_tasks == real.changed_tasks == [("Demote", "n2"), ("Promote", "n2")]
    assert world.roles("n2") == {"n1": "worker", "n2": "manager"}


def test_locked_managers_are_unlocked_with_the_keys_that_are_given(world):
    """K6: also one after the other, where none has a leader before the next one is unlocked."""
    cluster = world.swarm(EncryptionConfig={"AutoLockManagers": True})
    key = world.api("n1").get("/swarm/unlockkey")["UnlockKey"]
    world.restart("n1", "n2", "n3")
    assert {world.info(name)["LocalNodeState"] for name in ("n1", "n2", "n3")} == {"locked"}
    run = world.site().refused()
    assert "n1 is a locked manager: give its key in cluster_unlock_keys" in run.failure
    wrong = f"SWMKEY-1-{'A' * 43}"
    world.inventory(cluster_unlock_keys=[wrong, key])
    predicted = world.site(check=True).succeeded()
    real = world.site("--forks", "1").succeeded()
    assert predicted.changes == real.changes
    assert real.changed_tasks == [("Unlock the manager", name) for name in ("n1", "n2", "n3")]
    assert key not in real.output
    assert world.cluster_id("n1") == cluster
    assert world.roles() == THREE_AND_TWO


def test_limit_to_a_new_host_adds_just_that_host(world):
    cluster = world.swarm()
    # A manager that is out of reach does not matter to a run that leaves it out.
    world.inventory(
        "gone n1 n2 n3", "n4 n5 n6", variables={"n6": {"swarm_labels": {"a": "1"}, "swarm_availability": "active"}}
    )
    predicted = world.site("--limit", "n6", check=True).succeeded()
    real = world.site("--limit", "n6").succeeded()
    assert predicted.changes == real.changes != []
    assert real.changed_tasks == [("Join as a worker", "n6"), ("Set labels and availability", "n6")]
    # It takes no task before it has its labels.
    assert "pause" in str(real.changes[0])
    assert world.nodes()["n6"][0]["Spec"]["Availability"] == "active"
    assert world.roles() == {**THREE_AND_TWO, "n6": "worker"}
    assert world.cluster_id("n1") == cluster


def test_two_hosts_with_one_engine_stop_the_run(world):
    same = f"unix://{world.engines['n1'].socket}"
    world.inventory(variables={"n2": {"docker_host": same}})
    assert "n1, n2 all have the host name" in world.site().refused().failure


def test_an_engine_that_does_not_answer_stops_the_run(world):
    world.inventory(variables={"n2": {"docker_host": "unix:///nowhere.sock"}})
    run = world.site().refused()
    assert "n2: its engine gives no answer" in run.failure
    assert "the socket does not exist" in run.failure
