# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ssh without any Python package: the program ``ssh``, and on the other side ``docker system dial-stdio``.

That command hands bytes on to the daemon's socket (docker/cli, cli/command/system/dial_stdio.go); the docker CLI and
the Docker SDK reach ``ssh://`` engines in the same way.
"""

from __future__ import annotations

import socket
import subprocess
import typing as t
from urllib.parse import urlsplit

from ...module_utils._address import split_address
from ...module_utils._engine import Reply
from ...module_utils._errors import BadInput, Unreachable
from ...module_utils._http import HttpError, read_reply, write_request


class SshTransport:
    """Keep-alive HTTP/1.1 through one ssh connection, which is made by the first request."""

    def __init__(self, url: str) -> None:
        self._where = f"docker_host {url}"
        self._command = _command(url)
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None

    def request(
        self, method: str, path: str, body: bytes | None, timeout: float, headers: t.Mapping[str, str] | None = None
    ) -> Reply:
        try:
            connection = self._connected()
            connection.settimeout(timeout)
            write_request(connection, method, path, body, headers)
            with connection.makefile("rb") as stream:
                return Reply(*read_reply(stream))
        except (OSError, HttpError) as error:
            reason = f"no answer within {timeout:g} seconds" if isinstance(error, socket.timeout) else self._said(error)
            self.close()
            raise Unreachable(f"{self._where}: {reason}.") from error

    def _connected(self) -> socket.socket:
        if self._socket is None:
            near, far = socket.socketpair()
            with far:
                self._process = subprocess.Popen(self._command, stdin=far, stdout=far, stderr=subprocess.PIPE)
            self._socket = near
        return self._socket

    def _said(self, error: Exception) -> str:
        """The last line of what ssh says, which is where its reason stands."""
        if self._process is None:
            return f"the program ssh cannot be run: {error}"
        self._close_socket()
        try:
            lines = self._process.communicate(timeout=5)[1].decode("utf-8", "replace").split("\n")
        except subprocess.TimeoutExpired:
            lines = []
        return next(
            (line.strip().rstrip(".") for line in reversed(lines) if line.strip()), f"ssh gives no answer ({error})"
        )

    def peer_pid(self) -> None:
        """The daemon runs on another host."""

    def _close_socket(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def close(self) -> None:
        self._close_socket()
        if self._process is not None:
            self._process.kill()
            if self._process.stderr:
                self._process.stderr.close()  # a proxy command that ssh has started may hold the other end
            self._process.wait()
            self._process = None


def _command(url: str) -> list[str]:
    """Nothing in the URL can be an option of ssh, and ssh asks no questions in the middle of an inventory."""
    user, _at, address = urlsplit(url).netloc.rpartition("@")
    user = user.partition(":")[0]
    try:
        host, port = split_address(address)
    except ValueError as error:
        raise BadInput(f"docker_host: {url!r} names no host: write it like ssh://user@host:22.") from error
    login = ["-l", user] if user else []
    options = ["-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=30", *(["-p", str(port)] if port else [])]
    if host.startswith("-") or user.startswith("-"):
        raise BadInput(f"docker_host: {url!r}: neither a user nor a host begins with a dash.")
    return ["ssh", *options, *login, "--", host, "docker", "system", "dial-stdio"]
