# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The docker command line as the judge of swarm_stack: both deploy the same files, and the engines hold the same.

The command line is of the newer release for both generations of engines: that of 20.10 knows no jobs in a file.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._engine.client import Engine
from ansible_collections.hive.swarm.plugins.module_utils._lab import _binaries
from ansible_collections.hive.swarm.plugins.module_utils._stack.compose_places import ComposeError
from ansible_collections.hive.swarm.tests.support import stack_tasks
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.lifecycles.real import (
    GENERATIONS,
    RealHost,
    Refusal,
    make_swarm,
    reset_all,
)
from ansible_collections.hive.swarm.tests.support.stacks import STACKS, StackFile, make_external, prepare

LABEL = "com.docker.stack.namespace"
OLD, NEW = "20.10", "28.5"
# Taken away in this order: what something else uses cannot go.
KINDS = ("services", "networks", "secrets", "configs")
# Of each kind of object one, for a second deployment by the command line.
AGAIN = ("database", "jobs", "layers", "merged", "monitoring", "objects", "ports", "windows")

Objects = dict[str, dict[str, Any]]


class Run(NamedTuple):
    """:param wire: the requests that write, as ``POST /services/create``."""

    result: dict[str, Any]
    wire: list[str]


class Court:
    """One swarm, the command line and our module."""

    def __init__(self, host: RealHost, folder: Path):
        self.host = host
        self.folder = folder
        self._run = on(host, wait=False)
        binaries = GENERATIONS[NEW]
        if _binaries.missing(binaries):
            _binaries.fetch(binaries)
        self._cli = f"{_binaries.folder(binaries)}/usr/bin/docker"

    def they_deploy(self, stack: StackFile) -> None:
        files = [word for name in stack.files for word in ("--compose-file", name)]
        command = [self._cli, "--config", "/nonexistent", "--host", self.host.docker_host, "stack", "deploy"]
        command += ["--detach", "--resolve-image", "never", *files, stack.name]
        env = {"PATH": os.environ["PATH"], **stack.environment}
        done = subprocess.run(command, cwd=self.folder, env=env, capture_output=True, text=True, check=False)
        assert not done.returncode, f"{stack.name}: {done.stderr}"

    def we_deploy(self, stack: StackFile, check: bool = False) -> Run:
        wire: list[str] = []
        send = Engine._request

        def recorded(engine: Engine, method: str, path: str, *args: Any, **more: Any) -> Any:
            if method != "GET":
                wire.append(f"{method} {path.partition('/v1.')[2].partition('/')[2]}")
            return send(engine, method, path, *args, **more)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Engine, "_request", recorded)
            return Run(self._run("swarm_stack", stack_tasks.of_file(stack, self.folder), check=check), wire)

    def stacks(self) -> dict[str, Objects]:
        """Stack to kind to name to what the engine holds of it, with names in place of IDs."""
        listed = {kind: self.host.do("GET", f"/{kind}") for kind in KINDS}
        # The swarm's view of networks that every engine has is in no list.
        known = [
            *listed["networks"],
            *(self.host.do("GET", f"/networks/{name}?scope=swarm") for name in ("host", "bridge")),
        ]
        names = {item["Id"]: item["Name"] for item in known}
        names.update((item["ID"], item["Spec"]["Name"]) for kind in ("secrets", "configs") for item in listed[kind])
        found: dict[str, Objects] = {}
        for kind in KINDS:
            for item in listed[kind]:
                spec = _network(item) if kind == "networks" else item["Spec"]
                stack = (spec["Labels"] or {}).get(LABEL)
                if stack:
                    objects = found.setdefault(stack, {kind: {} for kind in KINDS})
                    objects[kind][spec["Name"]] = _named(spec, names)
        return found

    def clear(self) -> None:
        labelled = quote(json.dumps({"label": [LABEL]}))
        for kind in KINDS:
            for item in self.host.do("GET", f"/{kind}?filters={labelled}"):
                self._remove(f"/{kind}/{item['Id' if kind == 'networks' else 'ID']}")

    def _remove(self, path: str, patience: float = 10) -> None:
        """A network is in use until the swarm has seen that its service is gone."""
        deadline = time.monotonic() + patience
        while True:
            try:
                self.host.do("DELETE", path)
                return
            except Refusal as refusal:
                if refusal.status == 404:
                    return
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)


def _network(item: dict[str, Any]) -> dict[str, Any]:
    """What was asked for, without what the swarm has found for it since, and which it may not have found yet."""
    options = {key: value for key, value in (item["Options"] or {}).items() if not key.endswith("vxlanid_list")}
    pools = [pool["Subnet"] for pool in item["IPAM"]["Config"] or [] if pool["Subnet"].startswith("10.7")]
    found = {"Options": options, "IPAM": {**item["IPAM"], "Config": pools}}
    aside = ("Id", "Created", "Containers", "Peers", "Status")
    return {**{key: value for key, value in item.items() if key not in aside}, **found}


