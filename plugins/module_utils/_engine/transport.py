# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HTTP/1.1 as Docker Engine speaks it, on a socket: one request, one reply. The unix socket is here.

Only the standard library is used, so the managed node needs no Python package. http.client would load the email package and
ssl, which is a tenth of what an Ansible module costs, on every task. The peer is not trusted: the size of an answer, its
headers and the time that it takes are limited. Requests go to the address that the task names: no redirects, no proxies, no
stored passwords. TCP and TLS are in tcp.py; ssh:// goes through the program ssh (ssh.py), or through the Docker SDK for Python
(sdk.py).
"""

from __future__ import annotations

import errno
import io
import os
import re
import socket
import stat
import time
import typing as t

from .._core.errors import OutcomeUnknown, Unreachable
from .api_errors import not_http
from .client import Reply

if t.TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# Bytes. 18,000 tasks with 3.5 kB each; Python objects of a JSON text take up to 20 times its size.
MAX_BODY = 64 * 2**20
# As http.client has them.
_MAX_LINE = 65536
_MAX_HEADERS = 100
_PIECE = 2**20


class HttpError(Exception):
    """The answer is not valid HTTP, or exceeds a limit."""


class ConnectionEnded(HttpError):
    """The connection ended before the answer was complete."""


def send(
    connection: socket.socket,
    method: str,
    path: str,
    body: bytes | None,
    headers: t.Mapping[str, str] | None,
    timeout: float,
) -> None:
    """Send a request. Where this raises, the daemon has not got the whole of it and does not carry it out.

    :param path: percent-encoded. :param headers: in addition to those of the body. :param timeout: seconds.
    :raises HttpError: OSError where the connection fails, socket.timeout (one of them) after the timeout.
    """
    connection.settimeout(timeout)
    _write_request(connection, method, path, body, headers)


def receive(connection: socket.socket, end: float) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers (names in lower case) and body of the answer.

    :param end: when the answer must be complete, in the time of ``time.monotonic``.
    :raises HttpError: OSError where the connection fails, socket.timeout (one of them) at the end.
    """
    with io.BufferedReader(_DeadlineReader(connection, end), 65536) as stream:
        return read_reply(stream)


class _DeadlineReader(io.RawIOBase):
    """The bytes that arrive until a moment, so that a peer that sends one byte now and then gains no time."""

    def __init__(self, connection: socket.socket, end: float) -> None:
        self._connection, self._end = connection, end

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        left = self._end - time.monotonic()
        if left <= 0:
            raise socket.timeout("timed out")
        self._connection.settimeout(left)
        return self._connection.recv_into(buffer)


def _write_request(
    connection: socket.socket, method: str, path: str, body: bytes | None, headers: t.Mapping[str, str] | None
) -> None:
    if not re.fullmatch("[!-~]+", path):  # a line break from an ID would begin another request
        raise HttpError("an ID that the engine returned cannot be part of a request")
    head = f"{method} {path} HTTP/1.1\r\nHost: docker\r\nAccept: application/json\r\n"
    if body is not None:
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    elif method != "GET":
        head += "Content-Length: 0\r\n"
    if headers:
        head += "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    connection.sendall(head.encode("ascii") + b"\r\n" + (body or b""))


def read_reply(stream: t.BinaryIO) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers (names in lower case) and body of an answer; raise HttpError."""
    line = _line(stream)
    found = re.match(r"HTTP/1\.[01] ([1-9][0-9][0-9])( |$)", line, re.ASCII)
    if not found:
        raise HttpError("the response is not HTTP")
    headers = _headers(stream)
    status = int(found[1])
    return status, headers, _body(stream, status, headers)


def _line(stream: t.BinaryIO) -> str:
    line = stream.readline(_MAX_LINE)
    if not line.endswith(b"\n"):
        if len(line) == _MAX_LINE:
            raise HttpError(f"a header line of the response is longer than {_MAX_LINE} bytes")
        raise ConnectionEnded("the response is incomplete" if line else "no answer")
    return line.decode("latin-1").strip()


def _headers(stream: t.BinaryIO) -> dict[str, str]:
    found: dict[str, str] = {}
    for _number in range(_MAX_HEADERS + 1):
        line = _line(stream)
        if not line:
            return found
        name, _colon, value = line.partition(":")
        found[name.strip().lower()] = value.strip()
    raise HttpError(f"the response has more than {_MAX_HEADERS} headers")


def _body(stream: t.BinaryIO, status: int, headers: dict[str, str]) -> bytes:
    if status in (204, 304) or status < 200:
        return b""
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return _chunks(stream)
    if "content-length" in headers:
        return _exactly(stream, _number(headers["content-length"], 10), MAX_BODY)
    body = stream.read(MAX_BODY + 1)  # until the daemon closes
    if len(body) > MAX_BODY:
        raise _too_long()
    return body


def _chunks(stream: t.BinaryIO) -> bytes:
    """RFC 9112, section 7.1; extensions and trailers mean nothing here."""
    found, room = [], MAX_BODY
    while True:
        size = _number(_line(stream).partition(";")[0].strip(), 16)
        if size == 0:
            break
        found.append(_exactly(stream, size, room))
        room -= size
        _line(stream)
    _headers(stream)
    return b"".join(found)


def _number(text: str, base: int) -> int:
    """A size. int() takes signs, blanks and underscores too, which HTTP does not."""
    if not re.fullmatch(r"[0-9a-fA-F]{1,16}" if base == 16 else r"[0-9]{1,19}", text):
        raise HttpError("the response has no valid length")
    return int(text, base)


def _exactly(stream: t.BinaryIO, size: int, room: int) -> bytes:
    """In pieces: memory is taken for what arrives, not for what was announced."""
    if size > room:
        raise _too_long()
    pieces, left = [], size
    while left:
        piece = stream.read(min(left, _PIECE))
        if not piece:
            raise ConnectionEnded("the response is incomplete")
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)


def _too_long() -> HttpError:
    return HttpError(f"the response is longer than {MAX_BODY // 2**20} MiB")


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
