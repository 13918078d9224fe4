# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""swarm_init on real engines: the same lives as on the fake."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.tests.support.lifecycles import swarm_init as lives
from ansible_collections.hive.swarm.tests.support.lifecycles.audit import audited_swarm, foretold
from ansible_collections.hive.swarm.tests.support.lifecycles.real import CalmWorld, dealt
from ansible_collections.hive.swarm.tests.support.lifecycles.stage import Stage
from ansible_collections.hive.swarm.tests.support.steps import run_steps


def stage_of(*hosts):
    return Stage(list(hosts), CalmWorld([host.socket for host in hosts]))


@pytest.fixture(scope="module")
def manager(real_lab):
    """A manager whose swarm serves all the lives of settings: each begins by seasoning it anew."""
    host = real_lab[0]
    host.reset()
    host.do("POST", "/swarm/init", {"ListenAddr": "0.0.0.0:2377"})
    return host


@pytest.mark.parametrize("name", lives.UPDATES)
def test_settings(manager, name):
    stage = stage_of(manager)
    lives.season(manager)
    run = foretold(audited_swarm(manager, stage.run), "swarm")
    run_steps(lives.UPDATES[name](stage), run, stage.world)


@dealt("name", lives.CREATIONS)
def test_creation(real_engine, name):
    stage = stage_of(real_engine)
    run_steps(lives.CREATIONS[name](stage), foretold(stage.run, "swarm"), stage.world)
