# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Commands on the node of a task, through its connection and become plugins, with typed errors."""

from __future__ import annotations

import contextlib
import random
import re
import time
import typing as t

from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible.plugins.connection import ConnectionBase

from ..module_utils._core.errors import Unreachable
from ._deadline import children_end_after
from ._node_command import MARK

#: Seconds for the connection itself, beside those that the command may take.
_GRACE = 20
#: What sudo (requiretty) and su print. Both are translated; the words for the terminal mostly stay.
_WANTS_TERMINAL = re.compile(r"\b(tty|terminal)\b", re.IGNORECASE)
#: What ssh(1) prints when the server ends a connection before it has begun, as sshd does from MaxStartups on; it makes a new
#: one where those of ControlPersist have MaxSessions.
_REFUSED = re.compile(r"kex_exchange_identification")
#: Seconds before a refused connection is tried again, more or less, so that parallel tasks do not meet again.
_PAUSES = (0.5, 1, 2, 4)
#: What ssh(1), which is not translated, prints when no session was opened.
_NOT_CONNECTED = re.compile(
    r"ssh: connect to host|ssh: Could not resolve hostname|Host key verification failed|Permission denied \(|"
    r"timed out during banner exchange|waiting for privilege escalation prompt"
)


class NeedsModule(Unreachable):
    """Only the shipped module can do it: because of the node's environment, or because become needs a terminal."""


class HostUnreachable(Unreachable):
    """The connection to the host could not be made, or ended; Ansible counts the host as unreachable.

    :param sent: whether the command may have been carried out.
    """

    def __init__(self, message: str, sent: bool) -> None:
        super().__init__(message, result={"unreachable": True})
        self.sent = sent


class _Refused(HostUnreachable):
    """The server takes no further connection at the moment."""

    def __init__(self, text: str) -> None:
        message = (
            "The SSH server refused the connection. It limits the connections that it sets up at a time (MaxStartups) and the"
            " sessions of each one (MaxSessions): lower forks, set throttle, or raise these in sshd_config."
        )
        super().__init__(f"{message} {text}", False)


class CommandResult(t.TypedDict):
    """What a command on the node returned."""

    rc: int
    stdout: str
    stderr: str


class TaskCommands:
    """Runs commands on the node.

    :param execute: ``ActionBase._low_level_execute_command`` with the task's environment.
    """

    def __init__(self, connection: ConnectionBase, execute: t.Callable[[str, bytes], CommandResult]) -> None:
        self._connection = connection
        self._execute = execute

    def run(self, command: str, data: bytes, timeout: float, repeatable: bool = True) -> CommandResult:
        """Return rc, stdout and stderr of a command that prints a mark of _node_command.py.

        :param data: its standard input. Where there is none, the ssh plugin makes a terminal, which changes the output.
        :param timeout: seconds that the command gives itself.
        :param repeatable: whether the connection plugin may run it again after an error (``ansible_ssh_retries``).
        :raises Unreachable: it was not run. :raises HostUnreachable: the connection failed. :raises NeedsModule: see there.
        """
        for pause in _PAUSES:
            with contextlib.suppress(_Refused):
                return self._run(command, data, timeout, repeatable)
            time.sleep(pause * random.uniform(0.5, 1.5))
        return self._run(command, data, timeout, repeatable)

    def _run(self, command: str, data: bytes, timeout: float, repeatable: bool) -> CommandResult:
        limit = timeout + _GRACE
        data = data or (b"\n" if self._connection.has_pipelining else b"")
        with self._prepared(repeatable), children_end_after(limit) as ended:
            try:
                result = self._execute(command, data)
            except AnsibleConnectionFailure as error:
                raise (_hanging(limit) if ended.is_set() else _unreachable(_one_line(str(error)))) from error
            except AnsibleError as error:
                raise Unreachable(f"The command that reaches the engine's socket was not run: {error}") from error
        if ended.is_set():
            raise _hanging(limit)
        if MARK not in result["stdout"] and _WANTS_TERMINAL.search(result["stderr"] + result["stdout"]):
            raise NeedsModule("become needs a terminal, which a command with standard input does not have")
        return result

    @contextlib.contextmanager
    def _prepared(self, repeatable: bool) -> t.Iterator[None]:
        """With -vvv a connection plugin shows what a command printed, which may be a token, unless no_log is set.

        With pipelining off, the local plugin hands standard input to a terminal where become needs a password.
        """
        options = {"pipelining": True, **({} if repeatable else {"reconnection_retries": 0})}
        before = {name: value for name in options for value in self._option(name) if value != options[name]}
        context = self._connection._play_context  # it may be another one than that of the action
        no_log = context.no_log
        try:
            context.no_log = True
            for name in before:
                self._connection.set_option(name, options[name])
            yield
        finally:
            context.no_log = no_log
            for name, value in before.items():
                self._connection.set_option(name, value)

    def _option(self, name: str) -> list[object]:
        """Return the value in a list, which is empty where the connection plugin has no such option."""
        try:
            return [self._connection.get_option(name)]
        except KeyError:
            return []


def _unreachable(text: str) -> HostUnreachable:
    """Return the failure that a connection plugin reports; unless it names another cause, the command may have run."""
    if _REFUSED.search(text):
        return _Refused(text)
    if _NOT_CONNECTED.search(text):
        return HostUnreachable(text, False)
    return HostUnreachable(f"The connection to the host was lost. {text}", True)


def _one_line(text: str) -> str:
    """Return what ssh printed for a terminal without the ends of lines and the frame around a changed host key."""
    return " ".join(line for line in (line.strip(" @\t\r") for line in text.splitlines()) if line)


def _hanging(seconds: float) -> HostUnreachable:
    return HostUnreachable(f"The host did not respond within {seconds:g} seconds. The connection was closed.", True)
