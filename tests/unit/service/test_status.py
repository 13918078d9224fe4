# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run without changes can tell from the one document that it has read."""

from __future__ import annotations

import datetime

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._service.tasks import failed_before, is_converged_by_counts
from ansible_collections.hive.swarm.tests.unit.service.builders import service
from ansible_collections.hive.swarm.tests.unit.service.films import GENERATIONS, Film

SETTLED = (
    "create",
    "create-global",
    "create-zero",
    "update",
    "update-global",
    "update-rolled-back",
    "update-start-first",
    "rollback",
    "scale-down",
    "scale-up",
    "job",
    "job-again",
)
UNSETTLED = (
    "create-rejected",
    "create-unschedulable",
    "create-host-port-taken",
    "create-done",  # a service that may end: its tasks tell
    "create-nowhere",
    "job-failing",
    "job-global",
    "update-paused",
    "update-crashing-paused",
)


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize("name", SETTLED)
def test_nothing_is_under_way_at_the_end(name, generation):
    assert is_converged_by_counts(Film(generation, name).services()[-1])


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize("name", UNSETTLED)
def test_the_tasks_have_to_be_looked_at(name, generation):
    assert not any(is_converged_by_counts(moment) for moment in Film(generation, name).services())


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize("name", ["create", "create-global", "update", "update-start-first", "job"])
def test_something_is_under_way_at_the_beginning(name, generation):
    assert not is_converged_by_counts(Film(generation, name).services()[0])


@pytest.mark.parametrize(
    ("state", "settled"),
    [
        ("", True),
        ("completed", True),
        ("rollback_completed", True),
        ("updating", False),
        ("paused", False),
        ("rollback_started", False),
        ("rollback_paused", False),
    ],
)
def test_the_status_of_the_update(state, settled):
    counts = {"RunningTasks": 2, "DesiredTasks": 2, "CompletedTasks": 0}
    assert is_converged_by_counts(service(UpdateStatus={"State": state}, ServiceStatus=counts)) is settled


def test_an_engine_without_counts_says_nothing():
    assert not is_converged_by_counts(service())


def test_a_global_service_without_a_task_says_nothing():
    counts = {"RunningTasks": 0, "DesiredTasks": 0, "CompletedTasks": 0}
    assert is_converged_by_counts(service(0, ServiceStatus=counts))
    assert not is_converged_by_counts(service(Mode={"Global": {}}, ServiceStatus=counts))


class _Ended:
    """An engine with one task that failed so many seconds ago."""

    def __init__(self, age):
        moment = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=age)
        status = {"State": "failed", "Timestamp": moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")}
        self.tasks = [{"ServiceID": "s", "Status": status}]

    def get(self, path, **query):
        assert query["filters"]["desired-state"] == ["shutdown"]
        return self.tasks


@pytest.mark.parametrize(("age", "found"), [(0, {"s"}), (3000, {"s"}), (-3000, {"s"}), (4000, set()), (10**7, set())])
def test_k4_a_failure_that_was_outlived_long_ago_costs_no_further_request(age, found):
    spec = {"Mode": {"Replicated": {"Replicas": 1}}, "TaskTemplate": {}}
    service = {"ID": "s", "Spec": spec, "ServiceStatus": {"RunningTasks": 1, "DesiredTasks": 1}}
    assert failed_before(_Ended(age), [service]) == found
