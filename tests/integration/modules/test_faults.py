# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A sample of the pairs of requests and faults on real engines of both generations: see tests/support/real_faults.py.

With --soak 200 pairs, otherwise a dozen. FAULTS_SEED=7 chooses other tasks and pairs.
"""

from __future__ import annotations

import os
import random
from typing import Any, Callable, NamedTuple

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._engine.client import version_key
from ansible_collections.hive.swarm.tests.support.fake_engine.wire import NEW_LEADER
from ansible_collections.hive.swarm.tests.support.fault_matrix import Trials, pairs, sample
from ansible_collections.hive.swarm.tests.support.fault_proxy import FaultProxy
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.lifecycles import (
    networks,
    secret_config,
    service_options,
    stacks,
    swarm_init,
    swarm_node,
    volumes,
)
from ansible_collections.hive.swarm.tests.support.lifecycles.real import make_swarm, reset_all
from ansible_collections.hive.swarm.tests.support.lifecycles.stage import Stage
from ansible_collections.hive.swarm.tests.support.real_faults import RealEngines, remove_all
from ansible_collections.hive.swarm.tests.support.steps import Step
from ansible_collections.hive.swarm.tests.support.worlds import ask

SEED = os.environ.get("FAULTS_SEED", "1")
#: Pairs of each life. 20 lives on two generations make 200.
SOAKED, USUAL = 5, 1
#: Pairs in which the leader changes.
LEADERS = 6
#: Seconds after which a task gives up an answer.
TIMEOUT = 6


class Life(NamedTuple):
    """Steps on hosts, a manager first. ``prepare``: makes what the steps expect. ``usual``: whether it runs without --soak."""

    steps: Callable[[Any, Any], list[Step]]
    prepare: Callable[[Any], Any] = lambda hosts: None
    usual: bool = False


def _of_secret_config(kind: str, life: str, usual: bool = False) -> Life:
    return Life(
        lambda hosts, folder: secret_config.LIVES[life](secret_config.Host(hosts[0], kind), folder), usual=usual
    )


def _of_rows(table: Any, prepare: Callable[[Any], Any], number: int) -> Life:
    """The life of a row of a table of options: another row for each number."""

    def steps(hosts: Any, _folder: Any) -> list[Step]:
        api = version_key(hosts[0].do("GET", "/version")["ApiVersion"])
        rows = [row for row in table.OPTIONS if version_key(getattr(row, "since", "1.24")) <= api]
        row = random.Random(f"{SEED} {table.__name__} {api}").sample(rows, number + 1)[number]
        made = [Step("swarm_service", service_options.base(row))] if table is service_options else []
        return [*made, *table.steps(row)]

    return Life(steps, lambda hosts: prepare(hosts[0]), usual=number == 0)


def _of_volumes(hosts: Any, _folder: Any) -> list[Step]:
    """None on engines without cluster volumes."""
    has_volumes = version_key(hosts[0].do("GET", "/version")["ApiVersion"]) >= (1, 42)
    return list(volumes.availabilities()) if has_volumes else []


def _with_tasks(_hosts: Any, _folder: Any) -> list[Step]:
    """A service whose rollouts are waited for."""
    quick = {"update_config": {"monitor": "500ms"}, "restart_config": {"delay": "0s"}, "stop_grace_period": "0s"}
    service = {
        "name": "web",
        "image": service_options.IMAGE,
        "args": ["sleep", "600"],
        "resolve_image": "never",
        **quick,
    }
    return [
        Step("swarm_service", {**service, "env": {"A": "1"}}),
        Step("swarm_service", {**service, "env": {"A": "2"}}),
        Step("swarm_service", {"name": "web", "replicas": 2}),
        Step("swarm_service", {"name": "web", "state": "absent"}),
    ]


def _of_a_stack(_hosts: Any, _folder: Any) -> list[Step]:
    """It comes, gets other data and another service, loses both, and goes."""
    task = stacks.Tasks()
    first = stacks.changed(stacks.shop(), "services.web.deploy.replicas", 0)
    more = stacks.changed(first, "services.new", stacks.service(environment={"A": "1"}))
    files = {"conf.txt": "a = 2\n", "key.txt": stacks.TWO}
    return [
        task(first, "services networks secrets configs"),
        task(more, "services secrets configs", files=files),
        task(first, "services", files=files, prune=True),
        task(None, "services networks secrets configs"),
    ]


def _of_settings(name: str, usual: bool = False) -> Life:
    return Life(
        lambda hosts, _folder: swarm_init.UPDATES[name](Stage(hosts, None)),
        lambda hosts: swarm_init.season(hosts[0]),
        usual,
    )


def _of_nodes(name: str) -> Life:
    def season(hosts: Any) -> None:
        swarm_node.season(hosts[0], Stage(hosts, None).node_id(hosts[1]))

    return Life(lambda hosts, _folder: swarm_node.LIVES[name](Stage(hosts, None)), season)


LIVES = {
    "secret": _of_secret_config("secret", "labels_and_data", usual=True),
    "config": _of_secret_config("config", "labels_and_data"),
    "rolling secret": _of_secret_config("secret", "rolling"),
    "spellings of a config": _of_secret_config("config", "spellings"),
    **{f"network {number}": _of_rows(networks, networks.make_config, number) for number in range(5)},
    **{f"service {number}": _of_rows(service_options, service_options.make_referred, number) for number in range(5)},
    "service with tasks": Life(_with_tasks, usual=True),
    "volume": Life(_of_volumes, lambda hosts: volumes.make_secret(hosts[0])),
    "stack": Life(_of_a_stack, usual=True),
    "stack and others": Life(lambda hosts, _folder: stacks.surroundings(stacks.Host(hosts[0]))),
    "settings": _of_settings("several_at_once", usual=True),
    "tokens": _of_settings("rotations"),
    "node": _of_nodes("labels"),
    "node, all at once": _of_nodes("several_at_once"),
}


@pytest.fixture(scope="module")
def swarm(real_lab):
    """A manager and a worker."""
    hosts = real_lab[:2]
    reset_all(hosts)
    make_swarm(hosts)
    yield hosts
    remove_all(hosts[0])


@pytest.fixture
def proxy(swarm, tmp_path):
    """A proxy before the manager."""
    proxy = FaultProxy(swarm[0].socket, tmp_path)
    yield proxy
    proxy.close()


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if life.usual else pytest.mark.soak) for name, life in LIVES.items()]
)
def test_pairs(swarm, proxy, name, tmp_path, request):
    life, soaks = LIVES[name], request.config.getoption("--soak")
    engines = RealEngines(swarm[0], proxy, lambda: life.prepare(swarm))
    run = on(engines, timeout=TIMEOUT)
    engines.record(name, life.steps(swarm, tmp_path), run)
    trials = Trials(engines, run, () if "config" in name else secret_config.TELLS)
    chosen = sample(engines, SOAKED if soaks else USUAL, f"{SEED} {request.node.name}")
    for pair in chosen:
        trials.play(pair)
    _check(name, engines, chosen, trials)


@pytest.mark.soak
def test_the_leader_changes_before_the_next_request(real_lab, tmp_path):
    """The leader of three managers is killed, and starts again once another one leads."""
    reset_all(real_lab)
    make_swarm(real_lab, managers=3)
    proxy = FaultProxy(real_lab[1].socket, tmp_path, lambda: _elect(real_lab, proxy.engine))
    engines = RealEngines(real_lab[1], proxy, lambda: None)
    run = on(
        engines, timeout=200
    )  # the answer waits for the election, which takes more than 30 seconds on a busy machine
    engines.record("stack", LIVES["stack"].steps(real_lab, tmp_path), run)
    trials = Trials(engines, run, secret_config.TELLS)
    chosen = [pair for pair in sample(engines, None, SEED) if pair.fault == NEW_LEADER][:LEADERS]
    for pair in chosen:
        leader = _leader(real_lab, real_lab[1].socket)
        proxy.engine = next(host.socket for host in real_lab if host is not leader)
        trials.play(pair)
    proxy.close()
    remove_all(real_lab[1])
    _check("leader", engines, chosen, trials)


def _leader(hosts: Any, engine: str) -> Any:
    """Return the leader that an engine sees; None where it sees none."""
    _status, nodes = ask(engine, "GET", "/nodes")
    leaders = [node["ID"] for node in nodes if isinstance(node, dict) and node.get("ManagerStatus", {}).get("Leader")]
    return next((host for host in hosts if Stage(hosts, None).node_id(host) in leaders), None)


def _elect(hosts: Any, engine: str) -> None:
    before = _leader(hosts, engine)
    before.kill()
    others = [host for host in hosts if host is not before]
    Stage.wait_for(lambda: _leader(others, engine) is not None)
    before.start()
    Stage.wait_for(lambda: _leader(hosts, before.socket) is not None)


def _check(name: str, engines: RealEngines, chosen: list[Any], trials: Trials) -> None:
    """Print the counts; fail where something was wrong."""
    print(f"{name}: {len(engines.cases)} tasks, {len(chosen)} of {sum(1 for _pair in pairs(engines))} pairs")
    for (fault, kind), count in sorted(trials.outcomes.items()):
        print(f"  {count:5} {fault}: {kind}")
    assert not trials.violations, "\n".join([f"FAULTS_SEED={SEED}", *trials.violations])
