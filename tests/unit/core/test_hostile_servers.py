# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests go to the engine that the task names (S6), and what it answers is limited in size and time (S17)."""

from __future__ import annotations

import contextlib
import itertools
import os
import socket
import threading
import time

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._core.errors import (
    BadInput,
    InvalidAnswer,
    SwarmError,
    Unreachable,
)
from ansible_collections.hive.swarm.plugins.module_utils._engine import sdk, transport
from ansible_collections.hive.swarm.plugins.module_utils._engine.connection import connect, connection_spec
from ansible_collections.hive.swarm.tests.integration.transports.ssh import ssh_server
from ansible_collections.hive.swarm.tests.support.hostile import dripping, hostile, reply

pytestmark = pytest.mark.once  # neither Python nor ansible-core matters

HEAD = b"HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


def options(**given):
    return {**{key: spec.get("default") for key, spec in connection_spec().items()}, "timeout": 5, **given}


@pytest.fixture(params=["tcp", "unix"])
def serve(request, tmp_path):
    """serve(respond): a hostile server behind both transports of ours."""
    return lambda respond: hostile(respond, tmp_path if request.param == "unix" else None)


def fails(server, call=lambda engine: engine.get("/info"), timeout=5):
    with pytest.raises(SwarmError) as error:
        call(connect(options(docker_host=server.url, timeout=timeout)))
    return error.value


# S6


CALLS = {
    "get": lambda engine: engine.get("/info"),
    "logs": lambda engine: engine.get_bytes("/services/x/logs"),
    "post": lambda engine: engine.post("/secrets/create", {"Data": "Q0FOQVJZ"}, headers={"X-Registry-Auth": "CANARY"}),
    "put": lambda engine: engine.put("/volumes/x", {"Spec": {}}),
    "delete": lambda engine: engine.delete("/services/x"),
    "version": lambda engine: engine.api_version,
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 305, 307, 308, 399, 101, 199])
def test_s6_no_redirect_is_followed(serve, call, status):
    with hostile(lambda _request: [reply(b'{"secret": "of another host"}')]) as victim:
        location = f"Location: {victim.url.replace('tcp', 'http')}/latest"
        with serve(lambda _request: [reply(b"CANARYbody", status, location)]) as server:
            error = fails(server, call)
            assert victim.requests == []
            assert len(server.requests) == 1
    assert (error.kind, error.status) == ("invalid_answer", status)
    assert "docker_host" in error.message and "CANARY" not in error.message and "another host" not in error.message


PROXIES = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]


def test_s6_no_proxy_and_no_password_of_the_environment(monkeypatch, tmp_path):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login u password CANARYnetrc\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    with hostile(lambda _request: [reply()]) as proxy, hostile(lambda _request: [reply()]) as server:
        for name in PROXIES:
            monkeypatch.setenv(name, proxy.url.replace("tcp", "http"))
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        for call in CALLS.values():
            if call is not CALLS["logs"]:
                call(connect(options(docker_host=server.url)))
        assert proxy.requests == []
    text = b"".join(server.requests).lower()
    assert b"authorization" not in text and b"http://" not in text


def sdk_over(server):
    """The SDK's client on plain TCP instead of ssh, which carries the same requests."""
    return sdk.SdkTransport({"docker_host": server.url, "timeout": 2})


def test_s6_the_sdk_does_neither(monkeypatch, tmp_path):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login u password CANARYnetrc\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    with hostile(lambda _request: [reply()]) as victim:
        for name in PROXIES:
            monkeypatch.setenv(name, victim.url.replace("tcp", "http"))
        with hostile(lambda _request: [reply(b"", 307, f"Location: {victim.url.replace('tcp', 'http')}/x")]) as server:
            answer = sdk_over(server).request("POST", "/v1.41/secrets/create", b'{"Data": "x"}', 5)
    assert answer.status == 307
    assert victim.requests == [] and b"uthorization" not in server.requests[0]


# S17: size and time


LIMIT = 1000


@pytest.fixture
def small(monkeypatch):
    for module in (transport, sdk):
        monkeypatch.setattr(module, "MAX_BODY", LIMIT)


