# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""S6: requests of roles and playbooks go to the engine that they name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

TOP = Path(__file__).parents[2]
PINNED = {"follow_redirects": "none", "use_proxy": False, "use_netrc": False}


def tasks(value: Any) -> Iterator[dict[str, Any]]:
    for item in value if isinstance(value, list) else []:
        if isinstance(item, dict):
            yield item
            for inner in item.values():
                yield from tasks(inner)


def test_s6_uri_tasks_follow_nothing_and_use_nothing_of_the_environment():
    found = {}
    for folder in ("roles", "playbooks"):
        for path in sorted((TOP / folder).rglob("*.yml")):
            for task in tasks(yaml.safe_load(path.read_text())):
                options = task.get("ansible.builtin.uri")
                if options:
                    found[path.name] = {key: options.get(key) for key in PINNED}
    assert found and found == dict.fromkeys(found, PINNED)
