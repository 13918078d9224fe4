# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether anything is under way, by what a run without changes reads: the service, and its tasks that have ended."""

from __future__ import annotations

import time
import typing as t

if t.TYPE_CHECKING:
    from ..._path import Document

_HOUR = 3600
REPLICATED, GLOBAL, REPLICATED_JOB, GLOBAL_JOB = "Replicated", "Global", "ReplicatedJob", "GlobalJob"


def mode_of(service: Document) -> str:
    """One of the four keys of ``Spec.Mode``."""
    mode = service["Spec"].get("Mode") or {}
    return next((key for key in (GLOBAL, REPLICATED_JOB, GLOBAL_JOB) if mode.get(key) is not None), REPLICATED)


def update_state(service: Document) -> str:
    """``UpdateStatus.State``; empty when the engine has had nothing to roll out since the last write."""
    return (service.get("UpdateStatus") or {}).get("State") or ""


def total_completions(service: Document) -> int:
    """How often a replicated job shall run; the engine's default is how many run at once, and that is 1."""
    job = service["Spec"]["Mode"][REPLICATED_JOB]
    return job.get("TotalCompletions", job.get("MaxConcurrent", 1))


def quick(service: Document) -> bool:
    """Whether an element of ``GET /services?status=true`` says that nothing is under way.

    False means: look at the tasks. That goes for an API before 1.41, which has no counts; for a global service without
    tasks, since its counts are equal before the first one is made; and for a global job, whose desired tasks fall to
    0 as it goes on, whether they succeed or not.
    """
    counts, mode = service.get("ServiceStatus"), mode_of(service)
    if not counts or update_state(service) not in ("", "completed", "rollback_completed"):
        return False
    if mode == REPLICATED_JOB:
        return counts["CompletedTasks"] >= total_completions(service)
    if mode == GLOBAL_JOB or (mode == GLOBAL and not counts["DesiredTasks"]):
        return False
    return counts["RunningTasks"] == counts["DesiredTasks"]


def failed_before(engine: t.Any, services: t.Iterable[Document]) -> set[str]:
    """Return the IDs of the services of which a task with the present spec has failed: one request for all of them.

    The counts of a service that fails again and again are equal whenever its tasks just run. Only its tasks show that
    they have not run for long; those that were replaced by an update do not match the present spec and are not listed.
    """
    watched = {item["ID"]: item for item in services if _keeps_tasks(item)}
    if not watched:
        return set()
    filters = {"service": list(watched), "desired-state": ["shutdown"], "_up-to-date": ["true"]}
    ended = engine.get("/tasks", filters=filters)
    recent = [task for task in ended if _is_recent(task)]
    if not recent:
        return set()
    from .progress_slots import went_wrong

    return {task["ServiceID"] for task in recent if went_wrong(watched[task["ServiceID"]], task)}


def _is_recent(task: Document) -> bool:
    """Whether the task ended within the last hour, by the clock of this host: an older failure has been outlived.

    The engine keeps failed tasks for as long as a service does not change, and each of its runs would look at them.
    """
    ended = (task.get("Status") or {}).get("Timestamp", "")
    return not ended or ended[:19] >= time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(time.time() - _HOUR))


def _keeps_tasks(service: Document) -> bool:
    """Whether tasks are meant to run on. A finished job has none, whatever failed on the way."""
    return mode_of(service) in (REPLICATED, GLOBAL) and service["ServiceStatus"]["DesiredTasks"] > 0