OVERSIZED = {
    "length": lambda: [HEAD + b"Content-Length: 999999999999\r\n\r\n{}"],
    "until the end": lambda: [HEAD + b"Connection: close\r\n\r\n", b"x" * (LIMIT + 1)],
    "one chunk": lambda: [CHUNKED + b"fffffff\r\n" + b"x" * 5000],
    "endless chunks": lambda: itertools.chain([CHUNKED], itertools.repeat(b"10\r\n" + b"x" * 16 + b"\r\n")),
    "a compressed one": lambda: [
        HEAD + b"Content-Encoding: gzip\r\nContent-Length: 20\r\n\r\n" + b"\x1f\x8b" + b"\0" * 18
    ],
}


@pytest.mark.parametrize("answer", OVERSIZED.values(), ids=OVERSIZED)
def test_s17_the_size_of_an_answer_is_limited(small, serve, answer):
    with serve(lambda _request: answer()) as server:
        error = fails(server)
    assert error.kind == "invalid_answer", error


@pytest.mark.parametrize("answer", [OVERSIZED["length"], OVERSIZED["endless chunks"]])
def test_s17_the_sdk_has_the_same_limit(small, answer):
    with hostile(lambda _request: answer()) as server, pytest.raises(SwarmError) as error:
        sdk_over(server).request("GET", "/info", None, 2)
    assert error.value.kind in ("invalid_answer", "unreachable")


def test_s17_an_answer_of_the_limit_is_read(small, serve):
    body = b'{"a": "' + b"x" * (LIMIT - 9) + b'"}'
    with serve(lambda _request: [reply(body)]) as server:
        assert len(connect(options(docker_host=server.url)).get("/info")["a"]) == LIMIT - 9


DRIPS = {
    "status line": lambda: dripping(itertools.repeat(b"H")),
    "headers": lambda: itertools.chain([HEAD], dripping(b"X-%d: y\r\n" % n for n in itertools.count())),
    "one header": lambda: itertools.chain([HEAD + b"X: "], dripping(itertools.repeat(b"y"))),
    "body": lambda: itertools.chain([HEAD + b"Content-Length: 5000\r\n\r\n"], dripping(itertools.repeat(b" "))),
    "chunks": lambda: itertools.chain([CHUNKED], dripping(itertools.repeat(b"1\r\n \r\n"))),
    "chunk extension": lambda: itertools.chain([CHUNKED + b"1;"], dripping(itertools.repeat(b"y"))),
    "nothing": lambda: dripping([b""], 10),
}


@pytest.mark.parametrize("answer", DRIPS.values(), ids=DRIPS)
def test_s17_an_answer_that_drips_ends_with_the_timeout(serve, answer):
    with serve(lambda _request: answer()) as server:
        began = time.monotonic()
        error = fails(server, timeout=1)
    assert error.kind in ("unreachable", "invalid_answer"), error
    assert time.monotonic() - began < 5


# The same over ssh


@pytest.fixture(params=[False, True], ids=["paramiko", "ssh"])
def over_ssh(request, tmp_path, monkeypatch):
    """over_ssh(respond): a hostile engine behind ssh; gives the server and a function that connects to it."""
    monkeypatch.setenv("HOME", str(tmp_path))

    @contextlib.contextmanager
    def opened(respond):
        with hostile(respond, tmp_path) as server, ssh_server(tmp_path, server.url[len("unix://") :]) as port:
            monkeypatch.setenv("PATH", f"{tmp_path / '.ssh'}:{os.environ['PATH']}")
            url = f"ssh://root@127.0.0.1:{port}"
            yield server, lambda: connect(options(docker_host=url, use_ssh_client=request.param))

    return opened


def test_s6_no_redirect_is_followed_over_ssh(over_ssh):
    with hostile(lambda _request: [reply()]) as victim:
        location = f"Location: {victim.url.replace('tcp', 'http')}/x"
        with over_ssh(lambda _request: [reply(b"", 307, location)]) as (server, engine):
            with pytest.raises(InvalidAnswer):
                engine().post("/secrets/create", {"Data": "x"})
        assert victim.requests == [] and len(server.requests) == 1


@pytest.mark.parametrize("answer", [DRIPS["headers"], DRIPS["body"], DRIPS["chunks"]])
def test_s17_an_answer_that_drips_over_ssh(over_ssh, answer):
    with over_ssh(lambda _request: answer()) as (_server, engine):
        asked = engine()
        asked._timeout = 1
        began = time.monotonic()
        with pytest.raises(Unreachable):
            asked.get("/info")
        assert time.monotonic() - began < 5


