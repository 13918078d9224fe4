# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The controller is killed at a task of an operation, at random; the next run finishes what was begun.

Each round takes a playbook and a task of it by the seed, kills the controller when that task begins, holds what must hold at
any time, and runs the playbook again. Then the swarm is as it was before. ``CUTS`` is the number of rounds, ``CUTS_SEED`` the
seed, which is printed. A swarm that has lost its managers is brought back in a tenth of the rounds, each from a new start.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._core.errors import SwarmError
from ansible_collections.hive.swarm.plugins.module_utils._lab import Lab
from ansible_collections.hive.swarm.tests.integration.operations.test_cluster_story import LabWorld
from ansible_collections.hive.swarm.tests.support.cuts import Ran, run_playbook
from ansible_collections.hive.swarm.tests.support.lifecycles.real import GENERATIONS, IMAGE

ROUNDS, SEED = int(os.environ.get("CUTS", "100")), int(os.environ.get("CUTS_SEED", "1"))
MAINTENANCE, WINDOW = "hive.swarm.maintenance", "hive.swarm.autolock_window"
KEYS = "keys.json"
QUICK = {"operations_wait_timeout": 90, "operations_stable_for": 0, "operations_settle_seconds": 0}
SLEEP = {"Image": IMAGE, "Command": ["sleep", "3600"], "StopSignal": "SIGKILL"}
RESTART = [
    {
        "name": "Restart",
        "hive.swarm.lab_engine": {"lab": "{{ lab_name }}", "name": "{{ lab_engine }}", "state": "restarted"},
    }
]
COMPOSE = {
    "services": {"web": {"image": IMAGE, "command": ["sleep", "3600"], "stop_signal": "SIGKILL", "networks": ["net"]}},
    "networks": {"net": {}},
}


class Operation(NamedTuple):
    """:param options: extra variables. :param back: playbook and options that lead back to the state before."""

    playbook: str
    options: dict[str, Any]
    back: tuple[str, dict[str, Any]] | None = None


SHOP = {"operations_stack": "shop"}
OPERATIONS = (
    Operation("rolling_maintenance", {"operations_patch": "patch.yml"}),
    Operation("backup", {"operations_disable_autolock_for_backup": True, "operations_secrets_file": KEYS}),
    Operation("backup", {"operations_secrets_file": KEYS}),
    Operation("rotate", {"operations_rotate": "unlock_key", "operations_secrets_file": KEYS}),
    Operation("rotate", {"operations_rotate": "tokens", "operations_secrets_file": KEYS}),
    Operation("scale_in", {"operations_nodes": "n4", "operations_confirm": "n4"}, ("scale_out", {})),
    Operation(
        "scale_in",
        {"operations_nodes": "n3", "operations_confirm": "n3", "operations_allow_even": True},
        ("site", {}),
    ),
    Operation(
        "deploy_stack",
        {**SHOP, "operations_compose": ["shop.yml"]},
        ("deploy_stack", {**SHOP, "operations_stack_state": "absent", "operations_confirm": "shop"}),
    ),
)


class Soak:
    """A swarm with autolock of three managers and a worker, and a service.

    :ivar tasks: how many tasks an operation has, as far as that is known.
    """

    def __init__(self, world: LabWorld):
        self.world = world
        self.tasks: dict[int, int] = {}
        world.inventory(workers="n4", operations_allow_plaintext_backup=True)
        (world.folder / "patch.yml").write_text(json.dumps(RESTART))
        (world.folder / "shop.yml").write_text(json.dumps(COMPOSE))
        self.cluster = world.swarm("n1 n2 n3", "n4", EncryptionConfig={"AutoLockManagers": True})
        api = world.api("n1")
        key = api.get("/swarm/unlockkey")["UnlockKey"]
        (world.folder / KEYS).write_text(json.dumps({"cluster_id": self.cluster, "unlock_keys": [key]}))
        spec = {"Name": "web", "TaskTemplate": {"ContainerSpec": SLEEP}, "Mode": {"Replicated": {"Replicas": 2}}}
        api.post("/services/create", spec)

    def run(self, playbook: str, options: dict[str, Any], cut: int = 0) -> Ran:
        keys = json.loads((self.world.folder / KEYS).read_text())["unlock_keys"]
        given = {**QUICK, **options, "cluster_unlock_keys": keys}
        return run_playbook(self.world.folder, str(self.world.file), playbook, given, cut)

    def manager(self) -> Any:
        """A manager that answers and has a leader."""
        for name in ("n1", "n2", "n3"):
            try:
                api = self.world.api(name)
                api.get("/nodes")
            except SwarmError:
                continue
            return api
        return None

    def check_invariants(self) -> None:
        """What holds wherever the controller ends."""
        self.world.wait(lambda: self.manager() is not None, "a manager with a quorum")
        api = self.manager()
        for node in api.get("/nodes"):
            spec = node["Spec"]
            assert spec["Availability"] == "active" or MAINTENANCE in spec["Labels"], node["Description"]["Hostname"]
        swarm = api.get("/swarm")["Spec"]
        assert swarm["EncryptionConfig"]["AutoLockManagers"] or WINDOW in swarm["Labels"]
        for name, engine in self.world.engines.items():
            noted = Path(self.world.folder, "backups", f"stopped-{name}").exists()
            assert engine.pid or noted, f"{name} is stopped without a note"

    def check_end(self) -> None:
        """The swarm is as it was before."""
        world = self.world
        world.wait(lambda: self.manager() is not None, "a manager with a quorum")
        world.wait(lambda: len(world.ready("n1")) == 4, "all nodes are ready")
        assert world.cluster_id("n1") == self.cluster
        assert world.roles() == {"n1": "manager", "n2": "manager", "n3": "manager", "n4": "worker"}
        for (node,) in world.nodes().values():
            assert (node["Spec"]["Availability"], node["Spec"]["Labels"]) == ("active", {})
        api = world.api("n1")
        swarm = api.get("/swarm")["Spec"]
        assert swarm["EncryptionConfig"]["AutoLockManagers"]
        assert WINDOW not in swarm["Labels"]
        key = api.get("/swarm/unlockkey")["UnlockKey"]
        assert key in json.loads((world.folder / KEYS).read_text())["unlock_keys"]
        assert not list((world.folder / "backups").glob("stopped-*"))
        world.wait(lambda: self.running() == 2, "the service runs")

    def running(self) -> int:
        (web,) = self.world.api("n1").get("/services", filters={"name": ["web"]}, status="true")
        return int(web["ServiceStatus"]["RunningTasks"])


