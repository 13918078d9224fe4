# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options in, result or failure out. With ``_module.py`` the only file that knows AnsibleModule."""

from __future__ import annotations

import copy
import typing as t

from ansible.module_utils.basic import missing_required_lib

from ._connection import connect, connection_spec
from ._engine import Engine
from ._errors import MissingLibrary, SwarmError
from ._module import Module
from ._path import Values
from ._plan import HIDDEN
from ._reconcile import Resource, reconcile

WAIT_SPEC: Values = {
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "int", "default": 120},
}


class _Task:
    """What a failure needs to know: which values are secret, and what has been found out until then."""

    def __init__(self, spec: Values, params: Values) -> None:
        self.spec, self.params = spec, params
        self.resource: Resource | None = None

    @property
    def warnings(self) -> list[str]:
        return self.resource.warnings if self.resource else []

    def secrets(self) -> set[str]:
        from ._redaction import secret_values

        return secret_values(self.spec, self.params) | (self.resource.hidden_values() if self.resource else set())


def run_module(resource: type[Resource], argument_spec: Values, **rules: t.Any) -> None:
    """Run one resource module. ``rules`` are AnsibleModule's own: required_if, mutually_exclusive and so on."""
    module = _make_module(argument_spec, rules)
    params = _withdrawn(module, resource.unseen) if resource.unseen else dict(module.params)
    if params.get("hide_env"):
        _hide_env(module)
    task = _Task(module.argument_spec, params)

    def run(engine: Engine) -> Values:
        task.resource = resource.variant(params)(engine, params, module.check_mode)
        return reconcile(task.resource)

    _run(module, run, task)


def _hide_env(module: Module) -> None:
    """Older releases of Ansible return the task's options with every result (invocation)."""
    if module.params.get("env"):
        module.params["env"] = HIDDEN
    if (module.params.get("plugin") or {}).get("env"):
        module.params["plugin"] = {**module.params["plugin"], "env": HIDDEN}


def run_info_module(read: t.Callable[[Engine, Values], Values], argument_spec: Values, **rules: t.Any) -> None:
    """Run a module that only reads."""
    module = _make_module(argument_spec, rules)
    task = _Task(module.argument_spec, module.params)
    _run(module, lambda engine: {"changed": False, **read(engine, module.params)}, task)


def _make_module(argument_spec: Values, rules: Values) -> Module:
    """The spec goes in as a copy: a process that loads several modules must not have one change another's."""
    spec = {**connection_spec(), **copy.deepcopy(argument_spec)}
    return Module(argument_spec=spec, supports_check_mode=True, **rules)


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


def _run(module: Module, run: t.Callable[[Engine], Values], task: _Task) -> None:
    try:
        result = run(connect(module.params))
    except SwarmError as error:
        _redact(error, task.secrets())
        _warn(module, task)
        _fail(module, error)
    else:
        _warn(module, task)
        module.exit_json(**result)


def _redact(error: SwarmError, secrets: set[str]) -> None:
    """An engine may repeat a request in its error, a container its variables in its log."""
    from ._redaction import without_values, without_values_in

    error.message = without_values(error.message, secrets)
    error.details = without_values_in(error.details, secrets)
    if "progress" in error.result:
        error.result["progress"] = without_values_in(error.result["progress"], secrets)


def _fail(module: Module, error: SwarmError) -> None:
    known = {"failure": error.failure(), **error.result}
    if isinstance(error, MissingLibrary):
        message = f"{error.message} {missing_required_lib(error.library)}"
        module.fail_json(msg=message, exception=error.traceback, **known)
    module.fail_json(msg=error.message, **known)


def _warn(module: Module, task: _Task) -> None:
    """Ansible shows warnings of no_log tasks too (CVE-2026-115622), and as they are."""
    if not task.warnings:
        return
    from ._printable import printable
    from ._redaction import without_values

    secrets = task.secrets()
    for warning in task.warnings:
        module.warn(printable(without_values(warning, secrets)))
