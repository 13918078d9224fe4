# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lives of a stack on fake engines of both generations, and services that become each other."""

from __future__ import annotations

import json
import random

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._service import references
from ansible_collections.hive.swarm.plugins.module_utils._service.schema import SERVICE
from ansible_collections.hive.swarm.tests.support import stack_tasks
from ansible_collections.hive.swarm.tests.support import stacks as files
from ansible_collections.hive.swarm.tests.support.fake_engine import API_1_51
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.lifecycles import stacks
from ansible_collections.hive.swarm.tests.support.steps import run_steps
from ansible_collections.hive.swarm.tests.support.worlds import FakeWorld

# Once: neither Python nor ansible-core matters.
pytestmark = [pytest.mark.once, pytest.mark.usefixtures("no_time")]

LABEL = "com.docker.stack.namespace"


@pytest.fixture
def manager(cluster):
    return cluster.swarm(managers=1)[0]


@pytest.mark.parametrize("life", stacks.LIVES)
def test_life(manager, life):
    host = stacks.Host(manager)
    run_steps(stacks.LIVES[life](host), stacks.audited(host, on(manager)), FakeWorld([manager]))


def _services(folder):
    """Each service of the files in stacks/ that has replicas, as the only one of a stack of its own."""
    files.prepare(folder)
    for stack in files.STACKS:
        options = stack_tasks.of_file(stack, folder)
        whole = json.loads(options["_stack"])
        for name, spec in whole["services"].items():
            if "Replicated" in spec["Mode"]:
                text = json.dumps({**whole, "name": "turn", "services": {name: spec}})
                text = text.replace(f'"{name}"', '"turn_app"').replace(
                    f'"{LABEL}": "{stack.name}"', f'"{LABEL}": "turn"'
                )
                yield name, {**options, "name": "turn", "wait": False, "recreate": True, "prune": True, "_stack": text}


def _told(host):
    """The service in the words of the options, where defaults are the same whether they are said or not."""
    (service,) = host.do("GET", "/services")
    networks = {item["Id"]: item["Name"] for item in host.do("GET", "/networks")}
    told = SERVICE.view(references.with_names(service["Spec"], lambda target: networks.get(target, target)))
    for network in told["networks"]:  # a file may give a service its own name once more
        network["aliases"] = sorted(set(network["aliases"]))
    for key in ("secrets", "configs"):
        told[key] = [{**one, f"{key[:-1]}_id": ""} for one in told[key]]
    return {key: sorted(value, key=str) if isinstance(value, list) else value for key, value in told.items()}


@pytest.mark.parametrize("version", [API_1_51], indirect=True)
def test_what_a_service_was_before_leaves_no_trace(manager, tmp_path):
    """A service that becomes another one, 90 times over, is each time what a new one would be."""
    files.make_external(manager)
    run, services = on(manager), list(_services(tmp_path))
    fresh = {}
    for name, task in services:
        made = run("swarm_stack", task)
        assert not made["failed"], (name, made["msg"])
        fresh[name] = _told(manager)
        run("swarm_stack", {"name": "turn", "state": "absent"})
    random.Random(9).shuffle(services)
    before = "nothing"
    for name, task in services:
        made = run("swarm_stack", task)
        assert not made["failed"], (before, name, made["msg"])
        assert _told(manager) == fresh[name], f"{before} has become {name}"
        assert not run("swarm_stack", task, check=True)["changed"]
        before = name
