# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""S17: whatever an engine answers, a module ends with a result or a typed error, never with a Python error.

Each module runs once on the fake engine, and its answers are recorded. Then each place of each answer is replaced by each
kind of junk. All of them are some 30,000 runs, so a test run takes a part of them; JUNK_SHARE=1 takes all.
"""

from __future__ import annotations

import copy
import http.client
import json
import os
import re
import socket
import zlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._engine.client import Engine, Reply
from ansible_collections.hive.swarm.plugins.module_utils._frontend import module as runner
from ansible_collections.hive.swarm.tests.support.fake_engine import API_1_51, FakeCluster
from ansible_collections.hive.swarm.tests.support.harness import HarnessError, on, run_module

# Nothing here depends on ansible-core or on packages.
pytestmark = pytest.mark.once

SHARE = float(os.environ.get("JUNK_SHARE", "0.01"))
GONE = object()
DEEP: Any = "x"
for _level in range(200):
    DEEP = [DEEP]
JUNK = [
    GONE,
    None,
    5,
    -1,
    1e999,
    10**40,
    True,
    "x",
    "",
    "\x1b[2J",
    [],
    [1],
    [[]],
    ["x"],
    {},
    {"x": 1},
    {"ID": []},
    DEEP,
]
PYTHON = re.compile(
    r"Traceback|KeyError|TypeError|NoneType|has no attribute|subscriptable|unhashable|invalid literal|<class"
)

IMAGE = f"registry.example/a/b:1@sha256:{'0' * 64}"
SERVICE = {
    "name": "web", "image": IMAGE, "replicas": 1, "env": {"A": "b"}, "labels": {"x": "y"}, "networks": ["net"], "wait_timeout": 3,
    "secrets": [{"secret_name": "secret"}], "configs": [{"config_name": "config"}], "publish": [{"target_port": 80}],
    "mounts": [{"source": "vol", "target": "/v", "type": "volume"}], "healthcheck": {"test": ["CMD", "x"], "interval": "5s"},
    "limits": {"cpus": 1, "memory": "64M"}, "update_config": {"parallelism": 1}, "placement": {"constraints": ["node.role==manager"]},
}  # fmt: skip
TASKS = [
    ("swarm_info", {"join_tokens": True, "unlock_key": True}),
    ("swarm_init", {"labels": {"a": "b"}}),
    ("swarm_init", {"task_history_retention_limit": 5}),
    ("swarm_node", {"hostname": "node1", "labels": {"a": "b"}}),
    ("swarm_node", {"hostname": "nobody", "state": "absent"}),
    ("swarm_node_info", {}),
    ("swarm_service", SERVICE),
    ("swarm_service", {**SERVICE, "labels": {"x": "z"}}),
    ("swarm_service", {**SERVICE, "name": "other"}),
    ("swarm_service", {"name": "web", "state": "absent"}),
    ("swarm_service_info", {"tasks": True}),
    ("swarm_task_info", {}),
    ("swarm_network", {"name": "net", "driver": "overlay", "labels": {"a": "b"}}),
    ("swarm_network", {"name": "new", "ipam_config": [{"subnet": "10.77.0.0/24"}]}),
    ("swarm_network", {"name": "net", "state": "absent"}),
    ("swarm_network_info", {}),
    ("swarm_secret", {"name": "secret", "data": "x", "labels": {"a": "b"}}),
    ("swarm_secret", {"name": "secret", "state": "absent"}),
    ("swarm_secret_info", {}),
    ("swarm_config", {"name": "config", "data": "y", "labels": {"a": "b"}}),
    ("swarm_config_info", {}),
    ("swarm_volume_info", {}),
    ("swarm_stack_info", {}),
    ("swarm_unlock", {"unlock_keys": [f"SWMKEY-1-{'A' * 43}"]}),
    ("swarm_leave", {}),
    ("swarm_join", {"remote_addrs": ["192.0.2.1"], "join_token": f"SWMTKN-1-{'1' * 50}-{'1' * 25}"}),
]  # fmt: skip
Recording = dict[tuple[str, str], list[Any]]


class Recorder:
    """A transport to a fake engine that keeps its answers."""

    def __init__(self, where: str, kept: Recording) -> None:
        self._path, self._kept = where[len("unix://") :], kept

    def request(self, method: str, path: str, body: bytes | None, timeout: float, headers: Any = None) -> Reply:
        connection = http.client.HTTPConnection("localhost")
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.connect(self._path)
        connection.request(method, path, body, {"Content-Type": "application/json", **(headers or {})})
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        found = {name.lower(): value for name, value in answer.getheaders()}
        self._kept.setdefault(key_of(method, path), []).append((answer.status, text, found))
        return Reply(answer.status, found, text)

    def peer_pid(self) -> None:
        return None

    def close(self) -> None:
        """Nothing is kept open."""


class Player(Recorder):
    """A transport that gives the recorded answers again, one place of one of them replaced."""

    def __init__(self, kept: Recording, tampered: tuple[str, str] | None = None, text: bytes = b"") -> None:
        self._kept, self._tampered, self._text, self._turn = kept, tampered, text, {}

    def request(self, method: str, path: str, body: bytes | None, timeout: float, headers: Any = None) -> Reply:
        key = key_of(method, path)
        answers = self._kept.get(key) or [(404, b'{"message": "not found"}', {"api-version": "1.51"})]
        turn = self._turn[key] = self._turn.get(key, -1) + 1
        status, text, found = answers[min(turn, len(answers) - 1)]
        return Reply(status, found, self._text if key == self._tampered and status < 300 else text)


def key_of(method: str, path: str) -> tuple[str, str]:
    return method, re.sub(r"^/v[\d.]+", "", urlsplit(path).path)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Each place of an answer; of a list its first item is enough."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value[:1]) if isinstance(value, list) else ()
    for key, item in inner:
        yield from places(item, (*path, key))


def replaced(value: Any, path: tuple[Any, ...], junk: Any) -> Any:
    if not path:
        return None if junk is GONE else junk
    found = copy.deepcopy(value)
    at = found
    for key in path[:-1]:
        at = at[key]
    if junk is GONE:
        del at[path[-1]]
    else:
        at[path[-1]] = junk
    return found


@pytest.fixture(scope="module")
def world():
    """A swarm of one with one object of each kind."""
    with FakeCluster(API_1_51) as cluster:
        (engine,) = cluster.swarm(managers=1)
        run = on(engine)
        for module, options in (
            ("swarm_network", {"name": "net", "driver": "overlay"}),
            ("swarm_secret", {"name": "secret", "data": "x"}),
            ("swarm_config", {"name": "config", "data": "y"}),
            ("swarm_service", {**SERVICE, "wait": False}),
        ):
            result = run(module, options)
            assert not result["failed"], result
        yield engine


@pytest.mark.usefixtures("no_time")
@pytest.mark.parametrize(("module", "options"), TASKS, ids=[f"{number}-{task[0]}" for number, task in enumerate(TASKS)])
def test_s17_junk_in_each_place_of_each_answer(world, monkeypatch, module, options):
    kept: Recording = {}
    transport: list[Any] = [Recorder(world.docker_host, kept)]
    monkeypatch.setattr(
        runner, "connect", lambda _params, docker_host=None: Engine(transport[0], where="the engine at x")
    )
    run_module(module, options, check=True)
    if module not in ("swarm_leave", "swarm_join") and options.get("state") != "absent":
        run_module(module, options)
    for key, place, junk, text in tampered(kept, module):
        transport[0] = Player(kept, key, text)
        for check in (True, False):
            try:
                result = run_module(module, options, check=check)
            except HarnessError as error:
                raise AssertionError((key, place, junk)) from error
            words = json.dumps([result.get("msg"), result.get("warnings"), result.get("failure")])
            assert not PYTHON.search(words), (key, place, junk, words)


def tampered(kept: Recording, module: str) -> Iterator[tuple[tuple[str, str], tuple[Any, ...], Any, bytes]]:
    """Request, place, junk and text of the answers that this run of the tests takes."""
    for key, answers in kept.items():
        status, text, _headers = answers[-1]
        if status >= 300 or not text.strip().startswith((b"{", b"[")):
            continue
        answer = json.loads(text)
        for place in places(answer):
            for number, junk in enumerate(JUNK):
                if zlib.crc32(repr((module, key, place, number)).encode()) % 1000 < SHARE * 1000:
                    yield key, place, junk, json.dumps(replaced(answer, place, junk)).encode()
