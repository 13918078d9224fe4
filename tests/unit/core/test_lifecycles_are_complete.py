# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A task of tests/support/lifecycles sets each option of networks, volumes, secrets and configs."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._network.schema import NETWORK
from ansible_collections.hive.swarm.plugins.module_utils._secret_config.schema import SCHEMAS
from ansible_collections.hive.swarm.plugins.module_utils._volume.schema import VOLUME
from ansible_collections.hive.swarm.tests.support.lifecycles import cli_bodies, networks, secret_config, volumes

from . import samples

# Options without a row, with the test that has them.
ELSEWHERE = {"network": {"enable_ipv4": "unit/modules/test_networks.py: true is the default, false is refused"}}


def of_secret_config(kind, folder):
    host = secret_config.Host(None, kind)
    return [step.args for life in secret_config.LIVES.values() for step in life(host, folder)]


def of_commands(module):
    """The tasks that are compared with the docker command line."""
    kinds = [kind for kind in cli_bodies.KINDS.values() if kind.module == module]
    return [{**kind.options, **row.options} for kind in kinds for row in kind.rows]


def of_networks(_folder):
    steps = [step for row in networks.OPTIONS for step in networks.steps(row)]
    return [*(step.args for step in steps), *of_commands("swarm_network")]


def of_volumes(_folder):
    steps = [step for row in volumes.OPTIONS for step in volumes.steps(row)]
    return [step.args for step in [*steps, *volumes.availabilities()]]


TASKS = {
    "network": (NETWORK, of_networks, "networks.py"),
    "volume": (VOLUME, of_volumes, "volumes.py"),
    "secret": (SCHEMAS["secret"], lambda folder: of_secret_config("secret", folder), "secret_config.py"),
    "config": (SCHEMAS["config"], lambda folder: of_secret_config("config", folder), "secret_config.py"),
}


@pytest.mark.parametrize("kind", TASKS)
def test_a_task_sets_each_option(kind, tmp_path):
    schema, tasks, file = TASKS[kind]
    known = {option for task in tasks(tmp_path) for option in task}
    missing = {field.option for field in schema.fields} - known
    assert missing == set(ELSEWHERE.get(kind, {})), f"add a row to tests/support/lifecycles/{file}"


def test_each_option_of_a_network_has_a_place():
    """``check_diff`` looks there for what has moved."""
    options = {field.option for field in NETWORK.fields}
    assert options - set(ELSEWHERE["network"]) == set(networks.PLACES), "complete PLACES in networks.py"


def test_samples_of_another_schema_are_reported(monkeypatch):
    monkeypatch.setitem(samples.SAMPLES, "NETWORK", {})
    with pytest.raises(LookupError, match="NETWORK: not a schema of plain fields"):
        samples.cases()
