# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Issue 10, point 7: every option, value and return value of community.docker's Swarm modules is accepted here, or is
refused with what to use instead, and is in the guide on porting.

community_docker.json holds the names from the documentation of the version that it says.
"""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path

import pytest
import yaml
from ansible_collections.hive.swarm.plugins.module_utils._engine.connection import connection_spec
from ansible_collections.hive.swarm.plugins.module_utils._frontend import argument_errors as foreign
from ansible_collections.hive.swarm.tests.lint.test_contracts import MODULES, ROOT, accepted, documentation

THEIRS = json.loads((Path(__file__).parent / "community_docker.json").read_text())
GUIDES = ROOT / "docs" / "docsite" / "rst"
GUIDE = (GUIDES / "guide_porting.rst").read_text()
INVENTORY_GUIDE = (GUIDES / "guide_inventory.rst").read_text()
# Their module to those of ours that a task of it becomes.
TARGETS = {
    "docker_swarm": ["swarm_init", "swarm_join", "swarm_leave", "swarm_node"],
    "docker_swarm_info": ["swarm_info"],
    "docker_node": ["swarm_node"],
    "docker_node_info": ["swarm_node_info"],
    "docker_swarm_service": ["swarm_service"],
    "docker_swarm_service_info": ["swarm_service_info"],
    "docker_secret": ["swarm_secret"],
    "docker_config": ["swarm_config"],
    "docker_network": ["swarm_network"],
    "docker_network_info": ["swarm_network_info"],
    "docker_stack": ["swarm_stack"],
    "docker_stack_info": ["swarm_stack_info"],
    "docker_stack_task_info": ["swarm_task_info"],
}
PAIRS = [(there, here) for there, targets in TARGETS.items() for here in targets]
OF_CONNECTIONS = {"debug", "docker_cli", "cli_context"}


def options_of(module):
    """The options of a module of ours, by each of their names; sub-options as ``mounts.type``."""
    definition = importlib.import_module(f"ansible_collections.hive.swarm.plugins.modules.{module}").MODULE
    found = {}

    def add(spec, prefix=""):
        for name, item in spec.items():
            for alias in (name, *item.get("aliases", ())):
                found[prefix + alias] = item
            add(item.get("options") or {}, f"{prefix}{name}.")

    add(definition.argument_spec)
    return found


def names_of(options):
    return [name for option, item in options.items() for name in (option, *item.get("aliases", ()))]


def section(title):
    """A section of the guide up to the next heading."""
    return re.split(r"\n.+\n-{5,}\n", GUIDE.split(f"\n{title}\n", 1)[1].split("\n", 1)[1])[0]


def in_first_column(text):
    """What stands in code in the first cell of each row."""
    cells = re.findall(r"\n   \* - (.+?)(?=\n     - )", text, re.DOTALL)
    return {name for cell in cells[1:] for name in re.findall(r"``([^`]+)``", cell)}


def test_all_modules_of_swarm_are_here():
    assert set(TARGETS) | {"inventory"} == set(THEIRS["modules"])


@pytest.mark.parametrize(("there", "here"), PAIRS)
def test_an_option_is_accepted_or_refused_with_what_to_use(there, here):
    ours = options_of(here)
    for name in names_of(THEIRS["modules"][there]["options"]):
        assert name in ours or foreign.option_hint(here, name), name


@pytest.mark.parametrize(("there", "here"), PAIRS)
def test_a_value_is_accepted_or_refused_with_what_to_use(there, here):
    ours = options_of(here)
    for name, item in THEIRS["modules"][there]["options"].items():
        choices = (ours.get(name) or {}).get("choices")
        for value in item.get("choices", []):
            assert not choices or value in choices or foreign.value_hint(here, name, value), (name, value)


@pytest.mark.parametrize("module", foreign.OPTIONS)
def test_no_option_is_refused_that_exists(module):
    if module in {here for _there, here in PAIRS}:
        only_of_others = set(foreign.OPTIONS[module]) & set(options_of(module))
        assert all(option in foreign._SWARM for option in only_of_others)


@pytest.mark.parametrize("there", TARGETS)
def test_every_option_is_in_the_guide(there):
    """Sub-options have the same names, which the guide says once."""
    listed = in_first_column(section(f"Options of community.docker.{there}")) | OF_CONNECTIONS | set(connection_spec())
    theirs = {name for name in names_of(THEIRS["modules"][there]["options"]) if "." not in name}
    aliases = {alias for item in connection_spec().values() for alias in item.get("aliases", ())}
    assert theirs - listed - aliases == set()
    assert listed - theirs - OF_CONNECTIONS - set(connection_spec()) == set()


@pytest.mark.parametrize("there", TARGETS)
def test_every_return_value_is_in_the_guide(there):
    listed = in_first_column(section(f"Return values of community.docker.{there}"))
    assert listed == set(THEIRS["modules"][there]["returns"])


def test_the_inventory():
    table = INVENTORY_GUIDE.split("Coming from community.docker.docker_swarm\n")[1]
    ours = yaml.safe_load(
        re.search(r'DOCUMENTATION = r"""(.*?)"""', (ROOT / "plugins/inventory/swarm.py").read_text(), re.S)[1]
    )
    known = set(names_of(ours["options"]))
    for name in names_of(THEIRS["modules"]["inventory"]["options"]):
        assert name in known or foreign.inventory_hint(name, True), name
    for name in THEIRS["modules"]["inventory"]["options"]:
        assert f"``{name}``" in table or f"``{name}:" in table, name
    assert foreign.inventory_hint("filters", [{"include": "true"}])
    assert not foreign.inventory_hint("filters", {"role": "manager"})


TASKS = [
    task
    for block in re.findall(r"code-block:: yaml\n\n((?:    .*\n|\n)+)", GUIDE)
    for task in [yaml.safe_load(block)]
    if isinstance(task, list)
]


def test_the_tasks_of_the_guide_are_valid():
    """Those before use options of community.docker, those after options of ours."""
    modules = {path.stem: path for path in MODULES}
    seen = set()
    for task in (task for block in TASKS for task in block):
        ((name, options),) = [(key, value) for key, value in task.items() if "." in key]
        short = name.rpartition(".")[2]
        seen.add(short)
        known = THEIRS["modules"][short]["options"] if "community" in name else accepted(modules[short])
        assert set(options) <= set(known), name
    assert len(seen) > 12


def test_the_references_of_the_guide_exist():
    for module, option in re.findall(r":ansopt:`hive\.swarm\.(\w+)#module:([^`=]+)", GUIDE):
        assert option.replace("[]", "") in options_of(module), (module, option)
    for module in re.findall(r":ansplugin:`hive\.swarm\.(\w+)#module`", GUIDE):
        assert documentation(ROOT / "plugins" / "modules" / f"{module}.py")
