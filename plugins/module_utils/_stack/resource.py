# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stack: what compose files describe, or its removal. Runs on a manager."""

from __future__ import annotations

import copy
import typing as t

from .._core.errors import BadInput, NotFound, OutOfSequence, SwarmError
from .._core.plan import KNOWN_AFTER, NONE, RECREATE, REMOVE, Plan
from .._core.reconcile import CONVERGED, ConvergenceStatus, waiting
from .._core.values import Document, Values
from .._engine.client import Engine
from .._service.failures import attach_task_errors
from .._service.schema import brief_view
from .._service.tasks import failed_before, is_converged_by_counts
from .definition import Definition, env_of, parse, secret_data
from .live import DATA_KINDS, LiveStack, expect_stack, labelled, read_services, read_stack
from .plan import Planner
from .removal import check_removed, check_versions_to_keep, plan_removal
from .requests import Writer, clean_up, expected
from .services import check_resolve_image
from .steps import StackPlan, StackTask, Step, as_stack_plan, in_order, stack_plan
from .wait import StackProgress

if t.TYPE_CHECKING:
    from .._core.reconcile import Write

ARGUMENT_SPEC: Values = {
    "name": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["present", "absent", "rolled_back"], "default": "present"},
    "services": {"type": "list", "elements": "str"},
    "compose": {"type": "list", "elements": "raw"},
    "remote_src": {"type": "bool", "default": False},
    "project_src": {"type": "path"},
    "variables": {"type": "dict"},
    "env_files": {"type": "list", "elements": "path"},
    "prune": {"type": "bool", "default": False},
    "versions_to_keep": {"type": "int", "default": 0},
    "resolve_image": {"type": "raw", "default": "changed"},
    "with_registry_auth": {"type": "bool", "default": False},
    "hide_env": {"type": "bool", "default": False},
    "recreate": {"type": "bool", "default": False},
    "retry_rolled_back": {"type": "bool", "default": False},
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "int", "default": 300},
    "detach": {"type": "bool"},
    "absent_retries": {"type": "int"},
    "absent_retries_interval": {"type": "float"},
    "_stack": {"type": "str", "no_log": True},
}


