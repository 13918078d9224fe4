# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs that run on nodes are modules, with options, check mode and typed results, and not files in a command."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
ROLES = ("cluster", "engine", "lab", "operations")
COMMANDS = ("ansible.builtin.command", "ansible.builtin.shell", "ansible.builtin.raw", "ansible.builtin.script")


def tasks(items):
    for item in items if isinstance(items, list) else []:
        if isinstance(item, dict):
            yield item
            for inner in item.values():
                yield from tasks(inner)


@pytest.mark.parametrize("role", ROLES)
def test_no_command_gets_a_file_of_the_role(role):
    found = [
        (path.name, task["name"])
        for path in (ROOT / "roles" / role / "tasks").rglob("*.yml")
        for task in tasks(yaml.safe_load(path.read_text()))
        if "lookup(" in str([task.get(name) for name in COMMANDS])
    ]
    assert found == []


@pytest.mark.parametrize("role", ROLES)
def test_no_role_brings_scripts(role):
    assert not (ROOT / "roles" / role / "files").exists()
