# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The docker command line as the judge of compose files: what it sends, and what a real engine makes of it and of ours."""

from __future__ import annotations

import base64
import itertools
import json
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml
from ansible_collections.hive.swarm.plugins.module_utils._compose.places import File
from ansible_collections.hive.swarm.plugins.module_utils._compose.stack import Stack, load
from ansible_collections.hive.swarm.plugins.module_utils._lab import _binaries
from ansible_collections.hive.swarm.tests.support.fake_engine import API_1_41, API_1_51, FakeCluster
from ansible_collections.hive.swarm.tests.support.lifecycles.real import (
    GENERATIONS,
    RealHost,
    Refusal,
    make_swarm,
    reset_all,
)
from ansible_collections.hive.swarm.tests.unit.compose.samples import EXTERNAL, SAMPLES, Sample

_STACK = "judged"
_HOME = "/home/somebody"
_NEW, _OLD = "28.5", "20.10"
_APIS = {_OLD: API_1_41, _NEW: API_1_51}
# Taken away in this order: an object that something else uses cannot go.
_KINDS = ("services", "networks", "secrets", "configs")


def _cli(generation: str) -> str:
    """The command line of the same release as the engines, as the lab finds it."""
    binaries = GENERATIONS[generation]
    if _binaries.missing(binaries):
        _binaries.fetch(binaries)
    return f"{_binaries.folder(binaries) or ''}/usr/bin/docker"


def _deploy(generation: str, docker_host: str, sample: Sample, folder: Path) -> None:
    files = [word for path in _write(sample, folder) for word in ("--compose-file", path.name)]
    command = [_cli(generation), "--config", "/nonexistent", "--host", docker_host, "stack", "deploy"]
    command += ["--resolve-image", "never", *files, _STACK]
    env = {"PATH": os.environ["PATH"], "HOME": _HOME, **sample.values}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr


def _write(sample: Sample, folder: Path) -> list[Path]:
    for name, text in sample.beside.items():
        (folder / name).write_text(text)
    paths = [folder / f"{number}.yml" for number in range(len(sample.files))]
    for path, text in zip(paths, sample.files):
        path.write_text(text)
    return paths


def _load(sample: Sample, folder: Path) -> Stack:
    files = [File(path.name, yaml.safe_load(path.read_text())) for path in _write(sample, folder)]
    values = {"HOME": _HOME, **sample.values}
    return load(_STACK, files, str(folder), values, lambda path: Path(path).read_bytes())


def _make_external(host: Any) -> None:
    for name in EXTERNAL:
        for kind in ("secrets", "configs"):
            host.do("POST", f"/{kind}/create", {"Name": name, "Data": base64.b64encode(b"x").decode()})
        host.do("POST", "/networks/create", {"Name": name, "Driver": "overlay"})


