# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for a service the way ``docker service create`` does (docker/cli, cli/command/service/progress), and further: the tasks'
own errors count as well.

Converged is: each slot has a task that matches the spec and runs on a live node (or has ended well, where it may), the tasks
that this very change made have been watched for the update's monitor period, and what they replace has stopped. Failed is: the
engine paused the update or rolled it back, or a slot fails again and again. The policies of the service tell for how long, how
often and since when. A removed service is gone when its tasks are, which outlive it.
"""

from __future__ import annotations

import datetime
import re

from .._core.errors import NotFound, SwarmError
from .._core.reconcile import CONVERGED, Clock, ConvergenceStatus, failed, waiting
from .._core.values import Document, Values
from .._engine.client import Reader
from .._node.views import ALIVE
from .failures import (
    NAMED,
    PATIENCE,
    add_logs,
    error_of,
    failures,
    host_of,
    is_transient,
    sentence,
    task_label,
    used_up,
    words,
)
from .tasks import (
    GLOBAL,
    GLOBAL_JOB,
    REPLICATED_JOB,
    RolloutSnapshot,
    SlotSummary,
    has_healthcheck,
    is_active,
    is_down,
    is_paused,
    is_terminating,
    may_end,
    mode_of,
    slot_of,
    slots,
    state,
    summarize,
    take_snapshot,
    timestamp_key,
    went_wrong,
)

_REVIVAL = 2.0  # seconds
# The engine's own message is the same for both.
_PAUSED = {"paused": "", "rollback_paused": "the engine rolled back to the previous release, which fails: "}
_NODES_STAY = 2.0  # seconds for which a list of nodes is good enough
_ALLOCATION = 3.0  # seconds after which a task that is still new has no address; a manager needs less than one
_REASONS_STAY = 10.0  # seconds for which the reason of that is good enough


class Progress:
    """The rollout of one service, look by look.

    :param since: the ``Version.Index`` that the service had when this run wrote it (0 for a new one), or after
        that; None for a run that wrote nothing, and only finds something under way.
    :param rolling_back: the run asked for the rollback itself.
    """

    def __init__(
        self, engine: Reader, service_id: str, clock: Clock, since: int | None = None, rolling_back: bool = False
    ) -> None:
        self._engine, self._id, self._clock = engine, service_id, clock
        self._since, self._rolling_back = since, rolling_back
        self._start = clock.now()
        self._nodes: list[Document] = []
        self._nodes_end = float("-inf")
        self._first_update = ""
        self._known: set[str] | None = None  # tasks that had gone wrong before
        self._wrong: dict[str, Document] = {}  # tasks that went wrong in slots that are not good
        self._pending: list[Document] = []
        self._watched: tuple[frozenset[str], float] = (frozenset(), self._start)
        self._manager_time = ManagerTime(engine, clock)
        self._transient_since: float | None = None  # the first error of that kind
        self._new_since: float | None = None  # the first of the looks that have all seen a new task
        self._reasons_end = float("-inf")
        self.reasons: list[Values] = []  # why tasks stay new, for ``failure.reasons``
        self._name = ""
        self._rolled_back = "the engine has rolled back the update"
        self.timeline: list[str] = []

    # What callers ask

    def check_convergence(self, service: Document) -> ConvergenceStatus:
        """How far it is. ``service`` is fresh: an element of ``GET /services`` or ``GET /services/{id}``."""
        self._name = service["Spec"]["Name"]
        self._first_update = self._first_update or service["UpdatedAt"]
        status = self._evaluate(service)
        self.note(status)
        return status

    def note(self, status: ConvergenceStatus) -> None:
        """Put it into the timeline where it is news."""
        text = status.why or "done"
        if not self.timeline or self.timeline[-1].partition(" s: ")[2] != text:
            self.timeline.append(f"{self._clock.now() - self._start:.1f} s: {text}")

    @property
    def failing(self) -> list[Values]:
        """For ``failure.tasks``: the tasks that went wrong, or else those that find no node. Reads their logs."""
        tasks = list(self._wrong.values()) or self._pending
        nodes = {node["ID"]: node for node in self._nodes}
        entries = failures(tasks, nodes, self._name)
        add_logs(self._engine, entries, tasks, nodes)
        return entries

    # How far it is

    def _evaluate(self, service: Document) -> ConvergenceStatus:
        if self._since is not None and service["Version"]["Index"] < self._since:
            return waiting("the manager does not list the change yet")
        only = {"service": [self._id]}
        tasks = self._engine.get("/tasks", filters={**only, "_up-to-date": ["true"]})
        snapshot = take_snapshot(service, tasks, self._list_nodes())
        summary = summarize(snapshot)
        self._remember(snapshot, summary)
        for rule in (self._by_engine, self._by_tries, self._by_count, self._by_time):
            status = rule(snapshot, summary)
            if status != CONVERGED:
                return status
        return self._by_leftovers(snapshot, self._engine.get("/tasks", filters=only))

    def _by_engine(self, snapshot: RolloutSnapshot, summary: SlotSummary) -> ConvergenceStatus:
        """What the engine itself says of the update."""
        how, said = snapshot.update, (snapshot.service.get("UpdateStatus") or {}).get("Message", "")
        taken_back = how.startswith("rollback_") and self._taken_back()
        if taken_back or how in _PAUSED:
            self._find_wrong(snapshot)
        if how in _PAUSED and not (how == "paused" and self._is_over(summary)):
            return failed(self._with_errors(_PAUSED[how] + (said or f"the engine has it {how}")))
        if not taken_back:
            return CONVERGED
        if how == "rollback_started":
            self._rolled_back = said
            return waiting(self._with_errors(said or "the engine is rolling the update back"))
        return failed(self._with_errors(self._rolled_back))

    def _is_over(self, summary: SlotSummary) -> bool:
        """Whether nothing is left of a paused update of an earlier run: every slot has a task of the spec that runs.

        The engine keeps the state until the next update. Tasks that started after a failure are watched all the same.
        """
        return self._since is None and len(summary.healthy) == summary.wanted > 0 and not summary.pending

    def _taken_back(self) -> bool:
        """Whether a rollback would be that of this run's own update."""
        return self._since is not None and not self._rolling_back

    def _by_tries(self, snapshot: RolloutSnapshot, summary: SlotSummary) -> ConvergenceStatus:
        """Slots that fail for good, or again and again. The engine decides first where it watches an update itself."""
        if engine_decides(snapshot):
            return CONVERGED
        tried = any(self._tries(snapshot, task) >= allowed_failures(snapshot.service) for task in summary.pending)
        if tried or any(self._is_final(task) for task in summary.failed):
            return failed(sentence(list(self._wrong.values()), snapshot.nodes, self._name))
        return CONVERGED

    def _tries(self, snapshot: RolloutSnapshot, newest: Document) -> int:
        """How often the slot has gone wrong since this run began."""
        slot = slot_of(snapshot.service, newest)
        new = [task for key, task in self._wrong.items() if key not in (self._known or ())]
        return sum(slot_of(snapshot.service, task) == slot and self._counts(task) for task in new)

    def _counts(self, task: Document) -> bool:
        """Whether a failure is one of the service: errors that pass count when they have not passed in time."""
        if not is_transient(task):
            return True
        now = self._clock.now()
        self._transient_since = now if self._transient_since is None else self._transient_since
        return now - self._transient_since >= PATIENCE

    def _is_final(self, task: Document) -> bool:
        """A write gives slots that had been given up another try, but not within the same moment."""
        old = self._since is not None and task["ID"] in (self._known or ())
        return not old or self._clock.now() - self._start > _REVIVAL

    def _by_count(self, snapshot: RolloutSnapshot, summary: SlotSummary) -> ConvergenceStatus:
        there = len(summary.healthy)
        if there != summary.wanted or summary.pending:
            return waiting(
                "; ".join([describe_pending(snapshot, summary, self._name), *self._why_new(snapshot, summary)])
            )
        if snapshot.update in ("updating", "rollback_started"):
            return waiting(describe_watched(snapshot, summary, self._name))
        return CONVERGED

    def _by_time(self, snapshot: RolloutSnapshot, summary: SlotSummary) -> ConvergenceStatus:
        """New tasks have to last for the monitor period, and so do those that took the place of one that failed.

        What this run has written is watched by its own clock. Other tasks may have been watched before: the manager's
        clock shows whether they have lasted.
        """
        ids, now = frozenset(task["ID"] for task in summary.healthy), self._clock.now()
        if ids != self._watched[0]:
            self._watched = (ids, now)
        period = monitor(snapshot.service)
        new, again = self._unproved(snapshot, summary)
        if self._since is None:
            new, again = [], [*new, *again]
        if (new or any(self._manager_time.age(task) < period for task in again)) and now - self._watched[1] < period:
            words = "watching the new ones" if new else "watching those that started after a failure"
            return waiting(f"all of {len(ids)} tasks run; {words} for {period:g} s")
        return CONVERGED

    def _unproved(self, snapshot: RolloutSnapshot, summary: SlotSummary) -> tuple[list[Document], list[Document]]:
        """The running tasks that came with the change, and the others in slots in which a task of this spec failed."""
        start = change_of(snapshot.service, self._first_update)
        failed_slots = {slot_of(snapshot.service, task) for task in snapshot.wrong}
        running = [task for task in summary.healthy if state(task) == "running"]
        new = [task for task in running if timestamp_key(task["CreatedAt"]) >= start]
        return new, [task for task in running if task not in new and slot_of(snapshot.service, task) in failed_slots]

    def _by_leftovers(self, snapshot: RolloutSnapshot, tasks: list[Document]) -> ConvergenceStatus:
        """Tasks that were replaced, or are too many now. Those of a paused node keep the old spec (swarmkit)."""
        wanted = {task["ID"] for task in snapshot.tasks if not is_terminating(task)}
        left = [task for task in tasks if task["ID"] not in wanted and is_active(task, snapshot.nodes)]
        if mode_of(snapshot.service) in (GLOBAL, GLOBAL_JOB):
            left = [task for task in left if is_terminating(task) or not is_paused(snapshot.nodes[task["NodeID"]])]
        return waiting(describe_leftover(left, snapshot.nodes, self._name)) if left else CONVERGED

    def _why_new(self, snapshot: RolloutSnapshot, summary: SlotSummary) -> list[str]:
        """The networks that have no address for tasks which stay new."""
        now = self._clock.now()
        if not any(state(task) == "new" and not task["Status"].get("Err") for task in summary.pending):
            self._new_since, self.reasons = None, []
            return []
        self._new_since = now if self._new_since is None else self._new_since
        if now - self._new_since < _ALLOCATION:
            return []
        if now >= self._reasons_end:
            self.reasons = used_up(self._engine, snapshot.service)
            self._reasons_end = now + _REASONS_STAY
        return [words(entry) for entry in self.reasons]

    # What it needs for that

    def _list_nodes(self) -> list[Document]:
        if self._clock.now() >= self._nodes_end:
            self._nodes = self._engine.get("/nodes")
            self._nodes_end = self._clock.now() + _NODES_STAY
        return self._nodes

    def _remember(self, snapshot: RolloutSnapshot, summary: SlotSummary) -> None:
        wrong = {task["ID"]: task for task in snapshot.wrong}
        if self._known is None:
            self._known = set(wrong)
        pending = summary.pending or summary.coming
        self._pending = [task for task in pending if (task.get("Status") or {}).get("Err")]
        if snapshot.update.startswith("rollback_") and self._taken_back():
            return  # what matches the spec now is the release before
        healthy = {slot_of(snapshot.service, task) for task in summary.healthy}
        self._wrong.update({key: task for key, task in wrong.items() if slot_of(snapshot.service, task) not in healthy})

    def _find_wrong(self, snapshot: RolloutSnapshot) -> None:
        """The tasks of an update that is taken back no longer match the spec; they may have come between two looks."""
        if set(self._wrong) - (self._known or set()):
            return
        start = timestamp_key(snapshot.service["UpdateStatus"].get("StartedAt") or snapshot.service["UpdatedAt"])
        for task in self._engine.get("/tasks", filters={"service": [self._id]}):
            if timestamp_key(task["CreatedAt"]) >= start and went_wrong(snapshot.service, task):
                self._wrong[task["ID"]] = task

    def _with_errors(self, text: str) -> str:
        nodes = {node["ID"]: node for node in self._nodes}
        errors = sentence(list(self._wrong.values()), nodes, self._name)
        return f"{text}: {errors}" if errors else text


