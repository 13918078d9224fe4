# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""swarm_init on the fake engine: the lives of swarm settings."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.tests.support.lifecycles import swarm_init as lives
from ansible_collections.hive.swarm.tests.support.lifecycles.audit import audited_swarm, foretold
from ansible_collections.hive.swarm.tests.support.lifecycles.stage import Stage
from ansible_collections.hive.swarm.tests.support.steps import run_steps
from ansible_collections.hive.swarm.tests.support.worlds import FakeWorld


def stage_of(*engines):
    return Stage(list(engines), FakeWorld(engines))


@pytest.mark.parametrize("name", lives.UPDATES)
def test_settings(cluster, name):
    (manager,) = cluster.swarm()
    stage = stage_of(manager)
    lives.season(manager)
    run = foretold(audited_swarm(manager, stage.run), "swarm")
    run_steps(lives.UPDATES[name](stage), run, stage.world)


@pytest.mark.parametrize("name", {**lives.CREATIONS, **lives.CREATIONS_EACH})
def test_creation(engine, name):
    stage = stage_of(engine)
    life = {**lives.CREATIONS, **lives.CREATIONS_EACH}[name]
    run_steps(life(stage), foretold(stage.run, "swarm"), stage.world)
