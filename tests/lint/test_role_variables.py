# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`ansible-doc -t role` lists every variable that can be set, and no other; all else is private (`operations__plan`)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
ROLES = ("engine", "operations")
# Options without a default, which leave alone what they are about.
OPTIONAL = {"engine"}
# Options of another role that an operation documents as well.
BORROWED = {"engine": set(), "operations": {"engine_version"}}
# What a role hands to task files of the user, and the groups that its plays are made of.
HANDED: dict[str, set[str]] = {
    "engine": {"engine_ready"},  # a condition of hive.swarm.swarm_wait
    "operations": {
        "operations_backup_files", "operations_engine_state", "operations_secrets", "operations_healed", "operations_new",
        "operations_turn_managers", "operations_turn_workers",
    }
}  # fmt: skip


def documented(role: str) -> dict[str, dict]:
    specs = yaml.safe_load((ROOT / "roles" / role / "meta" / "argument_specs.yml").read_text())["argument_specs"]
    return {name: option for entry in specs.values() for name, option in entry["options"].items()}


def defaults(role: str) -> dict:
    return yaml.safe_load((ROOT / "roles" / role / "defaults" / "main.yml").read_text())


def used(role: str, texts: list[Path]) -> set[str]:
    found = set()
    for path in texts:
        found |= set(re.findall(rf"(?<![\w./]){role}_(?!_)\w+", path.read_text()))
    return found


@pytest.mark.parametrize("role", ROLES)
def test_each_variable_that_can_be_set_is_documented(role):
    unset = {name for name, option in documented(role).items() if role in OPTIONAL and "default" not in option}
    assert set(defaults(role)) | unset == set(documented(role)) - BORROWED[role]


@pytest.mark.parametrize("role", ROLES)
def test_the_documented_default_is_the_default(role):
    said = {name: option["default"] for name, option in documented(role).items() if "default" in option}
    here = {name: value for name, value in defaults(role).items() if "{{" not in str(value)}
    assert {name: value for name, value in said.items() if name in here and here[name] != value} == {}


@pytest.mark.parametrize("role", ROLES)
def test_all_else_is_private(role):
    files = [*(ROOT / "roles" / role).rglob("*.yml"), *(ROOT / "playbooks").glob("*.yml")]
    assert used(role, files) - set(documented(role)) - HANDED[role] == set()


@pytest.mark.parametrize("role", ROLES)
def test_a_boolean_of_the_command_line_is_read_as_one(role):
    """`-e name=false` is a text, which is true in an expression. An argument of a module is converted by the module."""
    names = [name for name, option in documented(role).items() if option["type"] == "bool"]
    raw = re.compile(rf"\b({'|'.join(names)})\b(?! \| bool)")
    texts = [path for part in ("tasks", "vars") for path in (ROOT / "roles" / role / part).rglob("*.yml")]
    found = [
        f"{path.name}: {line.strip()}"
        for path in texts
        for expression in re.findall(
            r"\{\{.*?\}\}|when: [^\n]*|^ +- not [^\n]*|^ +(?:or|and) [^\n]*", path.read_text(), re.S | re.M
        )
        for line in expression.splitlines()
        if raw.search(line) and not re.fullmatch(r"\{\{ \w+ \}\}", expression)
    ]
    assert found == []


def test_playbooks_have_no_names_of_their_own_for_options():
    """`-e operations_confirm=` and nothing shorter: one name for an option."""
    own = re.compile(r"\{\{ (?!site_|cluster_|engine_|operations_|lab_)(\w+) \| default\(")
    found = [(path.name, name) for path in (ROOT / "playbooks").glob("*.yml") for name in own.findall(path.read_text())]
    assert found == []
