# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each task file of the role operations is an entry point, or belongs to the folder of one, or is shared."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

ROLE = Path(__file__).parents[2] / "roles" / "operations"
TASKS = ROLE / "tasks"


def entry_points() -> set[str]:
    return set(yaml.safe_load((ROLE / "meta" / "argument_specs.yml").read_text())["argument_specs"])


def test_each_file_at_the_top_is_an_entry_point():
    assert {path.stem for path in TASKS.glob("*.yml")} == entry_points()


def test_each_folder_belongs_to_an_entry_point():
    assert {path.name for path in TASKS.iterdir() if path.is_dir()} - entry_points() == {"shared"}


def test_each_part_is_included():
    texts = "\n".join(path.read_text() for path in (ROLE.parent).rglob("*.yml"))
    # A name that is made at run time, such as rotate/{{ operations_rotate }}.yml, includes the whole folder.
    made = set(re.findall(r"([\w/]+/(?:\w+_)?)\{\{", texts))
    parts = {str(path.relative_to(TASKS)) for path in TASKS.rglob("*/*.yml")}
    unused = {part for part in parts if part not in texts and part.removesuffix(".yml") not in texts}
    assert {part for part in unused if not any(part.startswith(start) for start in made)} == set()


def users(part: str) -> set[str]:
    """The operations whose files include a part, by the names of their folders; playbooks count as an operation of their own."""
    found = set()
    for path in [*TASKS.rglob("*.yml"), *(ROLE.parents[1] / "playbooks").glob("*.yml"), ROLE / "vars" / "main.yml"]:
        if re.search(
            rf"(include|import)_tasks: {part}|file: {part}|tasks_from: {part.removesuffix('.yml')}\b", path.read_text()
        ):
            folder = path.relative_to(TASKS).parts[0] if TASKS in path.parents else path.name
            found.add(folder.removesuffix(".yml").removesuffix("_node"))
    return found


def test_what_several_operations_include_is_shared():
    parts = [path.relative_to(TASKS) for path in TASKS.rglob("*/*.yml") if path.parent.name != "shared"]
    elsewhere = {str(part): users(str(part)) - {part.parts[0]} for part in parts}
    assert {part: found for part, found in elsewhere.items() if found} == {}
