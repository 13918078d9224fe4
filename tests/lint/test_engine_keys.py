# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A key of the engine's JSON is named by the field of its option. Modules and Compose files reach it by the option."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PLUGINS = Path(__file__).parents[2] / "plugins"
SCHEMA = PLUGINS / "module_utils" / "_service" / "schema.py"
# The types in answers, by which an engine's unexpected answer is told from a fault of ours.
ANSWERS = PLUGINS / "module_utils" / "_engine" / "answers.py"
# Those that nothing but an option is about: neither waiting nor conflicts of ports read them.
KEYS = """
    CapabilityAdd MaxFailureRatio MaxReplicas Nameservers NoCopy OomScoreAdj OpenStdin Pids Retries SizeBytes
    SpreadDescriptor StartInterval StartPeriod StopGracePeriod StopSignal Subpath Sysctls Ulimits Window
"""


@pytest.mark.parametrize("key", KEYS.split())
def test_a_key_of_the_engine_is_in_one_file(key):
    word = re.compile(rf'"{key}"')
    assert {path for path in PLUGINS.rglob("*.py") if word.search(path.read_text())} - {ANSWERS} == {SCHEMA}
