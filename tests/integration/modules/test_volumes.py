# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""swarm_volume on real engines, as far as one goes without a CSI plugin; and whether the fake engine tells the same."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.tests.support.dialogue import speak
from ansible_collections.hive.swarm.tests.support.dialogues_volumes import OUTSIDERS, VOLUMES
from ansible_collections.hive.swarm.tests.support.fake_engine import FakeCluster
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.lifecycles import volumes as table
from ansible_collections.hive.swarm.tests.support.lifecycles.real import make_swarm, reset_all
from ansible_collections.hive.swarm.tests.support.lifecycles.volumes import MODULE, NAME
from ansible_collections.hive.swarm.tests.support.steps import Step, run_steps

OLD = pytest.mark.parametrize("real_lab", ["20.10"], indirect=True, scope="session")
NEW = pytest.mark.parametrize("real_lab", ["28.5"], indirect=True, scope="session")


@pytest.fixture(scope="module")
def hosts(real_lab):
    """A manager and a worker, with a secret."""
    hosts = real_lab[:2]
    reset_all(hosts)
    make_swarm(hosts)
    table.make_secret(hosts[0])
    return hosts


@pytest.fixture
def manager(hosts):
    """Without volumes before and after."""
    yield hosts[0]
    for volume in hosts[0].do("GET", "/volumes")["Volumes"]:
        hosts[0].do("DELETE", f"/volumes/{volume.get('ClusterVolume', {}).get('ID') or volume['Name']}?force=1")


@OLD
def test_an_older_engine_says_which_version_is_needed(real_engine):
    """In whatever state it is."""
    fails = "A cluster volume needs Docker API 1.42 (Docker Engine 23.0); the engine at"
    steps = [Step(MODULE, {**table.BASE, "state": state}, fails=fails) for state in ("present", "absent")]
    run_steps(steps, on(real_engine), table.VolumeWorld(real_engine))


@NEW
@pytest.mark.parametrize("row", table.OPTIONS, ids=str)
def test_option(manager, row):
    run = table.judged(manager, on(manager), *row.place)
    run_steps(list(table.steps(row)), run, table.VolumeWorld(manager))


@NEW
def test_availability(manager):
    run = table.judged(manager, on(manager), "ClusterVolume.Spec.Group", "g")
    run_steps(list(table.availabilities()), run, table.VolumeWorld(manager))


@NEW
def test_a_plugin_that_nobody_has_is_named(manager):
    """The engine tells nothing about it."""
    task = {"name": NAME, "wait_timeout": 0}
    failed = on(manager)(MODULE, {**task, "driver": "csi"})
    assert "the plugin has not created it. No node of the swarm has an enabled CSI plugin csi:latest" in failed["msg"]
    assert failed["changed"] and failed["failure"]["kind"] == "not_converged"
    failed = on(manager)(MODULE, {**task, "state": "absent"})
    assert "the plugin has not removed it. No node of" in failed["msg"] and "With force: true" in failed["msg"]


def same(dialogue, fake, real):
    """Whether both answer alike, but for where an engine keeps its own volumes."""
    asked = speak(dialogue, [real])
    for expected, found in zip(asked, speak(dialogue, [fake], hasty=True)):
        for said in (expected, found):
            if isinstance(said.answer, dict) and said.answer.get("Mountpoint"):
                said.answer["Mountpoint"] = "somewhere"
        assert (found.status, found.answer) == (expected.status, expected.answer), expected.request


def without_volumes(host):
    """Take away what services of other tests have left on the engine."""
    for volume in host.do("GET", "/volumes")["Volumes"] or []:
        host.do("DELETE", f"/volumes/{volume['Name']}")


@NEW
@pytest.mark.parametrize("name", VOLUMES)
def test_the_fake_is_honest(manager, name):
    with FakeCluster() as cluster:
        (fake,) = cluster.swarm(managers=1)
        without_volumes(manager)
        same(VOLUMES[name], fake, manager)


@NEW
def test_the_fake_is_honest_about_workers(hosts):
    with FakeCluster() as cluster:
        _manager, fake = cluster.swarm(managers=1, workers=1)
        without_volumes(hosts[1])
        same(OUTSIDERS, fake, hosts[1])
