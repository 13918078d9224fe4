# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tasks of a service, slot by slot: which of them are what the service wants, and what keeps the others."""

from __future__ import annotations

import typing as t

from ..._path import Document
from .progress_nodes import eligible, is_down
from .status import GLOBAL, GLOBAL_JOB, REPLICATED, REPLICATED_JOB, mode_of, total_completions

# States in which a task has something on its node (moby, api/types/swarm/task.go).
ALIVE = ("assigned", "accepted", "preparing", "ready", "starting", "running")
_OVER = ("shutdown", "remove")
_COMING = ("new", "pending", *ALIVE[:-1])

Slot = t.Union[int, str]  # the number of a replica, or the ID of a global task's node


Tasks = dict[Slot, Document]


class Scene(t.NamedTuple):
    """:param tasks: the tasks that match the service's spec, of a job those of this run.
    :param nodes: all nodes of the swarm by ID.
    """

    service: Document
    tasks: list[Document]
    nodes: dict[str, Document]


class Count(t.NamedTuple):
    """:param wanted: how many slots there shall be.
    :param good: the task of each slot that is as it shall be.
    :param late: the newest task of each slot that is on its way.
    :param dead: the last task of each slot that the engine has given up.
    """

    wanted: int
    good: list[Document]
    late: list[Document]
    dead: list[Document]

    @property
    def missing(self) -> int:
        """How many slots have no task yet."""
        return self.wanted - len(self.good) - len(self.late) - len(self.dead)


def make_scene(service: Document, tasks: list[Document], nodes: list[Document]) -> Scene:
    if mode_of(service) in (REPLICATED_JOB, GLOBAL_JOB):
        run = _iteration(service.get("JobStatus"))
        tasks = [task for task in tasks if _iteration(task) == run]
    return Scene(service, tasks, {node["ID"]: node for node in nodes})


def _iteration(document: Document | None) -> int:
    return ((document or {}).get("JobIteration") or {}).get("Index", 0)


def moment(text: str) -> tuple[str, str]:
    """A time of the API as something that sorts. As text it does not, since trailing zeros of the fraction are left
    out and Z comes after the digits."""
    second, _dot, fraction = text.rstrip("Z").partition(".")
    return second, fraction


def state(task: Document) -> str:
    return (task.get("Status") or {}).get("State", "new")


def over(task: Document) -> bool:
    """Whether the engine wants the task to be gone: nothing of it comes back."""
    return task.get("DesiredState") in _OVER


def alive(task: Document, nodes: dict[str, Document]) -> bool:
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


def slots(scene: Scene) -> dict[Slot, list[Document]]:
    """The tasks of each slot, newest first."""
    found: dict[Slot, list[Document]] = {}
    for task in sorted(scene.tasks, key=lambda task: moment(task["CreatedAt"]), reverse=True):
        found.setdefault(slot_of(scene.service, task), []).append(task)
    return found


def count(scene: Scene) -> Count:
    good: dict[Slot, Document] = {}
    late: dict[Slot, Document] = {}
    dead: dict[Slot, Document] = {}
    for slot, tasks in slots(scene).items():
        task = _good(scene, tasks)
        if task:
            good[slot] = task
        elif not over(tasks[0]):
            late[slot] = tasks[0]
        elif hopeless(scene, tasks):
            dead[slot] = tasks[0]
    if mode_of(scene.service) not in (GLOBAL, GLOBAL_JOB):
        return _counted(_replicas(scene.service), good, late, dead)
    # Where a task runs, one is meant to: the engine may know constraints that we do not.
    busy = {slot for slot, task in late.items() if alive(task, scene.nodes)}
    places = {*eligible(scene.service, list(scene.nodes.values())), *good, *busy}
    late, dead = ({slot: task for slot, task in side.items() if slot in places} for side in (late, dead))
    return _counted(len(places), good, late, dead)


def _counted(wanted: int, good: Tasks, late: Tasks, dead: Tasks) -> Count:
    """A slot more than wanted that is dead is history: of a service that was larger once."""
    room = max(wanted - len(good) - len(late), 0)
    return Count(wanted, list(good.values()), list(late.values()), list(dead.values())[:room])


def _replicas(service: Document) -> int:
    if mode_of(service) == REPLICATED_JOB:
        return total_completions(service)
    mode = service["Spec"].get("Mode") or {}
    return (mode.get(REPLICATED) or {}).get("Replicas", 1)


def _good(scene: Scene, tasks: list[Document]) -> Document | None:
    """The task of a slot that is as the service wants it."""
    if state(tasks[0]) == "complete" and may_end(scene.service):
        return tasks[0]
    if mode_of(scene.service) in (REPLICATED_JOB, GLOBAL_JOB):
        return None
    running = (task for task in tasks if state(task) == "running" and not over(task) and alive(task, scene.nodes))
    return next(running, None)


def coming_beside(scene: Scene) -> list[Document]:
    """The tasks that are on their way, where every slot has a good one already."""
    return [task for task in scene.tasks if not over(task) and state(task) in _COMING]


def hopeless(scene: Scene, tasks: list[Document]) -> bool:
    """Whether the engine has given the slot up.

    It makes the next task in the same transaction in which it gives up the last one, so a slot without a next one
    has no tries left (swarmkit, manager/orchestrator/restart).
    """
    return went_wrong(scene.service, tasks[0]) and all(over(task) for task in tasks)
