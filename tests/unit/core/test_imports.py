# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A module that is shipped is compiled on every task, so it loads nothing that only runs with changes need."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

PLUGINS = "ansible_collections.hive.swarm.plugins"
SHOW = "import json, sys, {0}.modules.{1}; print(json.dumps([name for name in sys.modules if name.startswith('{0}')]))"


@pytest.mark.parametrize("module", ["swarm_node", "swarm_service", "swarm_stack"])
def test_a_module_loads_the_sdk_only_for_ssh(module):
    command = [sys.executable, "-c", SHOW.format(PLUGINS, module)]
    loaded = set(json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout))
    assert f"{PLUGINS}.module_utils._core.reconcile" in loaded
    assert not [name for name in loaded if name.split(".")[0] == "docker"]
