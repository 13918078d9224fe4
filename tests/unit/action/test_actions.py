# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each module of the action group has an action that runs the same core."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest
import yaml
from ansible_collections.hive.swarm.plugins.plugin_utils._swarm_action import SwarmAction

ROOT = Path(__file__).resolve().parents[3]
GROUP = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())["action_groups"]["swarm"]
PLUGINS = "ansible_collections.hive.swarm.plugins"
PRIVATE = re.compile(r"ansible\._internal|module_utils\._internal|_BuiltModule|_ansiballz|remove_values")


# Reads the host by a command of its own, and talks to no engine.
READING = {"engine_info"}
# Actions that no module stands behind: they decide in the controller, and read by the actions of other modules.
PLANNING = {"engine_plan", "swarm_discover", "swarm_plan", "swarm_preflight", "swarm_status", "swarm_wait"}


def test_there_is_an_action_for_each_module_of_the_group():
    actions = {path.stem for path in (ROOT / "plugins" / "action").glob("*.py")}
    assert actions == {*GROUP, *PLANNING, *READING}, "a file in plugins/action for each module of the action group"


@pytest.mark.parametrize("name", sorted({*GROUP} - PLANNING))
def test_an_action_runs_the_core_of_the_module_of_its_name(name):
    action = importlib.import_module(f"{PLUGINS}.action.{name}").ActionModule
    assert issubclass(action, SwarmAction)
    assert action.definition is importlib.import_module(f"{PLUGINS}.modules.{name}").MODULE


def test_only_public_interfaces_of_ansible_core():
    """What is private changes with each release of ansible-core; remove_values is deprecated in 2.22."""
    files = sorted((ROOT / "plugins").rglob("*.py"))
    assert [str(path.relative_to(ROOT)) for path in files if PRIVATE.search(path.read_text())] == []
