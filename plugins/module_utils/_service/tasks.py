# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tasks of a service, slot by slot: which of them are as the service wants them, and on which nodes they may run.

A run without changes reads the counts of the service and its tasks that have ended, to find out whether anything is under way.
Constraints and platforms of nodes count as in swarmkit (manager/orchestrator/global, manager/scheduler/filter.go).
"""

from __future__ import annotations

import time
import typing as t

from .._core.values import Document
from .._engine.client import Reader
from .._node.views import ALIVE
from .constraints import NodeFacts, meets

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
    """The number of completions of a replicated job; the engine's default is how many run at once, and that is 1."""
    job = service["Spec"]["Mode"][REPLICATED_JOB]
    return job.get("TotalCompletions", job.get("MaxConcurrent", 1))


def is_converged_by_counts(service: Document) -> bool:
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


def ended_tasks(scope: t.Mapping[str, list[str]]) -> Document:
    """Return the filters for tasks that have ended, of the present specs. ``scope`` is the filter for their services."""
    return {**scope, "desired-state": ["shutdown"], "_up-to-date": ["true"]}


def failed_before(
    engine: Reader, services: t.Iterable[Document], scope: t.Mapping[str, list[str]] | None = None
) -> set[str]:
    """Return the IDs of the services of which a task with the present spec has failed: one request for all of them.

    The counts of a service that fails again and again are equal whenever its tasks just run. Only its tasks show that
    they have not run for long; those that were replaced by an update do not match the present spec and are not listed.

    :param scope: the filter that finds the tasks of the services; their IDs without it.
    """
    watched = {item["ID"]: item for item in services if _keeps_tasks(item)}
    if not watched:
        return set()
    ended = engine.get("/tasks", filters=ended_tasks(scope or {"service": list(watched)}))
    recent = [task for task in ended if task["ServiceID"] in watched and _is_recent(task)]
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


# States in which a task has ended, whatever came of it.
ENDED = ("complete", "failed", "orphaned", "rejected", "remove", "shutdown")
_OVER = ("shutdown", "remove")
_COMING = ("new", "pending", *ALIVE[:-1])

Slot = t.Union[int, str]  # the number of a replica, or the ID of a global task's node


Tasks = dict[Slot, Document]


class RolloutSnapshot(t.NamedTuple):
    """:param tasks: the tasks that match the service's spec, of a job those of this run.
    :param nodes: all nodes of the swarm by ID.
    :param update: the state of the service's update, see ``update_state``.
    :param wrong: those of the tasks that ended in a way that the service does not want.
    """

    service: Document
    tasks: list[Document]
    nodes: dict[str, Document]
    update: str
    wrong: list[Document]


class SlotSummary(t.NamedTuple):
    """:param wanted: the desired number of slots.
    :param healthy: the healthy task of each slot.
    :param pending: the newest task of each slot that is on its way.
    :param failed: the last task of each slot that the engine has given up.
    :param coming: all tasks that are on their way, also beside a healthy one.
    """

    wanted: int
    healthy: list[Document]
    pending: list[Document]
    failed: list[Document]
    coming: list[Document]

    @property
    def missing(self) -> int:
        """How many slots have no task yet."""
        return self.wanted - len(self.healthy) - len(self.pending) - len(self.failed)


def take_snapshot(service: Document, tasks: list[Document], nodes: list[Document]) -> RolloutSnapshot:
    if mode_of(service) in (REPLICATED_JOB, GLOBAL_JOB):
        run = _iteration(service.get("JobStatus"))
        tasks = [task for task in tasks if _iteration(task) == run]
    wrong = [task for task in tasks if went_wrong(service, task)]
    return RolloutSnapshot(service, tasks, {node["ID"]: node for node in nodes}, update_state(service), wrong)


def _iteration(document: Document | None) -> int:
    return ((document or {}).get("JobIteration") or {}).get("Index", 0)


def timestamp_key(text: str) -> tuple[str, str]:
    """A time of the API as something that sorts. As text it does not, since trailing zeros of the fraction are left
    out and Z comes after the digits."""
    second, _dot, fraction = text.rstrip("Z").partition(".")
    return second, fraction


def state(task: Document) -> str:
    return (task.get("Status") or {}).get("State", "new")


def is_terminating(task: Document) -> bool:
    """Whether the engine wants the task to be gone: nothing of it comes back."""
    return task.get("DesiredState") in _OVER


def is_active(task: Document, nodes: dict[str, Document]) -> bool:
    """Whether the task has something on a node that lives."""
    return state(task) in ALIVE and not is_down(nodes.get(task.get("NodeID", "")))


def may_end(service: Document) -> bool:
    """Whether a task that ended well is what the service wants.

    With a healthcheck it is not, unless in a job: so ends a container that is unhealthy and obeys the signal to stop,
    and the engine's documents do not tell one from the other.
    """
    if mode_of(service) in (REPLICATED_JOB, GLOBAL_JOB):
        return True
    policy = service["Spec"]["TaskTemplate"].get("RestartPolicy") or {}
    return policy.get("Condition") in ("none", "on-failure") and not has_healthcheck(service)


def has_healthcheck(service: Document) -> bool:
    """Whether the spec has one; that of an image is not seen."""
    container = service["Spec"]["TaskTemplate"].get("ContainerSpec") or {}
    return (container.get("Healthcheck") or {}).get("Test", ["NONE"]) != ["NONE"]


def went_wrong(service: Document, task: Document) -> bool:
    """Whether the task ended in a way that the service does not want."""
    return state(task) in ("failed", "rejected") or (state(task) == "complete" and not may_end(service))