def gone(engine: Reader, service_id: str, name: str = "task") -> ConvergenceStatus:
    """Whether nothing of a removed service is left on a live node. ``name`` is for the message."""
    nodes = {node["ID"]: node for node in engine.get("/nodes")}
    try:
        tasks = engine.get("/tasks", filters={"service": [service_id]})
    except NotFound:  # the filter wants a service that is there
        tasks = engine.get("/tasks")
    left = [task for task in tasks if task["ServiceID"] == service_id and is_active(task, nodes)]
    return waiting(describe_leftover(left, nodes, name)) if left else CONVERGED


_MONITOR = 5 * 10**9  # nanoseconds; the engine's default
_FAILURES = 3


def monitor(service: Document) -> float:
    """Seconds for which new tasks have to last."""
    return ((service["Spec"].get("UpdateConfig") or {}).get("Monitor") or _MONITOR) / 10**9


def allowed_failures(service: Document) -> int:
    """With how many failures a slot has had its tries: with as many as the service's own limit, or soon."""
    policy = service["Spec"]["TaskTemplate"].get("RestartPolicy") or {}
    return policy["MaxAttempts"] + 1 if policy.get("MaxAttempts") else _FAILURES


def engine_decides(snapshot: RolloutSnapshot) -> bool:
    """Whether the engine itself will pause the update, or take it back, when tasks fail."""
    policy = {"updating": "UpdateConfig", "rollback_started": "RollbackConfig"}.get(snapshot.update)
    return policy is not None and (snapshot.service["Spec"].get(policy) or {}).get("FailureAction") != "continue"


