# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""swarm_join, swarm_leave, swarm_unlock, and swarm_init where it cannot be, on the fake engine."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.tests.support.lifecycles import membership as lives
from ansible_collections.hive.swarm.tests.support.lifecycles.stage import Stage
from ansible_collections.hive.swarm.tests.support.steps import run_steps
from ansible_collections.hive.swarm.tests.support.worlds import FakeWorld


@pytest.mark.parametrize("name", {**lives.QUICK, **lives.SLOW})
def test_life(cluster, name):
    engines = [cluster.engine(f"node{number}") for number in (1, 2, 3)]
    stage = Stage(engines, FakeWorld(engines))
    run_steps({**lives.QUICK, **lives.SLOW}[name](stage), stage.run, stage.world)
