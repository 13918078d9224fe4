# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""S15: a file that is closed to other users is closed before it has its content.

Ansible's modules give a new file its mode after its content. So such a file is in a folder that is closed (0700), or an
earlier task of the same file of tasks has made it, empty and with its mode.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

TOP = Path(__file__).parents[2]
#: Folders with mode 0700, which a task makes before.
CLOSED = (
    "{{ engine__candidate.path }}/",  # ansible.builtin.tempfile
    "{{ engine__certificates }}/",
    "{{ engine__key_new.path }}",  # a file of ansible.builtin.tempfile, which has 0600
    "{{ operations__archive_base }}",  # in operations_backup_dir
    "{{ operations__archive_here }}",
    "{{ operations__stopped_note }}",
)
WRITERS = ("ansible.builtin.copy", "ansible.builtin.template", "ansible.builtin.get_url", "ansible.builtin.fetch")
MODES = ("0600", "{{ engine__plan.config.mode }}")


def tasks(value: Any) -> Iterator[dict[str, Any]]:
    for item in value if isinstance(value, list) else []:
        if isinstance(item, dict):
            yield item
            for inner in item.values():
                yield from tasks(inner)


def closed(found: list[dict[str, Any]]) -> set[str]:
    files = [task["ansible.builtin.file"] for task in found if "ansible.builtin.file" in task]
    return {file["path"] for file in files if file.get("state") == "touch" and file.get("mode") == "0600"}


def test_s15_modes_come_before_content():
    checked = []
    for folder in ("roles", "playbooks"):
        for path in sorted((TOP / folder).rglob("*.yml")):
            found = list(tasks(yaml.safe_load(path.read_text())))
            for position, task in enumerate(found):
                options = next((task[name] for name in WRITERS if name in task), {})
                if options.get("mode") in MODES:
                    there = options["dest"].startswith(CLOSED) or options["dest"] in closed(found[:position])
                    assert there, f"{path.relative_to(TOP)}: {task['name']}: {options['dest']}"
                    checked.append(options["dest"])
    assert {"{{ engine__proxy_file }}", "{{ engine__config }}", "{{ operations__secrets_file_path }}"} <= set(checked)


def test_s15_what_is_fetched_comes_into_a_closed_folder():
    found = list(tasks(yaml.safe_load((TOP / "roles/operations/tasks/backup/fetch.yml").read_text())))
    names = [next(key for key in task if "." in key) for task in found if any("." in key for key in task)]
    assert names.index("ansible.builtin.tempfile") < names.index("ansible.builtin.fetch")
    (fetched,) = [task["ansible.builtin.fetch"] for task in found if "ansible.builtin.fetch" in task]
    assert fetched["dest"] == "{{ operations__fetching.path }}/"
