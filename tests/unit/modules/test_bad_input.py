# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bad input and bad company: a clear message, its kind, and nothing written, in check mode too.

Tokens, addresses and interfaces of a join are in the lives of members, names and labels in those of nodes.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading

import pytest
from ansible_collections.hive.swarm.tests.support.fake_engine import API_1_41, API_1_51, FakeCluster
from ansible_collections.hive.swarm.tests.support.harness import on, run_module
from ansible_collections.hive.swarm.tests.support.lifecycles.membership import STRANGE_KEY, STRANGE_TOKEN

# A task of each module that gets as far as asking the engine.
TASKS = {
    "swarm_init": {},
    "swarm_join": {"remote_addrs": ["192.0.2.1"], "join_token": STRANGE_TOKEN},
    "swarm_leave": {},
    "swarm_unlock": {"unlock_keys": [STRANGE_KEY]},
    "swarm_node": {"hostname": "self", "role": "worker"},
    "swarm_info": {},
    "swarm_node_info": {},
    "swarm_service": {"name": "web"},
    "swarm_service_info": {},
    "swarm_task_info": {},
    "swarm_secret": {"name": "app", "data": "correct horse"},
    "swarm_secret_info": {},
    "swarm_config": {"name": "app", "data": "correct horse"},
    "swarm_config_info": {},
    "swarm_volume": {"name": "data", "driver": "csi"},
    "swarm_volume_info": {},
}
each_module = pytest.mark.parametrize("module", TASKS)
each_mode = pytest.mark.parametrize("check", [False, True], ids=["real", "check"])


def fails(result, kind, *words):
    """The task failed for this reason and says so; no traceback, one story in both places."""
    assert result["failed"], result
    assert result["failure"]["kind"] == kind
    assert result["msg"] == result["failure"]["message"]
    for word in words:
        assert word in result["msg"]
    assert "Traceback" not in json.dumps(result)


# -- options ----------------------------------------------------------------------------------------------------------

WRONG = {
    "swarm_init": [
        ({"advertise_addr": "10.0.0.300"}, "advertise_addr"),
        ({"advertise_addr": "10.0.0.1:port"}, "advertise_addr"),
        ({"advertise_addr": "0.0.0.0"}, "advertise_addr"),
        ({"advertise_addr": "nope0"}, "advertise_addr"),
        ({"listen_addr": "nope0:2377"}, "listen_addr"),
        ({"data_path_addr": "nope0"}, "data_path_addr"),
        ({"data_path_addr": "10.0.0.1:4789"}, "data_path_addr"),
        ({"data_path_port": 80}, "data_path_port"),
        ({"default_addr_pool": ["10.20.0.0/40"]}, "default_addr_pool"),
        ({"default_addr_pool": ["10.20.0.0"]}, "default_addr_pool"),
        (
            {"default_addr_pool": ["10.20.0.0/26"], "subnet_size": 25},
            "subnet_size",
        ),
        (
            {"default_addr_pool": ["10.20.0.0/26"]},
            "subnet_size",
        ),
        ({"subnet_size": 30}, "subnet_size"),
        ({"node_cert_expiry": "59m"}, "node_cert_expiry"),
        ({"node_cert_expiry": "a year"}, "node_cert_expiry"),
        ({"labels": {"a": True}}, "labels"),
        ({"external_cas": [{"url": "http://ca"}]}, "external_cas.url"),
        ({"signing_ca_cert": "none"}, "signing_ca_cert"),
        ({"election_tick": 3, "heartbeat_tick": 3}, "election_tick"),
        ({"keep_old_snapshots": -1}, "keep_old_snapshots"),
    ],
    "swarm_unlock": [
        ({"unlock_keys": []}, "unlock_keys"),
        (
            {"unlock_keys": ["SWMKEY-1-x"]},
            "unlock_keys",
        ),
    ],
}


@each_mode
@pytest.mark.parametrize(
    ("module", "options", "option"), [(module, *case) for module, cases in WRONG.items() for case in cases]
)
def test_options(engine, run, module, options, option, check):
    """The messages are in messages/membership.txt."""
    result = run(module, options, check=check)
    fails(result, "bad_input")
    assert result["failure"]["option"] == option
    assert not engine.writes


