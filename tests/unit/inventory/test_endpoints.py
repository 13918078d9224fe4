# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whom the plugin asks: lists, the environment, contexts of the docker CLI, managers behind a worker, ssh."""

from __future__ import annotations

import hashlib
import json
import stat

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._core.errors import BadInput
from ansible_collections.hive.swarm.plugins.module_utils._engine.ssh import SshTransport
from ansible_collections.hive.swarm.plugins.plugin_utils._inventory.endpoints import (
    Endpoint,
    endpoints,
    managers_behind,
)

from . import replay
from .nodes import answers, local_answers, manager, node, worker_answers

GOOD = answers(manager(), node("w1", "web"))


@pytest.fixture
def context(tmp_path, monkeypatch):
    """context(name, host, tls=[file names], **meta): make a context, as docker context create does."""
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "config"))

    def make(name, host, tls=(), **meta):
        key = hashlib.sha256(name.encode()).hexdigest()
        folder = tmp_path / "config" / "contexts"
        (folder / "meta" / key).mkdir(parents=True)
        (folder / "tls" / key / "docker").mkdir(parents=True)
        document = {"Name": name, "Endpoints": {"docker": {"Host": host, **meta}}}
        (folder / "meta" / key / "meta.json").write_text(json.dumps(document))
        for file in tls:
            (folder / "tls" / key / "docker" / file).write_text("x")
        return str(folder / "tls" / key / "docker")

    return make


def test_what_is_asked_without_an_option(monkeypatch, context):
    assert endpoints(None)[0].url == "unix:///var/run/docker.sock"
    context("prod", "tcp://192.0.2.1:2375")
    monkeypatch.setenv("DOCKER_CONTEXT", "prod")
    assert endpoints(None)[0].url == "tcp://192.0.2.1:2375"
    monkeypatch.setenv("DOCKER_CONTEXT", "default")
    assert endpoints(None)[0].url == "unix:///var/run/docker.sock"


def test_a_context_with_certificates(context):
    folder = context("prod", "tcp://192.0.2.1:2376", tls=["ca.pem", "cert.pem", "key.pem"])
    (found,) = endpoints(["context://prod"])
    assert found.url == "tcp://192.0.2.1:2376"
    assert found.options == {
        "ca_path": f"{folder}/ca.pem",
        "client_cert": f"{folder}/cert.pem",
        "client_key": f"{folder}/key.pem",
        "tls": True,
        "validate_certs": True,
    }
    assert "prod" in found.name


def test_a_context_that_trusts_any_certificate(context):
    context("lax", "tcp://192.0.2.1:2376", SkipTLSVerify=True)
    options = endpoints(["context://lax"])[0].options
    assert options["tls"] and not options["validate_certs"] and options["ca_path"] is None


def test_a_context_through_ssh_needs_nothing_else(context):
    context("far", "ssh://admin@far.example")
    assert endpoints(["context://far"])[0][:2] == ("ssh://admin@far.example", {})


def test_the_context_in_use(context, tmp_path):
    context("used", "unix:///run/used.sock")
    assert endpoints(["context://"])[0].url == "unix:///var/run/docker.sock"
    (tmp_path / "config" / "config.json").write_text('{"currentContext": "used"}')
    assert endpoints(["context://"])[0].url == "unix:///run/used.sock"


def test_a_list_with_several_kinds(context):
    context("prod", "ssh://a@b")
    urls = [endpoint.url for endpoint in endpoints(["tcp://192.0.2.1:2375", "context://prod", "unix:///x.sock"])]
    assert urls == ["tcp://192.0.2.1:2375", "ssh://a@b", "unix:///x.sock"]


@pytest.mark.parametrize("hosts", [["context://nope"], []])
def test_what_cannot_be_asked(context, hosts):
    with pytest.raises(BadInput) as failure:
        endpoints(hosts)
    assert failure.value.option == ("docker_host",)


@pytest.mark.parametrize("config", ["[1]", "{"])
def test_a_configuration_that_is_broken(context, tmp_path, config):
    context("any", "")
    (tmp_path / "config" / "config.json").write_text(config)
    with pytest.raises(BadInput) as failure:
        endpoints(["context://"])
    assert failure.value.option == ("docker_host",)


def test_a_context_without_an_engine(context):
    context("k8s", "")
    with pytest.raises(BadInput) as failure:
        endpoints(["context://k8s"])
    assert failure.value.option == ("docker_host",)


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("tcp://192.0.2.9:2375", "tcp://192.0.2.1:2375"),
        ("tcp://worker.example", "tcp://192.0.2.1"),
        ("tcp://[fd00::9]:2376", "tcp://192.0.2.1:2376"),
        ("ssh://admin@worker:2222", "ssh://admin@192.0.2.1:2222"),
        ("ssh://worker", "ssh://192.0.2.1"),
        ("https://worker:2376", "https://192.0.2.1:2376"),
    ],
)
def test_managers_are_asked_as_the_worker_was(url, found):
    (manager,) = managers_behind(Endpoint(url, {"tls": True}, url), ["192.0.2.1:2377"])
    assert manager.url == found
    assert manager.options == {"tls": True}


def test_managers_behind_other_things():
    assert managers_behind(Endpoint("unix:///x.sock", {}, ""), ["192.0.2.1:2377"]) == []
    worker = Endpoint("tcp://192.0.2.9:2375", {}, "")
    assert [found.url for found in managers_behind(worker, ["[fd00::1]:2377"])] == ["tcp://[fd00::1]:2375"]


# Through the plugin


def test_the_environment_is_used(monkeypatch, read):
    with replay.engine(GOOD) as (url, _engine):
        monkeypatch.setenv("DOCKER_HOST", url)
        assert read().hosts == ["boss", "web"]


