# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Seeded histories: see tests/support/histories.

``HISTORIES_FIRST=7 HISTORIES=1`` plays seed 7 alone; ``make soak`` plays a million steps.
"""

from __future__ import annotations

import itertools
import os

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._core.waiting import Clock
from ansible_collections.hive.swarm.tests.support.fault_matrix import Time
from ansible_collections.hive.swarm.tests.support.histories import runner
from ansible_collections.hive.swarm.tests.support.histories.operations import DATA, IMAGES, Other, Task, history
from ansible_collections.hive.swarm.tests.support.histories.play import Stage, complaint
from ansible_collections.hive.swarm.tests.support.histories.runner import CUTS

#: Seeds from 0 on, and steps (runs of tasks), of which both are played at least.
SEEDS, STEPS = int(os.environ.get("HISTORIES", "2000")), int(os.environ.get("HISTORIES_STEPS", "0"))
FIRST = int(os.environ.get("HISTORIES_FIRST", "0"))

pytestmark = pytest.mark.once


@pytest.fixture
def stage(monkeypatch):
    """A swarm in which time passes by waiting alone."""
    time = Time()
    monkeypatch.setattr(Clock, "now", lambda self: time.now)
    monkeypatch.setattr(Clock, "sleep", lambda self, seconds: time.sleep(seconds))
    stage = Stage(time)
    yield stage
    stage.close()


SECRET = {"name": "secret-a", "data": DATA[0]}
SERVICE = {"name": "service-a", "image": IMAGES[0], "resolve_image": "never", "wait": False}
VOLUME = {"name": "volume-a", "driver": "csi:latest"}


def made(kind, number):
    """Another client makes an object just before a request."""
    return ((number, Other("make", kind, f"{kind}-a" if kind != "network" else "net-a", 0)),)


def dropped(kind, number):
    """Another client removes it."""
    return ((number, Other("drop", kind, f"{kind}-a")),)


#: What seeds have found. A task that loses a race reads and plans again.
FOUND = {
    "286: a network is made meanwhile": (Task("network", "net-a", {"name": "net-a"}, (), made("network", 3)),),
    "7042: a network is removed when its replacement fails": (
        Task("network", "net-a", {"name": "net-a", "recreate": True}),
        Task(
            "network",
            "net-a",
            {"name": "net-a", "labels": {"x": "2"}, "labels_state": "replace", "recreate": True},
            ((10, "connection refused"),),
            ((9, Other("drop", "network", "net-a")),),
        ),
    ),
    "a service is made meanwhile": (Task("service", "service-a", SERVICE, (), made("service", 3)),),
    "1635: a secret is removed before its update": (
        Task("secret", "secret-a", SECRET),
        Task("secret", "secret-a", {**SECRET, "labels": {"x": "1"}, "labels_state": "merge"}, (), dropped("secret", 3)),
    ),
    "3790: a volume is removed before its update": (
        Task("volume", "volume-a", VOLUME),
        Task("volume", "volume-a", {**VOLUME, "availability": "pause"}, (), dropped("volume", 2)),
    ),
    "a service is removed before its update": (
        Task("service", "service-a", SERVICE),
        Task("service", "service-a", {**SERVICE, "replicas": 2}, (), dropped("service", 3)),
    ),
}


@pytest.mark.parametrize("how", CUTS)
def test_a_replacement_that_is_cut_while_a_service_is_detached(stage, how):
    """Seeds seldom lead there."""
    made = (
        Task("network", "net-a", {"name": "net-a"}),
        Task("service", "service-a", {**SERVICE, "networks": ["net-a"]}),
    )
    replaced = {"name": "net-a", "internal": True, "recreate": True, "wait": False}
    for number in range(1, 36, 1 if STEPS else 6):
        assert not list(stage.play((*made, Task("network", "net-a", replaced, ((number, how),))))), number


@pytest.mark.parametrize("name", FOUND)
def test_what_seeds_have_found(stage, name):
    assert not list(stage.play(FOUND[name]))


def test_a_violation_is_found_and_made_shorter(stage, monkeypatch):
    """A module that loses an option is found by every seed in which a task has it, with one operation."""
    validated = runner.validated
    monkeypatch.setattr(
        runner, "validated", lambda module, options: {**validated(module, options), "availability": None}
    )
    seed = next(seed for seed in itertools.count() if any("availability" in str(item) for item in history(seed)))
    text = complaint(stage, seed)
    assert "1. Task(" in text and "2. " not in text and "availability is 'active', not " in text


def test_histories(stage):
    found = []
    for seed in itertools.count(FIRST):
        if len(found) > 4 or (seed >= FIRST + SEEDS and stage.tasks >= STEPS):
            break
        text = complaint(stage, seed)
        found += [text] if text else []
    print(f"seeds {FIRST} to {seed - 1}, {stage.tasks} runs of tasks, {len(found)} violations")
    if found:
        pytest.fail("\n".join(found), pytrace=False)
