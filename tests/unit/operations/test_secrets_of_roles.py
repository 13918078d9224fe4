# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks of the roles that get to know a secret say nothing of it.

A module's result is shown with -v, and what it prints on its host with -vvv, where the connection is ssh.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

ROLES = Path(__file__).resolve().parents[3] / "roles"
FILES = sorted(ROLES.glob("*/tasks/**/*.yml"))
ASKED_FOR = ("join_tokens", "unlock_key")


def tasks(items):
    for item in items:
        yield item
        for part in ("block", "rescue", "always"):
            yield from tasks(item.get(part, ()))


def is_told_a_secret(task):
    """Whether it asks for a token or key, or brings an archive, which with become is printed by a command."""
    if "ansible.builtin.fetch" in task:
        return True
    options = [value for key, value in task.items() if key.startswith("hive.swarm.") and isinstance(value, dict)]
    return any(given.get(name) for given in options for name in ASKED_FOR)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROLES)))
def test_who_is_told_a_secret_keeps_it(path):
    told = [task for task in tasks(yaml.safe_load(path.read_text()) or []) if is_told_a_secret(task)]
    assert [task["name"] for task in told if not task.get("no_log")] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROLES)))
def test_who_keeps_a_secret_says_why_it_failed(path):
    """With no_log a failure has no words: another task has them."""
    every = list(tasks(yaml.safe_load(path.read_text()) or []))
    for task, following in zip(every, [*every[1:], {}]):
        if is_told_a_secret(task):
            assert task.get("failed_when") is False, task["name"]
            assert task["register"] in str(following.get("ansible.builtin.fail")) + str(following.get("vars")), task[
                "name"
            ]


def test_there_are_such_tasks():
    found = [task for path in FILES for task in tasks(yaml.safe_load(path.read_text()) or []) if is_told_a_secret(task)]
    assert len(found) > 5
