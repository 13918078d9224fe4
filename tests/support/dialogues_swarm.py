# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All dialogues that begin with a manager whose swarm is empty, by family; and the cleaning in between."""

from __future__ import annotations

import time
from typing import Any

from . import dialogues_networks, dialogues_objects, dialogues_services, dialogues_tasks
from .dialogues import filtered
from .worlds import ask

_PATIENCE = 30.0

FAMILIES = {
    "stored": dialogues_services.STORED,
    "refused": dialogues_services.REFUSED,
    "updated": dialogues_services.UPDATED,
    "tasks": dialogues_tasks.TASKS,
    "logs": dialogues_tasks.LOGS,
    "secrets": dialogues_objects.SECRETS,
    "configs": dialogues_objects.CONFIGS,
    "networks": dialogues_objects.NETWORKS,
    "network options": dialogues_networks.NETWORK_OPTIONS,
    "distribution": dialogues_objects.DISTRIBUTION,
}
SCRIPTS = [(family, name) for family, scripts in FAMILIES.items() for name in scripts]
BEHAVIOURS = dialogues_services.BEHAVIOURS


def empty(socket: str) -> None:
    """Remove what a script has left in a swarm, and wait until the tasks are gone.

    Engines of 20.10 go on showing the tasks of a job that was removed.
    """
    for path in ("/services", "/secrets", "/configs"):
        for item in ask(socket, "GET", path)[1]:
            ask(socket, "DELETE", f"{path}/{item['ID']}")
    _until(lambda: not _remove_networks(socket), "networks are left")
    _until(lambda: all("JobIteration" in task for task in ask(socket, "GET", "/tasks")[1]), "tasks are left")


def _remove_networks(socket: str) -> list[str]:
    """Networks of services that have just gone are in use for a moment."""
    listed = ask(socket, "GET", filtered("/networks", {"scope": ["swarm"]}))[1]
    left = [network["Id"] for network in listed if not network["Ingress"]]
    return [network for network in left if ask(socket, "DELETE", f"/networks/{network}")[0] != 204]


def _until(holds: Any, complaint: str) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not holds():
        assert time.monotonic() < deadline, complaint
        time.sleep(0.1)
