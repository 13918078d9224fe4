# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action behind hive.swarm.swarm_wait: reads the swarm until a condition is met, and shows what it waits for."""

from __future__ import annotations

import typing as t

from ..module_utils._core.errors import BadInput, NotConverged
from ..module_utils._core.reconcile import Clock, ConvergenceStatus, ReportingClock, wait, waiting
from ..module_utils._core.redaction import printable
from ..module_utils._core.validators import native
from ..module_utils._core.values import Values
from ._plans.conditions import COMMON, CONDITIONS, Condition
from ._plans.options import options_of
from ._reading_action import NotRead, ReadingAction, connection_options, failed
from ._swarm_action import shown_progress

_READ_OPTIONS: dict[str, Values] = {"swarm_service_info": {"hide_env": True}}


def argument_spec(condition: str) -> Values:
    """Return the options of a condition; those of all, where it does not exist, so that only its name is reported."""
    own = options_of(condition, {name: each.options for name, each in CONDITIONS.items()})
    choices = {"condition": {**COMMON["condition"], "choices": list(CONDITIONS)}}
    return {**connection_options(), **COMMON, **choices, **own}


class WaitAction(ReadingAction):
    def run(self, tmp: str | None = None, task_vars: Values | None = None) -> Values:
        result = super().run(tmp, task_vars)
        options, failure = self.options(argument_spec(str(native(self._task.args.get("condition")))))
        if failure:
            return {**result, **failure}
        condition = CONDITIONS[options["condition"]]
        found: Values = {}

        def check_convergence() -> ConvergenceStatus:
            try:
                found.update(self._read(condition, task_vars))
            except NotRead as error:
                if condition.comes_first or _is_final(error):
                    raise
                return waiting(str(error))
            return condition.judge(found, options)

        try:
            self._wait(check_convergence, condition, options, task_vars)
        except NotRead as error:
            return {**result, **error.result}
        except NotConverged as error:
            advice = condition.advice.replace("PREFIX", options["prefix"])
            return {**result, "found": _short(found), **failed(error.kind, f"{error.message}. {advice}".rstrip(" "))}
        return {**result, "changed": False, "found": found}

    def _wait(
        self,
        check_convergence: t.Callable[[], ConvergenceStatus],
        condition: Condition,
        options: Values,
        task_vars: Values | None,
    ) -> None:
        """In check mode nothing has been done that takes time, so one look is enough for what follows a change."""
        show = shown_progress(self._task, str((task_vars or {}).get("inventory_hostname", "")))
        clock = ReportingClock(lambda line: show(printable(line))) if show else Clock()
        timeout = 0 if self._task.check_mode and not condition.comes_first else options["wait_timeout"]
        wait(check_convergence, timeout, condition.what, clock, f"{options['prefix']}wait_timeout")

    def _read(self, condition: Condition, task_vars: Values | None) -> Values:
        found: Values = {}
        for module in condition.reads:
            found.update(self.read(module, task_vars, **_READ_OPTIONS.get(module, {})))
        return {name: value for name, value in found.items() if name not in ("changed", "failed")}


def _short(found: Values) -> Values:
    """Return what was read without its lists of objects.

    Ansible shows the whole of a failed result, and the message names the objects that are missing.
    """
    return {name: value for name, value in found.items() if not (isinstance(value, list) and _has_objects(value))}


def _has_objects(items: list[object]) -> bool:
    return any(isinstance(item, dict) for item in items)


def _is_final(error: NotRead) -> bool:
    """A host that is unreachable is so for the rest of the play, and a wrong option stays wrong."""
    kind = (error.result.get("failure") or {}).get("kind")
    return bool(error.result.get("unreachable")) or kind == BadInput.kind
