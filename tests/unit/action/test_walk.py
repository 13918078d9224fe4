# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files that a task passes are those that ARCHITECTURE.md tells a newcomer to read, and few."""

from __future__ import annotations

import inspect
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
MOST_RETURNS = 2
# The loop enters the resource once for each step, in the order of its methods.
STEPS = {"validate", "read", "plan", "apply", "check_convergence", "result", "hidden_values"}
# What the tables of options are written in: places, spellings, checks and fields, which are called through the tables.
VOCABULARY = {"_core/values.py", "_core/validators.py", "_core/schema.py", "_service/codecs.py", "_service/schema.py"}


def listed_files():
    """Return the files of the numbered list in ARCHITECTURE.md, in its order."""
    text = (ROOT / "ARCHITECTURE.md").read_text()
    walk = text[text.index("The creation of a service by") :].partition("\n\n")[2].partition("\n\n")[0]
    return re.findall(r"^ *[0-9]+\. `([\w/]+\.py)`", walk, re.MULTILINE)


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


def is_made(code):
    return code.co_name == "__init__" or code.co_flags & inspect.CO_GENERATOR


def walk(args):
    """Return by file, in the order of the walk, the functions that are entered from another file: each once, as a reader reads it.

    To make an object is not to enter its file, and neither is to read a generator that was made elsewhere.
    """
    entered, seen = {}, set()

    def note(frame, event, _arg):
        file = file_of(frame)
        if event != "call" or not file or frame.f_code in seen:
            return
        seen.add(frame.f_code)
        caller = frame.f_back
        while caller and not file_of(caller):
            caller = caller.f_back
        functions = entered.setdefault(file, [])
        if (not caller or file_of(caller) != file) and not is_made(frame.f_code):
            functions.append(frame.f_code.co_name)

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
    cluster.registry.add("lab/busybox:1")
    service = {"name": "web", "image": "lab/busybox:1", "replicas": 2, "update_config": {"monitor": "100ms"}}
    entered = walk({"docker_host": manager.docker_host, **service})
    listed = listed_files()
    # The action's own file is run when it is loaded.
    assert {*entered, "action/swarm_service.py"} == set(listed)
    assert len(listed) == len(set(listed)) <= MOST_FILES
    assert set(entered["_service/resource.py"]) <= STEPS
    often = {file for file, functions in entered.items() if len(functions) > MOST_RETURNS + 1}
    assert often <= {"_service/resource.py", *VOCABULARY}, {file: entered[file] for file in often}