def change_of(service: Document, first_update: str) -> tuple[str, str]:
    """When the change came, or when the engine was done with it: it has watched the tasks by then.

    All are times of the leader's clock, as those of the tasks are. ``first_update`` is the first ``UpdatedAt`` that
    was seen: the engine renews it with each change of the update's status.
    """
    status = service.get("UpdateStatus") or {}
    if status.get("State") in ("completed", "rollback_completed"):
        return timestamp_key(status["CompletedAt"])
    first = first_update if service.get("PreviousSpec") else service["CreatedAt"]
    return min(timestamp_key(first), timestamp_key(status.get("StartedAt") or first))


# RFC 3339 as Go writes it: a fraction of up to nine digits, and Z or an offset.
_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)")


def seconds_of(text: str) -> float | None:
    """Return a time of the API as seconds since 1970; None for what is not a time."""
    found = _TIME.fullmatch(text)
    if not found:
        return None
    second, fraction, zone = found.groups()
    moment = datetime.datetime.fromisoformat(second + ("+00:00" if zone == "Z" else zone))
    return moment.timestamp() + float(fraction or 0)


class ManagerTime:
    """The time of the manager (``SystemTime`` of ``GET /info``), read once and carried on by the clock of the run."""

    def __init__(self, engine: Reader, clock: Clock) -> None:
        self._engine, self._clock = engine, clock
        self._read: tuple[float | None, float] | None = None

    def age(self, task: Document) -> float:
        """Return the seconds for which the task has had its state; 0 where that is not known."""
        since = seconds_of((task.get("Status") or {}).get("Timestamp", ""))
        now = self._now()
        return 0.0 if since is None or now is None else now - since

    def _now(self) -> float | None:
        if self._read is None:
            self._read = (self._read_system_time(), self._clock.now())
        told, at = self._read
        return None if told is None else told + self._clock.now() - at

    def _read_system_time(self) -> float | None:
        try:
            return seconds_of(self._engine.get("/info").get("SystemTime", ""))
        except SwarmError:
            return None  # then the task is watched for the whole period


