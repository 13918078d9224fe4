# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""swarm_node on real engines: the same lives as on the fake."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.tests.support.lifecycles import swarm_node as lives
from ansible_collections.hive.swarm.tests.support.lifecycles.audit import audited_nodes
from ansible_collections.hive.swarm.tests.support.lifecycles.real import CalmWorld, dealt, make_swarm, reset_all
from ansible_collections.hive.swarm.tests.support.lifecycles.stage import Stage
from ansible_collections.hive.swarm.tests.support.steps import run_steps
from ansible_collections.hive.swarm.tests.support.worlds import RealWorld

LASTING = {**lives.LIVES, **lives.ROLES}


@pytest.fixture(scope="module")
def swarm(real_lab):
    """A manager and two workers, for all lives that leave no trace."""
    reset_all(real_lab)
    make_swarm(real_lab)
    return Stage(real_lab, CalmWorld([real_lab[0].socket]))


@pytest.mark.parametrize("name", LASTING)
def test_life(swarm, name):
    lives.season(swarm.first, swarm.node_id(swarm.hosts[1]))
    target = swarm.node_id(swarm.hosts[0 if name == "self" else 1])
    run_steps(LASTING[name](swarm), audited_nodes(swarm.first, lambda: target, swarm.run), swarm.world)


@pytest.mark.slow
@dealt("name", lives.REMOVALS)
def test_removal(real_hosts, name):
    make_swarm(real_hosts, heartbeat=1)  # a node that left is down after three of them
    stage = Stage(real_hosts, RealWorld([real_hosts[0].socket]))
    lives.season(stage.first, stage.node_id(stage.hosts[1]))
    run_steps(lives.REMOVALS[name](stage), stage.run, stage.world)
