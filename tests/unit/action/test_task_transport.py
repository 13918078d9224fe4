# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests through commands on the node: what a program, a shell or a broken connection makes of them."""

from __future__ import annotations

import contextlib
import importlib
import os
import re
import shlex
import shutil
import socket
import subprocess
import threading
import time

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._core.errors import (
    BadInput,
    NotConverged,
    OutcomeUnknown,
    Unreachable,
)
from ansible_collections.hive.swarm.plugins.module_utils._engine.client import Engine
from ansible_collections.hive.swarm.plugins.module_utils._frontend.definition import Run
from ansible_collections.hive.swarm.plugins.modules.swarm_service import MODULE as SERVICE
from ansible_collections.hive.swarm.plugins.plugin_utils import _node_command as node_command
from ansible_collections.hive.swarm.plugins.plugin_utils._swarm_action import Arguments
from ansible_collections.hive.swarm.plugins.plugin_utils._task_commands import HostUnreachable, NeedsModule
from ansible_collections.hive.swarm.plugins.plugin_utils._task_transport import TaskTransport
from ansible_collections.hive.swarm.tests.support.fake_engine import API_1_51, FakeCluster
from ansible_collections.hive.swarm.tests.support.harness import COLLECTION, on

pytestmark = pytest.mark.once  # neither Python nor ansible-core matters
# What the commands use beside the program itself.
TOOLS = ("sh", "cat", "head", "sleep", "timeout", "id")
SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"


class Memory:
    """The program of the host, as the controller remembers it."""

    def __init__(self, program: str = node_command.PROGRAMS[0]) -> None:
        self.program = program

    def get(self) -> str:
        return self.program

    def set(self, program: str) -> None:
        self.program = program


class Node:
    """A host with some programs alone. Runs commands as a connection plugin does, with noise in front."""

    def __init__(self, folder, programs, noise=b"", environment=(), path=None):
        self.path, self.variable = folder, path or str(folder)
        folder.mkdir(exist_ok=True)
        for name in (*TOOLS, *programs):
            found = shutil.which(name, path=SYSTEM_PATH)
            if found:
                (folder / name).symlink_to(os.path.realpath(found))
        self.noise = noise
        self.environment = dict(environment)
        self.commands: list[str] = []

    def run(self, command, data, timeout, repeatable=True):
        self.commands.append(command)
        done = subprocess.run(
            ["/bin/sh", "-c", command.replace(node_command.FOLDERS, str(self.path))],
            input=data,
            capture_output=True,
            env={"PATH": self.variable, **self.environment},
            timeout=30,
            check=False,
        )
        stdout = (self.noise + done.stdout).decode("utf-8", "surrogateescape")
        return {"rc": done.returncode, "stdout": stdout, "stderr": done.stderr.decode()}


def has(program):
    return bool(shutil.which(program, path=SYSTEM_PATH))


PROGRAMS = [
    pytest.param(name, marks=pytest.mark.skipif(not has(name), reason=f"{name} is not installed"))
    for name in node_command.PROGRAMS
]


@pytest.fixture(params=PROGRAMS)
def node(request, tmp_path):
    return Node(tmp_path / "bin", [request.param])


@pytest.fixture
def fake():
    with FakeCluster(API_1_51) as cluster:
        yield cluster.engine("node1")


def socket_of(engine):
    return engine.docker_host.partition("://")[2]


def client(node, path, memory=None):
    return Engine(TaskTransport(node, path, memory or Memory()))


def test_reads_and_writes(node, fake):
    engine = client(node, socket_of(fake))
    assert engine.get("/info")["Name"] == "node1"
    hostile = 'quote " backslash \\ percent %s newline \n $(id) `id` ä \u2028'
    engine.post("/swarm/init", {"ListenAddr": "0.0.0.0:2377", "Spec": {"Labels": {"a": hostile}}})
    assert engine.get("/swarm")["Spec"]["Labels"] == {"a": hostile}


def test_a_typed_error_of_the_engine(node, fake):
    with pytest.raises(Exception, match="listen address") as caught:
        client(node, socket_of(fake)).post("/swarm/init", {"ListenAddr": "nonsense!"})
    assert caught.value.status == 400


def test_the_program_is_chosen_once(tmp_path, fake):
    """A host without Perl and Python costs one command more, in the first task."""
    node, memory = Node(tmp_path / "bin", ["curl"]), Memory()
    engine = client(node, socket_of(fake), memory)
    engine.get("/info")
    engine.get("/info")
    assert (memory.program, len(node.commands)) == ("curl", 3)