def test_a_context_is_used(context, read):
    with replay.engine(GOOD) as (url, _engine):
        context("prod", url)
        assert read("context://prod").hosts == ["boss", "web"]


def test_the_first_manager_with_quorum_is_the_last_that_is_asked(read):
    locked, lonely = local_answers("locked"), manager()
    lonely["ManagerStatus"]["Reachability"] = "unreachable"
    other = node("m2", "m2", "manager", manager_address="192.0.2.2:2377")
    with (
        replay.engine(locked) as (first, _locked),
        replay.engine(answers(lonely, other)) as (second, _lonely),
        replay.engine(GOOD) as (third, good),
        replay.engine(GOOD) as (fourth, unasked),
    ):
        assert read([first, second, "unix:///nowhere.sock", third, fourth]).hosts == ["boss", "web"]
        assert good.asked == ["/info", "/v1.41/nodes"]
        assert unasked.asked == []


def test_nobody_answers(read):
    stray = local_answers("error", Error="certificate expired")
    with (
        replay.engine(local_answers("inactive")) as (alone, _alone),
        replay.engine(local_answers("locked")) as (locked, _locked),
        replay.engine(stray) as (astray, _stray),
        replay.engine(worker_answers("192.0.2.1:2377", "[fd00::1]:2377")) as (worker, _worker),
    ):
        with pytest.raises(Exception, match="No manager of a swarm with quorum answers") as failure:
            read([alone, locked, astray, worker, "unix:///nowhere.sock"])
    message = str(failure.value)
    for words in (
        f"{alone}: in no swarm; ",
        f"{locked}: a manager that is locked",
        f"{astray}: its place in the swarm is error (certificate expired); ",
        f"{worker}: a worker, whose managers are at 192.0.2.1, fd00::1; ",
        "unix:///nowhere.sock: the socket does not exist",
    ):
        assert words in message
    assert message.count("nowhere.sock") == 1


def test_a_worker_leads_to_its_managers(read):
    """Through TCP, with the same port, though the worker knows only the port for other nodes."""
    with replay.tcp_engine(GOOD, "127.0.0.2") as (port, good):
        with replay.tcp_engine(worker_answers("127.0.0.3:2377", "127.0.0.2:2377"), "127.0.0.1", port):
            assert read(f"tcp://127.0.0.1:{port}").hosts == ["boss", "web"]
    assert good.asked == ["/info", "/v1.41/nodes"]


def test_no_packages(monkeypatch, read):
    """Neither a socket nor TCP needs one."""
    monkeypatch.setitem(__import__("sys").modules, "docker", None)
    name = "ansible_collections.hive.swarm.plugins.module_utils._engine.sdk"
    monkeypatch.delitem(__import__("sys").modules, name, raising=False)
    with replay.engine(GOOD) as (url, _engine):
        assert read(["tcp://127.0.0.1:1", url]).hosts == ["boss", "web"]
    with replay.tcp_engine(GOOD) as (port, _engine):
        assert read(f"tcp://127.0.0.1:{port}").hosts == ["boss", "web"]


# ssh without the Docker SDK


@pytest.fixture
def ssh(tmp_path, monkeypatch):
    """ssh(script): a program ssh of that body, first in the PATH; what it was called with goes to a file."""

    def make(body):
        program = tmp_path / "bin" / "ssh"
        program.parent.mkdir(exist_ok=True)
        program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{tmp_path}/called"\n{body}\n')
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
        return tmp_path / "called"

    return make


BRIDGE = """exec python3 -c '
import socket, sys, os, threading
engine = socket.socket(socket.AF_UNIX); engine.connect(sys.argv[1])
def copy():
    while data := engine.recv(65536): os.write(1, data)
threading.Thread(target=copy, daemon=True).start()
while data := os.read(0, 65536): engine.sendall(data)
' "{}" """


@pytest.mark.parametrize("options", [{"use_ssh_client": True}, {}])
def test_ssh_without_the_sdk(monkeypatch, read, ssh, options):
    if not options:
        monkeypatch.setitem(__import__("sys").modules, "docker", None)
        name = "ansible_collections.hive.swarm.plugins.module_utils._engine.sdk"
        monkeypatch.delitem(__import__("sys").modules, name, raising=False)
    with replay.engine(GOOD) as (url, engine):
        called = ssh(BRIDGE.format(url[len("unix://") :]))
        assert read("ssh://Admin@Some-Host:2222", **options).hosts == ["boss", "web"]
    words = called.read_text().split()
    assert words[-5:] == ["--", "Some-Host", "docker", "system", "dial-stdio"]
    assert words[words.index("-l") + 1] == "Admin" and words[words.index("-p") + 1] == "2222"
    assert engine.asked == ["/info", "/v1.41/nodes"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("echo Permission denied >&2; exit 255", "ssh://far: Permission denied"),
        ("sleep 30", "ssh://far: no response within 1 seconds"),
        ("echo nonsense; sleep 1", "ssh://far: the response is not HTTP"),
        ("exit 0", "ssh://far: ssh does not respond ("),
    ],
)
def test_ssh_that_fails(read, ssh, body, words):
    ssh(body)
    with pytest.raises(Exception, match="No manager of a swarm with quorum answers") as failure:
        read("ssh://far", use_ssh_client=True, timeout=1)
    assert words in str(failure.value)


def test_no_ssh(monkeypatch, read, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Exception, match="the program ssh cannot be run"):
        read("ssh://far", use_ssh_client=True)


@pytest.mark.parametrize("url", ["ssh://-oProxyCommand=x", "ssh://-l@host", "ssh://", "ssh://host:port"])
def test_nothing_in_a_url_is_an_option_of_ssh(url):
    with pytest.raises(BadInput) as caught:
        SshTransport(url)
    assert caught.value.option == ("docker_host",)
