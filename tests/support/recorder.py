# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A proxy between a client and an engine that forwards reads, and records and refuses writes.

As nothing is written, two clients can be given the same live state one after the other.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingMixIn, UnixStreamServer
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from .worlds import UnixConnection


class Write(NamedTuple):
    """A recorded POST.

    :param path: without the version of the API.
    :param query: without ``version``, and without what is off, which the docker command line writes out.
    """

    path: str
    query: dict[str, str]
    body: Any


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        connection = UnixConnection(self.server.engine)
        try:
            connection.request(self.command, self.path)
            response = connection.getresponse()
            self._answer(response.status, response.read(), response.getheaders())
        finally:
            connection.close()

    do_HEAD = do_GET

    def do_POST(self) -> None:
        target = urlsplit(self.path)
        query = {key: value for key, value in parse_qsl(target.query) if value not in ("false", "0")}
        query.pop("version", None)
        body = json.loads(self._body() or b"null")
        self.server.writes.append(Write(re.sub(r"^/v[\d.]+", "", target.path), query, body))
        self._answer(400, b'{"message": "recorded"}', [("Content-Type", "application/json")])

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _answer(self, status: int, body: bytes, headers: list[tuple[str, str]]) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in ("transfer-encoding", "content-length", "connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _Server(ThreadingMixIn, UnixStreamServer):
    daemon_threads = True

    def __init__(self, path: str, engine: str):
        super().__init__(path, _Handler)
        self.engine = engine
        self.writes: list[Write] = []


class Recorder:
    """:param docker_host: the address of the proxy."""

    def __init__(self, server: _Server):
        self._server = server
        self.docker_host = f"unix://{server.server_address}"

    def taken(self) -> list[Write]:
        """Return the writes since the last call."""
        writes = list(self._server.writes)
        self._server.writes.clear()
        return writes


@contextmanager
def recording(engine: str) -> Iterator[Recorder]:
    """Run a proxy to the engine behind a socket."""
    with tempfile.TemporaryDirectory() as folder:
        with _Server(os.path.join(folder, "proxy"), engine) as server:
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
            thread.start()
            try:
                yield Recorder(server)
            finally:
                server.shutdown()
                thread.join()
