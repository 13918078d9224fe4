# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""swarm_network on real engines of both generations: every option, and replacing a network that services use."""

from __future__ import annotations

import contextlib

import pytest
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.lifecycles import networks as table
from ansible_collections.hive.swarm.tests.support.lifecycles.networks import MODULE, NAME
from ansible_collections.hive.swarm.tests.support.lifecycles.real import Refusal, make_swarm, reset_all
from ansible_collections.hive.swarm.tests.support.lifecycles.stage import Stage
from ansible_collections.hive.swarm.tests.support.steps import Step, run_steps

# For tests that one generation of engines is enough for.
ONE = pytest.mark.parametrize("real_lab", ["28.5"], indirect=True, scope="session")
INTERNAL = {"name": NAME, "internal": True, "recreate": True}


@pytest.fixture(scope="module")
def manager(real_lab):
    """A swarm of one, with a config-only network."""
    reset_all(real_lab)
    make_swarm(real_lab[:1])
    table.make_config(real_lab[0])
    yield real_lab[0]
    real_lab[0].do("DELETE", f"/networks/{table.CONFIG}")


@pytest.fixture
def run(manager):
    """A runner, and nothing left behind by it."""
    yield on(manager)
    for service in manager.do("GET", "/services"):
        manager.do("DELETE", f"/services/{service['ID']}")
    Stage.wait_for(lambda: not left(manager))


def left(host):
    """What of the test's networks is still there, after another try to remove them."""
    for name in (NAME, "other"):
        with contextlib.suppress(Refusal):
            host.do("DELETE", f"/networks/{name}")
    return [item for item in host.do("GET", "/networks") if item["Name"] in (NAME, "other")]


def running(host):
    return [task["ID"] for task in host.do("GET", "/tasks") if task["Status"]["State"] == "running"]


@pytest.fixture
def attached(manager, run):
    """A network that two services use, each with a running task."""
    table.make_attached(manager)
    Stage.wait_for(lambda: len(running(manager)) == len(table.ATTACHED))
    return manager


@pytest.mark.parametrize("row", table.OPTIONS, ids=str)
def test_option(manager, run, row):
    run_steps(list(table.steps(row)), table.audited(manager, run), table.NetworkWorld(manager))


@ONE
def test_services_come_back_as_they_were(attached, run):
    """An engine needs some four seconds to take a container off its last overlay network, and so twice here."""
    before, tasks, network = table.specs(attached), running(attached), table.document(attached, NAME)
    refused = {"name": NAME, "labels": {"com.docker.swarm.predefined": "true"}, "recreate": True}
    assert "cannot be applied by users" in run(MODULE, refused)["msg"]
    assert (table.specs(attached), running(attached), table.document(attached, NAME)) == (before, tasks, network)
    used = {"kind": "refused", "options": ["internal"], "services": ["back", "front"], "containers": []}
    steps = [Step(MODULE, {"name": NAME, "internal": True}, failure=used), Step(MODULE, INTERNAL, diff={"internal"})]
    done = run_steps(steps, run, table.NetworkWorld(attached))[-1]
    assert done["reattached"] == ["back", "front"]
    assert table.specs(attached) == before
    assert table.document(attached, NAME) == {**network, "Internal": True}
    assert len(running(attached)) == len(tasks) and not set(running(attached)) & set(tasks)
    for service in attached.do("GET", "/services"):
        assert service["PreviousSpec"] == service["Spec"]
    _removed_right_after_its_services(attached, run)


def _removed_right_after_its_services(host, run):
    """Its tasks are still there then, and its name and addresses are not free at once."""
    for name in table.ATTACHED:
        host.do("DELETE", f"/services/{name}")
    for task in ({"name": NAME, "state": "absent"}, {"name": NAME}):
        done = run(MODULE, task)
        assert done["changed"], done


@ONE
def test_a_network_that_is_in_nobodys_spec_but_in_use(manager, run):
    """By a container, which the engine only calls a task."""
    made = run(MODULE, {"name": NAME, "attachable": True})
    assert not made["failed"], made["msg"]
    config = {"Image": table.IMAGE, "Cmd": ["sleep", "1000"], "HostConfig": {"NetworkMode": NAME}}
    container = manager.do("POST", "/containers/create", config)["Id"]
    manager.do("POST", f"/containers/{container}/start")
    try:
        for task in ({"name": NAME, "state": "absent"}, INTERNAL):
            user = f"container {container[:12]} on node {manager.hostname}"
            used = {"kind": "refused", "services": [], "containers": [user]}
            run_steps([Step(MODULE, task, failure=used)], run, table.NetworkWorld(manager))
    finally:
        manager.do("DELETE", f"/containers/{container}?force=1")


@ONE
def test_another_ingress_network(manager, run):
    """The engine forgets the old one some time after it has said so."""
    pool = [{"subnet": "10.66.0.0/24"}]
    step = Step(MODULE, {"name": "ingress", "ipam_config": pool, "recreate": True}, diff={"ipam_config"})
    run_steps([step], run, table.NetworkWorld(manager))


@ONE
def test_addresses_that_are_taken_are_told_before(manager, run):
    pool = [{"subnet": "10.77.0.0/16"}]
    made = run(MODULE, {"name": "other", "ipam_config": pool})
    assert not made["failed"], made["msg"]
    step = Step(
        MODULE,
        {"name": NAME, "ipam_config": [{"subnet": "10.77.1.0/24"}]},
        failure={
            "kind": "refused",
            "option": "ipam_config.subnet",
            "overlap": {"network": "other", "subnet": "10.77.0.0/16"},
        },
    )
    run_steps([step], run, table.NetworkWorld(manager))
