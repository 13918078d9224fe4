# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An update that the engine has paused half-way: some replicas run tasks of the spec before.

Any write of the service makes the engine go on, as ``docker service update NAME`` does, so a task that changes nothing
else finishes the rollout. It replaces no further task while those of the new spec fail: each run of a playbook would take
away one more replica that works.
"""

from __future__ import annotations

from .._core.plan import NONE, RESUME, Change, Plan
from .._core.reconcile import CONVERGED, ConvergenceStatus, failed, waiting
from .._core.reconcile import wait as wait_for
from .._core.values import Document
from .failures import sentence
from .plan import ServiceTask
from .tasks import RolloutSnapshot, SlotSummary, summarize, take_snapshot, update_state
from .wait import ManagerTime, monitor

_PAUSED = ("paused", "rollback_paused")


def plan_resume(resource: ServiceTask, service: Document, spec: Document) -> Plan:
    """Return the plan of a task that changes no option: to go on with a paused update, or nothing.

    :param service: as the engine lists it. :param spec: its spec as it is planned.
    """
    if update_state(service) in _PAUSED and _may_go_on(resource, service):
        change = Change("update_state", update_state(service), "updating")
        return Plan("service", spec["Name"], RESUME, (change,), spec=spec)
    return Plan("service", spec["Name"], NONE)


def _may_go_on(resource: ServiceTask, service: Document) -> bool:
    """Whether replicas are left over, and none of the others has failed for good.

    A task that does not wait cannot watch them first, so they have to have lasted already.
    """
    snapshot, summary = _look(resource, service)
    if summary.failed or summary.missing <= 0:
        return False
    return bool(resource.params["wait"]) or _have_lasted(
        snapshot, summary, ManagerTime(resource.engine, resource.clock)
    )


def _look(resource: ServiceTask, service: Document) -> tuple[RolloutSnapshot, SlotSummary]:
    tasks = resource.engine.get("/tasks", filters={"service": [service["ID"]], "_up-to-date": ["true"]})
    snapshot = take_snapshot(service, tasks, resource.engine.get("/nodes"))
    return snapshot, summarize(snapshot)


def _have_lasted(snapshot: RolloutSnapshot, summary: SlotSummary, time: ManagerTime) -> bool:
    period = monitor(snapshot.service)
    return not summary.pending and all(time.age(task) >= period for task in summary.healthy)


def await_lasting(resource: ServiceTask, service: Document) -> None:
    """Return when the tasks of the new spec have run for the monitor period; raise NotConverged when one fails."""
    if not resource.params["wait"]:
        return
    watch = _Watch(resource, service)
    name = service["Spec"]["Name"]
    wait_for(
        watch.check_convergence,
        resource.params["wait_timeout"],
        f"service {name}: its update is paused",
        resource.clock,
    )


class _Watch:
    def __init__(self, resource: ServiceTask, service: Document) -> None:
        self._resource, self._service = resource, service
        self._time = ManagerTime(resource.engine, resource.clock)
        self._known: set[str] | None = None

    def check_convergence(self) -> ConvergenceStatus:
        snapshot, summary = _look(self._resource, self._service)
        wrong = {task["ID"]: task for task in snapshot.wrong}
        self._known = set(wrong) if self._known is None else self._known
        new = [task for key, task in wrong.items() if key not in self._known]
        if new or summary.failed:
            return failed(sentence(new or summary.failed, snapshot.nodes, self._service["Spec"]["Name"]))
        if _have_lasted(snapshot, summary, self._time):
            return CONVERGED
        return waiting(f"watching the tasks of the new release for {monitor(self._service):g} s")
