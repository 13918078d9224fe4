# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check mode on an engine that is in no swarm: what a manager of a new, empty swarm would answer.

A play that creates a swarm and then uses it can be checked on a host without one. Used when an engine has answered
in check mode that it is not a manager.
"""

from __future__ import annotations

import json
import re
import typing as t

from .._core.paths import Values
from .._core.plan import KNOWN_AFTER, TOKEN_AFTER, UNLOCK_KEY_AFTER
from .client import Engine, Reply
from .local_state import INACTIVE, read_local

ASSUMPTION = "This engine is not in a swarm. Check mode assumes that an earlier task creates one on it."
_PATH = re.compile(r"(?:/v\d+\.\d+)?(/[^?]*)")
_LISTS = ("/services", "/nodes", "/tasks", "/secrets", "/configs")
_ONE = re.compile(r"/(?:services|nodes|tasks|secrets|configs)/.+")
_ANSWERS: Values = {
    **{path: [] for path in _LISTS},
    "/swarm": {"ID": KNOWN_AFTER, "JoinTokens": {"Worker": TOKEN_AFTER, "Manager": TOKEN_AFTER}},
    "/swarm/unlockkey": {"UnlockKey": UNLOCK_KEY_AFTER},
}
_MANAGER = {
    "LocalNodeState": "active",
    "ControlAvailable": True,
    "NodeID": KNOWN_AFTER,
    "Cluster": {"ID": KNOWN_AFTER, "Spec": {}},
}


def assume_swarm(engine: Engine) -> bool:
    """Have the engine answer as a manager from now on; False where it is in a swarm, as a worker for example."""
    if read_local(engine).state != INACTIVE:
        return False
    engine.wrap(_AssumedSwarm)
    return True


class _AssumedSwarm:
    """A transport that answers for the swarm, and passes on what concerns the engine itself."""

    def __init__(self, real: t.Any) -> None:
        self._real = real

    def request(
        self, method: str, path: str, body: bytes | None, timeout: float, headers: t.Mapping[str, str] | None = None
    ) -> Reply:
        found = _PATH.match(path)
        plain = found[1] if found else path
        if plain in _ANSWERS:
            return _reply(200, _ANSWERS[plain])
        if _ONE.fullmatch(plain):
            return _reply(404, {"message": f"{plain[1:]} not found"})
        more = {"headers": headers} if headers else {}
        reply = self._real.request(method, path, body, timeout, **more)
        return _reply(reply.status, _as_manager(reply.body)) if plain == "/info" else reply

    def peer_pid(self) -> int | None:
        return self._real.peer_pid()

    def close(self) -> None:
        self._real.close()


def _as_manager(body: bytes) -> t.Any:
    info = json.loads(body)
    return {**info, "Swarm": {**(info.get("Swarm") or {}), **_MANAGER}}


def _reply(status: int, answer: t.Any) -> Reply:
    return Reply(status, {}, json.dumps(answer).encode())
