# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action behind every module that talks to an engine: no module is shipped where it would run right here.

A module's fixed cost is that Ansible packs its files, starts a Python and compiles them, task by task; that is more
than ten times what an unchanged task of ours does itself. On the local connection all of it can be left out: the
task's worker forks, and the fork runs the module's main(). Anything that this could change leads to the usual way.

Ansible's own _execute_module does everything before and after, whichever way it is: it completes the arguments,
and reads the module's output. So results are the same.
"""

from __future__ import annotations

import json
import os
import sys
import typing as t

from ansible import constants as C
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action.normal import ActionModule as NormalAction
from ansible.release import __version__
from ansible.utils.display import Display

from ._in_process_rules import Situation, is_known, why_not

if is_known(__version__):  # a later ansible-core may not have these any more
    from ansible.executor.module_common import _BuiltModule
    from ansible.module_utils.common.json import Direction, get_module_encoder

    from . import _in_process_child as child

SWITCH = "hive_swarm_in_process"
display = Display()


class InProcessAction(NormalAction):
    """Subclasses name the module's main."""

    main: t.Callable[[], None]
    _here = False
    _environment: dict[str, str]

    def run(self, tmp=None, task_vars=None):
        environment: dict[str, t.Any] = {}
        self._compute_environment_string(environment)
        self._environment = {name: str(value) for name, value in environment.items()}  # as a shell plugin does
        reason = why_not(self._situation(task_vars or {}))
        self._here = not reason
        way = f"runs as an ordinary module: {reason}" if reason else "runs in the controller's process"
        display.vvv(f"{self._task.action} {way}", host=self._play_context.remote_addr)
        return super().run(tmp, task_vars)

    def _situation(self, task_vars: dict[str, t.Any]) -> Situation:
        host_vars = task_vars
        if self._task.delegate_to:
            host_vars = task_vars.get("ansible_delegated_vars", {}).get(self._task.delegate_to, {})
        template = self._templar.template
        return Situation(
            core=__version__,
            wanted=boolean(template(host_vars.get(SWITCH, task_vars.get(SWITCH, True)))),
            connection=self._connection.ansible_name,
            executable=self._play_context.executable,
            become=bool(self._connection.become),
            background=bool(self._task.async_val),
            keep_files=C.DEFAULT_KEEP_REMOTE_FILES,
            open_files=C.config.get_config_value("PYTHON_MODULE_RLIMIT_NOFILE", variables=task_vars),
            interpreter=str(template(C.config.get_config_value("INTERPRETER_PYTHON", variables=host_vars)) or ""),
            python=sys.executable,
            options=self._task.args,
            environment={**os.environ, **self._environment},
            own_variables=list(self._environment),
        )

    def _is_pipelining_enabled(self, module_style, wrap_async=False):
        """Pipelining means that there is no file on the host, and so no folder to make for it."""
        return self._here or super()._is_pipelining_enabled(module_style, wrap_async)

    def _configure_module(self, module_name, module_args, task_vars):
        """Nothing is packed here: the arguments alone are handed on."""
        if not self._here:
            return super()._configure_module(module_name=module_name, module_args=module_args, task_vars=task_vars)
        encoder = get_module_encoder(child.PROFILE, Direction.CONTROLLER_TO_MODULE)
        arguments = json.dumps({"ANSIBLE_MODULE_ARGS": module_args}, cls=encoder).encode()
        built = _BuiltModule(
            b_module_data=arguments,
            module_style="new",
            shebang=f"#!{sys.executable}",
            serialization_profile=child.PROFILE,
        )
        return built, sys.modules[self.main.__module__].__file__

    def _low_level_execute_command(self, cmd, *args, in_data=None, **kwargs):
        """Where a command would start the module, main() is called."""
        if not self._here:
            return super()._low_level_execute_command(cmd, *args, in_data=in_data, **kwargs)
        # The local connection runs commands in the playbook's folder.
        job = child.Job(self.main, in_data, self._environment, self._loader.get_basedir())
        ended = child.run(job)
        stdout, stderr = (text.decode("utf-8", "replace") for text in (ended.stdout, ended.stderr))
        return {
            "rc": ended.code,
            "stdout": stdout,
            "stdout_lines": stdout.splitlines(),
            "stderr": stderr,
            "stderr_lines": stderr.splitlines(),
        }
