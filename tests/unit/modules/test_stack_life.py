# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lives of a stack on fake engines of both generations."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._converge import Clock
from ansible_collections.hive.swarm.plugins.module_utils._resources.blob import versions
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.lifecycles import stacks
from ansible_collections.hive.swarm.tests.support.steps import run_steps
from ansible_collections.hive.swarm.tests.support.worlds import FakeWorld


@pytest.fixture(autouse=True)
def _no_time(monkeypatch):
    """The hash is slow by design, and waiting takes no time: it passes by being asked for."""
    monkeypatch.setitem(versions._COST, "n", 16)
    now = [0.0]
    monkeypatch.setattr(Clock, "now", lambda self: now[0])
    monkeypatch.setattr(Clock, "sleep", lambda self, seconds: now.__setitem__(0, now[0] + seconds))


@pytest.fixture
def manager(cluster):
    return cluster.swarm(managers=1)[0]


@pytest.mark.parametrize("life", stacks.LIVES)
def test_life(manager, life):
    host = stacks.Host(manager)
    run_steps(stacks.LIVES[life](host), stacks.audited(host, on(manager)), FakeWorld([manager]))
