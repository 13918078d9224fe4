# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every way to an engine, on a real one: unix, TCP, TLS, ssh with paramiko and with OpenSSH.

Only paramiko needs a package. Both legs run it: Docker SDK 7.x on the newest Python, 5.0.3 on Python 3.11.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ansible_collections.hive.swarm.tests.integration.transports.ssh import ssh_server
from ansible_collections.hive.swarm.tests.integration.transports.tls import NAME, make_certificates, tls_front
from ansible_collections.hive.swarm.tests.support.harness import run_module

# Both generations of the SDK; one generation of engines would do, but real_engine comes in both.
pytestmark = pytest.mark.floor


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificates(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def engine(real_engine):
    return real_engine


def info(docker_host: str, **options):
    return run_module("swarm_info", {"docker_host": docker_host, **options})


def life(docker_host: str, **options) -> None:
    """Reads, writes with a body and a query, and reads again: what any transport has to carry."""
    connection = {"docker_host": docker_host, **options}
    first = run_module("swarm_init", {**connection, "labels": {"a": "1"}})
    assert first["changed"], first
    again = run_module("swarm_init", {**connection, "labels": {"a": "1"}})
    assert not again["failed"] and not again["changed"], again
    changed = run_module("swarm_init", {**connection, "labels": {"ä": "ö/?&"}, "rotate_worker_token": True})
    assert changed["swarm"]["labels"] == {"ä": "ö/?&"}, changed
    left = run_module("swarm_leave", {**connection, "force": True})
    assert left["changed"] and left["state"] == "inactive", left


def test_unix_socket_without_the_sdk(engine, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "docker", None)
    life(f"unix://{engine.socket}")


def test_tcp_without_the_sdk(engine, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "docker", None)
    with tls_front(engine.socket, None) as port:
        life(f"tcp://127.0.0.1:{port}")


def test_tcp_to_the_daemons_own_port(engine):
    assert info(f"tcp://{engine.address}:2375")["state"] == "inactive"


def test_tls_with_a_client_certificate(engine, certificates):
    with tls_front(engine.socket, certificates) as port:
        life(
            f"tcp://127.0.0.1:{port}",
            validate_certs=True,
            ca_path=str(certificates / "ca.pem"),
            client_cert=str(certificates / "cert.pem"),
            client_key=str(certificates / "key.pem"),
            tls_hostname=NAME,
        )


def test_tls_options_from_the_environment(engine, certificates, monkeypatch):
    with tls_front(engine.socket, certificates) as port:
        monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{port}")
        monkeypatch.setenv("DOCKER_TLS_VERIFY", "1")
        monkeypatch.setenv("DOCKER_TLS_HOSTNAME", NAME)
        monkeypatch.setenv("DOCKER_CERT_PATH", str(certificates))
        assert run_module("swarm_info")["state"] == "inactive"


def test_tls_without_a_check_of_the_server(engine, certificates):
    with tls_front(engine.socket, certificates) as port:
        found = info(
            f"tcp://127.0.0.1:{port}",
            tls=True,
            client_cert=str(certificates / "cert.pem"),
            client_key=str(certificates / "key.pem"),
        )
        assert found.get("state") == "inactive", found


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"validate_certs": True}, "certificate"),
        ({"validate_certs": True, "ca_path": "ca.pem"}, "'127.0.0.1'"),
        ({"validate_certs": True, "ca_path": "ca.pem", "tls_hostname": "another.example"}, "'another.example'"),
        ({"tls": True}, "client_cert"),
    ],
)
def test_tls_that_must_fail(engine, certificates, options, words):
    """The words are those of the TLS library, and of the advice where the engine wants a certificate."""
    found = over_tls(engine, certificates, options, with_client=words != "client_cert")
    assert found["failed"] and found["failure"]["kind"] == "unreachable" and words in found["msg"], found
    assert "\n" not in found["msg"]


@pytest.mark.parametrize(
    ("options", "option", "words"),
    [
        ({"validate_certs": True, "ca_path": "none.pem"}, "ca_path", ""),
        ({"tls": True, "client_cert": "cert.pem"}, "client_cert", "give both client_cert and client_key"),
    ],
)
def test_invalid_tls_options(engine, certificates, options, option, words):
    found = over_tls(engine, certificates, options, with_client="client_cert" not in options)
    assert found["failed"] and named(found) == ("bad_input", option) and words in found["msg"], found
    assert "\n" not in found["msg"]


def named(found):
    """The kind of a failure, and the option that it names."""
    return found["failure"]["kind"], found["failure"].get("option")


def over_tls(engine, certificates, options, with_client):
    """Read over TLS, with the client's certificate and key added to the options or not."""
    paths = {"ca_path", "client_cert", "client_key"}
    options = {key: str(certificates / value) if key in paths else value for key, value in options.items()}
    if with_client:
        options |= {"client_cert": str(certificates / "cert.pem"), "client_key": str(certificates / "key.pem")}
    with tls_front(engine.socket, certificates) as port:
        return info(f"tcp://127.0.0.1:{port}", **options)


@pytest.mark.parametrize("use_ssh_client", [False, True])
def test_ssh(engine, tmp_path, monkeypatch, use_ssh_client):
    monkeypatch.setenv("HOME", str(tmp_path))
    with ssh_server(tmp_path, engine.socket) as port:
        monkeypatch.setenv("PATH", f"{tmp_path / '.ssh'}:{os.environ['PATH']}")
        life(f"ssh://root@127.0.0.1:{port}", use_ssh_client=use_ssh_client)


def test_ssh_to_a_host_that_is_not_known(engine, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    with ssh_server(tmp_path, engine.socket) as port:
        (tmp_path / ".ssh" / "known_hosts").unlink()
        found = info(f"ssh://root@127.0.0.1:{port}")
    assert found["failed"] and found["failure"]["kind"] == "unreachable", found
    assert "known_hosts" in found["msg"]


def test_nobody_listens():
    found = info("tcp://127.0.0.1:1")
    assert found["failure"]["kind"] == "unreachable" and "refused" in found["msg"], found


def test_the_sdk_is_missing(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "docker", None)
    monkeypatch.delitem(
        __import__("sys").modules,
        "ansible_collections.hive.swarm.plugins.module_utils._engine.sdk",
        raising=False,
    )
    found = info("ssh://127.0.0.1:1")
    assert found["failure"]["kind"] == "missing_library", found
    assert found["failure"]["library"] == "docker" and "unix://" in found["msg"]


@pytest.mark.parametrize("docker_host", ["npipe:////./pipe/docker_engine", "http//x", "nonsense://x"])
def test_a_docker_host_that_is_none(docker_host):
    found = info(docker_host)
    assert found["failed"] and named(found) == ("bad_input", "docker_host"), found