@each_mode
def test_a_signing_certificate_that_nobody_could_sign_with(engine, run, check):
    """The engine would create the swarm first and refuse the certificate then."""
    certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
    fails(
        run("swarm_init", {"signing_ca_cert": certificate}, check=check), "bad_input", "signing_ca_cert: needs its key"
    )
    assert not engine.writes


@each_mode
@pytest.mark.parametrize(
    ("api", "module", "options", "message"),
    [
        ("1.38", "swarm_init", {"default_addr_pool": ["10.20.0.0/16"]}, "default_addr_pool needs Docker API 1.39 (Docker Engine 18.09)"),
        ("1.39", "swarm_init", {"data_path_port": 4790}, "data_path_port needs Docker API 1.40 (Docker Engine 19.03)"),
        ("1.29", "swarm_init", {"ca_force_rotate": 1}, "ca_force_rotate needs Docker API 1.30 (Docker Engine 17.06)"),
        ("1.27", "swarm_init", {"availability": "drain"}, "availability needs Docker API 1.28"),
        ("1.27", "swarm_join", {**TASKS["swarm_join"], "availability": "drain"}, "availability needs Docker API 1.28"),
    ],
)  # fmt: skip
def test_an_option_that_the_api_does_not_have(api, module, options, message, check):
    with FakeCluster(API_1_41._replace(api=api)) as cluster:
        engine = cluster.engine("old")
        result = run_module(module, {"docker_host": engine.docker_host, **options}, check=check)
        fails(result, "unsupported", message, f"speaks {api}")
        assert not engine.writes


# -- the connection ---------------------------------------------------------------------------------------------------


@each_module
@pytest.mark.parametrize(
    ("options", "kind", "message"),
    [
        ({"api_version": "latest"}, "bad_input", "api_version: 'latest' is not a version of the Docker API. Use auto"),
        ({"api_version": "1"}, "bad_input", "api_version: '1' is not a version"),
        ({"api_version": "v1.41"}, "bad_input", "api_version: 'v1.41' is not a version"),
        ({"api_version": "1.99"}, "unsupported", "client version 1.99 is too new. Maximum supported API version is 1."),
        ({"api_version": "1.1"}, "unsupported", "client version 1.1 is too old. Minimum supported API version is 1."),
        ({"timeout": 0}, "bad_input", "timeout: 0 is out of bounds: it must be from 1 to 1000000 seconds"),
        (
            {"client_cert": "/etc/ssl/cert.pem"},
            "bad_input",
            "client_cert: give both client_cert and client_key, or none of them",
        ),
        (
            {"docker_host": "foo://x"},
            "bad_input",
            "docker_host: not a valid engine address ('foo://x'). It begins with unix://",
        ),
        ({"docker_host": f"unix:///{'x' * 120}"}, "bad_input", "characters. The maximum for a unix socket is 107"),
    ],
)
def test_connection_options(engine, module, options, kind, message):
    for check in (False, True):
        result = run_module(module, {"docker_host": engine.docker_host, **TASKS[module], **options}, check=check)
        fails(result, kind, message)
    assert not engine.writes


@each_module
def test_no_socket(module, tmp_path):
    result = run_module(module, {"docker_host": f"unix://{tmp_path}/none.sock", **TASKS[module]})
    fails(result, "unreachable", "the socket does not exist. Docker Engine is not installed here, or does not run.")


@each_module
def test_a_socket_without_a_daemon(engine, module):
    engine.kill()
    result = run_module(module, {"docker_host": engine.docker_host, **TASKS[module]})
    fails(result, "unreachable", engine.socket)


@each_module
@pytest.mark.parametrize("what", ["file", "directory"])
def test_no_socket_but_something_else(module, what, tmp_path):
    path = tmp_path / "thing"
    path.mkdir() if what == "directory" else path.write_text("")
    fails(run_module(module, {"docker_host": f"unix://{path}", **TASKS[module]}), "unreachable", "not a socket")


