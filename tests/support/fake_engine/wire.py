# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connections to fake engines without sockets and threads, of which any request can go wrong in any way.

    line = Line(cluster)
    monkeypatch.setattr(UnixTransport, "connected", line.connected)
    line.arm(3, ANSWER_LOST)       # the third request from now on

What goes over it is what goes over the socket: bytes of HTTP, answered by the handler of the server. A timeout takes
no time.
"""

from __future__ import annotations

import io
import os
import socket
from typing import TYPE_CHECKING, Any

from .errors import ApiError, rpc
from .faults import Fault
from .requests import READS
from .server import Handler

if TYPE_CHECKING:
    from .cluster import FakeCluster
    from .engine import FakeEngine

REFUSED = "connection refused"
LOST = "lost before it is carried out"
ANSWER_LOST = "carried out and the answer lost"
ERROR = "500"
NO_LEADER = "503 no leader"
NEW_LEADER = "the leader changes before the next request"
OUT_OF_SEQUENCE = "out of sequence"
SILENT = "no answer within the timeout"
SILENT_DONE = "carried out and no answer within the timeout"
CUT = "the body is cut off"
DEPOSED = "the leader loses its status before it writes"
DEPOSED_DONE = "the leader loses its status while it writes"
SENT = (LOST, ANSWER_LOST, SILENT, SILENT_DONE, CUT)
LEADER_LOST = (DEPOSED, DEPOSED_DONE)
#: Those that leave it open whether a write was carried out.
OPEN = (*SENT, *LEADER_LOST)
#: All kinds.
FAULTS = (REFUSED, *OPEN, ERROR, NO_LEADER, NEW_LEADER, OUT_OF_SEQUENCE)
REFUSALS = {
    ERROR: ApiError(500, "the disk is full"),
    NO_LEADER: rpc("Unavailable", "The swarm does not have a leader. It's possible that too few managers are online."),
    # swarmkit, manager/state/raft/raft.go: also for what it has proposed to the others, who may write it all the same.
    DEPOSED: rpc("Unknown", "node lost leader status"),
}


class Line:
    """All connections to the engines of a cluster.

    :ivar requests: (method, path with version and query) of the requests since it was armed, those that were refused a
        connection among them.
    """

    def __init__(self, cluster: FakeCluster):
        self._cluster = cluster
        self._number = 0
        self._fault = ""
        self.requests: list[tuple[str, str]] = []

    def arm(self, number: int = 0, fault: str = "") -> None:
        """Have the request of this number, counted from 1 and from now on, meet a fault. Without a number: none."""
        self._number, self._fault, self.requests = number, fault, []

    def connected(self, transport: Any, _timeout: float) -> Wire:
        """Connect to the engine of a transport's path, as ``UnixTransport.connected`` does."""
        engine = next((engine for engine in self._cluster.engines.values() if engine.socket == transport.path), None)
        if engine is None:
            raise FileNotFoundError(2, "No such file or directory")
        if self.is_due(REFUSED):
            self.requests.append(("", ""))
        elif engine.running:
            return Wire(self, engine)
        raise ConnectionRefusedError(111, "Connection refused")

    def is_due(self, *faults: str) -> bool:
        """Whether the next request meets one of these faults."""
        return self._fault in faults and len(self.requests) + 1 == self._number

    def take(self, method: str, path: str) -> str:
        """Count a request; return the fault that it meets."""
        self.requests.append((method, path))
        return self._fault if len(self.requests) == self._number else ""


class Wire:
    """The client's side of a connection, with as much of a socket as an HTTP client needs."""

    def __init__(self, line: Line, engine: FakeEngine):
        self._line, self._engine = line, engine
        self._incoming = io.BytesIO()
        self._error: OSError | None = None
        self._ended = False

    def settimeout(self, _seconds: float) -> None:
        """No time passes."""

    def sendall(self, data: bytes) -> None:
        """Have a whole request answered."""
        if self._ended or not self._engine.running or self._line.is_due(REFUSED):
            raise BrokenPipeError(32, "Broken pipe")
        method, path = data.split(b" ", 2)[:2]
        fault = self._line.take(method.decode(), path.decode())
        carried_out = fault not in (LOST, SILENT)
        answer = self._answer(data, method.decode(), fault) if carried_out else b""
        if fault == CUT:
            answer = answer[: answer.index(b"\r\n\r\n") + 4 + (len(answer) - answer.index(b"\r\n\r\n")) // 2]
            answer = answer.replace(b"Content-Length: 0", b"Content-Length: 9")  # nothing can be cut off from nothing
        if fault in (LOST, ANSWER_LOST):
            answer = b""
        if fault in (SILENT, SILENT_DONE):
            self._error = socket.timeout("timed out")
        self._ended = self._ended or fault in SENT
        self._incoming = io.BytesIO(answer)

    def _answer(self, data: bytes, method: str, fault: str) -> bytes:
        if fault in REFUSALS:
            self._engine.faults.add(Fault("error", "", "", REFUSALS[fault]), 1)
        if fault == OUT_OF_SEQUENCE and method not in READS:
            self._bump()
        if fault == DEPOSED_DONE:
            self._exchange(data)
            self._engine.faults.add(Fault("error", "", "", REFUSALS[DEPOSED]), 1)
        answer = self._exchange(data)
        if fault == OUT_OF_SEQUENCE and method in READS:
            self._bump()
        if fault == NEW_LEADER:
            self._elect()
        return answer

    def _exchange(self, data: bytes) -> bytes:
        exchange = _Exchange(self._engine, data)
        exchange.handle_one_request()
        self._ended = exchange.close_connection
        return exchange.wfile.getvalue()

    def _bump(self) -> None:
        """Let another client write every object."""
        _Exchange(self._engine, b"").bump()

    def _elect(self) -> None:
        swarm = self._engine.swarm
        others = [member for member in swarm.live_members() if member != swarm.leader] if swarm else []
        if swarm and others:
            swarm.leader = others[0]

    def recv_into(self, buffer: Any) -> int:
        """Part of the answer; 0 at the end of the connection."""
        if self._error:
            raise self._error
        return self._incoming.readinto(buffer)

    def getsockopt(self, *_what: int) -> bytes:
        """This process is at the other end (SO_PEERCRED)."""
        return os.getpid().to_bytes(12, "little")

    def close(self) -> None:
        """End it."""
        self._ended = True


class _Exchange(Handler):
    """The server's handler, of one request in memory."""

    def __init__(self, engine: FakeEngine, data: bytes):
        self.engine = engine
        self.rfile = io.BytesIO(data)
        self.wfile: Any = io.BytesIO()
        self.connection: Any = self
        self.close_connection = False

    def shutdown(self, _how: int) -> None:
        """End the connection, as that of a socket."""
        self.close_connection = True
