# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action behind every module of the action group: the module's core runs in the controller.

A shipped module costs its packing, a Python start and the compilation on the node, task by task. Here the options are
validated and the core runs in the task's worker process; requests go to the engine's socket directly, or over the task's
connection with one command each, so that the node needs no Python. The shipped module remains for what needs it, see
``choose``.
"""

from __future__ import annotations

import contextlib
import copy
import functools
import gc
import hashlib
import importlib.util
import os
import typing as t
from pathlib import Path

from ansible import constants as C
from ansible.module_utils.basic import AnsibleFallbackNotFound, missing_required_lib
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator, ValidationResult
from ansible.module_utils.errors import UnsupportedError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.playbook.task import Task as AnsibleTask
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display
from ansible.utils.vars import merge_hash

from ..module_utils._core.errors import BadInput, MissingLibrary, SwarmError
from ..module_utils._core.redaction import printable, printable_values
from ..module_utils._core.validators import checked_options, native
from ..module_utils._core.values import Values
from ..module_utils._engine.client import Node, ThisNode
from ..module_utils._engine.connection import UNIX_SCHEMES, connect, socket_path
from ..module_utils._frontend.argument_errors import explain
from ..module_utils._frontend.definition import Definition, Run
from . import _node_command as node_command
from ._task_commands import CommandResult, NeedsModule, TaskCommands
from ._task_node import TaskNode
from ._task_transport import TaskTransport

SWITCH = "hive_swarm_in_process"
_Result = Values
display = Display()

#: What needs nothing but a socket of this process.
_TCP_SCHEMES = ("tcp://", "http://", "https://")

#: Options that name files of the node.
_PATHS = ("env_files", "data_src")


class Task(t.NamedTuple):
    """What the route of a task depends on.

    :param wanted: the variable hive_swarm_in_process.
    :param local: whether the connection plugin is ansible.builtin.local.
    :param pipes: whether the connection plugin hands standard input to a command.
    :param docker_host: of the options, or of the task's environment; None where neither names one.
    """

    wanted: bool
    background: bool
    local: bool
    become: bool
    pipes: bool
    docker_host: str | None
    manager_docker_host: str | None
    options: t.Mapping[str, object]


class Route(t.NamedTuple):
    """:param name: ``direct``, ``command`` or ``module``. :param reason: for ``-vvv``."""

    name: str
    reason: str


def choose(task: Task) -> Route:
    """Return the route of a task, from what it depends on alone; nothing is read from the host."""
    for applies, reason in _against(task):
        if applies:
            return Route("module", reason)
    if _is_here(task):
        return Route("direct", "the task runs on the controller, without become")
    return Route("command", "the engine's socket is reached over the task's connection")


def _against(task: Task) -> t.Iterator[tuple[bool, str]]:
    yield not task.wanted, "hive_swarm_in_process is false"
    yield task.background, "the task is asynchronous"
    yield not task.pipes, "the connection plugin hands no standard input to commands (has_pipelining)"
    schemes = (*UNIX_SCHEMES, *_TCP_SCHEMES) if _is_here(task) else UNIX_SCHEMES
    for host in (task.docker_host, task.manager_docker_host):
        yield bool(host) and not str(host).startswith(schemes), f"the engine is not reached by {_names(schemes)}"
    yield bool(task.options.get("query")) and not _has_jmespath(), "query needs jmespath, which the controller lacks"
    for option in _PATHS:
        yield _needs_expansion(task.options.get(option)), f"{option} has a variable or another user's home in a path"


def _is_here(task: Task) -> bool:
    return task.local and not task.become


def _names(schemes: t.Sequence[str]) -> str:
    return "a unix socket or TCP" if "tcp://" in schemes else "a unix socket"


def _needs_expansion(value: object) -> bool:
    """Return whether only a module expands a path of the node as ``type: path`` does."""
    paths = value if isinstance(value, (list, tuple)) else [value]
    return any("$" in str(path) or (str(path).startswith("~") and not str(path).startswith("~/")) for path in paths)


def _has_jmespath() -> bool:
    return importlib.util.find_spec("jmespath") is not None


class SwarmAction(ActionBase):
    """Run the module that the subclass names the definition of.

    The result is that of the module, whatever the route: ``changed`` and ``diff``, or ``failed``, ``msg`` and ``failure``
    (``SwarmError.failure``); ``unreachable`` where the connection of the task is lost.
    """

    definition: Definition
    _supports_check_mode = True
    _supports_async = True

    def run(self, tmp: str | None = None, task_vars: Values | None = None) -> _Result:
        # The process was forked for this task. A collection would go through all that Ansible has loaded, and copy its pages:
        # a fifth of the time of a stack without changes (Python, gc.freeze).
        gc.freeze()
        result = super().run(tmp, task_vars)
        variables = task_vars or {}
        self._host = str(variables.get("inventory_hostname", ""))
        environment = self._task_environment()
        facts = self._task_facts(variables, environment)
        route = choose(facts)
        self._docker_host = facts.docker_host
        try:
            options = self._options(route, environment)
        except SwarmError as error:
            return merge_hash(result, _failed(error.message, {"failure": error.failure()}))
        if route.name != "module":
            try:
                outcome = self._run_core(route, options, environment)
                self._show(route, self._programs.get() if route.name == "command" else "")
                return merge_hash(result, outcome)
            except NeedsModule as error:
                route = Route("module", str(error))
        self._show(route)
        outcome = self._execute_module(module_args=options, task_vars=task_vars, wrap_async=bool(self._task.async_val))
        outcome.pop(
            "ansible_parsed", None
        )  # it is about the shipping; ansible-core 2.22 leaves it in registered results
        if not self._task.async_val:
            self._remove_tmp_path(self._connection._shell.tmpdir)
        return merge_hash(result, outcome)

    def _show(self, route: Route, program: str = "") -> None:
        by = f" by {program}" if program else ""
        display.vvv(
            f"{self._task.action} uses the route {route.name}: {route.reason}{by}", host=self._play_context.remote_addr
        )

    def _task_environment(self) -> dict[str, str]:
        """Return the variables that the task, its blocks and its play set (keyword ``environment``)."""
        found: Values = {}
        self._compute_environment_string(found)
        return {name: str(value) for name, value in found.items()}

    def _task_facts(self, variables: Values, environment: t.Mapping[str, str]) -> Task:
        options = self._task.args
        local = self._connection.ansible_name == "ansible.builtin.local"
        become = bool(self._connection.become)
        own = os.environ if local and not become else {}
        docker_host = options.get("docker_host") or options.get("docker_url") or environment.get("DOCKER_HOST")
        return Task(
            wanted=boolean(self._templar.template(self._switch(variables))),
            background=bool(self._task.async_val),
            local=local,
            become=become,
            pipes=self._connection.has_pipelining,
            docker_host=docker_host or own.get("DOCKER_HOST"),
            manager_docker_host=options.get("manager_docker_host"),
            options=options,
        )

    def _switch(self, variables: Values) -> object:
        host_variables = variables
        if self._task.delegate_to:
            host_variables = variables.get("ansible_delegated_vars", {}).get(self._task.delegate_to, {})
        return host_variables.get(SWITCH, variables.get(SWITCH, True))

    def _options(self, route: Route, environment: t.Mapping[str, str]) -> _Result:
        """Return the options that the core gets; raise SwarmError where they cannot be made of those of the task."""
        return dict(self._task.args)

    def _run_core(self, route: Route, options: _Result, environment: t.Mapping[str, str]) -> _Result:
        """Return the result of the core, also for a failure; raise NeedsModule where only the module can run.

        :param options: as the task has them.
        :param environment: of the task. On the route ``direct`` that of this process counts too, as it is the host's.
        """
        direct = route.name == "direct"
        variables = {**(os.environ if direct else {}), **environment}
        spec = _with_fallbacks(self.definition.argument_spec, variables, own_paths=direct)
        arguments = Arguments(self._task.action, spec, self.definition.rules, native(options))
        if arguments.error:
            return _failed(*arguments.failure())
        show = shown_progress(self._task, self._host)
        run = Run(self.definition, arguments.params, bool(self._task.check_mode), arguments.given, show)
        transport = None if direct else self._transport
        node: Node = ThisNode(environment) if direct else TaskNode(self._commands)
        try:
            result = run.perform(lambda: connect(arguments.params, transport=transport, node=node))
        except NeedsModule:
            raise
        except SwarmError as error:
            message, result = _explained(error)
            result = _failed(message, {**run.failure(error), **result})
        return {**result, **({"warnings": run.warnings()} if run.warnings() else {})}

    @functools.cached_property
    def _commands(self) -> TaskCommands:
        return TaskCommands(self._connection, self._execute)

    @functools.cached_property
    def _transport(self) -> TaskTransport:
        socket = socket_path(self._docker_host) if self._docker_host else None
        return TaskTransport(self._commands, socket, self._programs)

    def _execute(self, command: str, data: bytes) -> CommandResult:
        line = f"{self._compute_environment_string()} {command}".strip()
        return t.cast(CommandResult, self._low_level_execute_command(line, in_data=data))

    @functools.cached_property
    def _programs(self) -> _Programs:
        return _Programs(self._host_key())

    def _host_key(self) -> str:
        parts = [self._connection.ansible_name, str(self._play_context.remote_addr), str(self._play_context.port)]
        return hashlib.sha256("\0".join([*parts, str(bool(self._connection.become))]).encode()).hexdigest()


class Arguments:
    """Validate the options of a task as AnsibleModule does; it has the attributes of one that ``explain`` reads.

    :param action: name of the action, for messages. :param spec: the argument spec. :param rules: such as required_if.

    ``params`` are the validated options, ``given`` those of the task. ``error`` is what is wrong, empty where nothing is.
    """

    def __init__(self, action: str, spec: _Result, rules: _Result, options: _Result) -> None:
        self._name = action
        self.argument_spec = spec
        self.params = self.given = options
        self.required_if = rules.get("required_if")
        self.required_by = rules.get("required_by")
        self.mutually_exclusive = rules.get("mutually_exclusive")
        self.validation_result: ValidationResult | None = None
        self._failure: _Result = {}
        try:
            options = checked_options(self.argument_spec, options)
        except BadInput as error:
            self.error, self._failure = error.message, {"failure": error.failure()}
            return
        validator = ArgumentSpecValidator(self.argument_spec, **rules)
        self.validation_result = validator.validate(options)
        errors = self.validation_result.errors
        self.error = ""
        if errors.errors:
            unknown = isinstance(errors[0], UnsupportedError)
            self.error = f"Unsupported parameters for ({action}) module: {errors.msg}" if unknown else errors.msg
        else:
            self.params = {**options, **self.validation_result.validated_parameters}

    def failure(self) -> tuple[str, _Result]:
        """Return the message of the failure, with hints, and the rest of the result."""
        return explain(self, self.error, self._failure)


def _with_fallbacks(spec: _Result, variables: t.Mapping[str, str], own_paths: bool) -> _Result:
    """Return the spec with fallbacks to these variables instead of those of this process, which may be another host's.

    :param own_paths: whether paths are this machine's; those of a node are expanded there.
    """

    def look_up(*names: str) -> str:
        for name in names:
            if name in variables:
                return variables[name]
        raise AnsibleFallbackNotFound

    spec = copy.deepcopy(spec)
    for item in spec.values():
        if "fallback" in item:
            item["fallback"] = (look_up, *item["fallback"][1:])
        for key in ("type", "elements"):
            if item.get(key) == "path" and not own_paths:
                item[key] = "str"
    return spec


def _explained(error: SwarmError) -> tuple[str, _Result]:
    """Return the message of an error, and what it adds to the result."""
    if isinstance(error, MissingLibrary):
        return f"{error.message} {missing_required_lib(error.library)}", {"exception": error.traceback}
    return error.message, {}


def _failed(message: str, result: _Result) -> _Result:
    """Return the result of a failure, without control characters. An unreachable host has not failed."""
    shown = {key: printable_values(value) if key in ("failure", "progress") else value for key, value in result.items()}
    state = {} if shown.get("unreachable") else {"failed": True}
    return {**state, "msg": printable(message), **shown}


def shown_progress(task: AnsibleTask, host: str) -> t.Callable[[str], None] | None:
    """Return a function that shows a line; None for a task with no_log.

    Standard output belongs to the callback, which may write JSON.

    :param host: name of the host that the task is of.
    """
    if task.no_log:
        return None
    return lambda line: display.display(f"[{host}]: {line}", stderr=True)


class _Programs:
    """Remember the program that reaches the socket on a host, in a file that ansible-playbook removes when it ends.

    Each task runs in a process of its own, so nothing else is left of an earlier one.
    """

    def __init__(self, key: str) -> None:
        self._file = Path(C.DEFAULT_LOCAL_TMP) / f"hive.swarm-{key}"

    def get(self) -> str:
        with contextlib.suppress(OSError):
            found = self._file.read_text()
            if found in node_command.PROGRAMS:
                return found
        return node_command.PROGRAMS[0]

    def set(self, program: str) -> None:
        with contextlib.suppress(OSError):
            self._file.write_text(program)
