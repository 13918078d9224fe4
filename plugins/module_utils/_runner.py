# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The only file that knows AnsibleModule: options in, result or failure out."""

from __future__ import annotations

import copy
import typing as t

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible.module_utils.common.parameters import remove_values

from ._connection import connect, connection_spec
from ._engine import Engine
from ._errors import EngineError, MissingLibrary, SwarmError
from ._path import Values
from ._plan import HIDDEN
from ._reconcile import Resource, reconcile

WAIT_SPEC: Values = {
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "int", "default": 120},
}


class _Module(AnsibleModule):
    def _log_invocation(self) -> None:
        """Ansible writes the options of every task to the node's syslog, those of no_log apart."""
        if not self.params.get("hide_env"):
            super()._log_invocation()


def run_module(resource: type[Resource], argument_spec: Values, **rules: t.Any) -> None:
    """Run one resource module. ``rules`` are AnsibleModule's own: required_if, mutually_exclusive and so on."""
    module = _make_module(argument_spec, rules)
    params, unseen = _withdrawn(module, resource.unseen) if resource.unseen else (dict(module.params), set())
    if params.get("hide_env") and params.get("env"):
        module.params["env"] = HIDDEN  # older releases of Ansible return the task's options with every failure
    kept: list[Resource] = []

    def run(engine: Engine) -> Values:
        kept.append(resource(engine, params, module.check_mode))
        return reconcile(kept[0])

    _run(module, run, lambda: kept[0].warnings if kept else [], unseen)


def run_info_module(read: t.Callable[[Engine, Values], Values], argument_spec: Values, **rules: t.Any) -> None:
    """Run a module that only reads."""
    module = _make_module(argument_spec, rules)
    _run(module, lambda engine: {"changed": False, **read(engine, module.params)}, list)


def _make_module(argument_spec: Values, rules: Values) -> AnsibleModule:
    """The spec goes in as a copy: a process that loads several modules must not have one change another's."""
    spec = {**connection_spec(), **copy.deepcopy(argument_spec)}
    return _Module(argument_spec=spec, supports_check_mode=True, **rules)


def _withdrawn(module: AnsibleModule, options: tuple[str, ...]) -> tuple[Values, set[str]]:
    """The task's options with these values, and what Ansible would blank for them; it has neither any more.

    Ansible blanks the value of a no_log option wherever it stands in a result. A short one is part of many a name and
    ID, which the next task could not use then.
    """
    params, values = dict(module.params), set(module.no_log_values)
    for option in options:
        if params[option] is not None:
            module.params[option] = HIDDEN  # this is what it returns as the task's options (invocation)
    module.no_log_values.clear()
    return params, values


def _run(
    module: AnsibleModule,
    run: t.Callable[[Engine], Values],
    warnings: t.Callable[[], list[str]],
    unseen: t.AbstractSet[str] = frozenset(),
) -> None:
    try:
        result = run(connect(module.params))
    except SwarmError as error:
        if unseen and isinstance(error, EngineError):  # its words are not ours
            error.message = remove_values(error.message, unseen)
        _warn(module, warnings())
        _fail(module, error)
    else:
        _warn(module, warnings())
        module.exit_json(**result)


def _fail(module: AnsibleModule, error: SwarmError) -> None:
    known = {"failure": error.failure(), **error.result}
    if isinstance(error, MissingLibrary):
        message = f"{error.message} {missing_required_lib(error.library)}"
        module.fail_json(msg=message, exception=error.traceback, **known)
    module.fail_json(msg=error.message, **known)


def _warn(module: AnsibleModule, warnings: list[str]) -> None:
    for warning in warnings:
        module.warn(warning)
