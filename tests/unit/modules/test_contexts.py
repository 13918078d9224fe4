# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Modules reach the engine of a context of the docker command line, as the inventory plugin does ("Missing")."""

from __future__ import annotations

import hashlib
import json

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._engine import connection
from ansible_collections.hive.swarm.plugins.plugin_utils._swarm_action import Task, choose
from ansible_collections.hive.swarm.tests.support.harness import run_module


@pytest.fixture
def context(tmp_path, monkeypatch):
    """Make a context, as ``docker context create`` does; its folder of certificates."""
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    for name in ("DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CERT_PATH"):
        monkeypatch.delenv(name, raising=False)

    def make(name, url, files=(), **meta):
        key = hashlib.sha256(name.encode()).hexdigest()
        folder = tmp_path / "contexts" / "meta" / key
        folder.mkdir(parents=True)
        endpoint = {"Host": url, **meta} if url else {}
        (folder / "meta.json").write_text(json.dumps({"Name": name, "Endpoints": {"docker": endpoint}}))
        tls = tmp_path / "contexts" / "tls" / key / "docker"
        tls.mkdir(parents=True)
        for file in files:
            (tls / file).write_text("x")
        return tls

    return make


@pytest.fixture
def engine(cluster):
    return cluster.swarm(managers=1)[0]


@pytest.fixture
def options(monkeypatch):
    """The connection options that the transport gets."""
    seen = []
    monkeypatch.setattr(connection, "make_transport", seen.append)
    return seen


def connected(docker_host):
    spec = connection.connection_spec()
    return connection.connect(
        {**{name: item.get("default") for name, item in spec.items()}, "docker_host": docker_host}
    )


def test_a_task_on_the_engine_of_a_context(context, engine):
    context("prod", engine.docker_host)
    result = run_module("swarm_info", {"docker_host": "context://prod"})
    assert (result["failed"], result["role"]) == (False, "manager")


def test_the_context_in_use_is_that_of_the_command_line(context, engine, tmp_path, monkeypatch):
    context("used", engine.docker_host)
    (tmp_path / "config.json").write_text('{"currentContext": "used"}')
    assert not run_module("swarm_info", {"docker_host": "context://"})["failed"]
    monkeypatch.setenv("DOCKER_HOST", engine.docker_host)
    assert not run_module("swarm_info", {"docker_host": "context://default"})["failed"]


def test_another_engine_of_a_task_can_be_a_context_too(context, cluster, engine):
    context("prod", engine.docker_host)
    worker = cluster.engine("worker")
    token = engine.do("GET", "/swarm")["JoinTokens"]["Worker"]
    task = {"remote_addrs": [engine.address], "join_token": token, "manager_docker_host": "context://prod"}
    assert run_module("swarm_join", {**task, "docker_host": worker.docker_host})["changed"]


def test_certificates_of_a_context(context, options):
    folder = context("prod", "tcp://192.0.2.1:2376", files=["ca.pem", "cert.pem", "key.pem"])
    connected("context://prod")
    (found,) = options
    assert found["docker_host"] == "tcp://192.0.2.1:2376"
    assert (found["tls"], found["validate_certs"]) == (True, True)
    assert [found[name] for name in ("ca_path", "client_cert", "client_key")] == [
        str(folder / name) for name in ("ca.pem", "cert.pem", "key.pem")
    ]


def test_a_context_that_skips_verification(context, options):
    context("lax", "tcp://192.0.2.1:2376", SkipTLSVerify=True)
    connected("context://lax")
    assert (options[0]["tls"], options[0]["validate_certs"], options[0]["ca_path"]) == (True, False, None)


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_a_context_that_is_of_no_use(context, name):
    context("empty", "")
    result = run_module("swarm_info", {"docker_host": f"context://{name}"})
    assert (result["failure"]["kind"], result["failure"]["option"]) == ("bad_input", "docker_host")


def test_a_failure_names_where_the_context_leads(context, tmp_path):
    context("prod", f"unix://{tmp_path}/no.sock")
    result = run_module("swarm_info", {"docker_host": "context://prod"})
    assert result["failure"]["kind"] == "unreachable" and f"unix://{tmp_path}/no.sock" in result["msg"]


def test_a_task_with_a_context_runs_as_a_module_on_its_node():
    """Its contexts are those of the node's user."""
    task = Task(True, False, True, False, True, "context://x", None, {"docker_host": "context://x"})
    assert choose(task) == ("module", "the engine is not reached by a unix socket or TCP")
