# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which services would have nowhere to go, and which lack tasks."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.services import missing_tasks
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.placement import meets, services_without_node
from ansible_collections.hive.swarm.tests.unit.cluster.situations import node

NODES = [
    node("n1", "manager", availability="drain", os="linux", architecture="x86_64", engine_labels={}),
    node("n2", labels={"disk": "ssd"}, os="linux", architecture="x86_64", engine_labels={"rack": "b"}),
    node("n3", labels={}, os="linux", architecture="x86_64", engine_labels={}),
    node("n4", labels={"disk": "SSD"}, state="down", os="linux", architecture="x86_64", engine_labels={}),
]


def service(**spec):
    return {"id": "s1", "name": "web", "spec": {"name": "web", **spec}, "running": 2, "desired": 2}


def tasks(*names):
    return [{"service_id": "s1", "node_id": f"id-{name}"} for name in names]


def lost(found, *going, running=("n2", "n3")):
    return [
        (each["service"], each["lost"])
        for each in services_without_node([found], NODES, [f"id-{n}" for n in going], tasks(*running))
    ]


@pytest.mark.parametrize(
    ("constraint", "fits"),
    [
        ("node.labels.disk==ssd", ["n2", "n4"]),
        ("node.labels.disk != ssd", ["n1", "n3"]),
        ("node.role==manager", ["n1"]),
        ("node.role == worker", ["n2", "n3", "n4"]),
        ("node.hostname!=n3", ["n1", "n2", "n4"]),
        ("node.id==id-n2", ["n2"]),
        ("node.ip==192.0.2.0/30", ["n1", "n2", "n3"]),
        ("node.ip!=192.0.2.2", ["n1", "n3", "n4"]),
        ("node.platform.os==linux", ["n1", "n2", "n3", "n4"]),
        ("engine.labels.rack==b", ["n2"]),
        ("node.nothing==x", []),
        ("what is this", []),
    ],
)
def test_constraints(constraint, fits):
    assert [each["hostname"] for each in NODES if meets(each, constraint)] == fits


def test_where_any_node_will_do_the_others_take_the_tasks():
    assert lost(service(), "n2") == []
    assert lost(service(), "n2", "n3") == [("web", 2)]


def test_a_constraint_that_only_the_drained_node_meets():
    pinned = service(placement={"constraints": ["node.labels.disk==ssd"]})
    assert lost(pinned, "n2") == [("web", 2)]
    (found,) = services_without_node([pinned], NODES, ["id-n2"], tasks("n2"))
    assert "constraints node.labels.disk==ssd" in found["why"]
    assert lost(pinned, "n3", running=("n2", "n2")) == []


def test_a_limit_per_node_and_a_port_of_the_host():
    assert lost(service(placement={"replicas_max_per_node": 1}), "n2") == [("web", 1)]
    assert lost(service(placement={"replicas_max_per_node": 2}), "n2") == []
    port = [{"target_port": 80, "published_port": 80, "mode": "host"}]
    assert lost(service(publish=port), "n2") == [("web", 1)]
    assert lost(service(publish=[{**port[0], "mode": "ingress"}]), "n2") == []


def test_global_services_and_jobs_need_no_other_node():
    assert lost(service(mode="global"), "n2", "n3") == []
    assert lost(service(mode="replicated-job"), "n2", "n3") == []


def counted(running, desired, **spec):
    return [{**service(**spec), "running": running, "desired": desired}]


def test_missing_is_fewer_than_desired_and_fewer_than_before():
    assert missing_tasks(counted(1, 2)) == ["web: 1 of 2 tasks run"]
    assert (
        missing_tasks(counted(2, 2))
        == missing_tasks(counted(None, None))
        == missing_tasks(counted(0, 1, mode="global-job"))
        == []
    )
    assert missing_tasks(counted(1, 2), before=counted(1, 2)) == []
    assert missing_tasks(counted(1, 2), before=counted(2, 2)) == ["web: 1 of 2 tasks run"]
    assert missing_tasks(counted(1, 1, mode="global"), before=counted(2, 2, mode="global")) == []
