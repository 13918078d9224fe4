# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Seeded histories: see tests/support/histories.

``HISTORIES_FIRST=7 HISTORIES=1`` plays seed 7 alone; ``make soak`` plays a million steps.
"""

from __future__ import annotations

import base64
import itertools
import os

import pytest
from ansible_collections.hive.swarm.tests.support.histories import runner
from ansible_collections.hive.swarm.tests.support.histories.model import state_of
from ansible_collections.hive.swarm.tests.support.histories.operations import DATA, IMAGES, Other, Task, history
from ansible_collections.hive.swarm.tests.support.histories.play import Stage, complaint
from ansible_collections.hive.swarm.tests.support.histories.runner import CUT_AFTER, CUT_BEFORE, CUTS

#: Seeds from the first one on, and steps (runs of tasks), of which both are played at least.
SEEDS, STEPS = int(os.environ.get("HISTORIES", "10000")), int(os.environ.get("HISTORIES_STEPS", "0"))
FIRST = int(os.environ.get("HISTORIES_FIRST", "0"))
#: Tests that share the seeds, so that several processes have some.
PARTS = min(5, SEEDS)

pytestmark = pytest.mark.once


@pytest.fixture
def stage(time):
    """A swarm."""
    stage = Stage(time)
    yield stage
    stage.close()


SECRET = {"name": "secret-a", "data": DATA[0]}
SERVICE = {"name": "service-a", "image": IMAGES[0], "resolve_image": "never", "wait": False}
VOLUME = {"name": "volume-a", "driver": "csi:latest"}


def made(kind, number, name):
    """Another client makes an object just before a request."""
    return ((number, Other("make", kind, name, 0)),)


def dropped(kind, number):
    """Another client removes it."""
    return ((number, Other("drop", kind, f"{kind}-a")),)


def gone(number, name):
    """Another client removes one of its own networks."""
    return ((number, Other("drop", "network", name)),)


#: What seeds have found. A task that loses a race reads and plans again.
FOUND = {
    "286: a network is made meanwhile": (Task("network", "net-a", {"name": "net-a"}, (), made("network", 3, "net-a")),),
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
    **{
        f"8455: another network takes the addresses, then {what}": (
            Task("network", "net-a", {"name": "net-a", "recreate": True}),
            Task(
                "network",
                "net-a",
                {"name": "net-a", "labels": {"x": "1"}, "labels_state": "merge", "recreate": True, "wait_timeout": 20},
                faults,
                made("network", 15, "net-b"),
            ),
        )
        for what, faults in {
            "nothing else": (),
            "the controller dies before the creation": ((15, CUT_BEFORE),),
            "the controller dies after the creation": ((15, CUT_AFTER),),
        }.items()
    },
    "5003602: another network takes the addresses, and goes too late": (
        Task("network", "net-a", {"name": "net-a", "recreate": True}),
        Task(
            "network",
            "net-a",
            {"name": "net-a", "attachable": True, "recreate": True, "wait_timeout": 20},
            (),
            (*made("network", 15, "net-b"), *gone(24, "net-b")),
        ),
    ),
    "a service is made meanwhile": (Task("service", "service-a", SERVICE, (), made("service", 3, "service-a")),),
    "1635: a secret is removed before its update": (
        Task("secret", "secret-a", SECRET),
        Task("secret", "secret-a", {**SECRET, "labels": {"x": "1"}, "labels_state": "merge"}, (), dropped("secret", 3)),
    ),
    "3790: a volume is removed before its update": (
        Task("volume", "volume-a", VOLUME),
        Task("volume", "volume-a", {**VOLUME, "availability": "pause"}, (), dropped("volume", 2)),
    ),
    "107950: a node gets another label when the answer is lost": (
        Task(
            "node",
            "worker1",
            {"hostname": "worker1", "wait": False, "labels": {"y": ""}, "labels_state": "replace"},
            ((2, "lost before it is carried out"),),
            ((3, Other("label", "node", "worker1", ("x", ""))),),
        ),
    ),
    "156602: a service is made while one is replaced": (
        Task("service", "service-a", {**SERVICE, "mode": "global"}),
        Task(
            "service",
            "service-a",
            {**SERVICE, "mode": "replicated", "replicas": 0, "recreate": True},
            (),
            made("service", 6, "service-a"),
        ),
    ),
    "151130: a network is made while the old one of its name goes": (
        Task("network", "net-b", {"name": "net-b", "wait_timeout": 20}),
        Task(
            "network",
            "net-b",
            {
                "name": "net-b",
                "wait_timeout": 20,
                "labels": {"y": "2"},
                "labels_state": "replace",
                "recreate": True,
            },
            (),
            made("network", 14, "net-b"),
        ),
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


REPLACEMENT = ("data", base64.b64encode(DATA[1].encode()).decode())
#: Two tasks of which the second replaces the object of the first: DELETE has no version.
REPLACED = {
    "secret": (SECRET, {**SECRET, "data": DATA[1]}),
    "config": ({**SECRET, "name": "conf-a"}, {"name": "conf-a", "data": DATA[1]}),
    "service": (SERVICE, {**SERVICE, "mode": "global", "recreate": True}),
}


@pytest.mark.parametrize("kind", REPLACED)
def test_a_label_of_another_client_survives_a_replacement(stage, kind):
    """Seed 5208. It is lost where it is set between the last read and the DELETE, which no client can close."""
    first, second = REPLACED[kind]
    place, lost = (kind, first["name"]), []
    assert not list(stage.play((Task(*place, first),)))
    count = runner.run(stage.manager, f"swarm_{kind}", second).transport.count
    for number in range(1, count + 1):
        label = Other("label", *place, ("y", "1"))
        task = Task(*place, second, (), ((number, label),))
        assert not list(stage.play((Task(*place, first), task))), number
        state = state_of(stage.manager)[place]
        assert REPLACEMENT in state.items() or ("replicas", "global") in state.items()
        lost += [number] if "label y" not in state else []
    assert lost == [lost[0], lost[0] + 1], "then nothing has the name, so the label is refused"


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


@pytest.mark.parametrize("part", range(PARTS))
def test_histories(stage, part):
    found = []
    for seed in itertools.count(FIRST + part, PARTS):
        if len(found) > 4 or (seed >= FIRST + SEEDS and stage.tasks * PARTS >= STEPS):
            break
        text = complaint(stage, seed)
        found += [text] if text else []
    print(f"each {PARTS}th seed up to {seed - PARTS}: {stage.tasks} runs of tasks, {len(found)} violations")
    if found:
        pytest.fail("\n".join(found), pytrace=False)
