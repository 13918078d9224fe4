# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Managers that the others reach and that follow no leader, on fake engines. test_stalled_engine.py makes a real one."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.tests.support.fake_engine import FakeCluster

from .fakes import FakeWorld

REPAIR = [("Demote a manager that is gone or follows no leader", "m1"), ("Promote", "m1")]


@pytest.fixture
def world(tmp_path):
    with FakeCluster() as fakes:
        world = FakeWorld(fakes, tmp_path)
        world.cluster = world.swarm()
        world.engines["m3"].stall()
        yield world


def is_repaired(world) -> bool:
    """Whether the manager follows the leader, and nothing is left to be done."""
    swarm = world.engines["m3"].do("GET", "/info")["Swarm"]
    assert world.play("site").succeeded().changes == []
    return swarm["ControlAvailable"] and swarm["Cluster"]["ID"] == world.cluster


def test_k6_status_tells_what_no_list_of_nodes_tells(world):
    nodes = world.engines["m1"].do("GET", "/nodes")
    assert all(node["ManagerStatus"]["Reachability"] == "reachable" for node in nodes if "ManagerStatus" in node)
    (problem,) = world.play("status").status()["problems"]
    assert problem.startswith("m3 (")
    assert "its engine follows no leader" in problem


def test_k6_heal_demotes_and_promotes_it(world):
    plan = world.play("heal")
    assert [step for _node, step, _reason in plan.steps()] == ["demote", "promote"]
    confirmed = ("-e", f"operations_confirm={world.cluster}")
    assert world.play("heal", *confirmed, check=True).succeeded().changed_tasks == REPAIR
    assert world.play("heal", *confirmed).succeeded().changed_tasks == REPAIR
    assert is_repaired(world)


def test_k6_site_does_the_same(world):
    assert world.play("site").succeeded().changed_tasks == REPAIR
    assert is_repaired(world)
