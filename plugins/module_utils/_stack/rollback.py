# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stack whose services go back to their previous specs, of which the engine keeps one each."""

from __future__ import annotations

import typing as t

from .._core.errors import BadInput, NotFound, Refused
from .._core.plan import NONE, ROLLBACK, Plan
from .._core.reconcile import ConvergenceStatus
from .._core.values import Document, Values
from .._frontend.definition import define
from .._service.plan import plan_rollback
from .._service.schema import with_names
from .._service.tasks import update_state
from .live import DATA_KINDS, LiveStack, read_services
from .resource import ARGUMENT_SPEC, SwarmStack
from .steps import StackPlan, Step, as_stack_plan, stack_plan

# What a deployment takes and a rollback does not; each is the option's value where it is not given.
_OF_DEPLOYMENTS: Values = {"compose": None, "prune": False, "recreate": False, "retry_rolled_back": False}


class StackRollback(SwarmStack):
    def validate(self) -> None:
        given = [option for option, default in _OF_DEPLOYMENTS.items() if self.params[option] != default]
        if given:
            raise BadInput(given[0], "not supported with state: rolled_back, which reads no files. Remove it.")
        super().validate()

    # What is there

    def read(self) -> LiveStack:
        """The services, and to plan the names of the networks in the diff."""
        networks = [] if self._planned else self.engine.get("/networks", filters={"scope": ["swarm"]})
        return LiveStack(read_services(self.engine, self.params["name"]), networks, {kind: [] for kind in DATA_KINDS})

    def _chosen(self, live: LiveStack) -> dict[str, Document]:
        """The services that the task names, or all of them, by name."""
        wanted = self.params["services"]
        if wanted is None:
            return live.services
        chosen = {self._full_name(name, live): name for name in wanted}
        missing = [given for name, given in chosen.items() if name not in live.services]
        if missing:
            there = ", ".join(sorted(live.services)) or "none"
            text = f"stack {self.params['name']} has no service {missing[0]!r}. It has: {there}."
            error = BadInput("services", text)
            if live.services:  # a service that an earlier task would add has nothing to go back to
                raise error
            self.missing(error)
        return {name: live.services[name] for name in chosen if name in live.services}

    def _full_name(self, name: str, live: LiveStack) -> str:
        """A service is named as in the compose file, or as the engine has it."""
        return name if name in live.services else f"{self.params['name']}_{name}"

    # What would happen

    def plan(self, live: LiveStack) -> StackPlan:
        self._seen = list(live.services.values())
        self._planned = True
        chosen = self._chosen(live)
        if not chosen:
            name = self.params["name"]
            self.missing(
                NotFound(f"Stack {name!r} does not exist and cannot be rolled back. No service has its label.")
            )
            return stack_plan(name, ROLLBACK)
        steps = [step for name in sorted(chosen) for step in self._step(name, chosen[name], live)]
        self._check(chosen, steps)
        specs = {name: self._with_names(service["Spec"], live) for name, service in chosen.items()}
        specs.update({step.name: step.spec for step in steps if step.spec})
        return stack_plan(self.params["name"], ROLLBACK if steps else NONE, steps, specs)

    def _step(self, name: str, service: Document, live: LiveStack) -> t.Iterator[Step]:
        if not service.get("PreviousSpec"):
            return
        shown = {key: self._with_names(service[key], live) for key in ("Spec", "PreviousSpec")}
        plan = plan_rollback({**service, **shown}, name, self.params["hide_env"])
        if plan.changed:
            yield Step("service", name, ROLLBACK, plan.changes, service, plan.spec)

    @staticmethod
    def _with_names(spec: Document, live: LiveStack) -> Document:
        return with_names(spec, lambda target: live.network_names.get(target, target))

    def _check(self, chosen: t.Mapping[str, Document], steps: list[Step]) -> None:
        """A service that was never updated has nothing to go back to, and stays beside those that have."""
        back = [name for name, service in chosen.items() if update_state(service).startswith("rollback")]
        if not steps and not back:
            names = ", ".join(sorted(chosen))
            raise Refused(f"Stack {self.params['name']}: no service has a previous spec ({names}). None was updated.")
        stay = sorted(set(chosen) - {step.name for step in steps} - set(back))
        if steps and stay:
            self.warn(
                f"Stack {self.params['name']} has services that were not rolled back, because they were never updated: {', '.join(stay)}."
            )

    # Until it is done

    def check_convergence(self, live: LiveStack) -> ConvergenceStatus:
        return self._check_services({name: item for name, item in live.services.items() if name in self._chosen(live)})

    # What it returns

    def result(self, live: LiveStack, plan: Plan) -> Values:
        planned = as_stack_plan(plan)
        specs = planned.services
        attached = (item["Target"] for spec in specs.values() for item in spec["TaskTemplate"].get("Networks") or ())
        stack = {
            "name": self.params["name"],
            "services": {name: self._view(name, live, planned) for name in sorted(specs)},
            "networks": sorted(set(attached)),
            **{f"{kind}s": self._used(kind, specs) for kind in DATA_KINDS},
        }
        return {"stack": stack, **self._steps_and_progress(plan)}


MODULE = define(
    SwarmStack,
    ARGUMENT_SPEC,
    by_state={"rolled_back": StackRollback},
    required_if=[("state", "present", ("compose",))],
)