@pytest.fixture
def world(tmp_path):
    _old, new = GENERATIONS.values()
    lab = Lab(
        name=f"cut{os.getpid()}", engines=[{"name": f"n{n}", "binaries": new} for n in range(1, 5)], images=[IMAGE]
    )
    try:
        lab.up()
        yield LabWorld(lab, tmp_path)
    finally:
        lab.down()


@pytest.mark.soak
def test_an_operation_that_is_killed_at_a_random_task_is_finished_by_the_next_run(world):
    soak = Soak(world)
    chance, killed = random.Random(SEED), 0
    for number in range(1, ROUNDS + 1):
        which = chance.randrange(len(OPERATIONS))
        operation, place = OPERATIONS[which], chance.random()
        cut = 1 + int(place * soak.tasks.get(which, 40))
        what = f"CUTS_SEED={SEED}, round {number}: {operation.playbook} {operation.options}, task {cut}"
        print(what, flush=True)
        first = soak.run(operation.playbook, operation.options, cut)
        if first.killed:
            killed += 1
            soak.check_invariants()
            again = soak.run(operation.playbook, operation.options)
            assert again.code == 0, f"{what}: {again.output}"
        else:
            assert first.code == 0, f"{what}: {first.output}"
            soak.tasks[which] = first.tasks
        if operation.back:
            back = soak.run(*operation.back)
            assert back.code == 0, f"{what}: {back.output}"
        soak.check_end()
    print(f"CUTS_SEED={SEED}: {ROUNDS} rounds, {killed} cuts")


class Lost:
    """A swarm without autolock, of three managers and a worker, that is backed up and then loses managers."""

    def __init__(self, world: LabWorld):
        self.world = world
        self.options: dict[str, Any] = {}

    def begin(self, playbook: str) -> None:
        """Make the swarm and what the playbook is for."""
        world = self.world
        world.clear()
        world.inventory(workers="n4", operations_allow_plaintext_backup=True)
        shutil.rmtree(world.folder / "backups", ignore_errors=True)
        self.cluster = world.swarm("n1 n2 n3", "n4")
        world.label("n3", availability="pause", zone="c")
        self.options = {**QUICK, "operations_confirm": self.cluster}
        if playbook == "restore":
            made = run_playbook(world.folder, str(world.file), "backup", QUICK)
            assert made.code == 0, made.output
            (archive,) = (world.folder / "backups").glob("*.tar.gz")
            described = json.loads(archive.with_name(archive.name.replace(".tar.gz", ".json")).read_text())
            self.options["operations_restore_archives"] = {described["inventory_hostname"]: str(archive)}
        lost = ("n1", "n2", "n3") if playbook == "restore" else ("n2", "n3")
        for name in lost:
            world.engines[name].wipe()

    def run(self, playbook: str, cut: int = 0) -> Ran:
        return run_playbook(self.world.folder, str(self.world.file), playbook, self.options, cut)

    def check_invariants(self) -> None:
        for name, engine in self.world.engines.items():
            noted = Path(self.world.folder, "backups", f"stopped-{name}").exists()
            assert engine.pid or noted, f"{name} is stopped without a note"

    def check_end(self) -> None:
        """The swarm is back, with what its lost managers had, and nothing of the run is left."""
        world = self.world
        world.wait(lambda: len(world.ready("n1")) == 4, "all nodes are ready")
        assert {world.cluster_id(name) for name in ("n1", "n2", "n3")} == {self.cluster}
        assert world.roles() == {"n1": "manager", "n2": "manager", "n3": "manager", "n4": "worker"}
        (node,) = world.nodes()["n3"]
        assert (node["Spec"]["Availability"], node["Spec"]["Labels"]) == ("pause", {"zone": "c"})
        assert not list((world.folder / "backups").glob("stopped-*"))


@pytest.mark.soak
@pytest.mark.parametrize("playbook", ["recover_quorum", "restore"])
def test_a_lost_swarm_is_back_though_the_run_is_killed_at_a_random_task(world, playbook):
    lost, chance, tasks = Lost(world), random.Random(SEED), 60
    for number in range(1, ROUNDS // 20 + 2):
        cut = 1 + int(chance.random() * tasks)
        what = f"CUTS_SEED={SEED}, round {number}: {playbook}, task {cut}"
        print(what, flush=True)
        lost.begin(playbook)
        first = lost.run(playbook, cut)
        if first.killed:
            lost.check_invariants()
            again = lost.run(playbook)
            # Once the swarm lives, the next run names the playbook that does the rest.
            assert again.code == 0 or "swarm_is_alive" in again.output, f"{what}: {again.output}"
            rest = lost.run("site")
            assert rest.code == 0, f"{what}: {rest.output}"
        else:
            assert first.code == 0, f"{what}: {first.output}"
            tasks = first.tasks
        lost.check_end()
