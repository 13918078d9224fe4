# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The transport over the task's own connection: one command on the node for each request, or for several.

It passes through every connection and become plugin, as a pipelined module does, because the request is the command's
standard input (``ActionBase._low_level_execute_command``, developing_plugins.rst).
"""

from __future__ import annotations

import contextlib
import errno
import io
import itertools
import typing as t
from concurrent.futures import Future, ThreadPoolExecutor

from ..module_utils._core.errors import OutcomeUnknown, Unreachable
from ..module_utils._engine.api_errors import not_http
from ..module_utils._engine.client import Reply
from ..module_utils._engine.connection import DEFAULT_SOCKET
from ..module_utils._engine.transport import ConnectionEnded, HttpError, read_reply
from . import _node_command as node_command
from ._task_commands import HostUnreachable, NeedsModule

if t.TYPE_CHECKING:
    from ._task_commands import CommandResult, TaskCommands


class Programs(t.Protocol):
    """Which program the host has, remembered for the run of the playbook."""

    def get(self) -> str: ...

    def set(self, program: str) -> None: ...


class TaskTransport:
    """Requests through the connection of the task.

    :param commands: runs commands on the node.
    :param socket: the path of the engine's socket there, or None for the one of the node's DOCKER_HOST.
    """

    def __init__(self, commands: TaskCommands, socket: str | None, programs: Programs) -> None:
        self._commands = commands
        self._socket = socket
        self._programs = programs
        self._asked: tuple[t.Sequence[str], Future[list[Reply]]] | None = None

    @contextlib.contextmanager
    def asking(self, paths: t.Sequence[str], timeout: float) -> t.Iterator[None]:
        """Send GET requests by one command while the block runs. The next request has the replies, or their error.

        A command takes longer than reading the compose files of a large stack, so that both happen at a time. Nothing in
        the block may use the connection.
        """
        requests = [node_command.Request("GET", path, None, {}) for path in paths]
        with ThreadPoolExecutor(1) as threads:
            asked = threads.submit(self._exchange, requests, timeout)
            yield
        self._asked = paths, asked

    def _take_asked(self) -> dict[str, Reply]:
        """Return the replies of ``asking`` by path, once; raise its error."""
        asked, self._asked = self._asked, None
        return dict(zip(asked[0], asked[1].result())) if asked else {}

    def request(
        self, method: str, path: str, body: bytes | None, timeout: float, headers: t.Mapping[str, str] | None = None
    ) -> Reply:
        """Raise Unreachable where nothing was sent, OutcomeUnknown where a write may have been carried out."""
        return self.request_together([], method, path, body, timeout, headers)[0]

    def request_together(
        self,
        following: t.Sequence[tuple[str, str, bytes | None]],
        method: str,
        path: str,
        body: bytes | None,
        timeout: float,
        headers: t.Mapping[str, str] | None = None,
    ) -> list[Reply]:
        """Send a request and others after it, by one command. Return the reply, and those to the first of the others.

        :param following: method, path and body. The caller repeats what has got no reply.
        """
        asked = self._take_asked()
        if method == "GET" and path in asked:
            known = itertools.takewhile(asked.__contains__, (other for _method, other, _body in following))
            return [asked[path], *map(asked.__getitem__, known)]
        request = node_command.Request(method, path, body, headers or {})
        return self._exchange([request, *(node_command.Request(*other, {}) for other in following)], timeout)

    def _exchange(self, requests: t.Sequence[node_command.Request], timeout: float) -> list[Reply]:
        """Return the replies to the first ones of the requests."""
        method, path = requests[0].method, requests[0].path
        try:
            outcome, result = self._send(requests, timeout)
        except HostUnreachable as error:
            if method == "GET" or not error.sent:
                raise
            message = f"{error.message.rstrip(' .:')}. The request {method} was sent and may have been carried out."
            raise OutcomeUnknown(message, result=error.result) from error
        where = f"docker_host unix://{outcome.path or self._socket or DEFAULT_SOCKET}"
        if outcome.state == "connect":
            raise Unreachable(_connect_message(where, outcome))
        if result["rc"] == node_command.NOT_CONNECTED and not outcome.reply:
            raise Unreachable(f"{where}: {result['stderr'].strip()}")
        stream = io.BytesIO(outcome.reply)
        try:
            if result["rc"] and len(requests) == 1:
                raise ConnectionEnded(_end_message(result, timeout))
            return [Reply(*read_reply(stream)), *_read_complete(stream, len(requests) - 1)]
        except ConnectionEnded as error:
            kind = Unreachable if method == "GET" else OutcomeUnknown
            message = _end_message(result, timeout) if result["rc"] else str(error)
            raise kind(f"{where}: {message}") from error
        except HttpError as error:
            raise not_http(where, method, path, str(error)) from error

    def _send(
        self, requests: t.Sequence[node_command.Request], timeout: float
    ) -> tuple[node_command.Outcome, CommandResult]:
        program = self._programs.get()
        outcome, result = self._run(program, requests, timeout)
        if outcome.state == "absent":
            if not outcome.programs:
                raise Unreachable(
                    "The host has no program that reaches the engine's socket. Tried: "
                    f"{', '.join(node_command.PROGRAMS)}. Install one of them."
                )
            program = outcome.programs[0]
            outcome, result = self._run(program, requests, timeout)
            self._programs.set(program)
        elif outcome.state == "sent" and outcome.programs not in ((), (program,)):
            self._programs.set(outcome.programs[0])
        if outcome.state in ("host", "variables"):
            raise NeedsModule(
                f"the node's DOCKER_HOST is {outcome.host}"
                if outcome.host
                else "the node sets further DOCKER_* variables"
            )
        if outcome.state not in ("connect", "sent"):
            raise Unreachable(_failed_message(result))
        return outcome, result

    def _run(
        self, program: str, requests: t.Sequence[node_command.Request], timeout: float
    ) -> tuple[node_command.Outcome, CommandResult]:
        mark = node_command.new_mark()
        command = node_command.command(program, self._socket, timeout, mark)
        data = node_command.standard_input(program, node_command.carried(program, requests))
        result = self._commands.run(command, data, timeout, repeatable=requests[0].method == "GET")
        return node_command.read_output(result["stdout"].encode("utf-8", "surrogateescape"), mark), result

    def peer_pid(self) -> int | None:
        """The engine's process is not visible from here."""
        return None

    def close(self) -> None:
        """Nothing is open between requests."""


