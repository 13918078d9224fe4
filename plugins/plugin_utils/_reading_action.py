# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the actions share that read a swarm and decide: validation of their options, and info modules run in between."""

from __future__ import annotations

import contextlib
import json
import typing as t

from ansible.plugins.action import ActionBase
from ansible.plugins.connection import ConnectionBase
from ansible.utils.display import Display

from ..module_utils._core.redaction import printable, printable_values
from ..module_utils._core.validators import native
from ..module_utils._core.values import Values
from ..module_utils._engine.connection import connection_spec
from ._swarm_action import Arguments

#: The option of the actions that show a table for people or, for programs, the same facts as JSON.
FORMAT: Values = {"format": {"type": "str", "choices": ["table", "json"], "default": "table"}}
display = Display()


class NotRead(Exception):
    """The swarm could not be read. :param result: of the action that tried."""

    def __init__(self, result: Values) -> None:
        super().__init__(result.get("msg"))
        self.result = result


def connection_options() -> Values:
    """Return the argument spec. Without fallbacks: the environment of the node is read by the actions that connect."""
    return {
        name: {key: fact for key, fact in item.items() if key not in ("fallback", "default")}
        for name, item in connection_spec().items()
    }


def show(lines: t.Sequence[str], facts: Values, how: str) -> None:
    """Show the lines of a table, or the facts that it is made of.

    :param how: the option ``format``.
    """
    if how == "json":
        display.display(json.dumps(facts, indent=4))
    else:
        show_lines(lines)


def show_lines(lines: t.Sequence[str]) -> None:
    """Show a table. With display_skipped_hosts=false Ansible shows the name of a task with its result, so after the table;

    the empty line keeps the table apart from the results of the previous task.
    """
    display.display("\n".join(["", *lines]))


def failed(kind: str, message: str) -> Values:
    return {"failed": True, "msg": printable(message), "failure": {"kind": kind, "message": printable(message)}}


class ReadingAction(ActionBase):
    """An action that changes nothing. It runs in the controller, and info modules read the swarm over its connection."""

    _supports_check_mode = True

    def options(self, spec: Values) -> tuple[Values, Values]:
        """Return the validated options, and the failed result where they are not valid."""
        arguments = Arguments(self._task.action, spec, {}, native(dict(self._task.args)))
        if not arguments.error:
            return arguments.params, {}
        message, result = arguments.failure()
        return {}, {"failed": True, "msg": printable(message), **printable_values(result)}

    def read(self, module: str, task_vars: Values | None, **options: object) -> Values:
        """Return the result of an info module with the connection options of the task; raise NotRead if it fails."""
        return self.inspect(module, task_vars, **{**self._connection_arguments(), **options})

    def inspect(self, module: str, task_vars: Values | None, **options: object) -> Values:
        """Return the result of an info module with these options alone; raise NotRead if it fails."""
        task = self._task.copy()
        task.action = f"hive.swarm.{module}"
        task.args = options
        reader = self._shared_loader_obj.action_loader.get(
            task.action,
            task=task,
            connection=self._connection,
            play_context=self._play_context,
            loader=self._loader,
            templar=self._templar,
            shared_loader_obj=self._shared_loader_obj,
        )
        with _silenced(self._connection):
            result = dict(reader.run(task_vars=task_vars))
        if result.get("failed") or result.get("unreachable"):
            raise NotRead(result)
        return result

    def _connection_arguments(self) -> Values:
        spec = connection_spec()
        known = {*spec, *(alias for item in spec.values() for alias in item.get("aliases", ()))}
        return {name: value for name, value in native(dict(self._task.args)).items() if name in known}


@contextlib.contextmanager
def _silenced(connection: ConnectionBase) -> t.Iterator[None]:
    """With -vvv a connection plugin shows what a command printed, which may be the unlock key, unless no_log is set."""
    context = connection._play_context
    no_log = context.no_log
    context.no_log = True
    try:
        yield
    finally:
        context.no_log = no_log
