# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What must not move while nothing may be written: of fake engines the request log, of real ones the versions."""

from __future__ import annotations

import http.client
import json
import socket
import time
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

_CALM = 0.4  # seconds without a change after which a real swarm counts as settled
_PATIENCE = 30.0


class FakeWorld:
    """Fake engines: any request that is a write counts, whatever the engine made of it; but for the question whether
    a secret has some data, which the engine refuses either way (_secret_config/live.py)."""

    def __init__(self, engines: Iterable[Any]):
        self.engines = list(engines)

    def token(self) -> tuple[Any, Any]:
        """All writes so far; nothing moves by itself."""
        return [[str(one) for one in engine.writes if not _is_question(one)] for engine in self.engines], None


def _is_question(request: Any) -> bool:
    """No other update of a secret carries data."""
    return request.path.startswith("/secrets/") and request.path.endswith("/update") and "Data" in (request.body or {})


class RealWorld:
    """Real engines, by their unix sockets: what they are and hold, and the versions of the swarm, its nodes and
    its services."""

    def __init__(self, sockets: Iterable[str]):
        self.sockets = list(sockets)

    def token(self) -> tuple[Any, Any]:
        """Contents and versions, once they have stopped moving; the last ones seen when they never do."""
        deadline = time.monotonic() + _PATIENCE
        seen = self._look()
        while time.monotonic() < deadline:
            time.sleep(_CALM)
            again = self._look()
            if again == seen:
                return again
            seen = again
        return seen

    def _look(self) -> tuple[Any, Any]:
        seen = [_of_one(path) for path in self.sockets]
        return [contents for contents, _versions in seen], [versions for _contents, versions in seen]


def _of_one(path: str) -> tuple[Any, Any]:
    try:
        _status, info = ask(path, "GET", "/info")
    except OSError as error:
        return type(error).__name__, None
    local = {key: info["Swarm"][key] for key in ("NodeID", "LocalNodeState", "ControlAvailable", "Error")}
    if not local["ControlAvailable"] or local["Error"]:
        return local, None
    swarm_status, swarm = ask(path, "GET", "/swarm")
    nodes_status, nodes = ask(path, "GET", "/nodes")
    if (swarm_status, nodes_status) != (200, 200):
        return local, None
    services = ask(path, "GET", "/services")[1]
    if not isinstance(services, list):
        return local, None
    specs = {item["ID"]: item["Spec"] for item in [*nodes, *services]}
    versions = {item["ID"]: item["Version"] for item in [*nodes, *services]}
    held = {"swarm": swarm["ID"], "spec": swarm["Spec"], "tokens": swarm["JoinTokens"], "specs": specs}
    return {**local, **held}, (swarm["Version"], versions)


class UnixConnection(http.client.HTTPConnection):
    """HTTP over a unix socket."""

    def __init__(self, path: str, timeout: float = 60.0):
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self) -> None:
        """Open the socket."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


def ask(path: str, method: str, target: str, body: Any = None) -> tuple[int, Any]:
    """One request to the engine behind a socket: status, and the answer as JSON where it is JSON."""
    connection = UnixConnection(path)
    try:
        payload = None if body is None else json.dumps(body)
        connection.request(method, target, payload, {"Content-Type": "application/json"} if payload else {})
        response = connection.getresponse()
        text = response.read().decode()
    finally:
        connection.close()
    try:
        return response.status, json.loads(text)
    except ValueError:
        return response.status, text


def await_log(managers: list[str]) -> None:
    """Return when the managers with these sockets have written to their disks what the first of them does.

    A manager answers through the leader from its first moment. One that ends before the leader's log has come to it knows
    no other manager when it starts again: it cannot answer the leader, and is without one for good (K6; its log says
    "ignored message MsgHeartbeatResp to unknown peer"). Events come from a manager's own copy.
    """
    first, *others = managers
    node_id = ask(first, "GET", "/info")[1]["Swarm"]["NodeID"]
    begin, end = time.time(), time.monotonic() + 60
    while others:
        node = ask(first, "GET", f"/nodes/{node_id}")[1]
        ask(first, "POST", f"/nodes/{node_id}/update?version={node['Version']['Index']}", node["Spec"])
        time.sleep(0.1)
        others = [socket for socket in others if not _has_seen(socket, node_id, begin)]
        if time.monotonic() > end:
            raise TimeoutError(f"managers that have not received the log: {others}")


def _has_seen(path: str, node_id: str, begin: float) -> bool:
    filters = quote(json.dumps({"scope": ["swarm"], "node": [node_id]}))
    status, events = ask(path, "GET", f"/events?since={begin:.9f}&until={time.time():.9f}&filters={filters}")
    return status == 200 and bool(events)
