# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files that a task passes are those that ARCHITECTURE.md tells a newcomer to read, and few."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.plugins import loader as plugins
from ansible.template import Templar
from ansible_collections.hive.swarm.plugins.action.swarm_service import ActionModule

ROOT = Path(__file__).resolve().parents[3]
MOST_FILES = 20
# How often the walk comes back to a file. The resource is entered once for each step of the loop, in the order of its methods;
# what a walk comes back to more often has small functions that are used everywhere.
MOST_RETURNS = 2
STEPS = {"__init__", "validate", "read", "plan", "apply", "check_convergence", "result", "hidden_values"}
USED_EVERYWHERE = {"_engine/client.py", "_core/waiting.py", "_core/reconcile.py", "_service/tasks.py"}


def named_files():
    """The files of the table in ARCHITECTURE.md, and those of the vocabulary before it."""
    text = (ROOT / "ARCHITECTURE.md").read_text()
    before, _head, rest = text[text.index("The creation of a service by") :].partition("| step | files |")
    rows = rest.partition("\n\n")[0]
    return set(re.findall(r"`([\w/]+\.py)`", rows)), set(re.findall(r"`([\w/]+\.py)`", before))


def action_of(args):
    task, context, loader = Task(), PlayContext(), DataLoader()
    task.action, task.args = "hive.swarm.swarm_service", args
    task.check_mode, task.no_log, task.async_val = False, False, 0
    return ActionModule(
        task=task,
        connection=plugins.connection_loader.get("local", context),
        play_context=context,
        loader=loader,
        templar=Templar(loader=loader),
        shared_loader_obj=plugins,
    )


def file_of(frame):
    """Return the path below plugins/, without module_utils and plugin_utils; empty for code that is not ours."""
    _before, mine, path = frame.f_code.co_filename.partition("/hive/swarm/plugins/")
    return re.sub(r"^(module_utils|plugin_utils)/", "", path) if mine else ""


def walk(args):
    """Return by file the functions that are entered from another file, each once, as a reader reads it."""
    entered, seen = {}, set()

    def note(frame, event, _arg):
        file = file_of(frame)
        if event != "call" or not file or frame.f_code in seen:
            return
        seen.add(frame.f_code)
        caller = frame.f_back
        while caller and not file_of(caller):
            caller = caller.f_back
        if not caller or file_of(caller) != file:
            entered.setdefault(file, []).append(frame.f_code.co_name)

    action = action_of(args)
    sys.setprofile(note)
    try:
        result = action.run(task_vars={"inventory_hostname": "n1"})
    finally:
        sys.setprofile(None)
    assert result["changed"], result
    return entered


def test_the_creation_of_a_service_passes_few_files(cluster):
    (manager,) = cluster.swarm(managers=1)
    service = {"name": "web", "image": "lab/busybox:1", "replicas": 2, "update_config": {"monitor": "100ms"}}
    entered = walk({"docker_host": manager.docker_host, **service})
    table, vocabulary = named_files()
    files = {file for file in entered if file not in vocabulary}
    # These two are read, but run only when they are loaded.
    assert files | {"action/swarm_service.py", "modules/swarm_service.py"} == table
    assert len(table) <= MOST_FILES
    assert set(entered["_service/resource.py"]) <= STEPS
    often = {file: functions for file, functions in entered.items() if len(functions) > MOST_RETURNS + 1}
    assert set(often) - vocabulary <= {"_service/resource.py", *USED_EVERYWHERE}
