# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The life of the nodes of one swarm, as one story: each chapter begins where the one before has ended."""

from __future__ import annotations

import json
import os
import threading
import urllib.error
import urllib.request
from contextlib import contextmanager

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._lab import Lab
from ansible_collections.hive.swarm.tests.integration.cluster.world import World
from ansible_collections.hive.swarm.tests.support.lifecycles.real import GENERATIONS, IMAGE

QUICK = ("-e", "operations_settle_seconds=0", "-e", "operations_wait_timeout=60")
LABEL = "hive.swarm.maintenance"
SERVE = "mkdir /www && echo hello > /www/index.html && exec httpd -f -p 8080 -h /www"
WEB = {
    "Name": "web",
    "TaskTemplate": {
        "ContainerSpec": {"Image": IMAGE, "Command": ["sh", "-c", SERVE], "StopGracePeriod": 0},
        "RestartPolicy": {"Condition": "any", "Delay": 100_000_000},
    },
    "Mode": {"Replicated": {"Replicas": 2}},
    "EndpointSpec": {"Ports": [{"TargetPort": 8080, "PublishedPort": 8080, "PublishMode": "host"}]},
}


@pytest.fixture
def world(tmp_path):
    _old, new = GENERATIONS.values()
    engines = [{"name": f"n{number}", "binaries": new} for number in range(1, 6)]
    lab = Lab(name=f"ops{os.getpid()}", engines=engines, images=[IMAGE])
    try:
        lab.up()
        found = World(lab, tmp_path)
        found.inventory(cluster_host_label="hive.swarm.host")
        yield found
    finally:
        lab.down()


def test_the_life_of_nodes(world):
    cluster = world.swarm()
    world.api("n1").post("/services/create", WEB)
    world.wait(lambda: answering(world), "the service answers")
    world.label("n4", availability="pause", zone="a")

    a_maintenance_that_fails_is_finished_by_running_it_again(world)
    a_manager_that_is_wiped_twice_is_healed_twice(world, cluster)
    nodes_leave_for_good_and_one_of_them_is_offline(world)
    hosts_that_are_new_come_in(world)
    assert world.cluster_id("n1") == cluster


def a_maintenance_that_fails_is_finished_by_running_it_again(world):
    patch = ("-e", f"operations_patch={world.folder / 'patch.yml'}")
    hook(world, {"ansible.builtin.fail": {"msg": "no patch today"}, "when": "inventory_hostname == 'n4'"})
    failed = world.play("rolling_maintenance", "--limit", "n4", *patch, *QUICK)
    assert failed.code != 0
    assert "no patch today" in failed.failure
    assert "run this again" in failed.failure
    assert spec(world, "n4") == ("drain", {"zone": "a", LABEL: "pause"})

    restart = {"lab": world.lab.name, "name": "{{ inventory_hostname }}", "state": "restarted"}
    hook(world, {"hive.swarm.lab_engine": restart})
    leader = next(name for name, (entry,) in world.nodes().items() if entry.get("ManagerStatus", {}).get("Leader"))
    limit = ("--limit", f"{leader},n4")
    with probe(world) as misses:
        run = world.play("rolling_maintenance", *limit, *patch, *QUICK).succeeded()
    assert misses == []
    steps = run.steps()
    assert [node for node, _step, _reason in steps] == [leader, "n4"]
    assert ("n4", "drain, run patch.yml, set to pause", "worker, left in maintenance by an earlier run") in steps
    assert "n4    drain, run patch.yml, set to pause" in run.output
    restarted = [each["host"] for each in run.results if each["changed"] and each["task"] == "Patch"]
    assert restarted == [leader, "n4"]
    assert spec(world, "n4", "n2") == ("pause", {"zone": "a"})
    assert spec(world, leader, "n2") == ("active", {})


def a_manager_that_is_wiped_twice_is_healed_twice(world, cluster):
    world.label("n3", availability="drain", zone="b")
    for confirmation in ("", cluster):
        world.engines["n3"].wipe()
        if not confirmation:
            assert world.play("heal").refused().unconfirmed == cluster
        healed = world.play("heal", "-e", f"operations_confirm={cluster}").succeeded()
        assert any(
            node == "n3" and step.startswith("join as a manager, with labels") for node, step, _reason in healed.steps()
        )
        assert world.roles()["n3"] == "manager"
        assert spec(world, "n3") == ("drain", {"zone": "b", "hive.swarm.host": "n3"})


def nodes_leave_for_good_and_one_of_them_is_offline(world):
    world.engines["n5"].kill()
    both = ("-e", "operations_nodes=n3,n5", "-e", "operations_allow_even=true", *QUICK)
    world.wait(lambda: world.nodes()["n5"][0]["Status"]["State"] == "down", "n5 down")
    predicted = world.play("scale_in", *both, "-e", "operations_confirm=n3,n5", check=True).succeeded()
    real = world.play("scale_in", *both, "-e", "operations_confirm=n3,n5").succeeded()
    assert predicted.changed_tasks == real.changed_tasks
    assert world.roles() == {"n1": "manager", "n2": "manager", "n4": "worker"}
    assert world.info("n3")["LocalNodeState"] == "inactive"


def hosts_that_are_new_come_in(world):
    world.engines["n5"].wipe()
    real = world.play("scale_out").succeeded()
    assert {host for _task, host in real.changed_tasks} == {"n3", "n5"}
    assert world.roles() == {"n1": "manager", "n2": "manager", "n3": "manager", "n4": "worker", "n5": "worker"}
    again = world.play("scale_out").succeeded()
    assert again.changes == []
    assert again.steps() == []
    assert "Nothing to do." in again.output


def hook(world, task):
    """Write the task file that is run on drained nodes, beside the inventory."""
    (world.folder / "patch.yml").write_text(json.dumps([{"name": "Patch", **task}]))


def spec(world, name, at="n1"):
    (node,) = world.nodes(at)[name]
    return node["Spec"]["Availability"], node["Spec"]["Labels"]


# Whether the service answers


def answering(world):
    return any(answers(engine.address) for engine in world.engines.values())


def answers(address):
    try:
        with urllib.request.urlopen(f"http://{address}:8080/", timeout=1) as reply:
            return reply.read() == b"hello\n"
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def probe(world):
    """Asks for the service all the time; gives the list of the times when no node answered."""
    misses, end = [], threading.Event()

    def ask():
        count = 0
        while not end.wait(0.2):
            count += 1
            if not answering(world):
                misses.append(count)

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        yield misses
    finally:
        end.set()
        asking.join()
