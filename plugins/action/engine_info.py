# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Inspects a host with one command over the task's connection, so that the host needs no Python."""

from __future__ import annotations

import copy
import shlex
import typing as t

from ansible.plugins.action import ActionBase

from ..module_utils._core.errors import SwarmError
from ..module_utils._core.validators import native
from ..module_utils._core.values import Values
from ..module_utils._hosts.installation import ARGUMENT_SPEC, Inspection
from ..plugin_utils._task_commands import CommandResult, NeedsModule, TaskCommands

#: Seconds for programs of the host that hang, such as a package manager on a disk that does not answer, and for one that
#: may download its lists.
_TIMEOUT, _TIMEOUT_OF_LISTS = 120, 900


class ActionModule(ActionBase):
    _supports_check_mode = True
    _supports_async = True

    def run(self, tmp: str | None = None, task_vars: Values | None = None) -> Values:
        result = super().run(tmp, task_vars)
        _validation, options = self.validate_argument_spec(copy.deepcopy(ARGUMENT_SPEC))
        if not self._task.async_val and self._connection.has_pipelining:
            try:
                return {**result, **self._inspect(native(options))}
            except NeedsModule:
                pass
        outcome = self._execute_module(task_vars=task_vars, wrap_async=bool(self._task.async_val))
        if not self._task.async_val:
            self._remove_tmp_path(self._connection._shell.tmpdir)
        return {**result, **outcome}

    def _inspect(self, options: Values) -> Values:
        try:
            inspection = Inspection(options)
            commands = TaskCommands(self._connection, self._execute)
            limit = _TIMEOUT_OF_LISTS if options["available"] else _TIMEOUT
            done = commands.run(shlex.join(inspection.command), inspection.script, limit)
            return {"changed": False, **inspection.result(done["stdout"], done["stderr"])}
        except NeedsModule:
            raise
        except SwarmError as error:
            state = {} if error.result.get("unreachable") else {"failed": True}
            return {**state, "msg": error.message, "failure": error.failure(), **error.result}

    def _execute(self, command: str, data: bytes) -> CommandResult:
        return t.cast(CommandResult, self._low_level_execute_command(command, in_data=data))