def _read_complete(stream: t.BinaryIO, most: int) -> t.Iterator[Reply]:
    """Read the replies that came in full."""
    for _number in range(most):
        try:
            yield Reply(*read_reply(stream))
        except HttpError:
            return


def _connect_message(where: str, outcome: node_command.Outcome) -> str:
    if node_command.lacks_permission(outcome):
        return f"{where}: permission denied for the user {outcome.user}. Use become, or a user in the group that owns the socket."
    if outcome.number == errno.ENOENT:
        return f"{where}: the socket does not exist. Install and start Docker Engine on the host."
    if outcome.number == errno.ECONNREFUSED:
        return f"{where}: connection refused. The socket exists, but no daemon listens on it: start Docker Engine."
    if outcome.number == errno.ENOTSOCK:
        return f"{where}: not a socket. Name the socket of Docker Engine."
    return f"{where}: {node_command.connect_error(outcome).strerror}."


def _end_message(result: CommandResult, timeout: float) -> str:
    if result["rc"] == node_command.TIMED_OUT:
        return f"no response within {timeout:g} seconds. The daemon hangs or is overloaded; see the option timeout."
    return f"the connection ended before the answer was complete. {result['stderr'].strip()}".strip()


def _failed_message(result: CommandResult) -> str:
    words = (result["stderr"] or result["stdout"]).strip() or "no output"
    return (
        f"The command on the host that reaches the engine's socket failed with exit code {result['rc']}: {words[-500:]}"
    )
