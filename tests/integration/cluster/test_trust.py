# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a compromised worker gains by lying: nothing. S2, S3, S5 and S17 of the security review."""

from __future__ import annotations

import json

import pytest
from ansible_collections.hive.swarm.tests.support.fake_engine import FakeCluster

from .fakes import KEY, FakeWorld

EVIL = "evilevilevilevilevilevil1"


@pytest.fixture
def world(tmp_path):
    with FakeCluster() as fakes:
        yield FakeWorld(fakes, tmp_path)


def leads(cluster, address):
    """A lie of /info: a manager with a leader, in a swarm whose managers are there."""

    def change(info):
        info["Swarm"].update(
            LocalNodeState="active", ControlAvailable=True, NodeID="evilnodeevilnodeevilnode1", NodeAddr=address,
            RemoteManagers=[{"NodeID": "x", "Addr": f"{address}:2377"}], Error="", Cluster={"ID": cluster, "Spec": {}},
        )  # fmt: skip
        return info

    return change


def locked(info):
    info["Swarm"].update(LocalNodeState="locked", ControlAvailable=False, Error="Swarm is encrypted", NodeID="")
    return info


def test_s2_a_worker_with_a_swarm_of_its_own_captures_no_manager(world):
    evil = world.init("w1")
    run = world.play("site").refused()
    assert f"w1 reports that it manages the swarm {evil}, but the inventory wants a worker" in run.failure
    assert [world.state(name) for name in ("m1", "m2", "m3")] == ["inactive"] * 3
    assert world.asked("w1", "/swarm") == []  # nobody has asked it for tokens
    for playbook in ("heal", "scale_out", "rolling_maintenance"):
        assert world.play(playbook).code != 0


def test_s2_a_worker_that_the_operator_names_may_lead_and_is_demoted(world):
    cluster = world.init("w1")
    run = world.play("site", "-e", '{"cluster_trusted_hosts": ["w1"]}').succeeded()
    assert {name: world.state(name) for name in ("m1", "m2", "m3", "w1")} == dict.fromkeys(
        ("m1", "m2", "m3", "w1"), "active"
    )
    assert world.engines["m1"].do("GET", "/swarm")["ID"] == cluster
    assert ("Demote", "w1") in run.changed_tasks or ("Demote", "m1") in run.changed_tasks


def test_s2_the_last_manager_keeps_its_state_whatever_a_worker_claims(world):
    world.swarm("m1 m2 m3", "w1")
    world.engines["m2"].kill()
    world.engines["m3"].kill()
    world.inventory("m1", "w1")
    address = world.engines["m1"].address
    world.engines["w1"].lie("/info", leads(EVIL, address))
    world.engines["w1"].lie("/nodes", lambda _nodes: [])
    for playbook in ("site", "heal"):
        run = world.play(playbook).refused()
        assert "m1 is a manager without quorum" in run.failure
        assert f"w1 reports that it manages the swarm {EVIL}" in run.failure
    assert world.state("m1") == "active"
    assert world.asked("m1", "/swarm/leave") == []


def test_s2_a_pinned_swarm_is_the_only_one_that_is_believed(world):
    cluster = world.swarm("m1", "w1")
    world.inventory("m1", "w1", cluster_id="another", cluster_ca_digest="")
    assert (
        f"cluster_id: the swarm must be another, but m1 is a manager of {cluster}"
        in world.play("site").refused().failure
    )
    world.inventory("m1", "w1", cluster_id=cluster)
    assert world.play("site").succeeded().changes == []


def test_s2_a_pinned_swarm_is_not_created(world):
    world.inventory("m1", "w1", cluster_id="another")
    assert "no manager of it answers" in world.play("site").refused().failure


def test_s2_nobody_joins_with_a_token_of_another_ca(world):
    world.swarm("m1", "")
    world.inventory("m1", "w1", cluster_ca_digest="a" * 50)
    run = world.play("site")
    assert "join_token: belongs to a swarm whose root CA does not match ca_digest" in run.failure
    assert world.state("w1") == "inactive"


def test_s2_a_manager_that_is_not_listed_leaves_only_when_that_is_confirmed(world):
    """m1 lost its followers; the others were made a new swarm meanwhile, at the same addresses."""
    world.swarm("m1 m2", "")
    world.engines["m2"].wipe()
    world.init("m2")
    node = world.engines["m1"].do("GET", "/info")["Swarm"]["NodeID"]
    world.inventory("m2 m1", "")
    for playbook in ("site", "heal"):
        run = world.play(playbook).refused()
        assert f"confirm it with -e cluster_confirm_nodes={node}" in run.failure
    assert world.asked("m1", "/swarm/leave") == []
    world.play("site", "-e", f"cluster_confirm_nodes={node}").succeeded()
    assert world.state("m1") == "active"


@pytest.mark.parametrize("playbook", ["site", "heal", "rolling_maintenance", "recover_quorum"])
def test_s3_a_worker_that_claims_to_be_locked_gets_no_key(world, playbook):
    world.swarm("m1 m2 m3", "w1")
    world.inventory(cluster_unlock_keys=[KEY])
    world.engines["w1"].lie("/info", locked)
    run = world.play(playbook, "-e", "operations_confirm=unlock")
    assert world.asked("w1", "/swarm/unlock") == []
    if playbook in ("site", "heal"):
        assert "w1 reports that it is a locked manager, but the inventory wants a worker" in run.failure


def test_s3_a_host_that_is_to_become_a_manager_gets_no_key_before_the_managers_list_it(world):
    world.swarm("m1", "m2")
    world.inventory("m1 m2", "", cluster_unlock_keys=[KEY])
    world.engines["m2"].lie("/info", locked)
    assert "the managers do not list it as one: it gets no key" in world.play("site").refused().failure
    assert world.asked("m2", "/swarm/unlock") == []


