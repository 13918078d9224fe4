# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""swarm_node on the fake engine: the lives of a node."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.tests.support.lifecycles import swarm_node as lives
from ansible_collections.hive.swarm.tests.support.lifecycles.audit import audited_nodes
from ansible_collections.hive.swarm.tests.support.lifecycles.stage import Stage
from ansible_collections.hive.swarm.tests.support.steps import run_steps
from ansible_collections.hive.swarm.tests.support.worlds import FakeWorld


@pytest.fixture
def stage(cluster):
    engines = cluster.swarm(managers=1, workers=2)
    return Stage(engines, FakeWorld(engines))


@pytest.mark.parametrize("name", {**lives.LIVES, **lives.ROLES})
def test_life(stage, name):
    target = stage.node_id(stage.hosts[0 if name == "self" else 1])
    lives.season(stage.first, stage.node_id(stage.hosts[1]))
    run = audited_nodes(stage.first, lambda: target, stage.run)
    run_steps({**lives.LIVES, **lives.ROLES}[name](stage), run, stage.world)


@pytest.mark.parametrize("name", lives.REMOVALS)
def test_removal(stage, name):
    lives.season(stage.first, stage.node_id(stage.hosts[1]))
    run_steps(lives.REMOVALS[name](stage), stage.run, stage.world)
