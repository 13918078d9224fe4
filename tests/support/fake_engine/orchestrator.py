# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tasks of services. Nothing runs in the background: a write settles what can be settled at once, and each read
of services or tasks (a look) carries on with what takes time: slow tasks, restarts, nodes that came or went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import rollout, tasks
from .behaviours import complete, running
from .rollout import Rollout
from .scheduler import Scheduler, keeps, suits, takes_new
from .slots import Live, Slot

if TYPE_CHECKING:
    from .services import Service
    from .swarm import Swarm

_RETENTION = 5
# Slots. A fake with more would need the memory of a real manager; no test looks at so many.
_MOST = 10_000


class Orchestrator:
    """Makes, replaces and removes tasks. `stale`: a node has changed since the last look."""

    def __init__(self, swarm: Swarm):
        self._swarm = swarm
        self._busy: set[str] = set()
        self.stale = False

    # -- occasions ------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Somebody reads services or tasks."""
        services = self._swarm.services.all
        wanted = list(services) if self.stale else [name for name in self._busy if name in services]
        self.stale = False
        for service_id in wanted:
            self._advance(services[service_id])

    def settle(self, service: Service) -> None:
        """Carry out what can be carried out at once."""
        self._fill(service)
        self._roll(service)
        self._note(service)

    def updated(self, service: Service, rollback: bool) -> None:
        """The spec was replaced."""
        if service.is_job:
            service.slots.clear()
            self.settle(service)
            return
        for slot in service.slots.values():
            slot.restarts, slot.gave_up = 0, None
        dirty = self._dirty(service)
        if rollback:
            service.update_status = rollout.started(True, "manually requested rollback")
        elif dirty:
            service.update_status = rollout.started(False)
        if rollback or dirty:
            service.rollout = Rollout(rollback, len(dirty))
        self.settle(service)

    def removed(self, service: Service) -> None:
        """The service is gone, and with it every task it ever had; older managers forget to take away those of a job."""
        self._busy.discard(service.id)
        if service.is_job and not self._swarm.cluster.version.ends_jobs:
            return
        every = self._swarm.tasks
        for task_id in [task_id for task_id, task in every.items() if task["ServiceID"] == service.id]:
            del every[task_id]

    # -- one service ----------------------------------------------------------------------------------------------

    def _advance(self, service: Service) -> None:
        for slot in list(service.slots.values()):
            if slot.live and slot.live.looks > 0:
                slot.live.looks -= 1
                if not slot.live.looks:
                    self._land(service, slot)
        self.settle(service)

    def _note(self, service: Service) -> None:
        """Remember whether the next look has something to do here."""
        busy = any(slot.live and slot.live.looks for slot in service.slots.values())
        (self._busy.add if busy else self._busy.discard)(service.id)

    def _wanted(self, service: Service) -> list[Any]:
        """The keys of the slots that there should be; of a job, those that may be under way by now."""
        if service.mode in ("Global", "GlobalJob"):
            nodes = self._swarm.nodes.values()
            return [
                node.id
                for node in nodes
                if suits(service, node) and (takes_new(node) or (keeps(node) and node.id in service.slots))
            ]
        if service.mode == "Replicated":
            return list(range(1, min(service.spec["Mode"]["Replicated"]["Replicas"], _MOST) + 1))
        return self._job_slots(service)

    def _job_slots(self, service: Service) -> list[int]:
        mode = service.spec["Mode"]["ReplicatedJob"]
        done = [key for key, slot in service.slots.items() if slot.live and slot.live.behaviour.state == "complete"]
        done = [key for key in done if service.slots[key].live.task["Status"]["State"] == "complete"]  # type: ignore[union-attr]
        rest = [key for key in range(min(mode["TotalCompletions"], _MOST)) if key not in set(done)]
        return done + rest[: mode["MaxConcurrent"]]

    def _fill(self, service: Service) -> None:
        """Have a task in every slot that is wanted, on a node that will do, and none elsewhere."""
        while True:
            wanted = self._wanted(service)
            self._drop(service, set(wanted))
            slots = self._slots(service, wanted)
            empty = [slot for slot in slots if slot.live is None and slot.gave_up is None]
            waiting = [slot for slot in slots if slot.live and _waits(slot.live)]
            scheduler = Scheduler(service, self._swarm) if empty or waiting else None
            for slot in waiting:
                self._try_again(service, slot, scheduler)
            for slot in empty:
                self._make(service, slot, scheduler)
            if not (service.mode == "ReplicatedJob" and len(self._wanted(service)) > len(wanted)):
                return

    def _slots(self, service: Service, wanted: list[Any]) -> list[Slot]:
        slots = [service.slots.setdefault(key, Slot(key)) for key in wanted]
        for slot in slots:
            self._check_place(service, slot)
        return slots

    def _drop(self, service: Service, wanted: set[Any]) -> None:
        """Scaled down, or a node that is not meant any more: the task ends and is not kept."""
        for key, slot in service.slots.items():
            if key in wanted or slot.live is None:
                continue
            if service.mode in ("Global", "GlobalJob"):
                self._shut_down(slot)
            else:
                del self._swarm.tasks[slot.live.task["ID"]]
                slot.live = None

    def _check_place(self, service: Service, slot: Slot) -> None:
        """A task whose node is gone, down, drained or without a label that it needs gives way."""
        live = slot.live
        if live is None or (live.task["DesiredState"] == "complete" and live.settled):
            return
        node_id = live.task.get("NodeID")
        if not node_id:
            return
        node = self._swarm.nodes.get(node_id)
        if not keeps(node):
            self._shut_down(slot, ends=bool(node and node.state == "ready"))
        elif node and service.template == self._template_of(service, live) and not suits(service, node):
            tasks.set_state(live.task, "rejected", "task rejected by constraint enforcer", _ENFORCED)
            self._shut_down(slot, ends=False)

    def _template_of(self, service: Service, live: Live) -> dict[str, Any]:
        return {**live.task["Spec"], "Runtime": service.template["Runtime"]}

    # -- tasks ----------------------------------------------------------------------------------------------------

    def _make(
        self, service: Service, slot: Slot, scheduler: Scheduler | None, updated: bool = False, again: bool = False
    ) -> None:
        """A new task. again: it replaces one that has ended, and waits for its turn until the next look."""
        default = complete() if service.is_job else running()
        behaviour = self._swarm.cluster.script.take(service.name, service.container.get("Image", ""), default)
        node_id, reason = self._place(service, slot, scheduler)
        if behaviour.state == "pending":
            node_id, reason = None, behaviour.err
        task = tasks.new(service, slot.key, node_id)
        self._swarm.tasks[task["ID"]] = task
        slot.live = Live(task, behaviour, updated)
        self._forget(slot)
        if node_id is None:
            tasks.set_state(task, "pending", "pending task scheduling", reason)
        else:
            self._start(service, slot, slot.live, again)

    def _try_again(self, service: Service, slot: Slot, scheduler: Scheduler | None) -> None:
        """A task that had no node may have one now."""
        live = slot.live
        assert live is not None
        node_id, reason = self._place(service, slot, scheduler)
        if node_id is None:
            tasks.set_state(live.task, "pending", "pending task scheduling", reason)
        else:
            live.task["NodeID"] = node_id
            self._start(service, slot, live)

    def _start(self, service: Service, slot: Slot, live: Live, again: bool = False) -> None:
        task = live.task
        if again:
            live.looks += 1
            task["DesiredState"] = "ready"
            tasks.set_state(task, "ready", "prepared")
        elif live.behaviour.looks:
            tasks.set_state(task, "preparing", "preparing")
        else:
            self._land(service, slot)

    def _place(self, service: Service, slot: Slot, scheduler: Scheduler | None) -> tuple[str | None, str]:
        assert scheduler is not None
        if service.mode in ("Global", "GlobalJob"):
            reason = scheduler.fits(slot.key)
            return (None, reason) if reason else (slot.key, "")
        return scheduler.pick()

    def _land(self, service: Service, slot: Slot) -> None:
        """The task shows what it does."""
        live = slot.live
        assert live is not None
        if live.task["DesiredState"] == "ready":
            live.task["DesiredState"] = "complete" if service.is_job else "running"
        tasks.show(live.task, live.behaviour, service)
        if live.behaviour.state in ("failed", "rejected"):
            self._ended(service, slot, failed=True)
        elif live.behaviour.state == "complete" and not service.is_job:
            self._ended(service, slot, failed=False)

    def _ended(self, service: Service, slot: Slot, failed: bool) -> None:
        live = slot.live
        assert live is not None
        self._shut_down(slot, ends=False)
        policy = service.template.get("RestartPolicy", {})
        condition, attempts = policy.get("Condition", "any"), policy.get("MaxAttempts", 0)
        if (
            condition == "none"
            or (condition == "on-failure" and not failed)
            or (attempts and slot.restarts >= attempts)
        ):
            slot.gave_up = service.template
        else:
            slot.restarts += 1
            self._make(service, slot, Scheduler(service, self._swarm), updated=False, again=True)
        if live.updated and service.rollout:
            self._failed(service, live.task["ID"])

    def _shut_down(self, slot: Slot, ends: bool = True) -> None:
        """The slot lets go of its task. ends: it stops; what has ended, or is on a dead node, shows what it showed."""
        live = slot.live
        assert live is not None
        live.task["DesiredState"] = "shutdown"
        if ends and not (live.settled and live.task["Status"]["State"] != "running"):
            tasks.stop(live.task)
        slot.past.append(live.task)
        slot.live = None
        self._forget(slot)

    def _forget(self, slot: Slot) -> None:
        """Keep as many tasks of a slot as the swarm's history is long."""
        limit = self._swarm.spec["Orchestration"]["TaskHistoryRetentionLimit"]
        limit = _RETENTION if limit is None else max(limit, 0)
        while slot.past and len(slot.past) + (slot.live is not None) > limit:
            self._swarm.tasks.pop(slot.past.pop(0)["ID"], None)

    # -- updates --------------------------------------------------------------------------------------------------

    def _dirty(self, service: Service) -> list[Slot]:
        return [slot for slot in service.slots.values() if slot.live and tasks.is_dirty(service, slot.live.task)]

    def _roll(self, service: Service) -> None:
        """Replace tasks of the old spec, as many at a time as the spec says; end when none is left."""
        if not service.rollout:
            return
        limit = self._config(service).get("Parallelism", 1)
        under_way = sum(
            bool(slot.live and slot.live.updated and not slot.live.settled) for slot in service.slots.values()
        )
        dirty = self._dirty(service)
        scheduler = Scheduler(service, self._swarm) if dirty else None
        while dirty and (not limit or under_way < limit):
            slot = dirty.pop(0)
            if scheduler and slot.live:  # the nodes are weighed without the task that ends
                scheduler.release(slot.live.task)
            self._shut_down(slot)
            current = service.rollout
            self._make(service, slot, scheduler, updated=True)
            if service.rollout is not current:
                return
            under_way += bool(slot.live and slot.live.updated and not slot.live.settled)
        if not dirty and not under_way:
            assert service.update_status is not None
            service.update_status = rollout.ended(service.update_status, service.rollout.rollback)
            service.rollout = None
            service.touch()

    def _config(self, service: Service) -> dict[str, Any]:
        name = "RollbackConfig" if service.rollout and service.rollout.rollback else "UpdateConfig"
        return dict(service.spec.get(name, {}))

    def _failed(self, service: Service, task_id: str) -> None:
        """A task of the update has failed: go on, pause or go back."""
        current, status = service.rollout, service.update_status
        assert current is not None and status is not None
        action = current.fails(self._config(service))
        if action == "pause":
            service.update_status, service.rollout = rollout.paused(status, current.rollback, task_id), None
        elif action == "rollback" and service.previous is not None:
            self._go_back(service, rollout.rolled_back(status, task_id))
        service.touch()

    def _go_back(self, service: Service, status: dict[str, Any]) -> None:
        """The previous spec becomes the spec; a previous one there is no more."""
        service.spec, service.previous = service.previous or service.spec, None
        service.update_status = status
        for slot in service.slots.values():
            slot.restarts, slot.gave_up = 0, None
        service.rollout = Rollout(True, len(self._dirty(service)))
        self._fill(service)
        self._roll(service)


_ENFORCED = "assigned node no longer meets constraints"


def _waits(live: Live) -> bool:
    """It has no node, for want of one that suits."""
    return "NodeID" not in live.task and live.behaviour.state != "pending"
