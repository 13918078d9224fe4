# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""K4 on real engines: a container that ends with 1 after 3 s fails the task that changes nothing, too."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.lifecycles.real import IMAGE, RealHost
from ansible_collections.hive.swarm.tests.support.rollouts import Rollouts, swarm_of, until
from ansible_collections.hive.swarm.tests.support.stack_tasks import of_document

pytestmark = pytest.mark.slow

_LOOP = ["sh", "-c", "sleep 3; exit 1"]
_DEPLOY = {"restart_policy": {"delay": "0s"}}


@pytest.fixture
def swarm(real_lab: list[RealHost]) -> Iterator[Rollouts]:
    found = swarm_of(real_lab)
    found.clear()
    yield found
    found.clear()


@pytest.mark.soak("20.10")
def test_the_crash_loop_does_not_become_ok(swarm):
    """K4: runs 2 to 6 returned ok. Each run begins while a task runs, so that the counts are equal."""
    release = {"command": _LOOP, "restart_config": {"delay": "0s"}, "update_config": {"monitor": "5s"}}
    assert swarm.deploy(**release)["failed"]
    for _run in range(3):
        until(swarm.running)
        again = swarm.deploy(**release)
        assert again["failed"] and not again["changed"], again
        assert again["failure"]["tasks"][0]["exit_code"] == 1


@pytest.mark.soak("20.10")
def test_the_crash_loop_of_a_stack_does_not_become_ok(swarm):
    service = {"image": IMAGE, "command": _LOOP, "deploy": _DEPLOY}
    task = of_document("loop", {"services": {"web": service}})
    run = on(swarm.manager)
    assert run("swarm_stack", {**task, "wait_timeout": 60})["failed"]
    until(lambda: swarm.tasks("running", name="loop_web"))
    again = run("swarm_stack", {**task, "wait_timeout": 60})
    assert again["failed"] and not again["changed"], again
    assert "loop_web.1 failed" in again["msg"]


def test_a_service_that_has_recovered_is_ok_and_not_watched_again(swarm):
    """Its first container ends with 1, the next ones run: for as long as the monitor period, they are watched."""
    once = "test -e /state/failed && exec sleep 3600; touch /state/failed; exit 1"
    release = {
        "command": ["sh", "-c", once],
        "mounts": [{"type": "volume", "source": "k4", "target": "/state"}],
        "placement": {"constraints": [f"node.hostname == {swarm.manager.hostname}"]},
        "restart_config": {"delay": "0s"},
        "update_config": {"monitor": "4s"},
    }
    assert not swarm.deploy(**release, wait=False)["failed"]
    until(lambda: swarm.tasks("failed") and swarm.running())
    watched = swarm.deploy(**release)
    assert not watched["failed"] and not watched["changed"], watched
    assert any("watching" in line for line in watched["progress"]), watched["progress"]
    rested = swarm.deploy(**release)
    assert not rested["failed"] and not any("watching" in line for line in rested["progress"]), rested["progress"]