_AS_NOBODY = """
import json, os, sys
from ansible_collections.hive.swarm.tests.support.harness import run_module
module, options = json.loads(sys.argv[1])
run_module(module, {**options, "docker_host": "unix:///nobody/there"})  # load it all: nobody may not read our home
os.setgroups([]), os.setegid(65534), os.seteuid(65534)
print(json.dumps(run_module(module, options)))
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to become somebody else")
@each_module
def test_permission_denied(module, tmp_path):
    path = f"{tmp_path}/engine.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        task = json.dumps([module, {"docker_host": f"unix://{path}", **TASKS[module]}])
        done = subprocess.run([sys.executable, "-c", _AS_NOBODY, task], capture_output=True, text=True, check=True)
    result = json.loads(done.stdout)
    fails(result, "unreachable", "permission denied. Use become, or a user in the group that owns the socket")


@each_module
@pytest.mark.parametrize("version", [API_1_51], ids=["api1.51"], indirect=True)
def test_a_daemon_that_hangs(engine, module):
    """Of one generation: what never answers has no version, and each takes the second that it is given."""
    engine.hang(times=10)
    result = run_module(module, {"docker_host": engine.docker_host, "timeout": 1, **TASKS[module]})
    fails(result, "unreachable", "no response within 1 seconds. The daemon hangs or is overloaded (option timeout)")


@each_module
def test_a_daemon_that_hangs_up(engine, module):
    engine.drop(times=10)
    result = run_module(module, {"docker_host": engine.docker_host, **TASKS[module]})
    fails(result, "unreachable", engine.socket, "closed the connection")


# -- who is at the other end ------------------------------------------------------------------------------------------

_PAGE = "<html>\n<head><title>502 Bad Gateway</title></head>\n" + "<p>nginx</p>\n" * 100 + "</html>"


@contextlib.contextmanager
def server(directory, status, content_type, body):
    """Somebody who answers every request alike, and never heard of Docker."""
    path = f"{directory}/proxy.sock"
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen()
    payload = body.encode("latin-1")
    head = f"HTTP/1.1 {status} Whatever\r\nContent-Type: {content_type}\r\nContent-Length: {len(payload)}\r\n\r\n"

    def answer(connection):
        with connection, contextlib.suppress(OSError):
            while connection.recv(65536):
                connection.sendall(head.encode() + payload)

    def serve():
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"unix://{path}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


@each_module
@pytest.mark.parametrize(
    ("status", "content_type", "body", "words"),
    [
        (200, "text/html", _PAGE, ["returned '<html> <head><title>502 Bad Gateway", "is a Docker engine"]),
        (200, "text/plain", "OK", ["returned 'OK' for"]),
        (200, "application/json", "", ["returned 'nothing' for"]),
        (200, "application/json", '{"Swarm": ', ['{"Swarm":', "is a Docker engine"]),
        (200, "application/json", '"a text"', ["is a Docker engine"]),
        (200, "application/octet-stream", "\xff\xfe\x00", ["is a Docker engine"]),
        (502, "text/html", _PAGE, ["502 Bad Gateway"]),
        (403, "text/plain", "authorization denied by plugin", ["authorization denied by plugin"]),
        (500, "application/json", "{}", ["{}"]),
        (500, "text/plain", "", ["HTTP status 500 without a message"]),
    ],
)
def test_a_proxy_in_between(tmp_path_factory, module, status, content_type, body, words):
    directory = tmp_path_factory.mktemp("p")
    with server(directory, status, content_type, body) as docker_host:
        result = run_module(module, {"docker_host": docker_host, **TASKS[module]})
    assert result["failed"]
    assert result["failure"]["kind"] == ("invalid_answer" if status == 200 else "engine")
    assert result["failure"]["status"] == status
    for word in words:
        assert word in result["msg"]
    assert len(result["msg"]) < 400 + len(str(directory))
    assert "Traceback" not in json.dumps(result)


def test_nothing_is_written_when_the_first_read_fails(engine):
    engine.fail(500, "it broke", times=len(TASKS))
    for module, options in TASKS.items():
        result = on(engine)(module, options)
        assert (result["failed"], result["msg"], result["failure"]["status"]) == (True, "it broke", 500)
    assert not engine.writes
