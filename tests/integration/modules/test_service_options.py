# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every option of swarm_service on real engines of both generations: predicted, done, and done once."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._engine.client import version_key
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.lifecycles import service_options as table
from ansible_collections.hive.swarm.tests.support.lifecycles.audit import audited_service, foretold
from ansible_collections.hive.swarm.tests.support.lifecycles.real import CalmWorld, make_swarm, reset_all
from ansible_collections.hive.swarm.tests.support.lifecycles.stage import Stage
from ansible_collections.hive.swarm.tests.support.steps import run_steps
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import data


@pytest.fixture(scope="module")
def manager(real_lab):
    """A swarm of one, with two of everything that a service can refer to."""
    reset_all(real_lab)
    make_swarm(real_lab[:1])
    table.make_referred(real_lab[0])
    _keep_tasks(real_lab[0])
    return real_lab[0]


def _keep_tasks(host):
    """Keep the engine from removing old tasks: 20.10 crashes when it does while their service is being removed
    (swarmkit, manager/orchestrator/service.go, SetServiceTasksRemove)."""
    swarm = host.do("GET", "/swarm")
    spec = {**swarm["Spec"], "Orchestration": {"TaskHistoryRetentionLimit": 50}}
    host.do("POST", f"/swarm/update?version={swarm['Version']['Index']}", spec)


@pytest.fixture
def run(manager):
    """A runner, and no service left behind by it."""
    yield on(manager)
    for service in manager.do("GET", "/services"):
        manager.do("DELETE", f"/services/{service['ID']}")


@pytest.mark.parametrize("row", table.OPTIONS, ids=str)
def test_option(manager, run, row):
    """What the engine's API does not have is refused before anything is sent."""
    if version_key(row.since) > version_key(manager.do("GET", "/version")["ApiVersion"]):
        refused = run("swarm_service", {**table.base(row), row.option: row.first}, check=True)
        assert refused["failure"]["kind"] == "unsupported"
        assert refused["failure"]["needed_api_version"] == row.since
        return
    made = run("swarm_service", table.base(row))
    assert not made["failed"], made["msg"]
    audited = audited_service(manager, table.NAME, foretold(run, "service"))
    run_steps(list(table.steps(row)), audited, CalmWorld([manager.socket]))


@settings(
    max_examples=24, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate]
)
@given(data=data())
def test_any_options_together(manager, data):
    """Random options over a random live service."""
    api = manager.do("GET", "/version")["ApiVersion"]
    live, wanted = data.draw(table.options(api)), data.draw(table.options(api))
    table.play(manager, table.compatible(live, wanted), wanted, CalmWorld([manager.socket]))


# So many services have tasks at a time.
_PARTS = 6


@pytest.mark.parametrize("part", range(_PARTS))
def test_options_while_tasks_run(manager, run, part):
    """K1: each option is set, changed and cleared while the service has tasks, side by side; the manager survives it.

    What the engine compares are tasks that have a node, so a step is done when each service has one; whether a
    container starts is not the point, and with many values none does. The log is read after the test.
    """
    api = version_key(manager.do("GET", "/version")["ApiVersion"])
    rows = [row for row in table.OPTIONS if version_key(row.since) <= api][part::_PARTS]
    common = {"wait": False, "resolve_image": "never"}
    live = {"image": table.IMAGE, "args": ["sleep", "600"], "stop_grace_period": "0s", "replicas": 1}

    def write(options):
        for number, row in enumerate(rows):
            args = options(row)
            if args is not None:
                result = run("swarm_service", {"name": f"with-tasks-{number}", **common, **args})
                assert not result["failed"], f"{row}: {result['msg']}"

    def placed():
        services = {service["ID"] for service in manager.do("GET", "/services")}
        return services <= {task["ServiceID"] for task in manager.do("GET", "/tasks") if task.get("NodeID")}

    write(lambda row: {**live, **row.base, **({"replicas": 1} if row.base else {})})
    Stage.wait_for(placed)
    for value in ("first", "second", "clear"):
        write(lambda row, value=value: _given(row, value))
    write(lambda row: {"labels": {"compared": "again"}})
    run("swarm_service", {"name": "last", **common, **live})
    Stage.wait_for(placed)


def _given(row, value):
    """The option of a row with its first or second value or cleared; None where the row has none."""
    wanted = getattr(row, value)
    return None if wanted is None else {row.option: wanted}
