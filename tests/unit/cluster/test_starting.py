# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""K8: a task that is just starting is no problem of a swarm; one that fails, or has no node, is."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.services import split_missing_tasks

SERVICE = {"id": "s", "name": "agent", "running": 2, "desired": 3, "spec": {"mode": "global"}}


def task(state, desired="running", **more):
    return {"service_id": "s", "slot": None, "node_id": "n3", "state": state, "desired_state": desired, **more}


@pytest.mark.parametrize("state", ["assigned", "preparing", "ready", "starting"])
def test_k8_a_global_task_that_is_starting_is_told_and_is_no_problem(state):
    assert split_missing_tasks([SERVICE], [task(state)]) == ([], ["agent: 2 of 3 tasks run, 1 is starting"])


@pytest.mark.parametrize(
    "tasks",
    [
        [],
        [task("pending", node_id="")],
        [task("starting"), task("failed", "shutdown")],
        [task("ready", "ready")],
        [task("starting", service_id="other")],
    ],
    ids=["none", "without a node", "crashing", "not wanted yet", "of another service"],
)
def test_k8_what_lacks_a_task_is_a_problem(tasks):
    assert split_missing_tasks([SERVICE], tasks) == (["agent: 2 of 3 tasks run"], [])


def test_k8_a_failure_elsewhere_does_not_matter():
    tasks = [task("starting"), task("failed", "shutdown", node_id="n1")]
    assert split_missing_tasks([SERVICE], tasks)[0] == []