def test_a_host_without_perl_costs_no_command_more(tmp_path, fake):
    node, memory = Node(tmp_path / "bin", ["python3", "curl"]), Memory()
    assert client(node, socket_of(fake), memory).get("/info")["Name"] == "node1"
    assert (memory.program, len(node.commands)) == ("python3", 1)


def test_the_environment_of_perl_is_not_obeyed(tmp_path, fake):
    """A language that the host lacks makes each start of Perl print a warning; PERL5OPT and PERL_UNICODE change what it does."""
    environment = {"LC_ALL": "xx_XX.UTF-8", "PERL5OPT": "-MNothing", "PERL_UNICODE": "SDA"}
    node = Node(tmp_path / "bin", ["perl"], environment=environment)
    engine = client(node, socket_of(fake))
    hostile = {"ListenAddr": "0.0.0.0:2377", "Spec": {"Labels": {"a": "ä \u2028"}}}
    engine.post("/swarm/init", hostile)
    assert engine.get("/swarm")["Spec"]["Labels"] == {"a": "ä \u2028"}


def test_a_host_without_any_program(tmp_path, fake):
    with pytest.raises(Unreachable, match="Tried: perl, python3, curl, docker"):
        client(Node(tmp_path / "bin", []), socket_of(fake)).get("/info")


def test_noise_in_front_of_the_answer(tmp_path, fake):
    noise = b"We trust you have received the usual lecture\xff\n\nHTTP/1.1 200 OK\r\nno newline at the end"
    node = Node(tmp_path / "bin", ["python3"], noise)
    assert client(node, socket_of(fake)).get("/info")["Name"] == "node1"


def test_no_secret_is_in_a_command(node, fake):
    engine = client(node, socket_of(fake))
    with pytest.raises(Exception):  # noqa: B017, PT011 (any refusal will do)
        engine.post("/swarm/unlock", {"UnlockKey": "SWMKEY-canary"}, headers={"X-Registry-Auth": "canary"})
    assert not [command for command in node.commands if "canary" in command]


@pytest.mark.parametrize("program", node_command.PROGRAMS)
def test_scripts_are_for_every_login_shell(program):
    """csh ends a quoted word at the end of a line and has ! for its history; fish makes one of two backslashes.

    Each shell around a single quote makes five characters of it.
    """
    command = node_command.command(program, "/run/docker.sock", 60, "mark")
    assert command.count("'") <= 6
    assert not [text for text in ("\n", "!", "\\\\") if text in command]


LOGIN_SHELLS = [
    pytest.param(name, marks=pytest.mark.skipif(not has(name), reason=f"{name} is not installed"))
    for name in ("csh", "fish", "ksh", "zsh", "bash", "dash")
]


@pytest.mark.parametrize("shell", LOGIN_SHELLS)
def test_login_shells(node, fake, shell):
    """sshd hands the command to the user's login shell, which reads it before /bin/sh does."""
    assert client(LoginNode(node, shell), socket_of(fake)).get("/info")["Name"] == "node1"


class LoginNode:
    def __init__(self, node, shell):
        self._node, self._shell = node, shell

    def run(self, command, data, timeout, repeatable=True):
        inner = shlex.join(["/bin/sh", "-c", command.replace(node_command.FOLDERS, str(self._node.path))])
        done = subprocess.run([self._shell, "-c", inner], input=data, capture_output=True, timeout=30, check=False)
        return {"rc": done.returncode, "stdout": done.stdout.decode(), "stderr": done.stderr.decode()}


@pytest.mark.parametrize("size", [100_000, 700_000])
def test_large_bodies(node, tmp_path, size):
    """A line of curl's configuration file is limited to 100 kB in releases before 8.2 (tool_parsecfg.c)."""
    server = Server(tmp_path / "engine.sock", HEAD + b"Content-Length: 2\r\n\r\n{}")
    TaskTransport(node, server.path, Memory()).request("POST", "/x", b"x" * size, 5)
    assert server.bodies[-1] == b"x" * size  # the docker CLI pings first


def test_a_path_that_lacks_the_usual_folders(tmp_path, fake):
    """Programs are found with the PATH of cron, of a service or of a shell's file that sets another one."""
    node = Node(tmp_path / "bin", ["python3"], path="/nonexistent")
    assert client(node, socket_of(fake)).get("/info")["Name"] == "node1"


class Lost:
    """A connection that breaks before or after the command has its standard input."""

    def __init__(self, sent):
        self.sent, self.repeatable = sent, []

    def run(self, command, data, timeout, repeatable=True):
        self.repeatable.append(repeatable)
        raise HostUnreachable("no route", self.sent)


