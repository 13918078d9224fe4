# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""swarm_join, swarm_leave, swarm_unlock, and swarm_init where it cannot be, on real engines."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.tests.support.lifecycles import membership as lives
from ansible_collections.hive.swarm.tests.support.lifecycles.real import CalmWorld, dealt
from ansible_collections.hive.swarm.tests.support.lifecycles.stage import Stage
from ansible_collections.hive.swarm.tests.support.steps import run_steps


def walk(life, hosts):
    stage = Stage(hosts, CalmWorld([hosts[1].socket]))
    run_steps(life(stage), stage.run, stage.world)


@dealt("name", lives.QUICK)
def test_life(real_hosts, name):
    walk(lives.QUICK[name], real_hosts)


SLOW = {**lives.SLOW, **lives.REAL}


@pytest.mark.slow
@dealt("name", SLOW)
def test_slow_life(real_hosts, name):
    walk(SLOW[name], real_hosts)
