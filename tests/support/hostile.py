# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Servers that answer with bytes of a test's choice, on a loopback port or a unix socket."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Callable

# Gets the head and body of a request; returns what to send, in pieces.
Respond = Callable[[bytes], Iterable[bytes]]


class Hostile:
    """:param requests: each request as it came."""

    def __init__(self, listener: socket.socket, url: str, respond: Respond) -> None:
        self.requests: list[bytes] = []
        self.url, self._listener, self._respond = url, listener, respond
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=self._serve, args=(self._listener.accept()[0],), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            while request := read_request(connection):
                self.requests.append(request)
                for piece in self._respond(request):
                    connection.sendall(piece)


def read_request(connection: socket.socket) -> bytes:
    """Return one HTTP request with its body, or nothing where the other end is closed."""
    found = b""
    while b"\r\n\r\n" not in found:
        more = connection.recv(65536)
        if not more:
            return b""
        found += more
    head, _blank, body = found.partition(b"\r\n\r\n")
    lengths = [int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    while len(body) < sum(lengths):
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


@contextlib.contextmanager
def hostile(respond: Respond, folder: Path | None = None) -> Iterator[Hostile]:
    """A server at ``url``: unix:// with a folder, otherwise tcp://."""
    if folder:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(f"{folder}/hostile.sock")
        url = f"unix://{folder}/hostile.sock"
    else:
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        url = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
    listener.listen()
    server = Hostile(listener, url, respond)
    try:
        yield server
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def reply(body: bytes = b"{}", status: int = 200, *headers: str) -> bytes:
    """A whole answer."""
    lines = [f"HTTP/1.1 {status} X", "Api-Version: 1.41", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def dripping(pieces: Iterable[bytes], pause: float = 0.05) -> Iterator[bytes]:
    """The pieces with a pause before each."""
    for piece in pieces:
        time.sleep(pause)
        yield piece
