# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The swarm's certificate authority on the fake engine."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.tests.support.lifecycles import signing as lives
from ansible_collections.hive.swarm.tests.support.lifecycles.stage import Stage
from ansible_collections.hive.swarm.tests.support.steps import run_steps
from ansible_collections.hive.swarm.tests.support.worlds import FakeWorld


@pytest.mark.parametrize("name", lives.LIVES)
def test_life(cluster, name):
    engines = [cluster.engine(f"node{number}") for number in (1, 2)]
    stage = Stage(engines, FakeWorld(engines))
    run_steps(lives.LIVES[name](stage), stage.run, stage.world)
