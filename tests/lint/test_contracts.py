# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the parts of the collection promise each other and no other linter compares."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
FRAGMENT = "hive.swarm.docker"
MODULES = sorted(path for path in (ROOT / "plugins" / "modules").glob("*.py"))
# Keywords that may stand beside the module in a task of an example.
TASK_KEYWORDS = {
    "become", "changed_when", "check_mode", "delegate_to", "diff", "failed_when", "ignore_errors", "loop",
    "loop_control", "name", "no_log", "notify", "register", "run_once", "tags", "throttle", "until", "retries",
    "delay", "vars", "when",
}  # fmt: skip


def constants(path: Path) -> dict[str, str]:
    """The strings that a Python file assigns to names at its top level."""
    return {
        target.id: node.value.value
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def as_list(value: str | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [])


def documentation(path: Path) -> dict:
    return yaml.safe_load(constants(path)["DOCUMENTATION"])


def fragments(path: Path) -> list[str]:
    return as_list(documentation(path).get("extends_documentation_fragment"))


def fragment_options(name: str) -> dict:
    """The options that a documentation fragment of this collection brings along."""
    parts = name.removeprefix("hive.swarm.").split(".")
    attribute = parts[1].upper() if len(parts) > 1 else "DOCUMENTATION"
    source = ast.parse((ROOT / "plugins" / "doc_fragments" / f"{parts[0]}.py").read_text())
    values = [
        node.value.value
        for node in ast.walk(source)
        if isinstance(node, ast.Assign) and [getattr(target, "id", "") for target in node.targets] == [attribute]
    ]
    return yaml.safe_load(values[0]).get("options", {})


def accepted(path: Path) -> set[str]:
    """The names and aliases of all options of a module."""
    options = dict(documentation(path).get("options", {}))
    for name in fragments(path):
        if name.startswith("hive.swarm."):
            options.update(fragment_options(name))
    return set(options) | {alias for option in options.values() for alias in option.get("aliases", [])}


def tasks(items: list) -> list[dict]:
    """The tasks of an example: a list of tasks, or of plays with their tasks, blocks unfolded."""
    found = []
    for item in items:
        inner = [
            task
            for key in ("pre_tasks", "tasks", "post_tasks", "block", "rescue", "always")
            for task in item.get(key, [])
        ]
        found += tasks(inner) if inner else [item]
    return found


def test_there_are_modules():
    assert MODULES


def test_action_group_is_the_modules_that_talk_to_an_engine():
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())
    group = [name for name in runtime["action_groups"]["swarm"] if isinstance(name, str)]
    assert group == sorted(path.stem for path in MODULES if FRAGMENT in fragments(path))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_examples_use_the_module_and_options_that_exist(path):
    examples = tasks(yaml.safe_load(constants(path)["EXAMPLES"]))
    name = f"hive.swarm.{path.stem}"
    uses = [task[name] or {} for task in examples if name in task]
    assert uses, f"no example uses {name}"
    unknown = {option for use in uses for option in use} - accepted(path)
    assert not unknown, f"examples of {name} use options that it does not have"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_examples_use_full_names(path):
    for task in tasks(yaml.safe_load(constants(path)["EXAMPLES"])):
        actions = [key for key in task if key not in TASK_KEYWORDS]
        assert [key for key in actions if "." not in key] == [], f"short names in the example {task.get('name')!r}"
