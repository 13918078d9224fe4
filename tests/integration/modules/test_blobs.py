# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets and configs on real engines of both generations: their lives, their limits, races, and that secrets stay."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.lifecycles import blobs
from ansible_collections.hive.swarm.tests.support.lifecycles.real import GENERATIONS, make_swarm, reset_all
from ansible_collections.hive.swarm.tests.support.steps import run_steps

each_kind = pytest.mark.parametrize("kind", blobs.KINDS)
# Each life on both generations, on one as a secret and on the other as a config. For a plugin that it does not have an
# engine looks for 15 seconds.
LIVES = [life for life in blobs.LIVES if life != "refused_by_the_engine"]
DEALT = [
    (generation, kind, life)
    for number, life in enumerate(LIVES)
    for generation, kind in zip(GENERATIONS, sorted(blobs.KINDS, reverse=bool(number % 2)))
]


@pytest.fixture(scope="module")
def swarm(real_lab):
    reset_all(real_lab[:1])
    make_swarm(real_lab[:1])
    return real_lab[0]


@pytest.fixture
def manager(swarm):
    """A manager without services, secrets and configs, before and after."""
    blobs.Host(swarm, "secret").clean()
    yield swarm
    blobs.Host(swarm, "secret").clean()


@pytest.mark.parametrize(("real_lab", "kind", "life"), DEALT, indirect=["real_lab"])
def test_life(manager, kind, life, tmp_path):
    host = blobs.Host(manager, kind)
    run = blobs.audited(host, on(manager))
    run_steps(blobs.LIVES[life](host, tmp_path), run, blobs.ObjectsWorld(manager))


@each_kind
def test_the_limits_are_those_of_the_engine(manager, kind):
    """A byte more is refused before anything is sent, and would be by the engine."""
    most = blobs.KINDS[kind].most
    task = {"name": "much", "data": "x" * most}
    made = on(manager)(f"swarm_{kind}", task)
    assert made["changed"], made.get("msg")
    refused = on(manager)(f"swarm_{kind}", {**task, "data": "x" * (most + 1)})
    assert refused["failure"]["kind"] == "bad_input"
    with pytest.raises(Exception, match="data must be larger than 0 and less than"):
        blobs.Host(manager, kind).make("more", "x" * (most + 1))
