# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Raw HTTP dialogues as data, spoken to one or two engines, fake or real, and made comparable.

An engine here is anything with `socket` (path of its unix socket), `address` (its IPv4 address) and,
for dialogues that restart it, `restart()`.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from typing import Any, Callable

from .worlds import ask

_PATIENCE = 60.0


class Facts:
    """What a dialogue needs to know of the engines: read when it is asked for, by GET requests."""

    def __init__(self, engines: list[Any]):
        self.engines = engines
        self._key = ""

    def get(self, path: str, on: int = 0) -> Any:
        """An answer's JSON."""
        return ask(self.engines[on].socket, "GET", path)[1]

    def name(self, on: int = 0) -> str:
        """Hostname of an engine."""
        return self.get("/info", on)["Name"]

    def id(self, on: int = 0) -> str:
        """Node ID of an engine."""
        return self.get("/info", on)["Swarm"]["NodeID"]

    def node(self, on: int = 0) -> dict[str, Any]:
        """The entry of an engine's node in the list of the first engine."""
        return self.get(f"/nodes/{self.id(on)}")

    def nobody(self) -> str:
        """An address beside the first engine's, where nobody lives."""
        return self.engines[0].address.rpartition(".")[0] + ".253:2377"

    def key(self) -> str:
        """The unlock key; the last one seen while the engine is locked."""
        answer = self.get("/swarm/unlockkey")
        self._key = answer.get("UnlockKey") or self._key
        return self._key

    def joining(self, **changes: Any) -> dict[str, Any]:
        """A join request of the second engine to the first, as a worker."""
        return {
            "ListenAddr": "0.0.0.0:2377",
            "RemoteAddrs": [f"{self.engines[0].address}:2377"],
            "JoinToken": self.get("/swarm")["JoinTokens"]["Worker"],
            **changes,
        }

    def spec(self, **blocks: Any) -> dict[str, Any]:
        """The swarm's spec, with the given top-level keys replaced."""
        return {**self.get("/swarm")["Spec"], **blocks}

    def swarm_update(self, query: str = "") -> str:
        """Path of a swarm update with the present version."""
        return f"/swarm/update?version={self.get('/swarm')['Version']['Index']}{query}"

    def node_update(self, on: int = 0) -> str:
        """Path of a node update with the present version."""
        node = self.node(on)
        return f"/nodes/{node['ID']}/update?version={node['Version']['Index']}"

    def service(self, name: str) -> dict[str, Any]:
        """A service."""
        return self.get(f"/services/{name}")

    def update_of(self, name: str, query: str = "") -> str:
        """Path of an update of a service with the present version."""
        return f"/services/{name}/update?version={self.service(name)['Version']['Index']}{query}"

    def changed(self, name: str, container: dict[str, Any] | None = None, **blocks: Any) -> dict[str, Any]:
        """A service's spec with some keys of the container and some of the top level replaced.

        The block TaskTemplate is merged, so that the container stays.
        """
        spec = self.service(name)["Spec"]
        template = {**spec["TaskTemplate"], **blocks.pop("TaskTemplate", {})}
        template["ContainerSpec"] = {**template["ContainerSpec"], **(container or {})}
        return {**spec, **blocks, "TaskTemplate": template}

    def task(self, service: str) -> str:
        """ID of a task of a service."""
        return self.get(f'/tasks?filters={{"service":["{service}"]}}')[0]["ID"]

    def object(self, path: str) -> str:
        """ID of a secret, config or network by its path."""
        answer = self.get(path)
        return answer.get("ID") or answer["Id"]

    def object_update(self, path: str) -> str:
        """Path of an update of a secret or config with the present version."""
        return f"{path}/update?version={self.get(path)['Version']['Index']}"


@dataclass(frozen=True)
class Ask:
    """One request: path and body may be functions of the facts. `message` is the beginning of a refusal's text.

    until: repeat the request until this holds for the answer (and the status is the expected one).
    again: repeat while the engine says "update out of sequence": a node's version moves by itself.
    """

    method: str
    path: str | Callable[[Facts], str]
    status: int = 200
    message: str = ""
    body: Any = None
    on: int = 0
    until: Callable[[Any], bool] | None = None
    again: bool = False


@dataclass(frozen=True)
class Restart:
    """The engine ends as by kill -9 and starts again."""

    on: int = 0


@dataclass(frozen=True)
class Pause:
    """Something that the API does not show takes a moment on a real engine."""

    seconds: float


