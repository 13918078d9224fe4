# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each task of the lifecycles, with each of its requests hit by each fault: see tests/support/fault_matrix.py."""

from __future__ import annotations

import os
import random

import pytest
from ansible_collections.hive.swarm.tests.support.fake_engine import Delays
from ansible_collections.hive.swarm.tests.support.fault_matrix import Trials, pairs, sample
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.lifecycles import (
    membership,
    networks,
    secret_config,
    service_options,
    stacks,
    swarm_init,
    swarm_node,
    volumes,
)
from ansible_collections.hive.swarm.tests.support.lifecycles.stage import Stage
from ansible_collections.hive.swarm.tests.support.steps import run_steps

from ..modules.test_failures_in_the_middle import CASES

SEED = os.environ.get("FAULTS_SEED", "1")
#: How many pairs of each life are run; None for all.
COUNT = None if os.environ.get("FAULTS_ALL") else 12


def play(lab, title, run, secrets=()):
    """Run a sample of the pairs of the tasks that were recorded."""
    trials = Trials(lab, run, secrets)
    chosen = sample(lab, COUNT, f"{SEED} {title}")
    for pair in chosen:
        trials.play(pair)
    total = sum(1 for _pair in pairs(lab))
    print(f"{title}: {len(lab.cases)} tasks, {len(chosen)} of {total} pairs, {len(trials.violations)} violations")
    for (fault, kind), count in sorted(trials.outcomes.items()):
        print(f"  {count:5} {fault}: {kind}")
    if trials.violations:
        pytest.fail("\n".join([f"FAULTS_SEED={SEED}", *trials.violations[:20]]), pytrace=False)


pytestmark = pytest.mark.once


def rows(table, title, count=12):
    """A sample of the rows of a table, by its seed."""
    found = list(table)
    return found if COUNT is None else random.Random(f"{SEED} {title}").sample(found, min(count, len(found)))


def stage_of(lab, engines):
    """The engines as the lives have them. Waiting for them takes no time that passes."""
    stage = Stage(engines, None)
    stage.wait_for = lambda test, seconds=60.0: lab.wait_for(test)
    return stage


@pytest.mark.parametrize("kind", secret_config.KINDS)
@pytest.mark.parametrize("life", secret_config.LIVES)
def test_secret_config(lab, kind, life, tmp_path):
    (manager,) = lab.cluster.swarm()
    host, run = secret_config.Host(manager, kind), on(manager)
    run_steps(secret_config.LIVES[life](host, tmp_path), lab.recording(life, run))
    play(lab, f"{kind} {life}", run, secret_config.TELLS if kind == "secret" else ())


@pytest.mark.parametrize("row", rows(networks.OPTIONS, "networks"), ids=str)
def test_networks(lab, row):
    (manager,) = lab.cluster.swarm()
    networks.make_config(manager)
    run_steps(list(networks.steps(row)), lab.recording(str(row), on(manager)))
    play(lab, f"network {row}", on(manager))


@pytest.mark.parametrize("row", rows(service_options.OPTIONS, "services", 30), ids=str)
def test_services(lab, row):
    (manager,) = lab.cluster.swarm()
    service_options.make_referred(manager)
    run = lab.recording(str(row), on(manager))
    run("swarm_service", service_options.base(row))
    run_steps(list(service_options.steps(row)), run)
    play(lab, f"service {row}", on(manager))


@pytest.mark.parametrize("row", rows(volumes.OPTIONS, "volumes", 6), ids=str)
def test_volumes(lab, row):
    (manager,) = lab.cluster.swarm()
    volumes.make_secret(manager)
    run_steps(list(volumes.steps(row)), lab.recording(str(row), on(manager)))
    play(lab, f"volume {row}", on(manager))


def test_the_availability_of_a_volume(lab):
    (manager,) = lab.cluster.swarm()
    volumes.make_secret(manager)
    run_steps(list(volumes.availabilities()), lab.recording("availability", on(manager)))
    play(lab, "volume availability", on(manager))


@pytest.mark.parametrize("life", stacks.LIVES)
def test_stacks(lab, life):
    (manager,) = lab.cluster.swarm()
    host = stacks.Host(manager)
    run_steps(stacks.LIVES[life](host), stacks.audited(host, lab.recording(life, on(manager))))
    play(lab, f"stack {life}", on(manager), secret_config.TELLS)


@pytest.mark.parametrize("name", CASES)
def test_several_writes(lab, name):
    (manager,) = lab.cluster.swarm()
    case = CASES[name]
    for module, options in case.before:
        assert not on(manager)(module, options)["failed"]
    assert not lab.recording(name, on(manager))(*case.task)["failed"]
    play(lab, name, on(manager))


@pytest.mark.parametrize("name", swarm_init.UPDATES)
def test_swarm_settings(lab, name):
    (manager,) = lab.cluster.swarm()
    swarm_init.season(manager)
    run_steps(swarm_init.UPDATES[name](stage_of(lab, [manager])), lab.recording(name, on(manager)))
    play(lab, f"swarm {name}", on(manager))


CREATIONS = {**swarm_init.CREATIONS, **swarm_init.CREATIONS_EACH}


@pytest.mark.parametrize("name", rows(CREATIONS, "creations"))
def test_creation_of_a_swarm(lab, name):
    engine = lab.cluster.engine("node1")
    run_steps(CREATIONS[name](stage_of(lab, [engine])), lab.recording(name, on(engine)))
    play(lab, f"swarm {name}", on(engine))


NODES = {**swarm_node.LIVES, **swarm_node.ROLES, **swarm_node.REMOVALS}


@pytest.mark.parametrize("name", NODES)
def test_nodes(lab, name):
    engines = lab.cluster.swarm(managers=3 if name in swarm_node.ROLES else 1, workers=2)
    engines = [engines[0], *engines[-2:]]
    stage = stage_of(lab, engines)
    swarm_node.season(engines[0], stage.node_id(engines[1]))
    run_steps(NODES[name](stage), lab.recording(name, on(engines[0])))
    play(lab, f"node {name}", on(engines[0]))


MEMBERSHIP = {**membership.QUICK, **membership.SLOW, **membership.ALSO}


@pytest.mark.parametrize("name", MEMBERSHIP)
def test_membership(lab, name, monkeypatch):
    lab.cluster.delays = Delays(join_error=3600 if "pending" in name else 0.1)
    engines = [lab.cluster.engine(f"node{number}") for number in (1, 2, 3)]
    monkeypatch.setattr(Stage, "wait_for", staticmethod(lambda test, seconds=60.0: lab.wait_for(test)))
    run_steps(MEMBERSHIP[name](stage_of(lab, engines)), lab.recording(name, on(engines[0])))
    play(lab, f"membership {name}", on(engines[0]))
