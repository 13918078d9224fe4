# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The swarm's certificate authority on real engines."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.tests.support.lifecycles import signing as lives
from ansible_collections.hive.swarm.tests.support.lifecycles.real import CalmWorld, dealt
from ansible_collections.hive.swarm.tests.support.lifecycles.stage import Stage
from ansible_collections.hive.swarm.tests.support.steps import run_steps


@pytest.mark.slow
@dealt("name", lives.REAL_LIVES)
def test_life(real_hosts, name):
    stage = Stage(real_hosts, CalmWorld([real_hosts[0].socket]))
    run_steps(lives.REAL_LIVES[name](stage), stage.run, stage.world)