def describe_pending(snapshot: RolloutSnapshot, summary: SlotSummary, name: str) -> str:
    """Such as: 2 of 3 tasks run; web.3 on n2 is preparing. Why tasks failed the last time is long, so it is said once."""
    pending = [*summary.pending, *summary.failed]
    parts = [f"{len(summary.healthy)} of {summary.wanted} tasks {_verb(snapshot)}"]
    said: set[str] = set()
    for task in pending[:NAMED]:
        before = _before(snapshot, task)
        parts.append(_late(snapshot, task, name) + ("" if before in said else before))
        said.add(before)
    if len(pending) > NAMED:
        parts.append(f"{len(pending) - NAMED} more are missing")
    if summary.missing > 0:
        updating = snapshot.update in ("updating", "rollback_started")
        parts.append(f"{summary.missing} {'still to be updated' if updating else 'not begun'}")
    if summary.missing < 0:
        parts.append(f"{-summary.missing} too many")
    return "; ".join(parts + _lost(snapshot, name))


def describe_watched(snapshot: RolloutSnapshot, summary: SlotSummary, name: str) -> str:
    """What the engine still does when all tasks are there: it waits indefinitely for a task on a dead node, or for one
    that it starts beside a good one (start-first) and that finds no place."""
    words = f"all of {len(summary.healthy)} tasks run; the engine is still watching them"
    coming = [_late(snapshot, task, name) for task in summary.coming[:NAMED]]
    return "; ".join([words, *coming, *_lost(snapshot, name)])


