# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Operations on some hosts (--limit), as one story: they do what the limit allows, and leave all other hosts alone."""

from __future__ import annotations

import http.client
import json
import os
import socket

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._lab import Lab
from ansible_collections.hive.swarm.tests.integration.cluster.world import World
from ansible_collections.hive.swarm.tests.support.lifecycles.real import GENERATIONS, IMAGE

QUICK = ("-e", "operations_wait_timeout=60")
WEB = {
    "Name": "web",
    "TaskTemplate": {
        "ContainerSpec": {"Image": IMAGE, "Command": ["sleep", "600"], "StopGracePeriod": 0},
        "Placement": {"Constraints": ["node.role==worker"]},
    },
    "Mode": {"Replicated": {"Replicas": 2}},
}


@pytest.fixture
def world(tmp_path):
    _old, new = GENERATIONS.values()
    engines = [{"name": f"n{number}", "binaries": new} for number in range(1, 6)]
    lab = Lab(name=f"lim{os.getpid()}", engines=engines, images=[IMAGE])
    try:
        lab.up()
        yield World(lab, tmp_path)
    finally:
        lab.down()


@pytest.mark.soak
def test_a_limit_is_kept(world):
    cluster = world.swarm()
    tasks_spread_over_nodes_that_the_limit_leaves_out(world)
    images_go_from_the_host_of_the_limit_alone(world)
    only_the_host_of_the_limit_is_healed(world, cluster)
    only_a_node_of_the_limit_leaves(world)


def tasks_spread_over_nodes_that_the_limit_leaves_out(world):
    world.label("n5", availability="drain")
    world.api("n1").post("/services/create", WEB)
    world.wait(lambda: places(world) == {"n4": 2}, "both tasks on n4")
    world.label("n5")
    assert world.play("rebalance", "--limit", "n2", *QUICK).refused().unconfirmed == "web"
    run = world.play("rebalance", "--limit", "n2", "-e", "operations_confirm=web", *QUICK).succeeded()
    assert run.changed_tasks == [("Replace the tasks of each service in turn", "n2")]
    assert places(world) == {"n4": 1, "n5": 1}


def images_go_from_the_host_of_the_limit_alone(world):
    world.api("n1").delete("/services/web")
    world.wait(
        lambda: not listed(world, "n4", "containers") + listed(world, "n5", "containers"), "no container is left"
    )
    run = world.play("prune", "--limit", "n4", "-e", "operations_prune_age=1s").succeeded()
    assert {node for node, _step, _reason in run.steps()} == {"n4"}
    assert listed(world, "n4", "images") == []
    assert listed(world, "n5", "images") != []


def only_the_host_of_the_limit_is_healed(world, cluster):
    for name in ("n4", "n5"):
        world.engines[name].wipe()
    world.wait(lambda: {"n4", "n5"}.isdisjoint(world.ready("n1")), "both nodes down")
    run = world.play("heal", "--limit", "n1,n4", "-e", f"operations_confirm={cluster}").succeeded()
    assert {host for _task, host in run.changed_tasks} <= {"n1", "n4"}
    assert world.info("n4")["LocalNodeState"] == "active"
    assert world.info("n5")["LocalNodeState"] == "inactive"
    (stale,) = world.nodes()["n5"]
    assert stale["Status"]["State"] == "down"


def only_a_node_of_the_limit_leaves(world):
    named = ("-e", "operations_nodes=n4", "-e", "operations_confirm=n4", *QUICK)
    assert world.play("scale_in", "--limit", "n1", *named).refused().kinds == {"host_left_out"}
    world.play("scale_in", "--limit", "n1,n4", *named).succeeded()
    assert world.info("n4")["LocalNodeState"] == "inactive"
    assert sorted(world.nodes()) == ["n1", "n2", "n3", "n5"]


def listed(world, name, kind):
    """The images or containers of an engine, which the client of the collection does not read."""
    with socket.socket(socket.AF_UNIX) as end:
        end.connect(world.engines[name].socket)
        end.sendall(f"GET /{kind}/json?all=1 HTTP/1.0\r\nHost: engine\r\n\r\n".encode())
        reply = http.client.HTTPResponse(end)
        reply.begin()
        return json.loads(reply.read())


def places(world):
    """How many tasks of the service run on which engine."""
    names = {node["ID"]: name for name, nodes in world.nodes().items() for node in nodes}
    where = [names[task["NodeID"]] for task in world.api("n1").get("/tasks") if runs(task)]
    return {name: where.count(name) for name in where}


def runs(task):
    return task["DesiredState"] == "running" and task["Status"]["State"] == "running"