@pytest.mark.parametrize(
    ("method", "sent", "kind"),
    [
        ("GET", False, "unreachable"),
        ("GET", True, "unreachable"),
        ("POST", False, "unreachable"),
        ("POST", True, "outcome_unknown"),
        ("DELETE", True, "outcome_unknown"),
    ],
)
def test_a_connection_that_breaks(method, sent, kind):
    """The host is unreachable either way; only a write that was sent may have been carried out. None is sent twice."""
    lost = Lost(sent)
    with pytest.raises(Unreachable) as caught:
        TaskTransport(lost, "/run/docker.sock", Memory()).request(method, "/x", None, 5)
    assert (caught.value.kind, caught.value.result) == (kind, {"unreachable": True})
    assert lost.repeatable == [method == "GET"]


class Dies:
    """A host that is lost as soon as a write was answered, as by a power cut in the middle of a wait."""

    def __init__(self, node):
        self._node, self._written = node, False

    def run(self, command, data, timeout, repeatable=True):
        if self._written:
            raise HostUnreachable("The connection to the host was lost.", True)
        self._written = not repeatable
        return self._node.run(command, data, timeout, repeatable)


def test_a_host_that_dies_in_the_middle_of_a_wait(tmp_path, fake):
    """A host may restart within wait_timeout. After that it is unreachable, and the result has what the task wrote."""
    fake.do("POST", "/swarm/init", {"ListenAddr": "0.0.0.0:2377"})
    options = {"name": "web", "image": "web:1", "resolve_image": "never", "wait_timeout": 1}
    arguments = Arguments("hive.swarm.swarm_service", SERVICE.argument_spec, SERVICE.rules, options)
    run = Run(SERVICE, arguments.params, False, options)
    with pytest.raises(NotConverged) as caught:
        run.perform(lambda: client(Dies(Node(tmp_path / "bin", ["python3"])), socket_of(fake)))
    shown = run.failure(caught.value)
    assert (shown["unreachable"], shown["changed"], shown["failure"]["kind"]) == (True, True, "not_converged")
    assert "The connection to the host was lost." in caught.value.message
    assert len(fake.do("GET", "/services")) == 1


@pytest.mark.parametrize("kind", ["absent", "file", "closed"])
def test_sockets_that_are_none(node, tmp_path, kind):
    path = tmp_path / "engine.sock"
    if kind == "file":
        path.write_text("")
    if kind == "closed":
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(path))
        listener.close()
    with pytest.raises(Unreachable) as caught:
        client(node, str(path)).post("/swarm/init", {})
    assert not isinstance(caught.value, OutcomeUnknown)
    assert str(path) in caught.value.message


class Server:
    """An engine that answers a request with these bytes and closes the connection."""

    def __init__(self, path, answer):
        self.path, self._answer = str(path), answer
        self.bodies: list[bytes] = []
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(self.path)
        self._socket.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            connection = self._socket.accept()[0]
            with connection:
                self.bodies.append(self._read(connection))
                connection.sendall(self._answer)

    @staticmethod
    def _read(connection):
        """Read a request; return its body."""
        received = b""
        while b"\r\n\r\n" not in received:
            received += connection.recv(65536)
        head, _blank, body = received.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        while length and len(body) < int(length[1]):
            body += connection.recv(65536)
        return body


HEAD = b"HTTP/1.1 200 OK\r\nApi-Version: 1.51\r\n"


@pytest.mark.parametrize("answer", [b"", HEAD, HEAD + b"Content-Length: 100\r\n\r\n{"], ids=["nothing", "head", "part"])
def test_an_answer_that_is_cut_off(node, tmp_path, answer):
    """A read is not reachable; the outcome of a write is unknown."""
    server = Server(tmp_path / "engine.sock", answer)
    engine = Engine(TaskTransport(node, server.path, Memory()), api_version="1.51")
    with pytest.raises(Unreachable) as caught:
        engine.get("/info")
    assert not isinstance(caught.value, OutcomeUnknown)
    with pytest.raises(OutcomeUnknown):
        engine.post("/swarm/init", {})


def test_bytes_that_are_not_text(node, tmp_path):
    content = bytes(range(256)) * 20 + b"\r\n\xed\xa0\x80\n"
    head = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    server = Server(tmp_path / "engine.sock", head + b"%x\r\n%s\r\n0\r\n\r\n" % (len(content), content))
    engine = Engine(TaskTransport(node, server.path, Memory()), api_version="1.51")
    assert engine.get_bytes("/services/x/logs") == content


