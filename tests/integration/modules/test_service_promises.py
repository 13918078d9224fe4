# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What users of other tools had trouble with, tried on real engines: each test has the name of the trouble."""

from __future__ import annotations

import base64

import pytest
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.lifecycles import service_promises as promises
from ansible_collections.hive.swarm.tests.support.lifecycles.audit import audited_service, foretold
from ansible_collections.hive.swarm.tests.support.lifecycles.real import CalmWorld, make_swarm, reset_all, shared
from ansible_collections.hive.swarm.tests.support.lifecycles.service_promises import (
    BUSY,
    MODULE,
    NAME,
    QUIET,
    change,
    raw,
)
from ansible_collections.hive.swarm.tests.support.steps import Step, run_steps


@pytest.fixture(scope="module")
def manager(real_lab):
    """A manager with one worker, and two of everything that a service can refer to."""
    reset_all(real_lab)
    make_swarm(real_lab[:2])
    host = real_lab[0]
    for name in ("one", "two"):
        for kind in ("secrets", "configs"):
            make_file(host, kind, name)
        host.do("POST", "/networks/create", {"Name": name, "Driver": "overlay"})
    return host


def make_file(host, kind, name):
    data = base64.b64encode(name.encode()).decode()
    return host.do("POST", f"/{kind}/create", {"Name": name, "Data": data})["ID"]


@pytest.fixture
def run(manager):
    """A runner, and no service left behind by it."""
    yield on(manager)
    for service in manager.do("GET", "/services"):
        manager.do("DELETE", f"/services/{service['ID']}")


@pytest.fixture
def life(manager, run):
    """Play a life of the service: all steps predicted, done and repeated, and what a diff names is what moved."""

    def play(steps, audited=True):
        world = CalmWorld([manager.socket])
        return run_steps(steps, audited_service(manager, NAME, foretold(run, "service")) if audited else run, world)

    return play


def done(result):
    assert not result["failed"], result["msg"]
    return result


def spec_of(host):
    return host.do("GET", f"/services/{NAME}")["Spec"]


# -- what is asked for lands, once ------------------------------------------------------------------------------------


def _titled(value):
    return str(value)


def landed(host, wish):
    spec = spec_of(host)
    assert {path: raw(spec, path) for path in wish.lands} == wish.lands


WISHES = [*shared(promises.WISHES), *(("28.5", wish) for wish in promises.NEWER_WISHES)]


@pytest.mark.parametrize(("real_lab", "wish"), WISHES, ids=_titled, indirect=["real_lab"])
def test_wish(manager, run, life, wish):
    life([Step(MODULE, {**QUIET, **wish.options}, name="new")], audited=False)
    landed(manager, wish)
    done(run(MODULE, {"name": NAME, "state": "absent"}))
    done(run(MODULE, QUIET))
    bare = spec_of(manager)
    moves = any(raw(bare, path) != value for path, value in wish.lands.items())
    life([Step(MODULE, change(**wish.options), changed=moves, name="there already")])
    landed(manager, wish)


# -- what is not named stays, and what is named can go -------------------------------------------------------------------


@pytest.mark.parametrize(("real_lab", "name"), shared(promises.LIVES), indirect=["real_lab"])
def test_life(run, life, name):
    done(run(MODULE, promises.FULL))
    life(promises.LIVES[name])
