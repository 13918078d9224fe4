# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No line of YAML is longer than 120 characters, so that a diff of a role is readable beside its old text."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LIMIT = 120


@pytest.mark.parametrize("folder", ["roles", "playbooks", "extensions", "examples"])
def test_lines_are_short(folder):
    files = [*(ROOT / folder).rglob("*.yml"), *(ROOT / folder).rglob("*.yaml")]
    lines = [(path, number, line) for path in files for number, line in enumerate(path.read_text().splitlines(), 1)]
    assert lines
    assert [f"{path}:{number}" for path, number, line in lines if len(line) > LIMIT] == []
