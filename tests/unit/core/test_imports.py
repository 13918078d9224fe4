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
# For writing and waiting, for when something goes wrong, and for what is no unix socket.
RARE = {
    "_acting",
    "_wait",
    "_complaints",
    "_unreachable",
    "_transport_sdk",
    "_transport_ssh",
    "_transport_tcp",
    "_answers",
    "_checks_swarm",
    "_address",
}
MORE = {
    "swarm_node": {"_resources.local", "_resources.node_removal", "_checks"},
    "swarm_service": {f"_resources.service.{name}" for name in ("creation", "references", "progress", "update")},
    "swarm_stack": {
        "_schema",
        "_checks",
        "_resources.service.schema",
        "_resources.service.fields",
        "_resources.service.codecs",
        "_resources.network.schema",
        "_resources.blob.schemas",
        "_resources.stack.writing",
    },
}


@pytest.mark.parametrize("module", MORE)
def test_what_a_run_without_changes_does_not_load(module):
    command = [sys.executable, "-c", SHOW.format(PLUGINS, module)]
    loaded = set(json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout))
    rare = {f"{PLUGINS}.module_utils.{name}" for name in RARE | MORE[module]}
    assert f"{PLUGINS}.module_utils._reconcile" in loaded
    assert not loaded & rare
