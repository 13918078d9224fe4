# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets and configs on fake engines: their lives, and what these do not show."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.tests.support.fake_engine import API_1_51
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.lifecycles import secret_config
from ansible_collections.hive.swarm.tests.support.steps import run_steps
from ansible_collections.hive.swarm.tests.support.worlds import FakeWorld

each_kind = pytest.mark.parametrize("kind", secret_config.KINDS)
# The older one is tried on real engines; here it would be twice the same.
newer = pytest.mark.parametrize("version", [API_1_51], indirect=True)


@pytest.fixture
def manager(cluster):
    (host,) = cluster.swarm(managers=1)
    return host


@newer
@each_kind
@pytest.mark.parametrize("life", secret_config.LIVES)
def test_life(manager, kind, life, tmp_path):
    host = secret_config.Host(manager, kind)
    run = secret_config.audited(host, on(manager))
    run_steps(secret_config.LIVES[life](host, tmp_path), run, FakeWorld([manager]))
