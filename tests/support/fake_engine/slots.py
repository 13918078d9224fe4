# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A slot of a service, and the task that is in it."""

from __future__ import annotations

from typing import Any

from .behaviours import Behaviour


class Live:
    """The task that a slot counts on. `looks`: how many reads it takes until its behaviour shows."""

    def __init__(self, task: dict[str, Any], behaviour: Behaviour, updated: bool):
        self.task = task
        self.behaviour = behaviour
        self.updated = updated
        self.looks = behaviour.looks

    @property
    def settled(self) -> bool:
        """It shows what it does."""
        return self.task["Status"]["State"] in ("running", "complete", "failed", "rejected")


class Slot:
    """Number of a replica, or ID of a node for a global service."""

    def __init__(self, key: Any):
        self.key = key
        self.live: Live | None = None
        self.past: list[dict[str, Any]] = []  # tasks that were, oldest first
        self.restarts = 0
        self.gave_up: dict[str, Any] | None = None  # the template with which restarting ended
