# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action behind hive.swarm.swarm_plan: reads what an operation needs, plans it, shows the plan and checks it.

It runs in the controller, and the swarm is read by the actions of the info modules, over the task's connection. What is
secret (the unlock key) is compared here and never returned.
"""

from __future__ import annotations

from ..module_utils._core.validators import native
from ..module_utils._core.values import Values
from ._cluster.steps import Reason, Step, table
from ._messages import cleaned
from ._operations.lists import confirmed
from ._plans.discovery import hosts_of
from ._plans.operations import COMMON, NODES, OPERATIONS, SERVICES, SETTINGS, TASKS, Operation, Swarm
from ._plans.options import options_of
from ._reading_action import NotRead, ReadingAction, connection_options, failed, show_lines

#: It may choose between swarms, and reads none where it does not.
SITE = OPERATIONS["site"]


def argument_spec(operation: str) -> Values:
    """Return the options of an operation; those of all, where it does not exist, so that only its name is reported."""
    own = options_of(operation, {name: each.options for name, each in OPERATIONS.items()})
    names = {"operation": {**COMMON["operation"], "choices": list(OPERATIONS)}}
    return {**connection_options(), **COMMON, **names, **own}


class PlanAction(ReadingAction):
    def run(self, tmp: str | None = None, task_vars: Values | None = None) -> Values:
        result = super().run(tmp, task_vars)
        options, failure = self.options(argument_spec(str(native(self._task.args.get("operation")))))
        if failure:
            return {**result, **failure}
        operation = OPERATIONS[options["operation"]]
        try:
            plan = operation.plan(self._swarm(operation, options["discovered"], task_vars), options)
        except NotRead as error:
            return {**result, **error.result}
        return {**result, **self._outcome(plan, options, operation.no_steps)}

    # What the plan is made of

    def _swarm(self, operation: Operation, discovered: Values, task_vars: Values | None) -> Swarm:
        """Return what the operation reads of the swarm, which is nothing where no manager responds or is chosen."""
        known = operation.reads if discovered["manager"] and not (operation is SITE and discovered["stop"]) else ()
        listed = self.read("swarm_node_info", task_vars) if NODES in known else {"nodes": [], "quorum": {}}
        running = {"desired-state": "running"}
        return Swarm(
            discovered,
            hosts_of(discovered),
            nodes=listed["nodes"],
            quorum=listed["quorum"],
            settings=self.read("swarm_info", task_vars, unlock_key=True) if SETTINGS in known else {},
            services=self.read("swarm_service_info", task_vars, hide_env=True)["services"] if SERVICES in known else [],
            tasks=self.read("swarm_task_info", task_vars, filters=running)["tasks"] if TASKS in known else [],
        )

    # What comes of it

    def _outcome(self, plan: Values, options: Values, no_steps: str) -> Values:
        steps = [Step(*step)._asdict() for step in plan["steps"]]
        stop = [Reason(*reason)._asdict() for reason in plan["stop"]]
        plan = cleaned({**plan, "steps": steps, "stop": stop})
        plan["lines"] = _lines(plan, no_steps)
        if not options["show"]:
            return {"changed": False, **plan}
        if plan["lines"]:
            show_lines(plan["lines"])
        refusal = _refusal(plan, options["confirm"], bool(self._task.check_mode))
        if refusal:  # Ansible shows the whole of a failed result
            plan = {name: plan[name] for name in ("steps", "stop", "confirm", "warnings")}
        return {"changed": False, **plan, **refusal}


def _lines(plan: Values, no_steps: str) -> list[str]:
    if plan["steps"]:
        return table(Step(**step) for step in plan["steps"])
    return [] if plan["stop"] else [no_steps]


def _refusal(plan: Values, confirm: str, check_mode: bool) -> Values:
    """Return why the plan is not to be carried out, all reasons at once; empty where it is."""
    if plan["stop"]:
        return failed(plan["stop"][0]["kind"], " ".join(reason["message"] for reason in plan["stop"]))
    if not plan["steps"] or not plan["confirm"] or confirmed(confirm, plan["confirm"]):
        return {}
    if check_mode and not confirm:  # check mode does nothing that would have to be confirmed
        return {}
    wrong = f" (not {confirm})" if confirm else ""
    return failed("not_confirmed", f"To have this done, confirm it with -e operations_confirm={plan['confirm']}{wrong}")