def test_s17_the_key_of_an_ssh_host_has_to_be_known(over_ssh, tmp_path):
    """Docker SDK 5.0.3 takes any key, with a warning."""
    with over_ssh(lambda _request: [reply()]) as (server, engine):
        assert engine().get("/info") == {}
        (tmp_path / ".ssh" / "known_hosts").write_text("")
        with pytest.raises(Unreachable):
            engine().get("/info")
        assert len(server.requests) == 1


@pytest.mark.parametrize("host", ["$(touch {})", "`touch {}`", "x;touch {}", "-oProxyCommand=touch {}"])
def test_s17_nothing_in_an_ssh_address_is_a_command(host, tmp_path, monkeypatch):
    """Docker SDK 5.0.3 hands it to a shell."""
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    url = f"ssh://{host.format(tmp_path / 'owned')}"
    with pytest.raises(SwarmError):
        connect(options(docker_host=url, use_ssh_client=True)).get("/info")
    assert not (tmp_path / "owned").exists()


# S17: what is not an answer of an engine

NOT_HTTP = {
    "TLS alert": b"\x15\x03\x01\x00\x02\x02\x16",
    "a banner": b"SSH-2.0-OpenSSH_9.2\r\n",
    "HTTP/2": b"HTTP/2 200 OK\r\n\r\n",
    "status of letters": b"HTTP/1.1 abc OK\r\n\r\n",
    "status with underscore": b"HTTP/1.1 2_0 OK\r\n\r\n",
    "many headers": HEAD + b"".join(b"X-%d: y\r\n" % number for number in range(500)) + b"\r\n",
    "a long header": HEAD + b"X: " + b"y" * 70000 + b"\r\n\r\n",
    "a negative length": HEAD + b"Content-Length: -1\r\n\r\n{}",
    "a length of letters": HEAD + b"Content-Length: 1e3\r\n\r\n{}",
    "a negative chunk": CHUNKED + b"-1\r\n{}\r\n0\r\n\r\n",
    "a chunk with 0x": CHUNKED + b"0x2\r\n{}\r\n0\r\n\r\n",
    "a chunk of letters": CHUNKED + b"zz\r\n{}\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("answer", NOT_HTTP.values(), ids=NOT_HTTP)
def test_s17_what_is_not_http(serve, answer):
    with serve(lambda _request: [answer + b"\r\n"]) as server:
        error = fails(server)
    assert error.kind == "invalid_answer" and "GET /info" in error.message, error


NOT_JSON = {
    "deep lists": b"[" * 100_000,
    "deep lists that end": b"[" * 100_000 + b"]" * 100_000,
    "deep objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "NaN": b'{"a": NaN}',
    "Infinity": b'{"a": -Infinity}',
    "invalid UTF-8": b'{"a": "\xff\xfe"}',
    "half a surrogate pair": b'{"a": "\\ud800"}',
    "a long number": b'{"a": ' + b"9" * 10_000 + b"}",
    "half an object": b'{"a": ',
    "two objects": b"{}{}",
    "a list": b"[]",
    "a string": b'"x"',
    "null": b"null",
    "a number": b"5",
    "nothing": b"",
    "a page": b"<html>",
    "zero bytes": b"\0\0\0\0",
}


@pytest.mark.parametrize("body", NOT_JSON.values(), ids=NOT_JSON)
def test_s17_what_is_not_the_object_that_was_asked_for(body):
    with hostile(lambda _request: [reply(body)]) as server:
        error = fails(server)
    assert error.kind == "invalid_answer" and len(error.message) < 400, error


@pytest.mark.parametrize("body", [b"{}", b"[1]", b"[[]]", b"null", b'[{}, "x"]', b"[null]"])
@pytest.mark.parametrize("path", ["/nodes", "/services", "/tasks", "/networks", "/secrets", "/configs"])
def test_s17_what_is_not_the_list_that_was_asked_for(path, body):
    with hostile(lambda _request: [reply(body)]) as server:
        assert fails(server, lambda engine: engine.get(path)).kind == "invalid_answer"


def test_s17_an_astral_character_is_text():
    with hostile(lambda _request: [reply(b'{"a": "\\ud83d\\ude00 \\u00e9"}')]) as server:
        assert connect(options(docker_host=server.url)).get("/info") == {"a": "\U0001f600 é"}


@pytest.mark.parametrize("version", ["abc", "1", "1.41/../..", "1.41 x", "٣.٤", "1." + "9" * 50, "-1.4", ""])
def test_s17_an_api_version_that_is_none(version):
    answer = f"HTTP/1.1 200 OK\r\nApi-Version: {version}\r\nContent-Length: 2\r\n\r\n{{}}".encode()
    with hostile(lambda _request: [answer]) as server:
        assert fails(server, lambda engine: engine.api_version).kind == "invalid_answer"


def test_an_id_with_a_line_break_is_not_sent():
    with hostile(lambda _request: [reply()]) as server:
        engine = connect(options(docker_host=server.url))
        assert engine.api_version
        with pytest.raises(InvalidAnswer):
            engine.get("/nodes/x HTTP/1.1\r\nX: y\r\n\r\nDELETE /nodes/z")
        assert len(server.requests) == 1


def test_an_address_without_a_listener():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        url = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        for tls in (False, True):
            with pytest.raises(Unreachable) as error:
                connect(options(docker_host=url, tls=tls)).get("/info")
            assert error.value.message == f"docker_host {url}: [Errno 111] Connection refused."


# S17: certificates and TLS

CERTIFICATES = ["ca_path", "client_cert", "client_key", "tls_hostname"]


@pytest.mark.parametrize("scheme", ["tcp://{}", "http://{}", "TCP://{}", "{}"])
@pytest.mark.parametrize("option", CERTIFICATES)
def test_s17_certificates_are_not_ignored(option, scheme):
    with hostile(lambda _request: [reply()]) as server:
        host = scheme.format(server.url[len("tcp://") :])
        with pytest.raises(BadInput) as caught:
            connect(options(docker_host=host, **{option: "x"}))
        assert caught.value.option == (option,)
        assert server.requests == []


@pytest.mark.parametrize("option", CERTIFICATES)
def test_certificates_mean_nothing_to_a_socket(option, tmp_path):
    connect(options(docker_host="unix:///x.sock", **{option: "x", "client_cert": "y", "client_key": "z"}))


@pytest.mark.parametrize("option", ["tls", "validate_certs"])
def test_s17_http_with_tls_is_not_sent_in_clear(option):
    with pytest.raises(BadInput) as caught:
        connect(options(docker_host="http://127.0.0.1:2375", **{option: True}))
    assert caught.value.option == ("docker_host",)


def test_what_the_environment_alone_says_is_as_to_the_docker_cli(monkeypatch):
    """DOCKER_CERT_PATH and DOCKER_TLS_HOSTNAME without DOCKER_TLS_VERIFY are not TLS."""
    monkeypatch.setenv("DOCKER_CERT_PATH", "/nowhere")
    monkeypatch.setenv("DOCKER_TLS_HOSTNAME", "name.example")
    with hostile(lambda _request: [reply()]) as server:
        assert connect(options(docker_host=server.url, tls_hostname="name.example")).get("/info") == {}


@pytest.mark.parametrize("given", [{}, {"tls_hostname": "x"}, {"validate_certs": True}, {"tls": True}])
def test_s17_https_is_tls(given):
    """Its first bytes are a handshake; without ``tls`` the certificate is checked."""
    seen = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        engine = connect(options(docker_host=f"https://127.0.0.1:{listener.getsockname()[1]}", timeout=1, **given))
        thread = threading.Thread(target=lambda: seen.append(listener.accept()[0].recv(3)), daemon=True)
        thread.start()
        with pytest.raises(Unreachable):
            engine.get("/info")
        thread.join(5)
    assert seen[0][:2] == b"\x16\x03"


@pytest.mark.parametrize(
    "docker_host",
    ["tcp://", "tcp://host", "tcp://host:0", "tcp://host:99999", "tcp://u:p@host:1", "tcp://host:1?x", "tcp://host:1/a b", "tcp://[x]:1",
     "ftp://host:1", "npipe:////./pipe/docker_engine", "://", "tcp:///x", "host", "[::1]"],
)  # fmt: skip
def test_an_address_that_is_none(docker_host):
    with pytest.raises(BadInput) as caught:
        connect(options(docker_host=docker_host))
    assert caught.value.option == ("docker_host",)


def test_an_address_with_a_path_and_one_without_a_scheme():
    with hostile(lambda _request: [reply()]) as server:
        assert connect(options(docker_host=f"{server.url}/docker/")).get("/info") == {}
        assert connect(options(docker_host=server.url[len("tcp://") :])).get("/info") == {}
    assert [request.split()[1] for request in server.requests] == [b"/docker/info", b"/info"]
