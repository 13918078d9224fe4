# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What files import: no circles, everything at the top but for packages that few tasks need, and at a bounded cost."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PACKAGE = "ansible_collections.hive.swarm"
FILES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((ROOT / "plugins").rglob("*.py"))
}
# Not installed everywhere, or slow to load and rarely needed; .sdk loads the Docker SDK.
DEFERRED = {"cryptography", "docker", "jmespath", "paramiko", "ssl", ".sdk"}


def imported(name: str, node: ast.AST) -> set[str]:
    """Return the names in FILES that a statement imports, if it is an import."""
    if not isinstance(node, ast.ImportFrom):
        return set()
    package = name.split(".") if FILES[name].name == "__init__.py" else name.split(".")[:-1]
    base = package[: len(package) - node.level + 1] if node.level else []
    module = ".".join([*base, *(node.module or "").split(".")]).strip(".").removeprefix(f"{PACKAGE}.")
    return {each if each in FILES else module for each in (f"{module}.{alias.name}" for alias in node.names)} & set(
        FILES
    )


def test_no_imports_go_in_a_circle():
    trees = {name: ast.parse(path.read_text()) for name, path in FILES.items()}
    graph = {
        name: {found for node in ast.walk(tree) for found in imported(name, node)} - {name}
        for name, tree in trees.items()
    }
    assert len([found for name in graph for found in graph[name]]) > 500
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle


def test_imports_in_functions_are_of_packages_that_may_be_missing():
    found = set()
    for path in FILES.values():
        functions = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)]
        for node in (inner for function in functions for inner in ast.walk(function)):
            if isinstance(node, ast.Import):
                found |= {(path.name, alias.name.split(".")[0]) for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                package = f"{'.' * node.level}{node.module or ''}" if node.level else (node.module or "").split(".")[0]
                found.add((path.name, package))
    assert {(file, package) for file, package in found if package not in DEFERRED} == set()


SHOW = "import json, sys, {0}.plugins.modules.{1}; print(json.dumps([name for name in sys.modules]))"
# Files of the collection that a shipped module loads, and Ansible compiles on each task: a bound, not a goal.
MOST_FILES = {"swarm_node": 32, "swarm_service": 58, "swarm_stack": 82}


@pytest.mark.parametrize("module", MOST_FILES)
def test_a_module_loads_what_it_needs(module):
    command = [sys.executable, "-c", SHOW.format(PACKAGE, module)]
    loaded = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert not [name for name in loaded if name.split(".")[0] in DEFERRED - {"ssl"}]
    assert 10 < len([name for name in loaded if name.startswith(f"{PACKAGE}.plugins.")]) <= MOST_FILES[module]
