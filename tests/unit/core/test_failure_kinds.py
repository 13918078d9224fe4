# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Playbooks test for the kinds of failures and reasons: each has one meaning, in the code and in the guide.

``HIVE_WRITE_KINDS=1 pytest tests/unit/core/test_failure_kinds.py`` rewrites the tables of the guide.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import os
import re
from collections.abc import Iterator
from pathlib import Path

from ansible_collections.hive.swarm.plugins.module_utils._core.errors import SwarmError
from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.steps import REASONS

ROOT = Path(__file__).parents[3]
GUIDE = ROOT / "docs" / "docsite" / "rst" / "guide_failures.rst"
HEAD = re.compile(r"(   \* - [^\n]*kind``\n     - Meaning\n)((?:   \* - .*\n     - .*\n)*)")
# The functions that take the kind of a reason, or of a failure of a planning action, first.
MAKERS = {"Reason", "reasons", "failed"}


KIND = re.compile(r'^    kind = "', re.MULTILINE)


def files(*folders: str) -> Iterator[Path]:
    return (path for folder in folders for path in sorted((ROOT / "plugins" / folder).rglob("*.py")))


def errors() -> Iterator[type[SwarmError]]:
    """The types of errors that have a kind of their own."""
    for path in files("module_utils", "plugin_utils"):
        if KIND.search(path.read_text()):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            module = importlib.import_module(f"ansible_collections.hive.swarm.{name}")
            types = [item for item in vars(module).values() if inspect.isclass(item) and issubclass(item, SwarmError)]
            yield from (item for item in types if "kind" in vars(item) and item.__module__ == module.__name__)


def failures() -> dict[str, str]:
    """The kinds with the first paragraphs of the docstrings."""
    return {
        error.kind: " ".join(inspect.getdoc(error).partition("\n\n")[0].split())
        for error in errors()
        if error is not SwarmError
    }


def used_reasons() -> set[str]:
    """The kinds that the plugins give to reasons; those of a backup's problems are the first of a pair."""
    found = set()
    for path in files("plugin_utils", "action"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in MAKERS:
                found |= {item.value for item in node.args[:1] if isinstance(item, ast.Constant)}
            elif isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
                words = [str(getattr(item, "value", "")) for item in node.value.elts[:1]]
                found |= {word for word in words if word.startswith("archive_")}
    return found


def rows(kinds: dict[str, str]) -> str:
    return "".join(f"   * - ``{kind}``\n     - {meaning}\n" for kind, meaning in sorted(kinds.items()))


def test_the_guide_has_the_meaning_of_each_kind():
    wanted = iter((rows(failures()), rows(REASONS)))
    text = HEAD.sub(lambda table: table[1] + next(wanted), GUIDE.read_text())
    assert list(wanted) == []
    if os.environ.get("HIVE_WRITE_KINDS"):
        GUIDE.write_text(text)
    assert GUIDE.read_text() == text


def test_each_reason_is_of_a_kind_in_the_table():
    assert used_reasons() == set(REASONS)
