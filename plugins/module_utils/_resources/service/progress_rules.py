# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the service's own policies and its status say of a rollout: how long, how often, since when, who decides."""

from __future__ import annotations

from ..._path import Document
from .progress_slots import moment
from .status import update_state

_MONITOR = 5 * 10**9  # nanoseconds; the engine's default
_FAILURES = 3


def monitor(service: Document) -> float:
    """Seconds for which new tasks have to last."""
    return ((service["Spec"].get("UpdateConfig") or {}).get("Monitor") or _MONITOR) / 10**9


def allowed_failures(service: Document) -> int:
    """With how many failures a slot has had its tries: with as many as the service's own limit, or soon."""
    policy = service["Spec"]["TaskTemplate"].get("RestartPolicy") or {}
    return policy["MaxAttempts"] + 1 if policy.get("MaxAttempts") else _FAILURES


def engine_decides(service: Document) -> bool:
    """Whether the engine itself will pause the update, or take it back, when tasks fail."""
    policy = {"updating": "UpdateConfig", "rollback_started": "RollbackConfig"}.get(update_state(service))
    return policy is not None and (service["Spec"].get(policy) or {}).get("FailureAction") != "continue"


def change_of(service: Document, first_update: str) -> tuple[str, str]:
    """When the change came, or when the engine was done with it: it has watched the tasks by then.

    All are times of the leader's clock, as those of the tasks are. ``first_update`` is the first ``UpdatedAt`` that
    was seen: the engine renews it with each change of the update's status.
    """
    status = service.get("UpdateStatus") or {}
    if status.get("State") in ("completed", "rollback_completed"):
        return moment(status["CompletedAt"])
    first = first_update if service.get("PreviousSpec") else service["CreatedAt"]
    return min(moment(first), moment(status.get("StartedAt") or first))
