# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each fault does to an engine of a lab, and what it leaves alone."""

from __future__ import annotations

import base64
import time

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._lab import LabError
from ansible_collections.hive.swarm.tests.support.rollouts import until

from .support import identity, pids, post, reaches, run_container, running


def _in_container(lab, container):
    """Whether processes are left of the container (its cgroup is one of n1)."""
    with open(f"/sys/fs/cgroup/{_pids_hierarchy()}/hive-lab/{lab.name}/n1/{container}/cgroup.procs") as file:
        return bool(file.read().split())


def _pids_hierarchy():
    with open("/proc/self/cgroup") as file:
        return "pids" if ":pids:" in file.read() else ""


def test_killed_is_the_daemon_alone(lab):
    engine = lab.engine("n1")
    container = run_container(engine, "sleep", "1000")
    engine.kill()
    assert engine.status().state == "stopped"
    assert _in_container(lab, container)
    engine.start()
    assert engine.get(f"/containers/{container}/json") is not None


def test_stopped_ends_containers_in_good_order(lab):
    engine = lab.engine("n1")
    container = run_container(engine, "sh", "-c", "trap 'exit 7' TERM; while :; do sleep 0.1; done")
    engine.stop()
    engine.stop()
    engine.start()
    state = engine.get(f"/containers/{container}/json")["State"]
    assert (state["Running"], state["ExitCode"]) == (False, 7)


def test_powered_off_ends_all_and_keeps_the_disk(lab):
    engine = lab.engine("n1")
    before, container = identity(engine), run_container(engine, "sleep", "1000")
    engine.power_off()
    assert engine.status().state == "off"
    engine.start()
    assert identity(engine) == before
    assert not running(engine, container)


def test_wiped_is_a_new_engine_at_the_old_place(lab):
    live, engine = pids(lab), lab.engine("n2")
    before, address = identity(engine), engine.address
    post(engine, "/volumes/create", {"Name": "lost"})
    engine.wipe()
    assert identity(engine) != before
    assert engine.get("/volumes/lost") is None
    assert lab.engine("n2").address == address
    assert reaches(lab, "n2", lab.engine("n1").address)
    assert {name: pid for name, pid in pids(lab).items() if name != "n2"} == {
        name: pid for name, pid in live.items() if name != "n2"
    }


def test_wiped_can_choose_its_address_again(lab):
    """It has one, until a swarm makes another link; what is left of that must not be in the next one's way."""
    engine = lab.engine("n2")
    for _time in range(2):
        post(engine, "/swarm/init", {"ListenAddr": "0.0.0.0"})
        until(lambda: engine.get("/networks/docker_gwbridge"))
        engine.wipe()
    assert engine.get("/info")["Swarm"]["LocalNodeState"] == "inactive"


def test_paused_takes_connections_and_never_answers(lab):
    engine = lab.engine("n2")
    engine.pause()
    assert engine.status().state == "paused"
    assert reaches(lab, "n1", engine.address)
    engine.unpause()
    assert engine.get("/info")["Name"] == engine.hostname


def test_a_stopped_engine_cannot_be_paused(lab):
    lab.engine("n2").stop()
    with pytest.raises(LabError, match="start it first"):
        lab.engine("n2").pause()


def test_a_partition_cuts_both_ways_and_only_there(lab):
    first, second, third = lab.engines
    assert reaches(lab, "n1", second.address)
    second.partition()
    assert not second.status().connected
    assert not reaches(lab, "n1", second.address)
    assert not reaches(lab, "n2", first.address)
    assert reaches(lab, "n1", third.address)
    assert second.get("/info")["Name"] == second.hostname
    second.restart()
    assert not second.status().connected
    second.heal()
    assert reaches(lab, "n1", second.address)
    assert reaches(lab, "n2", first.address)


def test_an_image_goes_through_the_registry(lab):
    first, second = lab.engines[:2]
    auth = {"X-Registry-Auth": base64.b64encode(b"{}").decode()}
    for number in (1, 2):
        post(first, f"/images/lab/busybox:{number}/tag?repo=registry:5000/app&tag={number}")
        post(first, f"/images/registry:5000/app/push?tag={number}", headers=auth)
    post(second, "/images/create?fromImage=registry:5000/app&tag=2", headers=auth)
    pulled = second.get("/images/registry:5000/app:2/json")
    assert pulled["Id"] == second.get("/images/lab/busybox:2/json")["Id"]
    assert pulled["RepoDigests"][0].startswith("registry:5000/app@sha256:")


def test_a_registry_that_is_gone_comes_back_with_what_it_had(lab):
    first, auth = lab.engines[0], {"X-Registry-Auth": base64.b64encode(b"{}").decode()}
    post(first, "/images/lab/busybox:1/tag?repo=registry:5000/kept&tag=1")
    post(first, "/images/registry:5000/kept/push?tag=1", headers=auth)
    lab.registry.kill()
    with pytest.raises(AssertionError, match="refused"):
        post(first, "/images/create?fromImage=registry:5000/kept&tag=1", headers=auth)
    lab.registry.start()
    post(first, "/images/create?fromImage=registry:5000/kept&tag=1", headers=auth)


def test_nothing_can_be_pulled_from_outside_and_that_is_said_at_once(lab):
    began = time.monotonic()
    with pytest.raises(AssertionError):
        post(lab.engines[0], "/images/create?fromImage=alpine&tag=3")
    assert time.monotonic() - began < 12  # where names lead nowhere, an engine tries for 15 seconds


def test_engines_of_different_suites_form_a_swarm(new_lab):
    lab = new_lab(
        engines=[{"name": "old"}, {"name": "new", "binaries": "forky"}], images=["lab/busybox:1"], timeout=120
    )
    lab.up()
    old, new = lab.engines
    versions = [engine.get("/version")["Version"].partition("+")[0] for engine in (old, new)]
    assert versions[0] != versions[1]
    post(old, "/swarm/init", {"ListenAddr": "0.0.0.0", "AdvertiseAddr": old.address})
    token = old.get("/swarm")["JoinTokens"]["Worker"]
    post(new, "/swarm/join", {"ListenAddr": "0.0.0.0", "RemoteAddrs": [old.address], "JoinToken": token})
    assert len(old.get("/nodes")) == 2
    container = run_container(new, "sh", "-c", "exit 5")
    post(new, f"/containers/{container}/wait")
    assert new.get(f"/containers/{container}/json")["State"]["ExitCode"] == 5
    live = pids(lab)
    new.kill()
    lab.up()
    assert pids(lab)["old"] == live["old"]
