# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A swarm of fake Docker engines in one process, for tests.

It is written from the engine's own behaviour and imports nothing of the collection: what the modules
believe of the engine and what the fake does are two opinions that the tests compare. The third opinion,
a real engine, is asked by tests/integration/test_fake_against_real.py.

    with FakeCluster() as cluster:
        engine = cluster.engine("node1")
        engine.docker_host          # unix:///…/node1.sock
        engine.requests             # what was asked so far

Tasks of services run at once, unless a test says what they do; registries hold what a test puts there:

        manager, worker = cluster.swarm(managers=1, workers=1)
        cluster.script.set("lab/web:2", behaviours.crashed(3, output=["boom"]))
        cluster.registry.add("lab/web:2", platforms=["linux/amd64"])
        manager.put_nodes(5000)
        manager.put_tasks([{"ServiceID": "x"}] * 10_000)

Time is counted in looks: each read of services or tasks carries on with what is slow, or starts anew what crashed.
"""

from __future__ import annotations

from . import behaviours
from .cluster import Delays, FakeCluster
from .engine import FakeEngine
from .requests import ReadOnlyViolation, Recorded
from .versions import API_1_41, API_1_51, Version

__all__ = [
    "API_1_41",
    "API_1_51",
    "Delays",
    "FakeCluster",
    "FakeEngine",
    "ReadOnlyViolation",
    "Recorded",
    "Version",
    "behaviours",
]