def test_fifty_megabytes(tmp_path):
    content = os.urandom(50 << 20)
    server = Server(tmp_path / "engine.sock", HEAD + b"Content-Length: %d\r\n\r\n" % len(content) + content)
    node = Node(tmp_path / "bin", ["python3"])
    engine = Engine(TaskTransport(node, server.path, Memory()), api_version="1.51")
    assert engine.get_bytes("/services/x/logs") == content


def test_fifty_megabytes_that_are_cut(tmp_path):
    """The failure has nothing of the answer in it."""
    content = b"x" * (50 << 20)
    head = HEAD + b"Content-Length: %d\r\n\r\n" % len(content)
    server = Server(tmp_path / "engine.sock", head + content[:-1])
    engine = Engine(TaskTransport(Node(tmp_path / "bin", ["python3"]), server.path, Memory()), api_version="1.51")
    with pytest.raises(Unreachable) as caught:
        engine.get_bytes("/services/x/logs")
    assert len(caught.value.message) < 300


def test_an_engine_that_hangs(node, tmp_path):
    path = tmp_path / "engine.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        transport = TaskTransport(node, str(path), Memory())
        with pytest.raises(OutcomeUnknown):
            transport.request("POST", "/x", b"{}", 1)


def test_an_answer_that_drips(node, tmp_path):
    """The timeout is for all of an answer, not for each of its bytes: those of this one take longer than a Node waits."""
    path = tmp_path / "engine.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()

        def drip():
            connection = listener.accept()[0]
            with contextlib.suppress(OSError):
                while b"/_ping" in connection.recv(65536):  # of the docker CLI, which then connects anew
                    connection.sendall(HEAD + b"Content-Length: 0\r\n\r\n")
                    connection = listener.accept()[0]
                for byte in HEAD * 100:
                    connection.send(bytes([byte]))
                    time.sleep(0.2)  # a quarter of an hour in all

        threading.Thread(target=drip, daemon=True).start()
        with pytest.raises(Unreachable):
            TaskTransport(node, str(path), Memory()).request("GET", "/x", None, 1)


def test_the_environment_of_the_node_names_the_socket(tmp_path, fake):
    node = Node(tmp_path / "bin", ["python3"], environment={"DOCKER_HOST": fake.docker_host})
    assert client(node, None).get("/info")["Name"] == "node1"


@pytest.mark.parametrize("environment", [{"DOCKER_HOST": "tcp://192.0.2.1:2376"}, {"DOCKER_TLS_VERIFY": "1"}])
def test_the_environment_of_the_node_needs_the_module(tmp_path, environment):
    with pytest.raises(NeedsModule):
        client(Node(tmp_path / "bin", ["python3"], environment=environment), None).get("/info")


def test_a_command_that_does_not_get_so_far():
    class Account:
        def run(self, command, data, timeout, repeatable=True):
            return {"rc": 1, "stdout": "", "stderr": "This account is currently not available."}

    with pytest.raises(Unreachable):
        Engine(TaskTransport(Account(), "/run/docker.sock", Memory())).get("/info")


def test_the_option_must_be_a_version():
    with pytest.raises(BadInput):
        Engine(TaskTransport(None, None, Memory()), api_version="new")


def expecting(node, fake, memory=None):
    engine = client(node, socket_of(fake), memory)
    engine.expect("/nodes")
    return engine


def test_requests_that_are_expected_travel_in_one_command(tmp_path, fake):
    fake.do("POST", "/swarm/init", {"ListenAddr": "0.0.0.0:2377"})
    node = Node(tmp_path / "bin", ["python3"])
    engine = expecting(node, fake)
    assert engine.get("/info")["Name"] == "node1"
    assert len(engine.get("/nodes")) == 1
    assert len(node.commands) == 1
    engine.get("/nodes")
    assert len(node.commands) == 2, "a reply is taken once: a wait reads again"


def test_other_programs_carry_one_request(node, fake):
    program = next(name for name in node_command.PROGRAMS if (node.path / name).exists())
    fake.do("POST", "/swarm/init", {"ListenAddr": "0.0.0.0:2377"})
    engine = expecting(node, fake, Memory(program))
    engine.get("/info")
    assert len(engine.get("/nodes")) == 1
    assert len(node.commands) == (1 if program in ("perl", "python3") else 2)


def test_nothing_follows_a_request_that_failed(tmp_path, fake):
    """Without a leader each request waits for one."""
    node = Node(tmp_path / "bin", ["python3"])
    engine = client(node, socket_of(fake))
    engine.expect("/info")
    before = len(fake.requests)
    with pytest.raises(Exception, match="swarm"):
        engine.get("/nodes")
    assert not [request for request in fake.requests[before:] if request.path.startswith("/info")]
    engine.get("/info")
    assert len(node.commands) == 2


