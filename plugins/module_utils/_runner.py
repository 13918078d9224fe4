# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module front end: options in, result or failure out. With ``_module.py`` the only file that knows AnsibleModule."""

from __future__ import annotations

import copy
import typing as t

from ansible.module_utils.basic import missing_required_lib

from ._connection import connect
from ._definition import Definition, Run
from ._errors import MissingLibrary, SwarmError
from ._module import Module
from ._path import Values
from ._plan import HIDDEN


def run_module(definition: Definition) -> None:
    """The spec goes in as a copy: a process that loads several modules must not have one change another's."""
    spec = copy.deepcopy(definition.argument_spec)
    module = Module(argument_spec=spec, supports_check_mode=True, **definition.rules)
    params = _withdrawn(module, definition.unseen) if definition.unseen else dict(module.params)
    if params.get("hide_env"):
        _hide_env(module)
    run = Run(definition, params, module.check_mode)
    try:
        result = run.perform(lambda: connect(params))
    except SwarmError as error:
        _warn(module, run)
        _fail(module, error)
    else:
        _warn(module, run)
        module.exit_json(**result)


def _hide_env(module: Module) -> None:
    """Older releases of Ansible return the task's options with every result (invocation)."""
    if module.params.get("env"):
        module.params["env"] = HIDDEN
    if (module.params.get("plugin") or {}).get("env"):
        module.params["plugin"] = {**module.params["plugin"], "env": HIDDEN}


def _withdrawn(module: Module, options: tuple[str, ...]) -> Values:
    """The task's options with these values, which Ansible has no more.

    Ansible blanks the value of a no_log option wherever it stands in a result. A short one is part of many a name and
    ID, which the next task could not use then.
    """
    params = dict(module.params)
    for option in options:
        if params[option] is not None:
            module.params[option] = HIDDEN  # this is what it returns as the task's options (invocation)
    module.no_log_values.clear()
    return params


def _fail(module: Module, error: SwarmError) -> None:
    known: dict[str, t.Any] = {"failure": error.failure(), **error.result}
    if isinstance(error, MissingLibrary):
        message = f"{error.message} {missing_required_lib(error.library)}"
        module.fail_json(msg=message, exception=error.traceback, **known)
    module.fail_json(msg=error.message, **known)


def _warn(module: Module, run: Run) -> None:
    for warning in run.warnings():
        module.warn(warning)
