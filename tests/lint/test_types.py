# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Types say something: few values are anything, and an error of mypy that is ignored has a code and a reason."""

from __future__ import annotations

import re

from ansible_collections.hive.swarm.tests.lint.test_contracts import ROOT

ANY = re.compile(r"\bt\.Any\b|\btyping\.Any\b")
ALIAS = re.compile(r"^\w+(: \S+)? = (t\.|typing\.)?Any\b", re.MULTILINE)
REASONED = re.compile(r"# type: ignore\[[a-z, -]+\]  # \w")
SOURCES = {path: path.read_text() for path in sorted((ROOT / "plugins").rglob("*.py"))}


def test_few_values_are_anything():
    assert sum(len(ANY.findall(text)) for text in SOURCES.values()) < 100
    assert [str(path) for path, text in SOURCES.items() if ALIAS.search(text)] == []


def test_few_errors_are_ignored_each_for_a_reason():
    ignored = [line.strip() for text in SOURCES.values() for line in text.splitlines() if "# type: ignore" in line]
    assert len(ignored) <= 10
    assert [line for line in ignored if not REASONED.search(line)] == []
