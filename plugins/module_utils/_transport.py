# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How bytes reach an engine.

A local unix socket needs nothing but the standard library, so the managed node needs no Python package. TCP, TLS
and ssh are where the Docker SDK for Python earns its import (some 80 ms a task): it is loaded only for them.
"""

from __future__ import annotations

import socket
import typing as t

from ._engine import Reply
from ._errors import BadInput, Unreachable
from ._http import HttpError, read_reply, write_request

_UNIX_SCHEMES = ("unix://", "http+unix://")


class UnixTransport:
    """Keep-alive HTTP/1.1 over a unix socket."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._socket: socket.socket | None = None

    def request(
        self, method: str, path: str, body: bytes | None, timeout: float, headers: t.Mapping[str, str] | None = None
    ) -> Reply:
        try:
            return self._exchange(method, path, body, timeout, headers)
        except (OSError, HttpError) as error:
            from ._unreachable import why

            self.close()
            raise Unreachable(why(self.path, error, timeout)) from error

    def _exchange(
        self, method: str, path: str, body: bytes | None, timeout: float, headers: t.Mapping[str, str] | None
    ) -> Reply:
        connection = self._connected(timeout)
        write_request(connection, method, path, body, headers)
        with connection.makefile("rb") as stream:
            status, headers, content = read_reply(stream)
        if headers.get("connection", "").lower() == "close":
            self.close()
        return Reply(status, headers, content)

    def _connected(self, timeout: float) -> socket.socket:
        if self._socket is None:
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self._socket.settimeout(timeout)
            self._socket.connect(self.path)
        self._socket.settimeout(timeout)
        return self._socket

    def peer_pid(self) -> int | None:
        """The process that listens at the other end (SO_PEERCRED, see unix(7)); None before the first request."""
        if self._socket is None:
            return None
        credentials = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
        return int.from_bytes(credentials[:4], "little")

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


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
