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
from ansible_collections.hive.swarm.plugins.module_utils._engine import ssh
from ansible_collections.hive.swarm.plugins.plugin_utils._compose_files.given import Given, handed_on
from ansible_collections.hive.swarm.plugins.plugin_utils._compose_files.sources import OnController
from ansible_collections.hive.swarm.plugins.plugin_utils._native import native
from ansible_collections.hive.swarm.tests.support import fuzz, stacks
from ansible_collections.hive.swarm.tests.support.fake_engine import API_1_51, FakeCluster
from ansible_collections.hive.swarm.tests.support.harness import HarnessError, run_module
from ansible_collections.hive.swarm.tests.support.lifecycles.membership import STRANGE_KEY, STRANGE_TOKEN

# Nothing here depends on ansible-core or on packages.
pytestmark = pytest.mark.once

SEED = int(os.environ.get("HIVE_FUZZ_SEED", "1"))
PER_PLACE = int(os.environ.get("HIVE_FUZZ_PER_PLACE", "4"))
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
def manager():
    with FakeCluster(API_1_51) as cluster:
        (host,) = cluster.swarm(managers=1)
        yield host


@pytest.mark.parametrize("module", TASKS)
def test_any_value_anywhere(manager, module, tmp_path, record_property):
    wrong = []
    count = 0
    base = {
        **TASKS[module],
        **({"root": str(tmp_path)} if module.startswith("lab") else {"docker_host": manager.docker_host}),
    }
    for case in fuzz.cases(module, base, random.Random(f"{SEED} {module}"), PER_PLACE):
        count += 1
        complaint = _complaint(case)
        if complaint:
            wrong.append(f"{case}: {complaint}")
    record_property("cases", count)
    assert not wrong, f"seed {SEED}, {len(wrong)} of {count} cases:\n" + "\n".join(wrong[:40])


def _complaint(case):
    try:
        result = run_module(case.module, case.options, check=True)
    except HarnessError as error:
        return str(error)[-300:]
    complaint = fuzz.complaint_about(result, case)
    return f"{complaint}: {result['msg'][:300]}" if complaint else None


# -- swarm_stack: the action reads the files, so both parts are run -----------------------------------------------------

STACK = {"name": "shop", "compose": [{"services": {"web": {"image": "lab/busybox:1"}}}], "resolve_image": "never"}
DOCUMENTS = {
    stack.name: yaml.safe_load((stacks.FOLDER / stack.files[0]).read_text())
    for stack in stacks.STACKS
    if not stack.more
}


def test_any_value_of_swarm_stack(manager, tmp_path, record_property):
    """T2: options of swarm_stack, of which the action uses some before Ansible has checked them."""
    chance, wrong, count = random.Random(f"{SEED} swarm_stack"), [], 0
    base = {**STACK, "docker_host": manager.docker_host}
    for case in fuzz.cases("swarm_stack", base, chance, PER_PLACE):
        if case.place[0] == "_stack":
            continue
        count += 1
        complaint = _stack_complaint(case, tmp_path)
        if complaint:
            wrong.append(f"{case}: {complaint}")
    record_property("cases", count)
    assert not wrong, f"seed {SEED}, {len(wrong)} of {count} cases:\n" + "\n".join(wrong[:40])


def test_any_value_in_a_compose_file(manager, tmp_path, record_property):
    """T2: any value at any place of the compose files that the tests have."""
    chance, wrong, count = random.Random(f"{SEED} compose"), [], 0
    stacks.prepare(tmp_path)
    for name, document in DOCUMENTS.items():
        for _again in range(PER_PLACE * 6):
            count += 1
            place, value, changed = fuzz.mutated(document, chance)
            options = {**STACK, "compose": [changed], "docker_host": manager.docker_host}
            case = fuzz.Case("swarm_stack", ("compose", name, *place), value, options)
            complaint = _stack_complaint(case, tmp_path)
            if complaint:
                wrong.append(f"{case}: {complaint}")
    record_property("cases", count)
    assert not wrong, f"seed {SEED}, {len(wrong)} of {count} cases:\n" + "\n".join(wrong[:40])


def _stack_complaint(case, folder):
    try:
        result = _run_stack(case.options, folder)
    except HarnessError as error:
        return str(error)[-300:]
    except Exception as error:
        return f"ended with {type(error).__name__}: {str(error)[:200]} {_where(error)}"
    if case.place[0] == "compose":  # the messages name file and key instead
        case = case._replace(place=("",))
    complaint = fuzz.complaint_about(result, case)
    return f"{complaint}: {result['msg'][:300]}" if complaint else None


def _where(error):
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"({Path(last.filename).name}, {last.name})"


def _run_stack(options, folder):
    def search(path):
        if not os.path.exists(os.path.join(folder, path)):
            raise AnsibleFileNotFound(file_name=path, paths=[str(folder)])
        return str(folder / path)

    source = OnController(search, lambda path: path, lambda path: None)
    given = Given(lambda on_node: source, str(folder), {}, {}, lambda text: None)
    try:
        handed = native(handed_on(options, given))
    except SwarmError as error:
        return {"failed": True, "msg": error.message, "failure": error.failure()}
    return run_module("swarm_stack", handed, check=True)
