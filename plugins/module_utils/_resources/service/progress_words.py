# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a wait for a service says: which tasks are not there yet, and why."""

from __future__ import annotations

from ..._path import Document
from .failures import error_of, host_of, who
from .progress_nodes import is_down
from .progress_slots import (
    ALIVE,
    Count,
    Scene,
    coming_beside,
    has_healthcheck,
    may_end,
    over,
    slot_of,
    slots,
    state,
    went_wrong,
)
from .status import GLOBAL_JOB, REPLICATED_JOB, mode_of, update_state

_NAMED = 3


def late_words(scene: Scene, counted: Count, name: str) -> str:
    """Such as: 2 of 3 tasks run; web.3 on n2 is preparing. Why tasks failed the last time is long, so it is said once."""
    late = [*counted.late, *counted.dead]
    parts = [f"{len(counted.good)} of {counted.wanted} tasks {_verb(scene)}"]
    said: set[str] = set()
    for task in late[:_NAMED]:
        before = _before(scene, task)
        parts.append(_late(scene, task, name) + ("" if before in said else before))
        said.add(before)
    if len(late) > _NAMED:
        parts.append(f"{len(late) - _NAMED} more are not there yet")
    if counted.missing > 0:
        updating = update_state(scene.service) in ("updating", "rollback_started")
        parts.append(f"{counted.missing} {'still to be updated' if updating else 'not begun'}")
    if counted.missing < 0:
        parts.append(f"{-counted.missing} too many")
    return "; ".join(parts + _lost(scene, name))


def watched_words(scene: Scene, counted: Count, name: str) -> str:
    """What the engine still does when all tasks are there: it waits for a task on a dead node for ever, or for one
    that it starts beside a good one (start-first) and that finds no place."""
    words = f"all of {len(counted.good)} tasks run; the engine is still watching them"
    coming = [_late(scene, task, name) for task in coming_beside(scene)[:_NAMED]]
    return "; ".join([words, *coming, *_lost(scene, name)])


def _lost(scene: Scene, name: str) -> list[str]:
    """New tasks that were given up because their nodes died."""
    lost = [task for task in scene.tasks if over(task) and state(task) in ALIVE and _on_dead_node(scene, task)]
    return [_late(scene, task, name) for task in lost[:_NAMED]]


def _verb(scene: Scene) -> str:
    if mode_of(scene.service) in (REPLICATED_JOB, GLOBAL_JOB):
        return "are done"
    return "run or are done" if may_end(scene.service) else "run"


def _on_dead_node(scene: Scene, task: Document) -> bool:
    return bool(task.get("NodeID")) and is_down(scene.nodes.get(task["NodeID"]))


def _late(scene: Scene, task: Document, name: str) -> str:
    words = f"{who(task, scene.nodes, name)} is {state(task)}"
    if _on_dead_node(scene, task):
        return f"{words}, but {host_of(task, scene.nodes)} is down"
    error = error_of(task)
    return words + _hint(scene, task) + (f": {error}" if error else "")


def _before(scene: Scene, task: Document) -> str:
    """Why the slot's last task failed, as long as the next one has not got further."""
    slot = slot_of(scene.service, task)
    wrong = (one for one in slots(scene)[slot] if one is not task and went_wrong(scene.service, one))
    last = next(wrong, None)
    return f" (last time: {error_of(last)})" if last and not error_of(task) else ""


def _hint(scene: Scene, task: Document) -> str:
    """What a state does not say by itself."""
    if state(task) == "starting" and has_healthcheck(scene.service):
        return ", its healthcheck has not passed yet"
    return ""


def old_words(tasks: list[Document], nodes: dict[str, Document], name: str) -> str:
    """Such as: 2 tasks are still to stop: web.1 on n2, web.2 on n3."""
    named = [who(task, nodes, name) for task in tasks[:_NAMED]]
    more = f" and {len(tasks) - _NAMED} more" if len(tasks) > _NAMED else ""
    return f"{len(tasks)} task{'s are' if len(tasks) > 1 else ' is'} still to stop: {', '.join(named)}{more}"
