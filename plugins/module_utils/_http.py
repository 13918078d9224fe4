# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HTTP/1.1 as the Docker daemon speaks it on its unix socket: one request, one reply, nothing else.

http.client would do, but it loads the email package and ssl for it, which is a tenth of what an Ansible module
costs, on every task. What goes over TCP or TLS goes through the Docker SDK.
"""

from __future__ import annotations

import typing as t

if t.TYPE_CHECKING:
    import socket


class HttpError(Exception):
    """What came back is no HTTP."""


def write_request(
    connection: socket.socket, method: str, path: str, body: bytes | None, headers: t.Mapping[str, str] | None = None
) -> None:
    """``path`` is percent-encoded by the caller; ``headers`` come on top of those of the body."""
    head = f"{method} {path} HTTP/1.1\r\nHost: docker\r\nAccept: application/json\r\n"
    if body is not None:
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    elif method != "GET":
        head += "Content-Length: 0\r\n"
    if headers:
        head += "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    connection.sendall(head.encode("ascii") + b"\r\n" + (body or b""))


def read_reply(stream: t.BinaryIO) -> tuple[int, dict[str, str], bytes]:
    """Status, headers (names in lower case) and body; raises HttpError."""
    try:
        protocol, status = _line(stream).split(" ", 2)[:2]
        headers = dict(_headers(stream))
        if not protocol.startswith("HTTP/1."):
            raise ValueError(protocol)
        return int(status), headers, _body(stream, int(status), headers)
    except ValueError as error:
        raise HttpError(f"the answer is no HTTP ({error})") from error


def _line(stream: t.BinaryIO) -> str:
    line = stream.readline(65536)
    if not line.endswith(b"\n"):
        raise HttpError("the answer ends in the middle" if line else "no answer")
    return line.decode("latin-1").strip()


def _headers(stream: t.BinaryIO) -> t.Iterator[tuple[str, str]]:
    line = _line(stream)
    while line:
        name, _colon, value = line.partition(":")
        yield name.strip().lower(), value.strip()
        line = _line(stream)


def _body(stream: t.BinaryIO, status: int, headers: dict[str, str]) -> bytes:
    if status in (204, 304):
        return b""
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return b"".join(_chunks(stream))
    if "content-length" in headers:
        return _exactly(stream, int(headers["content-length"]))
    return stream.read()  # until the daemon closes


def _chunks(stream: t.BinaryIO) -> t.Iterator[bytes]:
    """RFC 9112, section 7.1; extensions and trailers mean nothing here."""
    while True:
        size = int(_line(stream).partition(";")[0], 16)
        if size == 0:
            break
        yield _exactly(stream, size)
        _line(stream)
    dict(_headers(stream))


def _exactly(stream: t.BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) != size:
        raise HttpError("the answer ends in the middle")
    return data
