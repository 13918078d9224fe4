# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is to be done about a stack: one step for each of its objects, and the plan that they make."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from .._core.plan import REMOVE, Change, Plan
from .._core.reconcile import Live
from .._core.values import Document
from .._network.live import NetworkTask
from .._service.plan import ServiceTask
from .definition import Definition


class StackTask(NetworkTask[Live], ServiceTask[Live]):
    """A task that writes a stack's networks and services.

    :param wanted: what the files define; None for a stack that is to be removed or rolled back.
    """

    wanted: Definition | None


class Step(t.NamedTuple):
    """:param kind: ``network``, ``secret``, ``config`` or ``service``. :param name: as the file has it, which is not that of a version.
    :param action: ``create``, ``update``, ``recreate`` or ``remove``.
    :param changes: in the words of the kind's own module.
    :param live: the engine's document, None if there is none. :param spec: what to write.
    :param late: whether it waits until everything else is done.
    """

    kind: str
    name: str
    action: str
    changes: tuple[Change, ...] = ()
    live: Document | None = None
    spec: Document | None = None
    late: bool = False

    def shown(self) -> dict[str, str]:
        return {"kind": self.kind, "name": self.name, "action": self.action}

    @property
    def written(self) -> str:
        """The step in ``failure.done`` and ``failure.left``."""
        name = self.spec["Name"] if self.spec and self.kind in ("secret", "config") else self.name
        return f"removal of {self.kind} {name}" if self.action == REMOVE else f"{self.kind} {name}"


@dataclass(frozen=True)
class StackPlan(Plan):
    """The plan of a stack, which writes more than one document.

    :param steps: in the order in which they are done.
    :param services: the specs of all services that the files define, with names.
    """

    steps: tuple[Step, ...] = ()
    services: t.Mapping[str, Document] = field(default_factory=dict)


def stack_plan(
    name: str, action: str, steps: t.Iterable[Step] = (), services: t.Mapping[str, Document] | None = None
) -> StackPlan:
    """Return the plan whose changes are those of its steps."""
    steps = tuple(steps)
    # pylint does not know that a dataclass has the fields of its base.
    # pylint: disable-next=redundant-keyword-arg
    return StackPlan("stack", name, action, as_changes(steps), steps=steps, services=services or {})


def as_stack_plan(plan: Plan) -> StackPlan:
    """Return the plan that a stack has made, as the loop hands it on."""
    return t.cast(StackPlan, plan)


def in_order(steps: t.Iterable[Step]) -> list[Step]:
    """Return what is done at once: removals come before the services that want their ports."""
    now = [step for step in steps if not step.late]
    return [step for step in now if step.action == REMOVE] + [step for step in now if step.action != REMOVE]


def as_changes(steps: t.Iterable[Step]) -> tuple[Change, ...]:
    """The changes of all objects, each under its kind and name."""
    return tuple(
        change._replace(option=f"{step.kind}s", key=(step.name, change.option, *change.key))
        for step in steps
        for change in step.changes
    )
