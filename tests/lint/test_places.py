# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said about files, folders and commands is true of this checkout."""

from __future__ import annotations

import re
from fnmatch import fnmatch

import pytest
from ansible_collections.hive.swarm.tests.lint.test_contracts import ROOT

FOLDERS = (
    "benchmarks", "changelogs", "docs", "examples", "extensions", "meta", "playbooks", "plugins", "requirements", "roles",
    "tests", "tools",
)  # fmt: skip
PLACES = [f"/{path.relative_to(ROOT)}" for folder in FOLDERS for path in [ROOT / folder, *(ROOT / folder).rglob("*")]]
PLACES += [f"/{path.name}" for path in ROOT.iterdir() if path.is_file()]
# A name that ends like a file of ours, or with the slash of a folder.
NAMED = re.compile(r"(?<![\w./-])[\w*][\w*./-]*(?:\.(?:py|sh|yml|yaml|md|rst|in|toml)\b|/(?![\w.*]))")
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text()
EXAMPLES = {"changelogs/fragments/42-drain-timeout.yml"}
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
GUIDES = sorted(
    path
    for pattern in ("*.md", "roles/*/README.md", "extensions/**/*.md", "docs/docsite/rst/*.rst")
    for path in ROOT.glob(pattern)
)


def is_there(name: str) -> bool:
    return any(fnmatch(place, f"*/{name.rstrip('/')}") for place in PLACES)


@pytest.mark.parametrize("document", ["ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_files_and_folders_that_are_named_are_there(document):
    names = set(NAMED.findall((ROOT / document).read_text())) - EXAMPLES
    assert len(names) > 20
    assert [name for name in sorted(names) if not is_there(name)] == []


@pytest.mark.parametrize(
    "folder",
    ["plugins", *(f"plugins/module_utils{package}" for package in ("", "/_core", "/_engine")), "plugins/plugin_utils"],
)
def test_what_is_there_has_its_place(folder):
    """Folders, and the files of the core and of the engine's client; a kind's files have the same names in each."""
    files = "*.py" if folder.startswith("plugins/module_utils") else "*/"
    here = {path.name for path in (ROOT / folder).glob(files)} | {path.name for path in (ROOT / folder).glob("*/")}
    words = [word for word in re.findall(r"[\w.*]+", ARCHITECTURE) if len(word) > 3]
    here -= {"__init__.py", "__pycache__"}
    assert [name for name in sorted(here) if not any(fnmatch(name, word) for word in words)] == []


@pytest.mark.parametrize("folder", ["plugins/modules", "plugins/inventory", "playbooks", "roles"])
def test_the_readme_lists_what_is_in_the_collection(folder):
    said = set(re.findall(r"`(?:hive\.swarm\.)?(\w+)`", (ROOT / "README.md").read_text()))
    here = {path.stem for path in (ROOT / folder).iterdir() if not path.name.startswith("_")}
    assert sorted(here - said) == []


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: str(path.relative_to(ROOT)))
def test_targets_that_are_named_are_in_the_makefile(guide):
    said = set(re.findall(r"`make ([a-z-]+)", guide.read_text()))
    assert said <= TARGETS
