# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""K3: labels, driver and driver options of a volume count when a node first makes it, and a change of them says so."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.tests.support.fake_engine import API_1_51
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.stack_tasks import of_document

pytestmark = [
    pytest.mark.parametrize("version", [API_1_51], indirect=True),
    pytest.mark.usefixtures("no_time"),
]

SERVICE = {"name": "web", "image": "lab/busybox:1", "resolve_image": "never", "wait": False}
SIZED = {"driver_config": {"options": {"type": "tmpfs", "device": "tmpfs", "o": "size=1m"}}}


def mount(**more):
    return {"type": "volume", "source": "data", "target": "/data", **more}


def sized(size):
    return {"driver_config": {"options": {"type": "tmpfs", "device": "tmpfs", "o": f"size={size}"}}}


@pytest.fixture
def run(cluster):
    manager = cluster.swarm(managers=1)[0]
    return on(manager)


def about(result):
    """The warnings about volumes."""
    assert not result["failed"], result["msg"]
    return [text for text in result.get("warnings", ()) if "volume 'data'" in text or "volume 'shop_data'" in text]


KEPT = {
    "driver options": (mount(**sized("1m")), mount(**sized("2m")), "driver_config.options"),
    "another server": (
        mount(driver_config={"options": {"type": "nfs", "o": "addr=10.0.0.1", "device": ":/a"}}),
        mount(driver_config={"options": {"type": "nfs", "o": "addr=10.0.0.2", "device": ":/a"}}),
        "driver_config.options",
    ),
    "options taken away": (mount(**sized("1m")), mount(driver_config={"options": {}}), "driver_config.options"),
    "options for one that had none": (mount(), mount(**sized("2m")), "driver_config.options"),
    "another driver": (
        mount(driver_config={"name": "local"}),
        mount(driver_config={"name": "rexray"}),
        "driver_config.name",
    ),
    "labels": (mount(labels={"a": "1"}), mount(labels={"a": "2"}), "labels"),
}


@pytest.mark.parametrize("name", KEPT)
def test_k3_a_change_that_no_node_with_the_volume_will_see(run, name):
    """K3: size=1m to size=2m was reported as changed, replaced the tasks, and the volume kept its options."""
    before, after, option = KEPT[name]
    assert about(run("swarm_service", {**SERVICE, "mounts": [before]})) == []
    for check in (True, False):
        result = run("swarm_service", {**SERVICE, "mounts": [after]}, check=check)
        (warning,) = about(result)
        assert result["changed"] and f"({option})" in warning and "docker volume rm data" in warning
    assert about(run("swarm_service", {**SERVICE, "mounts": [after]})) == []


MADE_ANEW = {
    "another source": mount(**{**sized("2m"), "source": "data2"}),
    "no source": mount(**{**sized("2m"), "source": None}),
    "another target": mount(**sized("1m"), target="/other"),
    "read only": mount(**sized("1m"), readonly=True),
    "a bind": {"type": "bind", "source": "/data", "target": "/data"},
    "the default driver by name": mount(driver_config={**SIZED["driver_config"], "name": "local"}),
}


@pytest.mark.parametrize("name", MADE_ANEW)
def test_k3_a_change_that_counts(run, name):
    run("swarm_service", {**SERVICE, "mounts": [mount(**sized("1m"))]})
    assert about(run("swarm_service", {**SERVICE, "mounts": [MADE_ANEW[name]]}, check=True)) == []


def test_k3_a_new_service_over_a_volume_of_this_engine(cluster):
    """docker stack rm leaves volumes where they are."""
    manager = cluster.swarm(managers=1)[0]
    options = {"type": "tmpfs", "device": "tmpfs", "o": "size=1m"}
    manager.do("POST", "/volumes/create", {"Name": "data", "DriverOpts": options})
    assert about(on(manager)("swarm_service", {**SERVICE, "mounts": [mount(**sized("1m"))]}, check=True)) == []
    (warning,) = about(on(manager)("swarm_service", {**SERVICE, "mounts": [mount(**sized("2m"))]}))
    assert "driver_config.options" in warning
    assert about(on(manager)("swarm_service", {**SERVICE, "name": "plain", "mounts": [mount()]})) == []


def stack(size):
    volumes = {"data": {"driver_opts": {"type": "tmpfs", "device": "tmpfs", "o": f"size={size}"}}}
    web = {"image": "lab/busybox:1", "volumes": ["data:/data"]}
    return {**of_document("shop", {"services": {"web": web}, "volumes": volumes}), "wait": False}


def test_k3_the_volume_of_a_stack(run):
    assert about(run("swarm_stack", stack("1m"))) == []
    (warning,) = about(run("swarm_stack", stack("2m"), check=True))
    assert warning.startswith("service shop_web: mounts: volume 'shop_data'")
    assert len(about(run("swarm_stack", stack("2m")))) == 1
    assert about(run("swarm_stack", stack("2m"))) == []
