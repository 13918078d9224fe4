# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which nodes a global service is for: constraints as swarmkit reads them; and the slots' arithmetic."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._service.tasks import (
    eligible,
    summarize,
    take_snapshot,
    timestamp_key,
)
from ansible_collections.hive.swarm.tests.unit.service.builders import node, service, task
from hypothesis import given
from hypothesis import strategies as st

NODE = node(
    "n1", role="manager", labels={"disk": "ssd", "Zone": "A"}, engine_labels={"storage": "zfs"}, address="10.1.2.3"
)


@pytest.mark.parametrize(
    ("constraint", "fits"),
    [
        ("node.id==n1", True),
        ("node.id!=n1", False),
        ("node.hostname == host-n1", True),
        ("node.hostname==HOST-N1", True),  # values count without case
        ("node.hostname==host", False),
        ("node.role==manager", True),
        ("node.role != manager", False),
        ("node.platform.os==linux", True),
        ("node.platform.arch==x86_64", True),
        ("node.platform.arch==amd64", False),  # as the node itself says it
        ("node.labels.disk==ssd", True),
        ("node.labels.disk!=ssd", False),
        ("NODE.LABELS.disk==ssd", True),
        ("node.labels.zone==A", False),  # a label's name counts with its case
        ("node.labels.Zone==a", True),
        ("node.labels.other==x", False),
        ("node.labels.other!=x", True),
        ("engine.labels.storage==zfs", True),
        ("engine.labels.storage!=zfs", False),
        ("node.ip==10.1.2.3", True),
        ("node.ip==10.1.0.0/16", True),
        ("node.ip!=10.1.0.0/16", False),
        ("node.ip==10.2.0.0/16", False),
        ("node.ip==rubbish", False),
        ("node.unknown==x", False),
        ("node.unknown!=x", False),
        ("no constraint", False),
    ],
)
def test_a_constraint(constraint, fits):
    everywhere = service(Mode={"Global": {}}, Placement={"Constraints": [constraint]})
    assert eligible(everywhere, [NODE]) == ({"n1"} if fits else set())


def test_all_constraints_have_to_hold():
    both = service(Mode={"Global": {}}, Placement={"Constraints": ["node.role==manager", "node.labels.disk==hdd"]})
    assert eligible(both, [NODE]) == set()


@pytest.mark.parametrize("facts", [{"state": "down"}, {"availability": "drain"}, {"availability": "pause"}])
def test_a_node_that_takes_no_tasks(facts):
    assert eligible(service(Mode={"Global": {}}), [node("n1", **facts)]) == set()


def test_platforms():
    """A node that cannot run the image has a task that waits for ever; where no node can, that is the failure."""
    nodes = [node("n1"), node("n2", arch="aarch64")]

    def places(*platforms):
        return eligible(service(Mode={"Global": {}}, Placement={"Platforms": list(platforms)}), nodes)

    assert places({"OS": "linux", "Architecture": "amd64"}) == {"n1"}
    assert places({"Architecture": "arm64"}) == {"n2"}
    assert places({"OS": "linux"}) == {"n1", "n2"}
    assert places({"OS": "windows"}, {"Architecture": "arm64"}) == {"n2"}
    assert places({"OS": "windows"}) == {"n1", "n2"}


@given(st.integers(0, 10**9 - 1), st.integers(0, 10**9 - 1))
def test_times_sort_though_their_zeros_are_cut_off(one, other):
    def written(nanoseconds):
        fraction = f"{nanoseconds:09d}".rstrip("0")
        return f"2026-01-01T00:00:00{'.' + fraction if fraction else ''}Z"

    assert (timestamp_key(written(one)) < timestamp_key(written(other))) == (one < other)


STATES = ("new", "pending", "assigned", "preparing", "ready", "starting", "running", "complete", "failed", "rejected")
TASKS = st.lists(
    st.tuples(st.integers(1, 5), st.sampled_from(STATES), st.sampled_from(["running", "ready", "shutdown", "remove"])),
    max_size=12,
)


@given(TASKS, st.integers(0, 6), st.sampled_from(["any", "none", "on-failure"]), st.randoms())
def test_laws_of_counting(rows, replicas, condition, random):
    nodes = [node("n1")]
    asked = service(replicas, RestartPolicy={"Condition": condition})
    tasks = [task(at, slot, state, desired) for at, (slot, state, desired) in enumerate(rows, 1)]
    counted = summarize(take_snapshot(asked, tasks, nodes))
    # Each slot is counted once, and what is counted has not been told to stop, unless it came to its end.
    each = [one["Slot"] for side in (counted.healthy, counted.pending, counted.failed) for one in side]
    assert len(each) == len(set(each))
    assert all(one["Status"]["State"] in ("running", "complete") for one in counted.healthy)
    assert all(one["DesiredState"] in ("running", "ready") for one in counted.pending)
    assert len(counted.healthy) + len(counted.pending) + len(counted.failed) <= max(
        replicas, len(counted.healthy + counted.pending)
    )
    # The order of the list does not matter.
    random.shuffle(tasks)
    assert sorted(one["ID"] for one in summarize(take_snapshot(asked, tasks, nodes)).healthy) == sorted(
        one["ID"] for one in counted.healthy
    )
    # On a dead node nothing runs.
    down = summarize(take_snapshot(asked, tasks, [node("n1", state="down")]))
    assert all(one["Status"]["State"] == "complete" for one in down.healthy)


def test_a_job_counts_the_tasks_of_its_last_run_alone():
    job = service(Mode={"ReplicatedJob": {"TotalCompletions": 2, "MaxConcurrent": 1}})
    job["JobStatus"] = {"JobIteration": {"Index": 1}}
    tasks = [task(n, slot=n, state="complete", desired="complete") for n in (0, 1)]
    assert summarize(take_snapshot(job, tasks, [node("n1")])).healthy == []
    for one in tasks:
        one["JobIteration"] = {"Index": 1}
    assert len(summarize(take_snapshot(job, tasks, [node("n1")])).healthy) == 2