def test_a_write_makes_earlier_replies_worthless(tmp_path, fake):
    node = Node(tmp_path / "bin", ["python3"])
    engine = client(node, socket_of(fake))
    engine.expect("/info")
    engine.get("/version")
    engine.post("/swarm/init", {"ListenAddr": "0.0.0.0:2377"})
    assert engine.get("/info")["Swarm"]["LocalNodeState"] == "active"
    assert len(node.commands) == 3


# What a task that finds everything as it should be is allowed to cost, once the program of the host is known.
UNCHANGED = [
    ("swarm_init", {"labels": {"a": "b"}}),
    ("swarm_node", {"hostname": "self", "labels": {"a": "b"}}),
    ("swarm_secret", {"name": "key", "data": "first"}),
    ("swarm_config", {"name": "key", "data": "first"}),
    ("swarm_network", {"name": "net", "labels": {"a": "b"}}),
    ("swarm_volume", {"name": "vol", "driver": "csi:latest"}),
    ("swarm_service", {"name": "web", "image": "web:1", "resolve_image": "never", "replicas": 0}),
    ("swarm_info", {}),
    ("swarm_info", {"join_tokens": True}),
    ("swarm_node_info", {}),
    ("swarm_secret_info", {}),
    ("swarm_config_info", {}),
    ("swarm_network_info", {}),
    ("swarm_volume_info", {}),
    ("swarm_service_info", {}),
    ("swarm_stack_info", {}),
]


@pytest.mark.parametrize(("name", "options"), UNCHANGED, ids=[name for name, _options in UNCHANGED])
def test_an_unchanged_task_is_one_command(tmp_path, fake, name, options):
    fake.do("POST", "/swarm/init", {"ListenAddr": "0.0.0.0:2377"})
    definition = importlib.import_module(f"{COLLECTION}.plugins.modules.{name}").MODULE
    arguments = Arguments(f"hive.swarm.{name}", definition.argument_spec, definition.rules, options)
    fake.membership.swarm.volumes.plugins.add("csi:latest")
    assert on(fake)("swarm_volume", {"name": "vol", "driver": "csi:latest"})["changed"]
    node = Node(tmp_path / "bin", ["python3"])
    for _number in range(2):
        node.commands.clear()
        result = Run(definition, arguments.params, False, options).perform(lambda: client(node, socket_of(fake)))
    assert not result["changed"]
    assert len(node.commands) == 1, [(r.method, r.path) for r in fake.requests[-8:]]


def test_what_is_asked_ahead_is_taken_once(node, fake):
    program = next(name for name in node_command.PROGRAMS if (node.path / name).exists())
    transport = TaskTransport(node, socket_of(fake), Memory(program))
    engine = Engine(transport)
    with transport.asking(["/info", "/version"], 5):
        pass
    engine.expect("/version")
    assert (engine.get("/info")["Name"], bool(engine.get("/version")["ApiVersion"])) == ("node1", True)
    assert len(node.commands) == (1 if program in ("perl", "python3") else 2)
    engine.get("/info")
    assert len(node.commands) == (2 if program in ("perl", "python3") else 3)


def test_what_was_asked_ahead_in_vain_is_dropped(tmp_path, fake):
    node = Node(tmp_path / "bin", ["perl"])
    transport = TaskTransport(node, socket_of(fake), Memory())
    with transport.asking(["/version"], 5):
        pass
    assert Engine(transport).get("/info")["Name"] == "node1"
    assert transport.request("GET", "/version", None, 5).status == 200
    assert len(node.commands) == 3


def test_the_error_of_what_was_asked_ahead_is_that_of_the_next_request(tmp_path):
    transport = TaskTransport(Node(tmp_path / "bin", ["perl"]), str(tmp_path / "no.sock"), Memory())
    with transport.asking(["/info"], 5):
        pass
    with pytest.raises(Unreachable, match="does not exist"):
        Engine(transport).get("/info")


def test_an_error_meanwhile_ends_with_the_command(tmp_path, fake):
    """The connection is free again when the task fails."""
    node = Node(tmp_path / "bin", ["perl"])
    transport = TaskTransport(node, socket_of(fake), Memory())
    with pytest.raises(BadInput), transport.asking(["/info"], 5):
        raise BadInput("compose", "wrong")
    assert len(node.commands) == 1
    Engine(transport).get("/info")
    assert len(node.commands) == 2