def slot_of(service: Document, task: Document) -> Slot:
    """The first slot of a job is 0, which JSON leaves out."""
    return task.get("NodeID", "") if mode_of(service) in (GLOBAL, GLOBAL_JOB) else task.get("Slot", 0)


def slots(snapshot: RolloutSnapshot) -> dict[Slot, list[Document]]:
    """The tasks of each slot, newest first."""
    found: dict[Slot, list[Document]] = {}
    for task in sorted(snapshot.tasks, key=lambda task: timestamp_key(task["CreatedAt"]), reverse=True):
        found.setdefault(slot_of(snapshot.service, task), []).append(task)
    return found


def summarize(snapshot: RolloutSnapshot) -> SlotSummary:
    healthy: dict[Slot, Document] = {}
    pending: dict[Slot, Document] = {}
    failed: dict[Slot, Document] = {}
    for slot, tasks in slots(snapshot).items():
        task = _good(snapshot, tasks)
        if task:
            healthy[slot] = task
        elif not is_terminating(tasks[0]):
            pending[slot] = tasks[0]
        elif gave_up(snapshot, tasks):
            failed[slot] = tasks[0]
    if mode_of(snapshot.service) not in (GLOBAL, GLOBAL_JOB):
        return _counted(snapshot, _replicas(snapshot.service), healthy, pending, failed)
    # Where a task runs, one is meant to: the engine may know constraints that we do not.
    busy = {slot for slot, task in pending.items() if is_active(task, snapshot.nodes)}
    places = {*eligible(snapshot.service, list(snapshot.nodes.values())), *healthy, *busy}
    pending, failed = ({slot: task for slot, task in side.items() if slot in places} for side in (pending, failed))
    return _counted(snapshot, len(places), healthy, pending, failed)


def _counted(snapshot: RolloutSnapshot, wanted: int, healthy: Tasks, pending: Tasks, failed: Tasks) -> SlotSummary:
    """A slot more than wanted that is dead is history: of a service that was larger once."""
    room = max(wanted - len(healthy) - len(pending), 0)
    coming = [task for task in snapshot.tasks if not is_terminating(task) and state(task) in _COMING]
    return SlotSummary(wanted, list(healthy.values()), list(pending.values()), list(failed.values())[:room], coming)


def _replicas(service: Document) -> int:
    if mode_of(service) == REPLICATED_JOB:
        return total_completions(service)
    mode = service["Spec"].get("Mode") or {}
    return (mode.get(REPLICATED) or {}).get("Replicas", 1)


def _good(snapshot: RolloutSnapshot, tasks: list[Document]) -> Document | None:
    """The task of a slot that is as the service wants it."""
    if state(tasks[0]) == "complete" and may_end(snapshot.service):
        return tasks[0]
    if mode_of(snapshot.service) in (REPLICATED_JOB, GLOBAL_JOB):
        return None
    running = (
        task
        for task in tasks
        if state(task) == "running" and not is_terminating(task) and is_active(task, snapshot.nodes)
    )
    return next(running, None)


def gave_up(snapshot: RolloutSnapshot, tasks: list[Document]) -> bool:
    """Whether the engine has given the slot up.

    It makes the next task in the same transaction in which it gives up the last one, so a slot without a next one
    has no tries left (swarmkit, manager/orchestrator/restart).
    """
    return went_wrong(snapshot.service, tasks[0]) and all(is_terminating(task) for task in tasks)


# Names of processors differ between what images say and what nodes say.
_PROCESSORS = {"x86_64": "amd64", "aarch64": "arm64"}


def eligible(service: Document, nodes: list[Document]) -> set[str]:
    """IDs of the nodes that get a task of a global service.

    A node with another platform than the image's gets one too, that waits indefinitely: it does not count, unless there
    are only such nodes, since then the image is the mistake.
    """
    placement = service["Spec"]["TaskTemplate"].get("Placement") or {}
    there = [node for node in nodes if _takes_tasks(node) and _fits(node, placement.get("Constraints") or [])]
    able = [node for node in there if _runs(node, placement.get("Platforms") or [])]
    return {node["ID"] for node in able or there}


def is_down(node: Document | None) -> bool:
    """A node that was removed from the swarm is as dead as one that does not answer."""
    return node is None or (node.get("Status") or {}).get("State") == "down"


def is_paused(node: Document) -> bool:
    """A paused node keeps the tasks that it has, even those of an old spec, and gets no other."""
    return node["Spec"].get("Availability") == "pause"


def _takes_tasks(node: Document) -> bool:
    return (node.get("Status") or {}).get("State") == "ready" and node["Spec"].get("Availability") == "active"


def _fits(node: Document, constraints: list[str]) -> bool:
    facts = _facts(node)
    return all(meets(facts, text) for text in constraints)


def _facts(node: Document) -> NodeFacts:
    description = node.get("Description") or {}
    platform = description.get("Platform") or {}
    return NodeFacts(
        id=node["ID"],
        hostname=description.get("Hostname") or "",
        ip=(node.get("Status") or {}).get("Addr") or "",
        role=node["Spec"].get("Role") or "",
        os=platform.get("OS") or "",
        arch=platform.get("Architecture") or "",
        labels=node["Spec"].get("Labels") or {},
        engine_labels=(description.get("Engine") or {}).get("Labels") or {},
    )


def _runs(node: Document, platforms: list[Document]) -> bool:
    live = (node.get("Description") or {}).get("Platform") or {}
    return not platforms or any(_same_platform(live, platform) for platform in platforms)


def _same_platform(live: Document, wanted: Document) -> bool:
    systems, processors = ({side.get(key, "") for side in (live, wanted)} for key in ("OS", "Architecture"))
    processors = {_PROCESSORS.get(processor, processor) for processor in processors}
    return all(len(values - {""}) <= 1 for values in (systems, processors))
