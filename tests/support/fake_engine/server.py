# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HTTP/1.1 with keep-alive over a unix socket or a loopback port, one thread a connection."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import socketserver
import threading
import time
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any

from .errors import ApiError
from .router import Answer, Request, dispatch, headers_of

if TYPE_CHECKING:
    from .engine import FakeEngine


# Go's HTTP server sends longer answers in chunks, without a length.
_BUFFER = 2048


class _Unix(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    request_queue_size = 64


class _Tcp(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True
    allow_reuse_address = True


class Listener:
    """One listening socket of an engine, served in the background."""

    def __init__(self, engine: FakeEngine, unix: str | None = None):
        self._connections: set[socket.socket] = set()
        handler = type("Serving", (Handler,), {"engine": engine, "connections": self._connections})
        if unix:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(unix)
            self._server: Any = _Unix(unix, handler)
        else:
            self._server = _Tcp(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """host:port of a TCP listener."""
        host, port = self._server.server_address
        return f"{host}:{port}"

    def close(self) -> None:
        """Stop listening and cut every connection, as a killed process does.

        Shutting the listening socket down wakes the loop of the server, which otherwise polls for the end.
        """
        self._server.socket.shutdown(socket.SHUT_RDWR)
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        for connection in list(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    engine: FakeEngine
    connections: set[socket.socket]

    def setup(self) -> None:
        super().setup()
        self.connections.add(self.connection)

    def finish(self) -> None:
        self.connections.discard(self.connection)
        with contextlib.suppress(OSError):
            super().finish()

    def log_message(self, *_args: object) -> None:
        """Nothing on stderr: the engine keeps its own log."""

    def address_string(self) -> str:
        return "client"

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        request = Request.parse(self.command, self.path, self.rfile.read(length).decode())
        request = request._replace(registry_auth=self.headers.get("X-Registry-Auth"))
        engine = self.engine
        allowed = engine.accepts(request.recorded())
        with contextlib.suppress(_Dropped, OSError):
            conflicts, refusal = self._disturb(request)
            if not allowed:
                refusal = ApiError(409, "this engine is read-only for the moment, by order of the test")
            self._answer(*self._outcome(request, conflicts, refusal))
            return
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def _outcome(self, request: Request, conflicts: bool, refusal: ApiError | None) -> Answer:
        if refusal:
            text = json.dumps({"message": refusal.message}) + "\n"
            return refusal.status, text, headers_of(self.engine, "application/json")
        if conflicts:
            self.bump()
        return self._lied(request, dispatch(self.engine, request))

    def _lied(self, request: Request, answer: Answer) -> Answer:
        change = self.engine.lies.get(request.path)
        if request.method != "GET" or change is None:
            return answer
        status, text, headers = answer
        changed = change(json.loads(text) if status < 400 else None)
        return 200, json.dumps(changed) + "\n", headers

    def _disturb(self, request: Request) -> tuple[bool, ApiError | None]:
        conflicts, refusal = False, None
        for fault in self.engine.faults.take(request.method, request.path):
            if fault.kind == "delay":
                time.sleep(fault.value)
            elif fault.kind == "hang":
                self.engine.faults.released.wait()
            elif fault.kind == "drop":
                raise _Dropped
            elif fault.kind == "error":
                refusal = fault.value
            else:
                conflicts = True
        return conflicts, refusal

    def bump(self) -> None:
        """Give every object of the swarm a new version, as another client's write does."""
        swarm = self.engine.swarm
        if swarm:
            with self.engine.cluster.lock:
                swarm.touch()
                kept = [swarm.services.all, *(objects.all for objects in swarm.objects.values()), swarm.nodes]
                for item in (item for items in kept for item in items.values()):
                    item.touch()

    def _answer(self, status: int, text: str | bytes, headers: dict[str, str]) -> None:
        payload = text if isinstance(text, bytes) else text.encode()
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Date", self.date_time_string())
        if self.command == "HEAD":
            self.send_header("Content-Length", "0")
            payload = b""
        elif status == 204:
            payload = b""
        elif len(payload) > _BUFFER:
            self.send_header("Transfer-Encoding", "chunked")
            payload = b"%x\r\n%s\r\n0\r\n\r\n" % (len(payload), payload)
        else:
            self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)
        self.wfile.flush()

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = _serve  # the names that http.server calls


class _Dropped(Exception):
    """The connection is to be closed without an answer."""
