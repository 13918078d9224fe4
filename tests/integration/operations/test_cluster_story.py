# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A swarm of three managers that is backed up, destroyed and brought back, and renews what it keeps secret."""

from __future__ import annotations

import base64
import json
import os
import stat

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._lab import Lab
from ansible_collections.hive.swarm.tests.integration.cluster.world import World

MANAGERS = "n1 n2 n3"


class LabWorld(World):
    """A world whose hosts know that their engines are those of a lab, so that these can be stopped and started."""

    def inventory(self, managers=MANAGERS, workers="", variables=None, **common):
        wide = {"operations_backup_dir": str(self.folder / "backups"), "operations_wait_timeout": 90, **common}
        super().inventory(managers, workers, variables, **wide)

    def _variables(self, name):
        return {**super()._variables(name), "lab_name": self.lab.name, "lab_engine": name}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    lab = Lab(name=f"ops{os.getpid()}", engines=3, images=["lab/busybox:1"])
    try:
        lab.up()
        yield LabWorld(lab, tmp_path_factory.mktemp("operations"))
    finally:
        lab.down()


def backups(world):
    return sorted((world.folder / "backups").glob("*.tar.gz"))


def test_a_backup_brings_a_destroyed_swarm_back_with_its_secrets_and_services(world):
    cluster = world.swarm(MANAGERS, "")
    api = world.api("n1")
    api.post("/secrets/create", {"Name": "kept", "Data": base64.b64encode(b"0123").decode()})
    # An engine waits ten seconds for a process that does not heed SIGTERM, each time that it is stopped.
    task = {"ContainerSpec": {"Image": "lab/busybox:1", "Command": ["sleep", "3600"], "StopSignal": "SIGKILL"}}
    api.post("/services/create", {"Name": "web", "TaskTemplate": task, "Mode": {"Replicated": {"Replicas": 3}}})
    world.label("n3", availability="pause", zone="c")

    made = world.play("backup").succeeded()
    assert api.get("/services", status="true")[0]["ServiceStatus"]["RunningTasks"] == 3
    (archive,) = backups(world)
    description = json.loads(archive.with_name(archive.name.replace(".tar.gz", ".json")).read_text())
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert description["cluster_id"] == cluster
    host = description["inventory_hostname"]
    assert not next(node for node in description["nodes"] if node["id"] == description["node_id"])["leader"]
    node, step, reason = made.steps()[0]
    assert (node, step.startswith("stop its engine"), reason.startswith("manager")) == (host, True, True)
    assert world.roles() == {"n1": "manager", "n2": "manager", "n3": "manager"}

    given = ("-e", json.dumps({"operations_restore_archives": {host: str(archive)}}))
    for name in world.engines:
        world.engines[name].wipe()
    assert world.play("restore", *given).refused().unconfirmed == cluster
    world.play("restore", *given, "-e", f"operations_confirm={cluster}").succeeded()
    assert world.cluster_id("n1") == world.cluster_id(host) == cluster
    assert world.roles() == {"n1": "manager", "n2": "manager", "n3": "manager"}
    spec = world.nodes()["n3"][0]["Spec"]
    assert (spec["Labels"], spec["Availability"]) == ({"zone": "c"}, "pause")
    assert [secret["Spec"]["Name"] for secret in world.api("n1").get("/secrets")] == ["kept"]
    assert [service["Spec"]["Name"] for service in world.api("n1").get("/services")] == ["web"]


def test_tokens_certificate_and_key_are_renewed_as_far_as_a_manager_that_is_off_allows(world):
    keys = world.folder / "keys.json"
    kept = ("-e", f"operations_secrets_file={keys}")
    before = world.api("n1").get("/swarm")
    run = world.play("rotate", "-e", "operations_rotate=tokens", *kept).succeeded()
    after = world.api("n1").get("/swarm")["JoinTokens"]
    assert json.loads(keys.read_text())["join_tokens"] == {"worker": after["Worker"], "manager": after["Manager"]}
    assert set(after.values()).isdisjoint(before["JoinTokens"].values())
    assert "SWMTKN" not in run.output
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600

    current = world.api("n1").get("/swarm")
    locked = {**current["Spec"], "EncryptionConfig": {"AutoLockManagers": True}}
    world.api("n1").post("/swarm/update", locked, version=current["Version"]["Index"])
    old = world.api("n1").get("/swarm/unlockkey")["UnlockKey"]
    world.engines["n3"].stop()
    world.wait(lambda: world.nodes()["n3"][0]["Status"]["State"] == "down", "n3 down")
    away = world.play(
        "rotate", "-e", "operations_rotate=ca", "-e", f"operations_confirm={world.cluster_id('n1')}"
    ).refused()
    assert "The rotation would not end" in away.failure and "-n3" in away.failure
    run = world.play("rotate", "-e", "operations_rotate=unlock_key", *kept).succeeded()
    new = world.api("n1").get("/swarm/unlockkey")["UnlockKey"]
    assert json.loads(keys.read_text())["unlock_keys"] == [new, old]
    assert new not in run.output and old not in run.output
    world.engines["n3"].start()
    world.inventory(cluster_unlock_keys=[new, old])
    assert world.site().succeeded().changed_tasks == [("Unlock the manager", "n3")]