class SwarmStack(StackTask[LiveStack]):
    self_redacted = ("_stack",)

    def __init__(self, engine: Engine, params: Values, check_mode: bool = False) -> None:
        super().__init__(engine, {**params, "registry_auth_from": "spec"}, check_mode)
        self.wanted: Definition | None = None
        self._progress: StackProgress | None = None
        self._written: dict[str, tuple[str, int]] = {}
        self._removed: dict[str, str] = {}  # IDs of services to their names
        self._late: list[Step] = []
        self._planned = False
        self._seen: list[Document] = []  # the services, as planning found them
        self.reattached: list[str] = []  # services that a network was replaced under

    def validate(self) -> None:
        check_resolve_image(self.params)
        if self.params["services"] is not None and self.params["state"] != "rolled_back":
            raise BadInput("services", "only supported with state: rolled_back. Remove it.")
        if self.params["versions_to_keep"]:
            check_versions_to_keep(self.params["versions_to_keep"])
        if self.params["detach"] is not None:
            self.params["wait"] = not self.params["detach"]
        if self.params["state"] == "present":
            self.wanted = parse(self.params["_stack"])

    # What is there

    def read(self) -> LiveStack:
        """All of it to plan with; then, to wait, the services alone."""
        if self._planned:
            return LiveStack(read_services(self.engine, self.params["name"]), [], {})
        everything = self.params["prune"] or self.wanted is None
        waits = self.params["wait"] and not self.check_mode and self.wanted is not None
        expect_stack(self.engine, self.params["name"], self.wanted, everything, tasks=waits)
        return read_stack(self.engine, self.params["name"], self.wanted, everything)

    # What would happen

    def plan(self, live: LiveStack) -> StackPlan:
        self._seen = list(live.services.values())
        plan = Planner(self, self.wanted, live).plan() if self.wanted else self._plan_removal(live)
        self._planned = True
        return plan

    def _plan_removal(self, live: LiveStack) -> StackPlan:
        steps = plan_removal(self, self.params["name"], live)
        return stack_plan(self.params["name"], REMOVE if steps else NONE, steps)

    # Doing it

    def expected_writes(self, plan: Plan) -> list[Write]:
        return expected(as_stack_plan(plan).steps)

    def apply(self, live: LiveStack, plan: Plan) -> None:
        """A lost race is run again from what is there then, so all of it is read then; so is what was not found."""
        try:
            self._write(live, plan)
        except (OutOfSequence, NotFound):
            self._planned = False
            raise

    def _write(self, live: LiveStack, plan: Plan) -> None:
        steps = as_stack_plan(plan).steps
        self._late = [step for step in steps if step.late]
        writer = Writer(self, live)
        try:
            for step in in_order(steps):
                writer.write(step)
                if step.action == REMOVE:
                    self._removed[(step.live or {})["ID"]] = step.name
                if step.kind == "network" and self.reattached:
                    raise OutOfSequence(f"network {step.name} was replaced under its services")
        finally:
            self._written.update(writer.written)
            self.reattached = []

    def post_apply(self, plan: Plan) -> None:
        waiting_task = copy.copy(self)  # removals of networks always wait, as tasks stop a moment after their service
        waiting_task.params = {**self.params, "wait": True}
        clean_up(waiting_task, self._late)

    # Until it is done

    def check_convergence(self, live: LiveStack) -> ConvergenceStatus:
        if self.wanted is None:
            return check_removed(self.engine, live, self._removed)
        return self._check_services(
            {name: item for name, item in live.services.items() if name in self.wanted.services}
        )

    def _check_services(self, services: t.Mapping[str, Document]) -> ConvergenceStatus:
        try:
            if self._is_quiet(services):
                return CONVERGED
            return self._watch().check_convergence(services)
        except NotFound:  # removed between two requests; the next look settles it
            return waiting("a service is not listed anymore")

    def _is_quiet(self, services: t.Mapping[str, Document]) -> bool:
        """Whether nothing is under way and no task has failed, in a run that has written nothing."""
        if self._written or self._progress is not None or not all(map(is_converged_by_counts, services.values())):
            return False
        return not failed_before(self.engine, services.values(), labelled(self.params["name"]))

    def _watch(self) -> StackProgress:
        if self._progress is None:
            back = self.params["state"] == "rolled_back"
            self._progress = StackProgress(self.engine, self.clock, self._written, rolling_back=back)
        return self._progress

    def not_converged(self, error: SwarmError) -> None:
        """Put the failing tasks' own errors into the failure."""
        if self._progress is None:
            return
        attach_task_errors(error, self._progress)
        if self._late:
            error.message += ". Nothing was pruned"

    # What it says

    def hidden_values(self) -> set[str]:
        """What the stack's containers may log of their environment."""
        return env_of(self.wanted, self._seen) if self.params["hide_env"] else set()

    def secret_data(self) -> set[str]:
        return secret_data(self.wanted) if self.wanted else set()

    def result(self, live: LiveStack, plan: Plan) -> Values:
        told = self._steps_and_progress(plan)
        if self.wanted is None:
            return {"stack": {}, **told}
        planned = as_stack_plan(plan)
        services = {name: self._view(name, live, planned) for name in sorted(self.wanted.services)}
        named_ = {f"{kind}s": self._used(kind, planned.services) for kind in DATA_KINDS}
        networks = sorted([*self.wanted.networks, *self.wanted.external["networks"]])
        return {"stack": {"name": self.wanted.name, "services": services, "networks": networks, **named_}, **told}

    def _steps_and_progress(self, plan: Plan) -> Values:
        timeline = self._progress.timeline if self._progress else []
        return {"actions": [step.shown() for step in as_stack_plan(plan).steps], "progress": timeline}

    def _view(self, name: str, live: LiveStack, planned: StackPlan) -> Values:
        """The few words that tell services apart; all of them for twenty services cost more than the whole run."""
        service = live.services.get(name, {})
        spec = planned.services.get(name, {}) if self.check_mode else service.get("Spec", {})
        replaced = self.check_mode and any(one.action == RECREATE and one.name == name for one in planned.steps)
        number = service["ID"] if service and not replaced else KNOWN_AFTER
        return {"id": number, "name": name, **brief_view(spec)}

    @staticmethod
    def _used(kind: str, services: t.Mapping[str, Document]) -> list[str]:
        """The names of the secrets or configs that services are to have."""
        prefix = kind.capitalize()
        containers = (spec.get("TaskTemplate", {}).get("ContainerSpec", {}) for spec in services.values())
        return sorted({item[f"{prefix}Name"] for one in containers for item in one.get(f"{prefix}s") or ()})