def _named(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _named(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [_named(item, names) for item in value]
    return names.get(value, value) if isinstance(value, str) else value


class Trial:
    """All files, deployed by them and by us; the tests look at what came of it."""

    def __init__(self, court: Court, stacks: list[StackFile]):
        for stack in stacks:
            court.they_deploy(stack)
        self.theirs = court.stacks()
        self.nothing = {stack.name: [court.we_deploy(stack, check) for check in (True, False)] for stack in stacks}
        self.after = court.stacks()
        court.clear()

        self.made = {stack.name: court.we_deploy(stack).result for stack in stacks}
        self.ours = court.stacks()
        again = [stack for stack in stacks if stack.name in AGAIN]
        for stack in again:
            court.they_deploy(stack)
        self.mixed = court.stacks()
        self.last = {stack.name: court.we_deploy(stack, check=True) for stack in again}


@pytest.fixture(scope="module")
def court(real_lab: list[RealHost], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Court]:
    reset_all(real_lab[:1])
    make_swarm(real_lab[:1])
    make_external(real_lab[0])
    folder = tmp_path_factory.mktemp("stacks")
    prepare(folder)
    court = Court(real_lab[0], folder)
    yield court
    court.clear()


@pytest.fixture(scope="module")
def trial(court: Court) -> Trial:
    old = court.host.do("GET", "/version")["ApiVersion"] == "1.41"
    return Trial(court, [stack for stack in STACKS if not (old and stack.newer)])


OLDER = [stack for stack in STACKS if not stack.newer]
NEWER = [stack for stack in STACKS if stack.newer]
every = pytest.mark.parametrize("stack", OLDER, ids=lambda stack: stack.name)
some = pytest.mark.parametrize("stack", [stack for stack in OLDER if stack.name in AGAIN], ids=lambda stack: stack.name)
only_newer = pytest.mark.parametrize("stack", NEWER, ids=lambda stack: stack.name)
new_engine = pytest.mark.parametrize("real_lab", [NEW], indirect=True)
old_engine = pytest.mark.parametrize("real_lab", [OLD], indirect=True)


def is_no_change(run: Run) -> bool:
    """Nothing is to be done, and the engine was at most asked whether the data of a secret is other data."""
    assert not run.result["failed"], run.result["msg"]
    assert (run.result["changed"], run.result["actions"]) == (False, []), run.result["diff"]
    diff = run.result["diff"]
    assert (diff["before"], diff["after"]) == ({}, {})
    return all(re.fullmatch(r"POST secrets/[\w.-]+/update\?version=0", request) for request in run.wire)


@every
def test_both_make_the_same(trial: Trial, stack: StackFile) -> None:
    made = trial.made[stack.name]
    assert not made["failed"], made["msg"]
    assert made["changed"]
    assert trial.ours[stack.name] == trial.theirs[stack.name]


@every
def test_what_they_have_made_is_as_we_want_it(trial: Trial, stack: StackFile) -> None:
    check, real = trial.nothing[stack.name]
    assert is_no_change(check)
    assert is_no_change(real)
    secrets = len(trial.theirs[stack.name]["secrets"])
    assert len(real.wire) == secrets + bool(secrets)  # S10: one proves that the engine compares
    assert trial.after[stack.name] == trial.theirs[stack.name]


@some
def test_they_deploy_what_we_have_made(trial: Trial, stack: StackFile) -> None:
    assert trial.mixed[stack.name] == trial.theirs[stack.name]
    assert is_no_change(trial.last[stack.name])


@new_engine
@only_newer
def test_what_is_newer(trial: Trial, stack: StackFile) -> None:
    test_both_make_the_same(trial, stack)
    test_what_they_have_made_is_as_we_want_it(trial, stack)


@old_engine
@only_newer
def test_what_is_newer_is_refused(court: Court, stack: StackFile) -> None:
    """The engine would leave it out, which the command line says nothing of."""
    run = court.we_deploy(stack)
    assert run.result["failure"]["kind"] == "unsupported"
    assert not run.wire


_WEB = "services: {web: {image: lab/busybox:1, %s}}"
REFUSED = {
    "no image": "services: {web: {command: a}}",
    "an unknown key": _WEB % "nonsense: 1",
    "a wrong type": _WEB % "init: maybe",
    "no port": _WEB % "ports: [http]",
    "a key of one machine": _WEB % "extends: {service: base}",
    "a later key": "version: '3.1'\n" + _WEB % "init: true",
    "an earlier format": "version: '2.4'\n" + _WEB % "init: true",
    "an unknown network": _WEB % "networks: [nowhere]",
    "an unknown secret": _WEB % "secrets: [nowhere]",
    "a variable that has to be set": _WEB % "user: '${NOWHERE:?has to be set}'",
    "a wrong variable": _WEB % "user: '${NOWHERE'",
    "no file of variables": _WEB % "env_file: nowhere.env",
    "no file of a secret": _WEB % "init: true" + "\nsecrets: {one: {file: nowhere.txt}}",
    "no duration": _WEB % "stop_grace_period: soon",
    "no size": _WEB % "deploy: {resources: {limits: {memory: much}}}",
    "a list with a port twice": _WEB % "ports: ['80:80', '80:80']",
    "no mount": _WEB % "volumes: [{type: bind, target: /a}]",
    "no yaml": "services: [",
}


@new_engine
@pytest.mark.parametrize("why", REFUSED)
def test_what_they_refuse_we_refuse(court: Court, why: str) -> None:
    (court.folder / "refused.yml").write_text(REFUSED[why])
    stack = StackFile("refused")
    with pytest.raises(AssertionError, match="refused: "):
        court.they_deploy(stack)
    with pytest.raises(ComposeError):
        stack_tasks.of_file(stack, court.folder)
