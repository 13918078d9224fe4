# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""CVE-2026-115622 as a law over all modules and routes: a playbook with -vvv and --diff prints no secret value.

Each module of the action group runs on two hosts, one for each route of the controller, against engines that work, that
return the whole request in an error, in a warning or as noise, that cut the connection and that do not exist. How an answer
is read does not depend on the route, so the shipped module, which costs most, runs on a third host where a task has a
secret, for real, and meets the error and the warning alone. The harness of unit/modules/test_secrecy_law.py has the same
for the module front end, with every module and every spelling of a value.
"""

from __future__ import annotations

import base64
import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from ansible_collections.hive.swarm.tests.support.fake_engine import API_1_51, FakeCluster
from ansible_collections.hive.swarm.tests.support.hostile import read_request

from ..core.samples import PEM_CERTIFICATE
from ..modules.test_secrecy_law import KEY, TASKS, TOKEN
from .test_actions import GROUP, PLANNING

# The playbook takes a minute: the newest ansible-core and the one before it are enough.
pytestmark = pytest.mark.once
BIN = Path(sys.executable).parent
PASSWORD = "CANARY-in-the-docker-config"
SECRETS = {"yes": {"data": "CANARY-data"}, "file": {"data_src": "{{ playbook_dir }}/secret.txt"}}
COMPOSE = {
    "services": {
        "web": {
            "image": "registry.example/web:1",
            "environment": {"PASSWORD": "CANARY-environment"},
            "secrets": ["key"],
            "privileged": True,
        }
    },
    "secrets": {"key": {"file": "{{ playbook_dir }}/secret.txt"}},
}
SERVICE = {"env": {"PASSWORD": "CANARY-variable"}, "hide_env": True, "wait": False}
IMAGE = {"image": "registry.example/web:1", "with_registry_auth": True, "resolve_image": "never"}
READERS = {name for name in GROUP if name.endswith("_info")} - {"swarm_service_info", "swarm_stack_info"}
# One task or more of each module: those that take, send or return a secret, and one of each of the others.
MEMBER = [
    ("swarm_init", {"signing_ca_cert": PEM_CERTIFICATE, "signing_ca_key": KEY}),
    ("swarm_secret", {"name": "app", **SECRETS["yes"]}),
    ("swarm_secret", {"name": "file", **SECRETS["file"]}),
    ("swarm_config", {"name": "app", "data": "not secret"}),
    ("swarm_service", {**TASKS["swarm_service"], **SERVICE, "name": "web", "image": "registry.example/web:1"}),
    ("swarm_service", {**SERVICE, **IMAGE, "name": "of_config"}),
    ("swarm_stack", {"name": "shop", "compose": [COMPOSE], "hide_env": True, "wait": False, "resolve_image": "never"}),
    ("swarm_network", {"name": "net", "labels": {"a": "b"}}),
    ("swarm_volume", {"name": "vol", "labels": {"a": "b"}}),
    ("swarm_node", {"hostname": "self", "labels": {"a": "b"}}),
    ("swarm_service_info", {"hide_env": True, "raw": True}),
    ("swarm_stack_info", {"name": "shop"}),
    *((name, {}) for name in sorted(READERS)),
    ("swarm_leave", {}),
]
OUTSIDER = [
    ("swarm_join", {"remote_addrs": ["127.0.0.1"], "join_token": TOKEN, "wait_timeout": 1}),
    ("swarm_unlock", TASKS["swarm_unlock"]),
]
WITH_SECRETS = [task for task in (*MEMBER, *OUTSIDER) if "CANARY" in json.dumps(task) or "secret.txt" in str(task)]
NOT_SHIPPED = {"when": "inventory_hostname != 'module'"}
ECHOES = ("refusal", "noise", "cut", "warning")


class Echo:
    """A socket whose reads reach a fake engine, and whose writes come back: all of the request is in the answer."""

    def __init__(self, path: Path, engine: str, how: str) -> None:
        self.address, self._engine, self._how = f"unix://{path}", engine.partition("://")[2], how
        self.writes = 0
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(str(path))
        self._socket.listen(50)
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            connection = self._socket.accept()[0]
            threading.Thread(target=self._answer, args=[connection], daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            request = read_request(connection)
            if request.startswith(b"GET "):
                connection.sendall(self._read(request))
            elif request:
                self.writes += 1
                connection.sendall(self._echo(request))

    def _read(self, request: bytes) -> bytes:
        with socket.socket(socket.AF_UNIX) as engine:
            engine.connect(self._engine)
            engine.sendall(request.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
            return b"".join(iter(lambda: engine.recv(65536), b""))

    def _echo(self, request: bytes) -> bytes:
        text = request.decode("utf-8", "replace")
        if self._how == "noise":
            return request
        if self._how == "warning":
            return _reply(201, {"ID": "x" * 25, "Warnings": [text]})
        whole = _reply(400, {"message": f"invalid: {text}"})
        return whole if self._how == "refusal" else whole[:-20]


def _reply(status: int, document: dict) -> bytes:
    body = json.dumps(document).encode()
    head = f"HTTP/1.1 {status} X\r\nApi-Version: 1.51\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return head.encode() + body


def _task(module: str, options: dict, engine: str, **keywords) -> dict:
    options = {"docker_host": f"{{{{ {engine} }}}}", **options}
    return {f"hive.swarm.{module}": options, "ignore_errors": True, "ignore_unreachable": True, **keywords}


def _tasks() -> list[dict]:
    return [*_successes(), *_wrong_options(), *_failures()]


def _successes() -> list[dict]:
    where = {"swarm_join": "outsider", "swarm_unlock": "outsider"}  # these fail, later than on wrong options
    tokens = {"join_tokens": True, "unlock_key": True}
    return [
        *(
            _task(name, options, where.get(name, "member"), check_mode=True, **NOT_SHIPPED)
            for name, options in WITH_SECRETS
        ),
        *(
            _task(name, options, where.get(name, "member"), **({} if (name, options) in WITH_SECRETS else NOT_SHIPPED))
            for name, options in (*MEMBER, *OUTSIDER)
        ),
        _task("swarm_init", {**tokens, "autolock_managers": True}, "member", no_log=True),
        _task("swarm_info", tokens, "member", no_log=True),
    ]


def _wrong_options() -> list[dict]:
    """The action and the module have the same check of options, which the harness shows for the module."""
    wrong = ({"timeout": "many"}, {"tiemout": "CANARY"})
    return [
        _task(name, {**options, **extra}, "member", when="inventory_hostname == 'direct'")
        for name, options in WITH_SECRETS
        for extra in wrong
    ]


def _failures() -> list[dict]:
    tasks = []
    for number, (name, options) in enumerate(WITH_SECRETS):
        options = {**options, **({"name": f"new{number}"} if "name" in options else {})}
        for how in (*ECHOES, "nowhere"):
            here = {} if how in ("refusal", "warning") else NOT_SHIPPED
            tasks.append(_task(name, options, how, **here))
            if how == "warning":
                tasks.append(_task(name, options, how, no_log=True, when="inventory_hostname == 'direct'"))
    # A key for TLS is a file, which the module reads on the node.
    files = dict.fromkeys(("client_key", "client_cert"), "{{ playbook_dir }}/secret.txt")
    tasks.append(
        _task(
            "swarm_info",
            {"docker_host": "tcp://127.0.0.1:9", "tls": True, **files},
            "",
            when="inventory_hostname == 'module'",
        )
    )
    return tasks


@pytest.fixture(scope="module")
def output(tmp_path_factory):
    folder = tmp_path_factory.mktemp("law")
    (folder / "ssh.sh").write_text('#!/bin/sh\nfor last; do :; done\nexec sh -c "$last"\n')
    (folder / "ssh.sh").chmod(0o755)
    (folder / "secret.txt").write_text("CANARY-of-a-file")
    login = base64.b64encode(f"user:{PASSWORD}".encode()).decode()
    (folder / ".docker").mkdir()
    (folder / ".docker" / "config.json").write_text(json.dumps({"auths": {"registry.example": {"auth": login}}}))
    with FakeCluster(API_1_51) as cluster:
        hosts, echoes, tokens = {}, [], []
        for route in ("direct", "command", "module"):
            member, outsider = cluster.engine(f"{route}-member"), cluster.engine(f"{route}-outsider")
            member.do("POST", "/swarm/init", {"ListenAddr": "0.0.0.0:2377"})
            found = [Echo(folder / f"{route}-{how}.sock", member.docker_host, how) for how in ECHOES]
            hosts[route] = {
                "member": member.docker_host,
                "outsider": outsider.docker_host,
                "nowhere": "unix:///nowhere/docker.sock",
                "hive_swarm_in_process": route != "module",
                "ansible_python_interpreter": sys.executable,
                "ansible_connection": "local" if route == "direct" else "ssh",
                "ansible_ssh_executable": str(folder / "ssh.sh"),
                **{how: echo.address for how, echo in zip(ECHOES, found)},
            }
            echoes += zip(ECHOES, found)
        text = _play(folder, hosts)
        for route in hosts:
            tokens += cluster.engines[f"{route}-member"].do("GET", "/swarm")["JoinTokens"].values()
        yield text, echoes, [*tokens]


def _play(folder: Path, hosts: dict) -> str:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("ANSIBLE_", "DOCKER_"))}
    environment |= {
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_INJECT_INVOCATION": "1",
        "ANSIBLE_PIPELINING": "1",
        "ANSIBLE_HOME": str(folder / "ansible"),
        "HOME": str(folder),
    }
    (folder / "hosts.yml").write_text(json.dumps({"all": {"hosts": hosts}}))
    (folder / "book.yml").write_text(json.dumps([{"hosts": "all", "gather_facts": False, "tasks": _tasks()}]))
    command = [str(BIN / "ansible-playbook"), "-i", "hosts.yml", "book.yml", "-vvv", "--diff"]
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=600, check=False)
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-4000:]
    return ran.stdout + ran.stderr


def test_every_module_has_a_task():
    assert {name for name, _options in (*MEMBER, *OUTSIDER)} == {*GROUP} - PLANNING


def test_no_secret_is_printed(output):
    text, _echoes, tokens = output
    for secret in ("CANARY", KEY.splitlines()[1], "2canary", base64.b64encode(b"CANARY-of-a-file").decode(), *tokens):
        where = text.find(secret)
        assert where < 0, text[max(0, where - 500) : where + 200]


def test_the_law_is_about_something(output):
    """Each route was taken, each failure was met, and each echo got writes."""
    text, echoes, _tokens = output
    for words in (
        *(f"uses the route {route}:" for route in ("direct", "command", "module")),
        '"kind": "bad_input"',
        '"kind": "unreachable"',
        '"kind": "outcome_unknown"',
        "[WARNING]",
        "the output has been hidden",
    ):
        assert words in text, words
    assert [how for how, echo in echoes if not echo.writes] == ["noise", "cut"]  # those of the module
