# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""swarm_service against the docker command line: the same words make the same service, and find nothing to change."""

from __future__ import annotations

import base64
import os
import re
import shlex
import subprocess

import pytest
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.lifecycles import service_cli as table
from ansible_collections.hive.swarm.tests.support.lifecycles.audit import moved
from ansible_collections.hive.swarm.tests.support.lifecycles.real import make_swarm, reset_all, shared
from ansible_collections.hive.swarm.tests.support.lifecycles.service_stacks import STACKS, Stack

# From Debian's docker.io, which the engines of the lab come from; another one may come first in PATH.
_CLI = "/usr/bin/docker"


class Judge:
    """The docker command line and our module on one engine, about a service of one name."""

    def __init__(self, host):
        self.host = host
        self._run = on(host, wait=False, resolve_image="never")
        self.name = table.NAME

    def says(self, *words: str) -> str:
        """The output. Right after a write, the engine writes addresses and ports: a command that it overtakes is repeated."""
        command = [_CLI, "--config", "/nonexistent", "-H", self.host.docker_host, *words]
        env = {"PATH": os.environ["PATH"], **table.ENVIRONMENT}
        for _try in range(5):
            done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
            if "update out of sequence" not in done.stderr:
                break
        assert not done.returncode, done.stderr
        return done.stdout

    def creates(self, flags: str, words: str = "") -> None:
        still = [] if re.search("--mode|--replicas ", flags) else ["--replicas", "0"]
        said = ["--detach", "--quiet", "--no-resolve-image", "--name", self.name, *still, *shlex.split(flags)]
        self.says("service", "create", *said, table.IMAGE, *shlex.split(words))

    def creates_again(self, spec) -> None:
        """What the command line made before, which is quicker than to ask it for the same once more."""
        self.host.do("POST", "/services/create", spec)
        assert self.service()["Spec"] == spec

    def deploys(self, name: str, compose: str) -> None:
        self.says("stack", "deploy", "--resolve-image", "never", "--compose-file", compose, name)

    def updates(self, flags: str) -> None:
        if flags.startswith("scale "):
            self.says("service", "scale", "--detach", f"{self.name}={flags.split()[1]}")
            return
        local = [] if flags == "--rollback" else ["--no-resolve-image"]
        self.says("service", "update", "--detach", "--quiet", *local, *shlex.split(flags), self.name)

    def task(self, options, check: bool = False):
        result = self._run("swarm_service", {"name": self.name, **options}, check=check)
        assert not result["failed"], result["msg"]
        return result

    def finds_nothing_in(self, options) -> None:
        """The task changes nothing, and writes nothing: an update with the same spec would show as PreviousSpec.

        The version says less: the engine raises it by itself, when it has found addresses and ports.
        """
        before = self.service()
        for check in (True, False):
            result = self.task(options, check=check)
            assert not result["changed"], result["diff"]
        after = self.service()
        assert after["Spec"] == before["Spec"]
        assert after.get("PreviousSpec") == before.get("PreviousSpec")

    def service(self):
        return self.host.do("GET", f"/services/{self.name}")

    def taken(self):
        """The service's spec, and the service away."""
        spec = self.service()["Spec"]
        self.clear()
        return spec

    def clear(self) -> None:
        for service in self.host.do("GET", "/services"):
            self.host.do("DELETE", f"/services/{service['ID']}")


@pytest.fixture(scope="module")
def manager(real_lab):
    """A swarm of one, with two of everything that a service can refer to."""
    reset_all(real_lab)
    make_swarm(real_lab[:1])
    host = real_lab[0]
    for name in table.REFERRED:
        for kind in ("secrets", "configs"):
            host.do("POST", f"/{kind}/create", {"Name": name, "Data": base64.b64encode(b"x").decode()})
        host.do("POST", "/networks/create", {"Name": name, "Driver": "overlay"})
    return host


@pytest.fixture
def judge(manager, tmp_path, monkeypatch):
    for name, text in table.FILES.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    for name, value in table.ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    judge = Judge(manager)
    yield judge
    judge.clear()


# Sorted and of the lab's own scope, so that each generation's lab is made once.
DEALT = sorted(shared([*table.CREATED, *table.UPDATED, *STACKS]), key=lambda pair: pair[0])


@pytest.mark.parametrize(("real_lab", "line"), DEALT, indirect=["real_lab"], ids=str, scope="session")
def test_line(judge, line):
    {table.Line: _create, table.Change: _update, Stack: _stack}[type(line)](judge, line)


def _create(judge, line):
    judge.creates(line.flags, line.words)
    options = {"image": table.IMAGE, **line.options}
    judge.finds_nothing_in(options)
    theirs = judge.taken()

    new = {} if re.search("--mode|--replicas ", line.flags) else {"replicas": 0}
    assert judge.task({**new, **options})["changed"]
    assert table.effective(judge.taken(), line.options) == table.effective(theirs, line.options)


def _update(judge, change):
    judge.creates(change.before, change.words)
    start = judge.service()["Spec"]
    _update_as(judge, change.between, change.flags)
    if change.again:
        judge.finds_nothing_in(change.options)
    theirs = judge.taken()

    judge.creates_again(start)
    _update_as(judge, change.between)
    assert judge.task(change.options)["changed"]
    ours = table.effective(judge.taken(), change.options, new=False)
    assert ours == table.effective(theirs, change.options, new=False)


def _update_as(judge, *said):
    for flags in filter(None, said):
        judge.updates(flags)


def _stack(judge, stack):
    judge.name = stack.service
    with open("stack.yml", "w", encoding="utf-8") as file:
        file.write(stack.compose)
    judge.deploys(stack.name, "stack.yml")
    judge.finds_nothing_in(stack.options)
    before = judge.service()["Spec"]

    assert judge.task(stack.change)["changed"]
    assert moved(before, judge.service()["Spec"]) == stack.moved


def _flags(verb: str) -> set[str]:
    """The flags that the command line has, each in its long form."""
    said = subprocess.run([_CLI, "service", verb, "--help"], capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"^ +(?:-\w, )?(--[\w-]+)", said, flags=re.MULTILINE))


def _used(text: str) -> set[str]:
    words = (word.partition("=")[0] for word in shlex.split(text) if re.match("--?[a-z]", word))
    return {table.SHORT.get(word, word) for word in words}


def test_no_flag_is_left_out():
    created = {flag for line in table.CREATED for flag in _used(line.flags)}
    assert created == _flags("create") - table.EVERYWHERE - {"--name"}
    updated = {flag for change in table.UPDATED for flag in _used(change.flags)}
    assert updated == _flags("update") - table.EVERYWHERE - table.IDLE