def _lost(snapshot: RolloutSnapshot, name: str) -> list[str]:
    """New tasks that were given up because their nodes died."""
    lost = [
        task
        for task in snapshot.tasks
        if is_terminating(task) and state(task) in ALIVE and _on_dead_node(snapshot, task)
    ]
    return [_late(snapshot, task, name) for task in lost[:NAMED]]


def _verb(snapshot: RolloutSnapshot) -> str:
    if mode_of(snapshot.service) in (REPLICATED_JOB, GLOBAL_JOB):
        return "are done"
    return "run or are done" if may_end(snapshot.service) else "run"


def _on_dead_node(snapshot: RolloutSnapshot, task: Document) -> bool:
    return bool(task.get("NodeID")) and is_down(snapshot.nodes.get(task["NodeID"]))


def _late(snapshot: RolloutSnapshot, task: Document, name: str) -> str:
    words = f"{task_label(task, snapshot.nodes, name)} is {state(task)}"
    if _on_dead_node(snapshot, task):
        return f"{words}, but {host_of(task, snapshot.nodes)} is down"
    error = error_of(task)
    return words + _hint(snapshot, task) + (f": {error}" if error else "")


def _before(snapshot: RolloutSnapshot, task: Document) -> str:
    """Why the slot's last task failed, as long as the next one has not got further."""
    slot = slot_of(snapshot.service, task)
    wrong = (one for one in slots(snapshot)[slot] if one is not task and one in snapshot.wrong)
    last = next(wrong, None)
    return f" (last time: {error_of(last)})" if last and not error_of(task) else ""


def _hint(snapshot: RolloutSnapshot, task: Document) -> str:
    """What a state does not say by itself."""
    if state(task) == "starting" and has_healthcheck(snapshot.service):
        return ", its healthcheck has not passed yet"
    return ""


def describe_leftover(tasks: list[Document], nodes: dict[str, Document], name: str) -> str:
    """Such as: 2 tasks are still to stop: web.1 on n2, web.2 on n3."""
    named = [task_label(task, nodes, name) for task in tasks[:NAMED]]
    more = f" and {len(tasks) - NAMED} more" if len(tasks) > NAMED else ""
    return f"{len(tasks)} task{'s are' if len(tasks) > 1 else ' is'} still to stop: {', '.join(named)}{more}"
