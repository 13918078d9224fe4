# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""T2: any value of any type at any place of any option is a success or our typed error, which names the option.

The seed is fixed. HIVE_FUZZ_SEED is another one, HIVE_FUZZ_PER_PLACE how many values each place gets:

    HIVE_FUZZ_SEED=7 HIVE_FUZZ_PER_PLACE=50 .venv/bin/pytest tests/unit/modules/test_fuzz.py
"""

from __future__ import annotations

import os
import random
import resource
import socket
import subprocess
import traceback
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from ansible.errors import AnsibleFileNotFound
from ansible_collections.hive.swarm.plugins.module_utils._core.errors import SwarmError
from ansible_collections.hive.swarm.plugins.module_utils._core.reconcile import Clock
from ansible_collections.hive.swarm.plugins.module_utils._core.validators import native
from ansible_collections.hive.swarm.plugins.module_utils._engine import ssh
from ansible_collections.hive.swarm.plugins.module_utils._engine.transport import UnixTransport
from ansible_collections.hive.swarm.plugins.plugin_utils._compose_files.module_arguments import (
    ComposeInput,
    module_arguments,
)
from ansible_collections.hive.swarm.plugins.plugin_utils._compose_files.sources import OnController
from ansible_collections.hive.swarm.tests.support import fuzz, stacks
from ansible_collections.hive.swarm.tests.support.fake_engine import API_1_51, FakeCluster
from ansible_collections.hive.swarm.tests.support.fake_engine.wire import Line
from ansible_collections.hive.swarm.tests.support.fault_matrix import Time
from ansible_collections.hive.swarm.tests.support.harness import HarnessError, run_module
from ansible_collections.hive.swarm.tests.support.lifecycles.membership import STRANGE_KEY, STRANGE_TOKEN

# Nothing here depends on ansible-core or on packages.
pytestmark = pytest.mark.once

SEED = int(os.environ.get("HIVE_FUZZ_SEED", "1"))
PER_PLACE = int(os.environ.get("HIVE_FUZZ_PER_PLACE", "1"))
# A valid task of each module.
TASKS = {
    "swarm_config": {"name": "app", "data": "x"},
    "swarm_config_info": {},
    "swarm_info": {},
    "swarm_init": {},
    "swarm_join": {"remote_addrs": ["192.0.2.1"], "join_token": STRANGE_TOKEN},
    "swarm_leave": {},
    "swarm_network": {"name": "net"},
    "swarm_network_info": {},
    "swarm_node": {"hostname": "self"},
    "swarm_node_info": {},
    "swarm_secret": {"name": "app", "data": "x"},
    "swarm_secret_info": {},
    "swarm_service": {"name": "web", "image": "lab/busybox:1", "resolve_image": "never", "wait": False},
    "swarm_service_info": {},
    "swarm_stack_info": {},
    "swarm_task_info": {},
    "swarm_unlock": {"unlock_keys": [STRANGE_KEY]},
    "swarm_volume": {"name": "data", "driver": "csi"},
    "swarm_volume_info": {},
}
LABS = {
    "lab": {"name": "fuzz", "check_machine": False},
    "lab_engine": {"lab": "fuzz", "name": "n1", "state": "started"},
}

# Bytes. A value that asks for more is not bounded.
_MEMORY = 4 * 1024**3


@pytest.fixture(scope="module", autouse=True)
def limits():
    """No value makes a module allocate without bounds, resolve a name, or leave this machine."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, before[1]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", _no_network)
        patch.setattr(socket, "create_connection", _no_network)
        patch.setattr(ssh, "subprocess", SimpleNamespace(Popen=_no_network, PIPE=subprocess.PIPE))
        yield
    resource.setrlimit(resource.RLIMIT_AS, before)


def _no_network(*_arguments, **_more):
    raise socket.gaierror("no network in this test")


