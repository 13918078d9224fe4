# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What counts as settled, as a problem, and what people see."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.nodes import unsettled
from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.status import status, table
from ansible_collections.hive.swarm.tests.unit.cluster.situations import host, member, node, silent

LISTED = [node("n1", "manager", leader=True), node("n2", "manager"), node("n3", "manager"), node("n4")]
HEALTHY = {"managers": 3, "reachable": 3, "needed": 2, "margin": 1}
EXPECTED = [{"hostname": name, "role": role} for name, role in (("n1", "manager"), ("n4", "worker"))]


def test_settled():
    assert unsettled(LISTED, EXPECTED) == []


@pytest.mark.parametrize(
    ("nodes", "reason"),
    [
        (LISTED[:3], "n4: the managers do not list it"),
        (
            [LISTED[0], node("n4", state="down", status_message="heartbeat failure")],
            "n4: it is down (heartbeat failure)",
        ),
        ([LISTED[0], node("n4", "manager")], "n4: it is a manager and shall be a worker"),
        ([LISTED[0], node("n4", manager=True)], "n4: it is still among the managers"),
        ([node("n1", "manager", manager=False), node("n4")], "n1: it is not among the managers yet"),
        ([node("n1", "manager", reachability="unknown"), node("n4")], "n1: the other managers do not reach it"),
    ],
)
def test_not_settled(nodes, reason):
    assert unsettled(nodes, EXPECTED) == [reason]


def test_two_hosts_of_one_name_need_two_nodes():
    twins = [{"hostname": "n4", "role": "worker"}, {"hostname": "n4", "role": "manager"}]
    assert unsettled([node("n4", "manager", id="x"), node("n4")], twins) == []
    assert unsettled([node("n4")], twins) == ["n4: the managers do not list it"]


def test_a_healthy_swarm_has_no_problems():
    hosts = [member("n1", "manager"), member("n4", "worker")]
    found = status(LISTED, HEALTHY, "c1", hosts, [])
    assert (found["cluster_id"], found["problems"], found["warnings"]) == ("c1", [], [])
    assert table(found) == [
        "Swarm c1",
        "HOSTNAME  ROLE     STATE  AVAILABILITY  LEADER  ADDRESS    ENGINE  ID",
        "n1        manager  ready  active        leader  192.0.2.1  28.5.2  id-n1",
        "n2        manager  ready  active                192.0.2.2  28.5.2  id-n2",
        "n3        manager  ready  active                192.0.2.3  28.5.2  id-n3",
        "n4        worker   ready  active                192.0.2.4  28.5.2  id-n4",
        "Managers: 3 of 3 reachable, 2 needed, 1 more may fail",
    ]


@pytest.mark.parametrize(
    ("nodes", "quorum", "hosts", "problem"),
    [
        (LISTED, {**HEALTHY, "reachable": 2, "margin": 0}, [], "2 of 3 managers are reachable and 2 are needed"),
        (LISTED, {**HEALTHY, "reachable": 1, "margin": -1}, [], "2 are needed: nothing can be changed"),
        ([*LISTED[:3], node("n4", state="down")], HEALTHY, [], "n4 (id-n4): it is down."),
        ([*LISTED, node("n4", id="old")], HEALTHY, [], "n4 is listed 2 times: id-n4 is ready, old is ready."),
        (
            [*LISTED[:2], node("n3", "manager", reachability="unreachable")],
            HEALTHY,
            [],
            "n3 (id-n3): the other managers do not reach it.",
        ),
        (LISTED, HEALTHY, [host("n5")], "In the inventory, but not in this swarm: n5."),
        (LISTED, HEALTHY, [member("n4", "worker", wanted="manager")], "n4 is a worker; the inventory wants a manager."),
    ],
)
def test_problems(nodes, quorum, hosts, problem):
    found = status(nodes, quorum, "c1", hosts, [])
    assert len(found["problems"]) == 1
    assert problem in found["problems"][0]
    assert table(found)[-1] == f"Problem: {found['problems'][0]}"


def test_a_host_that_cannot_be_asked_may_be_in_the_swarm():
    assert status(LISTED, HEALTHY, "c1", [silent("n4")], [])["problems"] == []


def test_one_manager_alone_is_no_problem():
    alone = {"managers": 1, "reachable": 1, "needed": 1, "margin": 0}
    assert status(LISTED[:1], alone, "c1", [], [])["problems"] == []


def test_what_is_known_to_be_wrong_is_told_without_nodes_too():
    found = status([], {}, "", [host("n1")], ["None of the hosts is in a swarm."])
    told = ["No manager answers that could list the nodes", "Problem: None of the hosts is in a swarm."]
    assert table(found) == told


def test_services_that_lack_tasks_are_problems():
    web = {"id": "s1", "name": "web", "running": 1, "desired": 2, "spec": {"mode": "replicated"}}
    found = status(LISTED, HEALTHY, "c1", [], [], services=[web, {**web, "id": "s2", "running": 2}])
    assert (found["services"], found["problems"]) == (2, ["Service web: 1 of 2 tasks run."])


def test_what_could_be_better():
    nodes = [*LISTED[:3], node("n4", engine_version="20.10.24", labels={"hive.swarm.maintenance": "active"})]
    swarm = {"root_rotation_in_progress": True, "swarm": {"autolock_managers": True}}
    found = status(nodes, HEALTHY, "c1", [], [], swarm=swarm)
    versions, rotation, maintenance = found["warnings"]
    assert "20.10.24, 28.5.2" in versions
    assert "root certificate" in rotation
    assert "n4" in maintenance
    assert (found["autolock"], found["root_rotation"]) == (True, True)
    assert "Autolock is on: managers need the unlock key after a restart" in table(found)