def _files_of(spec: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    container = spec["TaskTemplate"]["ContainerSpec"]
    for kind in ("Secret", "Config"):
        for reference in container.get(f"{kind}s", []):
            yield kind, reference


# What is sent

DEALT_TO_CLIS = [
    (generation, sample) for generation in _APIS for sample in SAMPLES if generation == _NEW or not sample.newer
]


@pytest.mark.parametrize(("generation", "sample"), DEALT_TO_CLIS, ids=lambda value: getattr(value, "name", value))
def test_what_the_command_line_sends(generation: str, sample: Sample, tmp_path: Path) -> None:
    with FakeCluster(_APIS[generation]) as cluster:
        engine = cluster.swarm(managers=1)[0]
        _make_external(engine)
        engine.forget()
        _deploy(generation, engine.docker_host, sample, tmp_path)
        sent = {kind: _sent(engine, kind) for kind in _KINDS}

    ours = _load(sample, tmp_path)
    for kind in _KINDS:
        assert sent[kind] == _comparable(kind, getattr(ours, kind).values())


def _sent(engine: Any, kind: str) -> dict[str, Any]:
    asked = [asked.body for asked in engine.writes if asked.path == f"/{kind}/create"]
    return _comparable(kind, asked)


def _comparable(kind: str, bodies: Any) -> dict[str, Any]:
    """By name; without what differs between releases of the command line and means the same, and IDs as names."""
    return {body["Name"]: (_service if kind == "services" else _terse)(body) for body in bodies}


def _terse(body: dict[str, Any]) -> dict[str, Any]:
    """Networks carry every key, empty or not."""
    found = {key: _terse(value) if isinstance(value, dict) else value for key, value in body.items()}
    return {key: value for key, value in found.items() if value not in (None, False, "", {})}


def _service(body: dict[str, Any]) -> dict[str, Any]:
    # Releases since 25 say it aloud, those after 28 leave out an attempt count of none.
    body["TaskTemplate"]["ContainerSpec"]["Privileges"].pop("NoNewPrivileges", None)
    policy = body["TaskTemplate"].get("RestartPolicy", {})
    if policy.get("MaxAttempts") == 0 and "Delay" not in policy and policy.get("Condition") == "on-failure":
        del policy["MaxAttempts"]
    for kind, reference in _files_of(body):
        reference[f"{kind}ID"] = reference[f"{kind}Name"]
    return body


# What an engine makes of it


def _generations() -> list[tuple[str, Sample]]:
    """Each sample on one generation: the newer ones on the newer, the others in turn; sorted for one lab each."""
    turn = itertools.cycle(GENERATIONS)
    return sorted(((_NEW if sample.newer else next(turn)), sample) for sample in SAMPLES)


@pytest.fixture(scope="module")
def manager(real_lab: list[RealHost]) -> RealHost:
    reset_all(real_lab)
    make_swarm(real_lab[:1])
    _make_external(real_lab[0])
    return real_lab[0]


@pytest.mark.parametrize(
    ("real_lab", "sample"),
    _generations(),
    indirect=["real_lab"],
    ids=lambda value: getattr(value, "name", value),
    scope="session",
)
def test_what_an_engine_makes_of_it(
    real_lab: list[RealHost], manager: RealHost, sample: Sample, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    generation = request.node.callspec.params["real_lab"]
    try:
        _deploy(generation, manager.docker_host, sample, tmp_path)
        theirs = _taken(manager)
        assert theirs["services"]
        ours = _load(sample, tmp_path)
        _create(manager, ours)
        assert _taken(manager) == theirs
    finally:
        _clear(manager)


def _create(host: RealHost, stack: Stack) -> None:
    for kind in ("networks", "secrets", "configs"):
        for body in getattr(stack, kind).values():
            host.do("POST", f"/{kind}/create", body)
    ids = {
        kind: {item["Spec"]["Name"]: item["ID"] for item in host.do("GET", f"/{kind}")}
        for kind in ("secrets", "configs")
    }
    for spec in stack.services.values():
        for kind, reference in _files_of(spec):
            reference[f"{kind}ID"] = ids[f"{kind.lower()}s"][reference[f"{kind}Name"]]
        host.do("POST", "/services/create", spec)


def _listed(host: RealHost, kind: str) -> list[Any]:
    found = host.do("GET", f"/{kind}?filters=" + quote(json.dumps({"label": [f"com.docker.stack.namespace={_STACK}"]})))
    return found if kind == "networks" else [{**item["Spec"], "Id": item["ID"]} for item in found]


def _taken(host: RealHost) -> dict[str, dict[str, Any]]:
    """What the stack consists of, by kind and name, and the stack away."""
    # The swarm's view of the host network is in no list.
    known = [*host.do("GET", "/networks"), host.do("GET", "/networks/host?scope=swarm")]
    networks = {item["Id"]: item["Name"] for item in known}
    found = {kind: {item["Name"]: item for item in _listed(host, kind)} for kind in _KINDS}
    for spec in found["services"].values():
        for network in spec["TaskTemplate"]["Networks"]:
            network["Target"] = networks[network["Target"]]
        for kind, reference in _files_of(spec):
            reference[f"{kind}ID"] = reference[f"{kind}Name"]
    found["networks"] = {name: _network(item) for name, item in found["networks"].items()}
    _clear(host)
    for kind in ("services", "secrets", "configs"):
        for spec in found[kind].values():
            del spec["Id"]
    return found


def _network(item: dict[str, Any]) -> dict[str, Any]:
    """What was asked for, without what the swarm has found for it since."""
    kept = {key: item[key] for key in ("Driver", "Scope", "Internal", "Attachable", "Ingress", "EnableIPv6", "Labels")}
    options = {key: value for key, value in (item["Options"] or {}).items() if not key.endswith("vxlanid_list")}
    return {
        **kept,
        "Options": options,
        "Subnets": [pool["Subnet"] for pool in item["IPAM"]["Config"] or [] if pool["Subnet"].startswith("10.7")],
    }


def _clear(host: RealHost) -> None:
    for kind in _KINDS:
        for item in _listed(host, kind):
            _remove(host, f"/{kind}/{item['Id']}")


def _remove(host: RealHost, path: str, patience: float = 10) -> None:
    """A network is in use until the swarm has seen that its service is gone."""
    deadline = time.monotonic() + patience
    while True:
        try:
            host.do("DELETE", path)
            return
        except Refusal as refusal:
            if refusal.status == 404:
                return
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
