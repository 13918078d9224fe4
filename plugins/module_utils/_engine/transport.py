# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How bytes reach an engine.

A unix socket, TCP and TLS need nothing but the standard library, so the managed node needs no Python package. Requests
go to the address that the task names: no redirects, no proxies, no .netrc. ssh:// goes through the program
ssh, or through the Docker SDK for Python (some 80 ms a task), which is loaded only for it.

Why a unix socket is not reachable, and the fix.
"""

from __future__ import annotations

import errno
import os
import socket
import stat
import time
import typing as t

from .._core.errors import OutcomeUnknown, Unreachable
from .api_errors import not_http
from .client import Reply
from .http import ConnectionEnded, HttpError, receive, send


class SocketTransport:
    """Keep-alive HTTP/1.1 on one connection, which the first request makes."""

    def __init__(self, where: str) -> None:
        self.where = where
        self._socket: socket.socket | None = None

    def connected(self, timeout: float) -> socket.socket:
        """A new connection; raises OSError."""
        raise NotImplementedError

    def why(self, error: Exception, timeout: float) -> str:
        """A sentence on an error of connecting or talking; ``timeout`` is in seconds."""
        raise NotImplementedError

    def request(
        self, method: str, path: str, body: bytes | None, timeout: float, headers: t.Mapping[str, str] | None = None
    ) -> Reply:
        """Return the reply.

        :raises Unreachable: nothing that could be carried out was sent, or it was a read.
        :raises OutcomeUnknown: a write was sent and its answer did not arrive.
        :raises InvalidAnswer: the answer is not HTTP or exceeds a limit.
        """
        kept_alive = self._socket is not None
        try:
            return self._exchange(method, path, body, timeout, headers)
        except OutcomeUnknown:
            raise
        except Unreachable as error:
            # The daemon may have closed a connection that was idle, or was started anew.
            if not kept_alive or isinstance(error.__cause__, socket.timeout):
                raise
        return self._exchange(method, path, body, timeout, headers)

    def _exchange(
        self, method: str, path: str, body: bytes | None, timeout: float, headers: t.Mapping[str, str] | None
    ) -> Reply:
        sent = False
        try:
            if self._socket is None:
                self._socket = self.connected(timeout)
            end = time.monotonic() + timeout
            send(self._socket, method, path, body, headers, timeout)
            sent = True
            status, received, content = receive(self._socket, end)
        except (OSError, ConnectionEnded) as error:
            sentence = self.why(error, timeout)
            self.close()
            raise (OutcomeUnknown if sent and method != "GET" else Unreachable)(sentence) from error
        except HttpError as error:
            self.close()
            raise not_http(self.where, method, path, str(error)) from error
        if received.get("connection", "").lower() == "close":
            self.close()
        return Reply(status, received, content)

    def peer_pid(self) -> int | None:
        """None: the daemon runs on another host."""
        return None

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


class UnixTransport(SocketTransport):
    def __init__(self, path: str) -> None:
        super().__init__(f"docker_host unix://{path}")
        self.path = path

    def connected(self, timeout: float) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(timeout)
        try:
            connection.connect(self.path)
        except OSError:
            connection.close()
            raise
        return connection

    def why(self, error: Exception, timeout: float) -> str:
        return why(self.path, error, timeout)

    def peer_pid(self) -> int | None:
        """The process that listens at the other end (SO_PEERCRED, see unix(7)); None before the first request."""
        if self._socket is None:
            return None
        credentials = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
        return int.from_bytes(credentials[:4], "little")


def why(path: str, error: Exception, timeout: float) -> str:
    """A sentence on an error of connecting or talking; ``timeout`` is in seconds."""
    where = f"docker_host unix://{path}"
    number = getattr(error, "errno", None)
    if isinstance(error, socket.timeout):
        return f"{where}: no response within {timeout:g} seconds. The daemon hangs or is overloaded (option timeout)."
    if number == errno.ENOENT:
        return f"{where}: the socket does not exist. Docker Engine is not installed here, or does not run."
    if number in (errno.EACCES, errno.EPERM):
        return f"{where}: permission denied. Use become, or a user in the group that owns the socket."
    if not _is_socket(path):
        return f"{where}: not a socket."
    if number == errno.ECONNREFUSED:
        return f"{where}: connection refused. The socket exists, but no daemon listens on it."
    return f"{where}: {error or type(error).__name__}. The daemon closed the connection, see its log."


def _is_socket(path: str) -> bool:
    try:
        return stat.S_ISSOCK(os.stat(path).st_mode)
    except OSError:
        return True  # it cannot be looked at, so nothing speaks against it
