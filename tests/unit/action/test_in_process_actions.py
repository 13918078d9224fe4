# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every module of the action group has its action, and no other module has."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest
import yaml
from ansible_collections.hive.swarm.plugins.plugin_utils._in_process import InProcessAction

ROOT = Path(__file__).resolve().parents[3]
GROUP = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())["action_groups"]["swarm"]
PLUGINS = "ansible_collections.hive.swarm.plugins"


def test_there_is_an_action_for_each_module_of_the_group():
    actions = sorted(path.stem for path in (ROOT / "plugins" / "action").glob("*.py"))
    assert actions == sorted(GROUP), "a file in plugins/action for each module of the action group"


@pytest.mark.parametrize("name", GROUP)
def test_an_action_runs_the_module_of_its_name(name):
    action = importlib.import_module(f"{PLUGINS}.action.{name}").ActionModule
    assert issubclass(action, InProcessAction)
    assert action.main is importlib.import_module(f"{PLUGINS}.modules.{name}").main


def test_an_ansible_that_has_changed_still_loads_it(monkeypatch):
    monkeypatch.setattr("ansible.release.__version__", "2.99.0")
    monkeypatch.delattr("ansible.executor.module_common._BuiltModule")
    monkeypatch.delitem(sys.modules, f"{PLUGINS}.plugin_utils._in_process")
    assert importlib.import_module(f"{PLUGINS}.plugin_utils._in_process").InProcessAction is not InProcessAction
