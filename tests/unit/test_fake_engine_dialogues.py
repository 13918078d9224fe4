# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fake engine alone answers every dialogue as its table says.

tests/integration/test_fake_against_real.py holds the same dialogues with real engines and compares.
"""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.tests.support import dialogue
from ansible_collections.hive.swarm.tests.support.dialogue import Ask, speak
from ansible_collections.hive.swarm.tests.support.dialogues import PAIR, SOLO
from ansible_collections.hive.swarm.tests.support.dialogues_swarm import BEHAVIOURS, FAMILIES, SCRIPTS

pytestmark = pytest.mark.once  # neither Python nor ansible-core matters


@pytest.mark.parametrize("name", SOLO)
def test_one_engine(cluster, name):
    speak(SOLO[name], [cluster.engine("node1", default_route=False)], hasty=True)


@pytest.mark.parametrize("name", PAIR)
def test_two_engines(cluster, name):
    speak(PAIR[name], [cluster.engine(name, default_route=False) for name in ("node1", "node2")], hasty=True)


@pytest.mark.parametrize(("family", "name"), SCRIPTS)
def test_manager(cluster, family, name):
    engine = cluster.engine("node1", default_route=False)
    engine.do("POST", "/swarm/init", {"ListenAddr": "0.0.0.0:2377"})
    for what, behaviour in BEHAVIOURS.items():
        cluster.script.set(what, behaviour)
    speak(FAMILIES[family][name], [engine], hasty=True)


def test_what_is_not_there_yet_is_waited_for(cluster, monkeypatch):
    """A service has no task in its first moment, which a busy machine makes long enough to be seen."""
    engine = cluster.swarm(managers=1)[0]
    looks = []

    def first_task_runs(tasks):
        looks.append(tasks)
        return tasks[0]["Status"]["State"] == "running"

    monkeypatch.setattr(dialogue, "_PATIENCE", 0.3)
    with pytest.raises(AssertionError, match=r"still \[\]"):
        speak([Ask("GET", "/tasks", until=first_task_runs)], [engine])
    assert len(looks) > 2
