# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Engines that say what was recorded, or what a test makes of it, on unix sockets and loopback ports."""

from __future__ import annotations

import contextlib
import json
import socketserver
import tempfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

RECORDED = Path(__file__).parent / "recorded"
RELEASES = ("20.10", "28.5")
Answers = dict[str, dict[str, Any]]


def recorded(release: str, stage: str) -> Answers:
    """Path -> status and body, as a real engine of that release has answered; a copy of one's own."""
    return json.loads((RECORDED / f"{release}.json").read_text())[stage]


class _UnixServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


class _TcpServer(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True
    allow_reuse_address = True


class Replay:
    """One engine. ``asked`` is the paths of the requests so far; ``answers`` may be changed at any time."""

    def __init__(self, answers: Answers, server: Any) -> None:
        self.answers = answers
        self.asked: list[str] = []
        replay = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                replay.asked.append(self.path)
                path = self.path.partition("?")[0]
                found = replay.answers.get("/" + path.rpartition("/")[2], {"status": 404, "body": {"message": "no"}})
                text = json.dumps(found["body"]).encode()
                self.send_response(found["status"])
                self.send_header("Api-Version", "1.41")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_arguments: object) -> None:
                """Nothing on stderr."""

            def address_string(self) -> str:
                return "client"

        self._server = server(Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextlib.contextmanager
def engine(answers: Answers) -> Iterator[tuple[str, Replay]]:
    """An engine behind a unix socket: its URL, and the engine."""
    with tempfile.TemporaryDirectory(prefix="replay-") as folder:
        path = f"{folder}/docker.sock"
        replay = Replay(answers, lambda handler: _UnixServer(path, handler))
        try:
            yield f"unix://{path}", replay
        finally:
            replay.close()


@contextlib.contextmanager
def tcp_engine(answers: Answers, host: str = "127.0.0.1", port: int = 0) -> Iterator[tuple[int, Replay]]:
    """An engine on an address of the loopback network: its port, and the engine."""
    replay = Replay(answers, lambda handler: _TcpServer((host, port), handler))
    try:
        yield replay._server.server_address[1], replay
    finally:
        replay.close()
