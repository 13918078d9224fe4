# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""K4: a service that fails again and again is not ok for a task that changes nothing, whenever that looks."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.tests.support.fake_engine import behaviours
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.stack_tasks import of_document

pytestmark = pytest.mark.usefixtures("no_time")

QUICK = {"update_config": {"monitor": "5s"}, "restart_config": {"delay": "0s"}}
SERVICE = {"name": "shop_web", "image": "lab/busybox:1", "resolve_image": "never", **QUICK}
STACK = {"services": {"web": {"image": "lab/busybox:1", "deploy": {"update_config": {"monitor": "5s"}}}}}


@pytest.fixture
def manager(cluster):
    return cluster.swarm(managers=1)[0]


def tasks_of(kind, **more):
    """The module and the options of a task that wants the service, alone or as a stack."""
    if kind == "stack":
        return "swarm_stack", of_document("shop", STACK)
    mode = {"mode": "global"} if kind == "global" else {}
    return "swarm_service", {**SERVICE, **mode, **more}


@pytest.mark.parametrize("kind", ["service", "global", "stack"])
def test_an_unchanged_task_watches_a_service_that_has_just_failed(cluster, manager, kind):
    cluster.script.set("shop_web", behaviours.crashed(1, looks=1), times=2)
    first = on(manager)(*tasks_of(kind))
    assert not first["failed"], first["msg"]
    again = on(manager)(*tasks_of(kind))
    assert not again["failed"] and not again["changed"]
    progress = [line.partition(" s: ")[2] for line in again["progress"]]
    assert any(
        "watching those that started after a failure" in line or "watching the new ones" in line for line in progress
    )


@pytest.mark.parametrize("kind", ["service", "global", "stack"])
def test_an_unchanged_task_fails_as_long_as_the_service_does(cluster, manager, kind):
    cluster.script.set("shop_web", behaviours.crashed(1, looks=2))
    assert on(manager)(*tasks_of(kind))["failed"]
    for _run in range(3):
        again = on(manager)(*tasks_of(kind))
        assert again["failed"] and not again["changed"], again
        assert again["failure"]["kind"] == "not_converged" and again["failure"]["tasks"]


def test_a_service_that_never_failed_is_not_watched(manager):
    assert on(manager)("swarm_service", SERVICE)["changed"]
    manager.forget()
    assert on(manager)("swarm_service", SERVICE)["progress"] == []
    assert [str(one).partition("?")[0] for one in manager.requests] == ["GET /services", "GET /tasks"]


def test_a_change_of_labels_alone_watches_a_service_that_has_just_failed(cluster, manager):
    cluster.script.set("shop_web", behaviours.crashed(1, looks=1), times=1)
    assert not on(manager)("swarm_service", SERVICE)["failed"]
    labelled = on(manager)("swarm_service", {**SERVICE, "labels": {"a": "b"}})
    assert any("watching" in line for line in labelled["progress"])
