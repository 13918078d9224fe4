# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tasks of all cases ask for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

IMAGE = "lab/busybox:1"
SERVICE = {
    "name": "bench",
    "image": IMAGE,
    "replicas": 0,
    "labels": {"a": "1"},
    "limits": {"memory": "64M"},
    "restart_config": {"condition": "on-failure"},
}
#: A service that runs, so that a wait has tasks to judge.
RUNNING_SERVICE = {**SERVICE, "name": "bench-runs", "replicas": 2, "command": ["sleep", "100000"]}
STACK_SERVICES = 20


def stack_service(number: int) -> dict[str, Any]:
    """Return one service of a compose file, as long as they are."""
    return {
        "image": IMAGE,
        "command": ["sleep", "100000"],
        "environment": {"A": "1", "B": "two", "C": str(number)},
        "labels": {"team": "shop"},
        "networks": ["front", "back"],
        "configs": ["conf"],
        "healthcheck": {"test": ["CMD", "true"], "interval": "10s"},
        "ports": [f"{20000 + number}:80"],
        "volumes": ["data:/data"],
        "deploy": {
            "replicas": 0,
            "update_config": {"parallelism": 2, "delay": "5s", "order": "start-first"},
            "restart_policy": {"condition": "on-failure"},
            "resources": {"limits": {"cpus": "0.5", "memory": "64M"}},
            "placement": {"constraints": ["node.role == manager"]},
        },
    }


def write_stack(folder: Path) -> Path:
    """Write a compose file in the block style that people write."""
    services = {f"s{number}": stack_service(number) for number in range(STACK_SERVICES)}
    whole = {"version": "3.8", "services": services, "networks": {"front": {}, "back": {}}, "volumes": {"data": {}}}
    (folder / "conf").write_text("a config\n")
    path = folder / "stack.yml"
    path.write_text(yaml.safe_dump({**whole, "configs": {"conf": {"file": "./conf"}}}))
    return path
