# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An update or a rollback of a service that is under way, and what is told of it."""

from __future__ import annotations

from typing import Any

from . import identity


class Rollout:
    """Counts what the failure action needs."""

    def __init__(self, rollback: bool, total: int):
        self.rollback = rollback
        self.total = total
        self.failures = 0

    def fails(self, config: dict[str, Any]) -> str:
        """The failure action once too many tasks have failed, else empty. config: of the update or the rollback."""
        self.failures += 1
        if self.failures / max(self.total, 1) <= config.get("MaxFailureRatio", 0):
            return ""
        action = str(config.get("FailureAction", "pause"))
        return "pause" if self.rollback and action == "rollback" else action


def started(rollback: bool, message: str = "update in progress") -> dict[str, Any]:
    """UpdateStatus of a rollout that begins."""
    return {
        "State": "rollback_started" if rollback else "updating",
        "StartedAt": identity.now(),
        "Message": message,
    }


def ended(status: dict[str, Any], rollback: bool) -> dict[str, Any]:
    """UpdateStatus once all is done."""
    kind, what = ("rollback_completed", "rollback") if rollback else ("completed", "update")
    return {**status, "State": kind, "CompletedAt": identity.now(), "Message": f"{what} completed"}


def paused(status: dict[str, Any], rollback: bool, task_id: str) -> dict[str, Any]:
    """UpdateStatus when a task has failed and nothing more is replaced."""
    kind, what = ("rollback_paused", "rollback") if rollback else ("paused", "update")
    reason = f"{what} paused due to failure or early termination of task {task_id}"
    return {**status, "State": kind, "Message": reason}


def rolled_back(status: dict[str, Any], task_id: str) -> dict[str, Any]:
    """UpdateStatus when a failed task makes the manager go back."""
    reason = f"update rolled back due to failure or early termination of task {task_id}"
    return {**status, "State": "rollback_started", "Message": reason}
