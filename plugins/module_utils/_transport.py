# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How bytes reach an engine.

A local unix socket needs nothing but the standard library, so the managed node needs no Python package. TCP, TLS
and ssh are where the Docker SDK for Python earns its import (some 80 ms a task): it is loaded only for them.
"""

from __future__ import annotations

import errno
import http.client
import os
import socket
import stat
import typing as t

from ._engine import Reply
from ._errors import BadInput, Unreachable

_UNIX_SCHEMES = ("unix://", "http+unix://")


class UnixTransport:
    """Keep-alive HTTP/1.1 over a unix socket."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._connection: _UnixConnection | None = None

    def request(self, method: str, path: str, body: bytes | None, timeout: float) -> Reply:
        try:
            return self._exchange(method, path, body, timeout)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise Unreachable(self._why(error, timeout)) from error

    def _exchange(self, method: str, path: str, body: bytes | None, timeout: float) -> Reply:
        if self._connection is None:
            self._connection = _UnixConnection(self.path)
        connection = self._connection
        connection.set_timeout(timeout)
        connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
        response = connection.getresponse()
        return Reply(response.status, response.headers, response.read())

    def peer_pid(self) -> int | None:
        """The process that listens at the other end (SO_PEERCRED, see unix(7)); None before the first request."""
        if self._connection is None or self._connection.sock is None:
            return None
        credentials = self._connection.sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
        return int.from_bytes(credentials[:4], "little")

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _why(self, error: Exception, timeout: float) -> str:
        where = f"docker_host unix://{self.path}"
        number = getattr(error, "errno", None)
        if isinstance(error, socket.timeout):
            return f"{where}: no answer within {timeout:g} seconds: the daemon hangs or is overloaded (option timeout)."
        if number == errno.ENOENT:
            return f"{where}: there is no such socket: is Docker Engine installed and running on this host?"
        if number in (errno.EACCES, errno.EPERM):
            return f"{where}: permission denied: use become, or a user in the group that owns the socket."
        if not _is_socket(self.path):
            return f"{where}: this is not a socket."
        if number == errno.ECONNREFUSED:
            return f"{where}: nobody listens on this socket: the daemon is not running."
        return f"{where}: {error or type(error).__name__}: the daemon closed the connection; see its log."


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost")
        self._path = path

    def set_timeout(self, timeout: float) -> None:
        self.timeout = timeout
        if self.sock is not None:
            self.sock.settimeout(timeout)

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def _is_socket(path: str) -> bool:
    try:
        return stat.S_ISSOCK(os.stat(path).st_mode)
    except OSError:
        return True  # it cannot be looked at, so nothing speaks against it


def make_transport(options: dict[str, t.Any]) -> t.Any:
    """The transport for the connection options of a task (see the documentation fragment ``docker``)."""
    host = options["docker_host"]
    for scheme in _UNIX_SCHEMES:
        if host.startswith(scheme):
            path = "/" + host[len(scheme) :].lstrip("/")
            if len(path) > 107:
                raise BadInput(f"docker_host: {path} has {len(path)} characters; a unix socket's path has at most 107.")
            return UnixTransport(path)
    from ._transport_sdk import SdkTransport  # loads the Docker SDK

    return SdkTransport(options)