@pytest.fixture(scope="module")
def trials():
    """Runs of tasks on a manager that is as new for each of them. Time passes by waiting alone."""
    time = Time()
    with pytest.MonkeyPatch.context() as patch, FakeCluster(API_1_51, clock=time) as cluster:
        line = Line(cluster)

        def connected(transport, timeout):
            return line.connected(transport, timeout)

        patch.setattr(Clock, "now", lambda self: time.now)
        patch.setattr(Clock, "sleep", lambda self, seconds: time.sleep(seconds))
        patch.setattr(UnixTransport, "connected", connected)
        (manager,) = cluster.swarm(managers=1)
        yield fuzz.Trials(cluster, line, manager)


@pytest.mark.parametrize("module", TASKS)
def test_any_value_anywhere(trials, module, record_property):
    base = {**TASKS[module], "docker_host": trials.manager.docker_host}
    cases = fuzz.cases(module, base, random.Random(f"{SEED} {module}"), PER_PLACE)
    _no_complaints(trials.complaints(cases, base, run_module), record_property)


@pytest.mark.parametrize("module", LABS)
def test_any_value_of_a_lab(module, tmp_path, record_property):
    """In check mode alone: these start engines."""
    base = {**LABS[module], "root": str(tmp_path)}
    cases = fuzz.cases(module, base, random.Random(f"{SEED} {module}"), PER_PLACE)
    _no_complaints([(case, fuzz.complaint_of_check_mode(case, run_module)) for case in cases], record_property)


def _no_complaints(found, record_property):
    record_property("cases", len(found))
    wrong = [f"{case}: {complaint}" for case, complaint in found if complaint]
    assert not wrong, f"seed {SEED}, {len(wrong)} of {len(found)} cases:\n" + "\n".join(wrong[:40])


# -- swarm_stack: the action reads the files, so both parts are run -----------------------------------------------------

STACK = {"name": "shop", "compose": [{"services": {"web": {"image": "lab/busybox:1"}}}], "resolve_image": "never"}
DOCUMENTS = {
    stack.name: yaml.safe_load((stacks.FOLDER / stack.files[0]).read_text())
    for stack in stacks.STACKS
    if not stack.more
}


def test_any_value_of_swarm_stack(trials, tmp_path, record_property):
    """T2: options of swarm_stack, of which the action uses some before Ansible has checked them."""
    base = _stack_base(trials)
    cases = fuzz.cases("swarm_stack", base, random.Random(f"{SEED} swarm_stack"), PER_PLACE)
    cases = (case for case in cases if case.place[0] != "_stack")
    _no_complaints(trials.complaints(cases, base, _stack_runner(tmp_path)), record_property)


def test_any_value_in_a_compose_file(trials, tmp_path, record_property):
    """T2: any value at any place of the compose files that the tests have."""
    stacks.prepare(tmp_path)
    base = _stack_base(trials)
    cases = _compose_cases(base, random.Random(f"{SEED} compose"))
    _no_complaints(trials.complaints(cases, base, _stack_runner(tmp_path)), record_property)


def _stack_base(trials):
    return {**STACK, "docker_host": trials.manager.docker_host}


def _compose_cases(base, chance):
    for name, document in DOCUMENTS.items():
        for _again in range(PER_PLACE * 6):
            place, value, changed = fuzz.mutated(document, chance)
            options = {**base, "compose": [changed]}
            yield fuzz.Case("swarm_stack", ("compose", name, *place), value, options)


def _stack_runner(folder):
    def run(_module, options, check=False):
        try:
            return _run_stack(options, folder, check)
        except HarnessError:
            raise
        except Exception as error:
            raise HarnessError(f"ended with {type(error).__name__}: {str(error)[:200]} {_where(error)}") from error

    return run


def _where(error):
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"({Path(last.filename).name}, {last.name})"


def _run_stack(options, folder, check):
    def search(path):
        if not os.path.exists(os.path.join(folder, path)):
            raise AnsibleFileNotFound(file_name=path, paths=[str(folder)])
        return str(folder / path)

    source = OnController(search, lambda path: path, lambda path: None)
    given = ComposeInput(lambda on_node: source, str(folder), {}, {}, lambda text: None)
    try:
        handed = native(module_arguments(options, given))
    except SwarmError as error:
        return {"failed": True, "msg": error.message, "failure": error.failure()}
    return run_module("swarm_stack", handed, check=check)
