# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module front end: options in, result or failure out, without secrets in failed options or control characters in messages.

The only file that knows AnsibleModule.
"""

from __future__ import annotations

import copy
import typing as t

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from .._core.errors import BadInput, MissingLibrary, SwarmError
from .._core.redaction import HIDDEN, printable, printable_values
from .._core.validators import checked_options
from .._core.values import Values
from .._engine.connection import connect
from .argument_errors import explain
from .definition import Definition, Run


def run_module(definition: Definition) -> None:
    """Run a module to its end.

    The spec goes in as a copy: a process that loads several modules must not have one change another's.
    """
    spec = copy.deepcopy(definition.argument_spec)
    module = Module(argument_spec=spec, supports_check_mode=True, **definition.rules)
    params = _withdrawn(module, definition.self_redacted) if definition.self_redacted else dict(module.params)
    if params.get("hide_env"):
        _hide_env(module)
    run = Run(definition, params, module.check_mode, module.given)
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
    known: Values = {"failure": error.failure(), **error.result}
    if isinstance(error, MissingLibrary):
        message = f"{error.message} {missing_required_lib(error.library)}"
        module.fail_json(msg=message, exception=error.traceback, **known)
    module.fail_json(msg=error.message, **known)


def _warn(module: Module, run: Run) -> None:
    for warning in run.warnings():
        module.warn(warning)


# Options of these types, and the lists of them, hold what the user made up: environments, documents, options of drivers.
_FREE_FORM = ("dict", "raw")
_UNLOGGED = ("data", "args")  # the content of a config, and what a container is called with


class Module(AnsibleModule):
    """AnsibleModule with what this collection promises of secrets and of texts for the terminal."""

    params: Values
    _checked = False
    given: Values  # the options as the task has them; the check changes those that are wrong

    def __init__(self, **arguments: object) -> None:
        super().__init__(**arguments)
        self._checked = True

    def _load_params(self) -> None:
        """Check the types while the values still are what the task has, see _core/validators.py."""
        self.given = {}
        super()._load_params()
        self.given = dict(self.params)
        try:
            self.params = checked_options(self.argument_spec, self.params)
        except BadInput as error:
            self._set_internal_properties()  # the module's name, for the hints
            self.fail_json(msg=error.message, failure=error.failure())

    def fail_json(self, msg: str, **result: object) -> t.NoReturn:  # type: ignore[misc]  # the base class, which mypy does not read, exits
        """Fail; before the options have been checked, with what is wrong with them and without their secrets."""
        if not self._checked:
            msg, result = explain(self, msg, result)
        for key in ("failure", "progress"):
            if key in result:
                result[key] = printable_values(result[key])
        super().fail_json(msg=printable(msg), **result)

    def _log_invocation(self) -> None:
        """Ansible writes the options of every task to the node's syslog, except for no_log options."""
        params = self.params
        self.params = {name: _logged(self.argument_spec.get(name, {}), name, value) for name, value in params.items()}
        try:
            super()._log_invocation()
        finally:
            self.params = params


def _logged(item: Values, name: str, value: object) -> object:
    hidden = name in _UNLOGGED or item.get("type") in _FREE_FORM or item.get("elements") in _FREE_FORM
    return "NOT_LOGGING_PARAMETER" if hidden and value is not None else value
