# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A proxy before a real engine's socket, on which any request can go wrong: what ``fake_engine/wire.py`` is to fakes.

The proxy carries a request out, or not, and then answers, or not. Refusals are made up, with the engine's own messages.
"""

from __future__ import annotations

import contextlib
import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Callable

from ...plugins.module_utils._engine.transport import receive
from .fake_engine.errors import rpc
from .fake_engine.wire import (
    ANSWER_LOST,
    CUT,
    ERROR,
    LOST,
    NEW_LEADER,
    NO_LEADER,
    OUT_OF_SEQUENCE,
    REFUSALS,
    REFUSED,
    SILENT,
    SILENT_DONE,
)
from .hostile import hostile, reply

_REFUSALS = {**REFUSALS, OUT_OF_SEQUENCE: rpc("Unknown", "update out of sequence")}
#: Longer than any timeout of a task that meets SILENT.
_PATIENCE = 60.0
#: Seconds for which connections are refused.
_AWAY = 0.5
_HOP_BY_HOP = ("connection", "content-length", "transfer-encoding")
#: Updates that the engine can refuse as out of sequence. Those of secrets are left out: the module compares data by
#: updates of an outdated version, to which this answer means that the data is equal.
_VERSIONED = re.compile(r"(/v[0-9.]+)?/((services|nodes|configs|volumes)/[^/]+/update|swarm/update|volumes/[^/?]+)\?")


class _Ended(OSError):
    """The connection ends here."""


class FaultProxy:
    """:ivar docker_host: the address of the proxy. :ivar engine: the engine's socket, from the next order on.

    :param elect: makes another manager the leader, where there are several.
    """

    def __init__(self, engine: str, folder: Path, elect: Callable[[], None] | None = None):
        self.engine, self._folder, self._elect = engine, folder, elect
        self._listening = contextlib.ExitStack()
        self._back = threading.Timer(_AWAY, self._listen)
        self._order = _Order(engine, 0, "", self._refuse, elect)
        self._listen()

    @property
    def docker_host(self) -> str:
        return f"unix://{self._folder}/hostile.sock"

    @property
    def requests(self) -> list[tuple[str, str]]:
        """Method and path of each request since the proxy was armed."""
        return self._order.requests

    def arm(self, number: int = 0, fault: str = "") -> None:
        """Have the request of this number, counted from 1 and from now on, meet a fault. Without a number: none."""
        self.close()
        self._order = _Order(self.engine, number, fault, self._refuse, self._elect)
        if fault == REFUSED and number == 1:
            self._refuse()
        else:
            self._listen()

    def close(self) -> None:
        """Listen no more, and end the connections that are held."""
        self._back.cancel()
        if self._back.is_alive():
            self._back.join()
        self._listening.close()
        self._order.over.set()

    def _listen(self) -> None:
        (self._folder / "hostile.sock").unlink(missing_ok=True)
        self._listening.enter_context(hostile(self._order.respond, self._folder))

    def _refuse(self) -> None:
        """Refuse connections for a while, as an engine does that starts anew."""
        self._listening.close()
        self._back = threading.Timer(_AWAY, self._listen)
        self._back.start()

    def faults(self, method: str, path: str) -> tuple[str, ...]:
        """Return the faults that a request can meet."""
        found = (REFUSED, LOST, ANSWER_LOST, ERROR, NO_LEADER, SILENT, SILENT_DONE, CUT)
        if method != "GET" and _VERSIONED.match(path):
            found = (*found, OUT_OF_SEQUENCE)
        return (*found, NEW_LEADER) if self._elect else found


class _Order:
    """What the requests of one run meet.

    :ivar over: set at the end of the run.
    """

    def __init__(
        self, engine: str, number: int, fault: str, refuse: Callable[[], None], elect: Callable[[], None] | None
    ):
        self._engine, self._number, self._fault = engine, number, fault
        self._refuse, self._elect = refuse, elect
        self.requests: list[tuple[str, str]] = []
        self.over = threading.Event()

    def respond(self, request: bytes) -> Iterator[bytes]:
        """Answer a request as ``Hostile`` does, or end its connection."""
        method, path = request.split(b" ", 2)[:2]
        self.requests.append((method.decode(), path.decode()))
        fault = self._fault if len(self.requests) == self._number else ""
        if fault in _REFUSALS:
            error = _REFUSALS[fault]
            yield reply(json.dumps({"message": error.message}).encode(), error.status)
            return
        answer = b"" if fault in (LOST, SILENT) else self._carried_out(request)
        if fault == NEW_LEADER and self._elect:
            self._elect()
        if fault in (SILENT, SILENT_DONE):
            self.over.wait(_PATIENCE)
        if fault == CUT:
            yield _half(answer)
        if fault in (LOST, ANSWER_LOST, SILENT, SILENT_DONE, CUT):
            raise _Ended
        yield answer

    def _carried_out(self, request: bytes) -> bytes:
        """Return the engine's answer."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(self._engine)
            connection.sendall(request)
            status, headers, body = receive(connection, time.monotonic() + _PATIENCE)
        kept = [f"{name}: {value}" for name, value in headers.items() if name not in _HOP_BY_HOP]
        if status != 204:
            kept.append(f"Content-Length: {len(body)}")
        if self._fault == REFUSED and len(self.requests) + 1 == self._number:
            # No connection is open when the next request comes, and none can be made.
            kept.append("Connection: close")
            self._refuse()
        return "\r\n".join([f"HTTP/1.1 {status} X", *kept, "", ""]).encode("latin-1") + body


def _half(answer: bytes) -> bytes:
    """An answer without the second half of its body, or of its head where it has no body."""
    head, blank, body = answer.partition(b"\r\n\r\n")
    return head + blank + body[: len(body) // 2] if body else head[: len(head) // 2]
