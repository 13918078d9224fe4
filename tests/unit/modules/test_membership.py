# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""swarm_join, swarm_leave, swarm_unlock, and swarm_init where it cannot be, on the fake engine."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.tests.support.fake_engine import Delays, FakeCluster
from ansible_collections.hive.swarm.tests.support.lifecycles import membership as lives
from ansible_collections.hive.swarm.tests.support.lifecycles.stage import Stage
from ansible_collections.hive.swarm.tests.support.steps import run_steps
from ansible_collections.hive.swarm.tests.support.worlds import FakeWorld

LIVES = {**lives.QUICK, **lives.SLOW, **lives.ALSO}


@pytest.mark.parametrize("name", LIVES)
def test_life(version, name):
    # What shall be found pending must not have failed by then.
    with FakeCluster(version, Delays(join_error=30 if "pending" in name else 0.1)) as cluster:
        engines = [cluster.engine(f"node{number}") for number in (1, 2, 3)]
        stage = Stage(engines, FakeWorld(engines))
        run_steps(LIVES[name](stage), stage.run, stage.world)