@dataclass(frozen=True)
class Said:
    """What came back, with the volatile parts of the answer masked."""

    request: str
    status: int
    answer: Any


def speak(dialogue: list[Ask | Restart | Pause], engines: list[Any], hasty: bool = False) -> list[Said]:
    """Hold a dialogue. AssertionError when an answer is not the one that the table expects.

    hasty: make no pauses; fake engines need none.
    """
    facts = Facts(engines)
    said = []
    for turn in dialogue:
        if isinstance(turn, Restart):
            engines[turn.on].restart()
        elif isinstance(turn, Pause):
            time.sleep(0 if hasty else turn.seconds)
        else:
            said.append(_take(turn, facts, engines[turn.on].socket))
    return said


def _take(turn: Ask, facts: Facts, socket: str) -> Said:
    deadline = time.monotonic() + _PATIENCE
    while True:
        path = turn.path(facts) if callable(turn.path) else turn.path
        body = turn.body(facts) if callable(turn.body) else turn.body
        status, answer = ask(socket, turn.method, path, body)
        if _is_final(turn, status, answer) or time.monotonic() > deadline:
            break
        time.sleep(0.2)
    request = f"{turn.method} {path} {body if body is not None else ''}".strip()
    assert status == turn.status, f"{request}: {status} instead of {turn.status}: {answer}"
    if turn.message:
        assert answer["message"].startswith(turn.message), f"{request}: {answer}"
    assert _is_so(turn, answer), f"{request}: still {answer}"
    return Said(request, status, masked(answer))


def _is_final(turn: Ask, status: int, answer: Any) -> bool:
    if turn.again and status == 500 and "out of sequence" in str(answer):
        return False
    return turn.until is None or (status == turn.status and _is_so(turn, answer))


def _is_so(turn: Ask, answer: Any) -> bool:
    """Whether what is waited for holds. It does not where the answer lacks what it asks about: a task not yet made."""
    try:
        return turn.until is None or bool(turn.until(answer))
    except (LookupError, TypeError):
        return False


# -- masking ----------------------------------------------------------------------------------------------------------

_VOLATILE = {
    *("ID", "NodeID", "Index", "CreatedAt", "UpdatedAt", "TrustRoot", "CertIssuerPublicKey"),
    *("Worker", "Manager", "UnlockKey", "Platform", "Engine", "Reachability"),
    *("Id", "Created", "Timestamp", "StartedAt", "CompletedAt", "LastExecution", "ContainerID", "PID"),
    *("ServiceID", "NetworkID", "com.docker.network.driver.overlay.vxlanid_list"),
}
_DYNAMIC = 30000  # where published ports begin that nobody asked for
_TEXT = [
    (re.compile(r"SWMTKN-1-[0-9a-z-]+"), "<token>"),
    (re.compile(r"SWMKEY-1-[A-Za-z0-9+/]+"), "<key>"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "<digest>"),
    (re.compile(r"\b[0-9a-z]{25}\b"), "<id>"),
    (re.compile(r"version=\d+"), "version=<n>"),
    (re.compile(r"\b10\.0\.\d+\.\d+(/24)?"), "<address>"),  # of networks that take what is free
    # Older decoders name the innermost struct, newer ones the whole way to the field.
    (re.compile(r"Go struct field [\w.]+"), "Go struct field <field>"),
]


def masked(value: Any, key: str = "") -> Any:
    """The same value with everything that differs between two swarms replaced by its type."""
    if key == "PublishedPort" and value >= _DYNAMIC:
        return "<port>"
    if key == "Description" and isinstance(value, dict):
        value = {**value, "Resources": "<dict>"}
    if key in _VOLATILE and value not in ("", None, {}):
        return f"<{type(value).__name__}>"
    if isinstance(value, dict):
        return {name: masked(item, name) for name, item in sorted(value.items())}
    if isinstance(value, list):
        items = sorted(value, key=_order) if all(isinstance(item, dict) for item in value) else value
        return [masked(item) for item in items]
    return mask_text(value) if isinstance(value, str) else value


def _order(item: dict[str, Any]) -> str:
    """Lists of nodes, managers, services, tasks … come in the order of their random IDs."""
    if ("ID" in item or "Id" in item) and "Description" not in item:
        return json.dumps(masked(item))
    return str(item.get("Description", {}).get("Hostname") or item.get("Addr"))


def mask_text(text: str) -> str:
    """A text without tokens, keys, IDs and digests."""
    for pattern, name in _TEXT:
        text = pattern.sub(name, text)
    return text