def test_s3_one_locked_manager_of_three_gets_its_key(world):
    world.swarm("m1 m2 m3", "w1", EncryptionConfig={"AutoLockManagers": True})
    key = world.engines["m1"].do("GET", "/swarm/unlockkey")["UnlockKey"]
    world.engines["m2"].restart()
    world.inventory(cluster_unlock_keys=[key])
    world.play("site").succeeded()
    assert world.state("m2") == "active"


def test_s3_managers_that_are_locked_get_their_key(world):
    world.swarm("m1", "w1", EncryptionConfig={"AutoLockManagers": True})
    key = world.engines["m1"].do("GET", "/swarm/unlockkey")["UnlockKey"]
    world.engines["m1"].restart()
    world.inventory("m1", "w1", cluster_unlock_keys=[key])
    world.play("site").succeeded()
    assert world.state("m1") == "active"


@pytest.mark.parametrize("known", [True, False], ids=["address known", "address unknown"])
def test_s5_a_worker_that_takes_the_name_of_another_inherits_nothing(world, known):
    """w2 was wiped and calls itself w3, which is down and left out of the inventory's groups."""
    world.swarm("m1", "w2 w3")
    manager = world.engines["m1"]
    entry = next(node for node in manager.do("GET", "/nodes") if node["Description"]["Hostname"] == "w3")
    version = entry["Version"]["Index"]
    manager.do("POST", f"/nodes/{entry['ID']}/update?version={version}", {**entry["Spec"], "Labels": {"zone": "pci"}})
    world.engines["w3"].kill()
    world.engines["w2"].hostname = "w3"
    world.engines["w2"].wipe()
    world.inventory("m1", "w2", addresses=known)
    run = world.play("site")
    listed = {node["ID"]: node["Spec"]["Labels"] for node in manager.do("GET", "/nodes")}
    assert listed.pop(entry["ID"]) == {"zone": "pci"}
    assert set(map(str, listed.values())) == {"{}"}
    if known:
        assert f"confirm that with -e cluster_confirm_nodes={entry['ID']}" in " ".join(run.output.split())
    else:
        assert "Nothing was inherited or removed" in run.failure


def test_s5_a_host_that_reports_the_node_of_another_after_it_has_joined_gets_no_labels_there(world):
    world.swarm("m1", "w2")
    manager, liar = world.engines["m1"], world.engines["w1"]
    victim = world.engines["w2"].do("GET", "/info")["Swarm"]["NodeID"]

    def another(info):
        if info["Swarm"]["LocalNodeState"] == "active":
            info["Swarm"]["NodeID"] = victim
        return info

    liar.lie("/info", another)
    world.inventory("m1", "w1", cluster_host_label="hive.swarm.host")
    run = world.play("site")
    assert "w1: the engine reports a node ID that another host has" in run.failure
    listed = {node["ID"]: node["Spec"]["Labels"] for node in manager.do("GET", "/nodes")}
    assert listed[victim] == {}


def test_s2_status_tells_of_a_worker_that_claims_to_lead(world):
    evil = world.init("w1")
    run = world.play("status")
    assert f"w1 reports that it manages the swarm {evil}, but the inventory wants a worker" in run.failure


@pytest.mark.parametrize("fails", [False, True])
def test_s17_no_host_variable_keeps_a_token(world, fails):
    """run_playbook looks after every run of every test; here the tokens are known to have been read."""
    world.swarm("m1", "")
    if fails:
        world.engines["w1"].fail(500, "no", "POST", "/swarm/join", times=9)
    run = world.play("site", "--limit", "m1,w1")
    assert (run.code != 0) == fails
    assert world.asked("m1", "/swarm")


@pytest.mark.parametrize("what", ["tokens", "unlock_key"])
def test_s17_no_host_variable_keeps_what_was_rotated(world, what):
    cluster = world.swarm("m1", "w1", EncryptionConfig={"AutoLockManagers": True})
    world.inventory("m1", "w1", operations_secrets_file=str(world.folder / "kept.json"))
    world.play("rotate", "-e", f"operations_rotate={what}").succeeded()
    assert json.loads((world.folder / "kept.json").read_text())["cluster_id"] == cluster


def test_s17_a_rotation_that_fails_keeps_nothing_either(world):
    world.swarm("m1", "w1", EncryptionConfig={"AutoLockManagers": True})
    world.inventory("m1", "w1", operations_secrets_file="/nowhere/kept.json")
    assert world.play("rotate", "-e", "operations_rotate=unlock_key").code != 0


@pytest.mark.parametrize("known", [True, False], ids=["goes on", "stops"])
@pytest.mark.parametrize("playbook", ["rolling_maintenance", "upgrade_engine", "rotate"])
def test_s17_no_host_variable_keeps_the_unlock_key(world, playbook, known):
    """Where the operator does not have the key, the playbooks stop after they have read it."""
    world.swarm("m1 m2 m3", "", EncryptionConfig={"AutoLockManagers": True})
    key = world.engines["m1"].do("GET", "/swarm/unlockkey")["UnlockKey"]
    world.inventory("m1 m2 m3", "", cluster_unlock_keys=[key] if known else [])
    more = (
        "-e",
        "engine_version=99.0.0",
        "-e",
        "operations_rotate=unlock_key",
        "-e",
        "operations_disable_autolock_for_backup=true",
    )
    world.play(playbook, *more, check=True)
    assert world.asked("m1", "/swarm/unlockkey")
