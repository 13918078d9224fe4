# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The bodies of our writes against those of the docker command line: nothing that it sends is missing in ours."""

from __future__ import annotations

import base64
import os
import re
import shlex
import shutil
import subprocess

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._lab._binaries import search_path
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.lifecycles import cli_bodies as table
from ansible_collections.hive.swarm.tests.support.lifecycles import service_cli
from ansible_collections.hive.swarm.tests.support.lifecycles.real import GENERATIONS, make_swarm, reset_all
from ansible_collections.hive.swarm.tests.support.recorder import recording

_LOCAL = ["--quiet", "--no-resolve-image"]
_SERVICE = {"name": table.NAME, "wait": False, "resolve_image": "never"}
# Not with the spec of the service, or with that of the engine's PreviousSpec: test_service_cli.py has them.
_OTHERWISE = ("scale ", "--rollback")


class Clients:
    """The docker command line of a release and our modules, on the engines of a lab."""

    def __init__(self, release, hosts, recorders):
        self.release = release
        self.hosts = hosts
        self.recorders = recorders
        # Debian's own comes after what else is in PATH.
        found = shutil.which("docker", path=search_path(GENERATIONS[release]))
        self.docker = "/usr/bin/docker" if GENERATIONS[release] == "system" else found

    def says(self, docker_host, *words):
        command = [self.docker, "--config", "/nonexistent", "-H", docker_host, *words]
        env = {"PATH": os.environ["PATH"], **service_cli.ENVIRONMENT}
        return subprocess.run(command, capture_output=True, text=True, check=False, env=env)

    def flags(self, command):
        """The flags that the command line has, each in its long form."""
        said = self.says("unix:///nonexistent", *command.split(), "--help").stdout
        return set(re.findall(r"^ +(?:-\w, )?(--[\w-]+)", said, flags=re.MULTILINE)) - {"--help"}

    def theirs(self, host, *words):
        said = self.says(self.recorders[host].docker_host, *words)
        return self._only(host, said.stderr)

    def ours(self, host, module, options):
        said = on(self.recorders[host])(module, options)
        return self._only(host, said.get("msg"))

    def _only(self, host, said):
        writes = self.recorders[host].taken()
        assert len(writes) == 1, f"{len(writes)} writes: {said}"
        return writes[0]


@pytest.fixture(scope="module")
def clients(real_lab):
    """A manager, its worker, and an engine in no swarm, each behind a recorder."""
    reset_all(real_lab)
    make_swarm(real_lab[:2])
    manager = real_lab[0]
    for name in service_cli.REFERRED:
        for kind in ("secrets", "configs"):
            manager.do("POST", f"/{kind}/create", {"Name": name, "Data": base64.b64encode(b"x").decode()})
        manager.do("POST", "/networks/create", {"Name": name, "Driver": "overlay"})
    manager.do("POST", "/networks/create", {"Name": "base", "ConfigOnly": True})
    (worker,) = [node for node in manager.do("GET", "/nodes") if node["Spec"]["Role"] == "worker"]
    spec = {**worker["Spec"], "Labels": {"a": "1", "b": "2"}}
    manager.do("POST", f"/nodes/{worker['ID']}/update?version={worker['Version']['Index']}", spec)
    version = manager.do("GET", "/version")["Version"]
    (release,) = [found for found in GENERATIONS if version.startswith(found)]
    with recording(real_lab[0].socket) as first, recording(real_lab[2].socket) as third:
        yield Clients(release, real_lab, {0: first, 2: third})
    manager.do("DELETE", "/networks/base")


@pytest.fixture(autouse=True)
def _files(tmp_path, monkeypatch):
    for name, text in {**table.FILES, **service_cli.FILES}.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    for name, value in service_cli.ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def no_ingress(clients):
    """Room for a routing mesh, which a swarm has one of."""
    clients.hosts[0].do("DELETE", "/networks/ingress")
    yield
    clients.hosts[0].do("POST", "/networks/create", {"Name": "ingress", "Driver": "overlay", "Ingress": True})


@pytest.mark.parametrize("name", table.KINDS)
def test_bodies(clients, name, request):
    if name == "network":
        request.getfixturevalue("no_ingress")
    kind = table.KINDS[name]
    host = clients.hosts[kind.host]
    words = {"ADDRESS": host.address, "WORKER": clients.hosts[1].hostname}
    ledger = Ledger(name, clients.release)
    for row in kind.rows:
        command = _filled(f"{kind.command} {row.flags} {kind.arguments}", words)
        theirs = clients.theirs(kind.host, *shlex.split(command))
        ours = clients.ours(kind.host, kind.module, _filled({**kind.options, **row.options}, words))
        ledger.compare(row.flags, theirs, ours)
    assert not ledger.problems(), "\n".join(ledger.problems())


def test_bodies_of_new_services(clients):
    ledger = Ledger("service create", clients.release)
    for line in service_cli.CREATED:
        words = [*_LOCAL, "--name", table.NAME, *shlex.split(line.flags), service_cli.IMAGE, *shlex.split(line.words)]
        theirs = clients.theirs(0, "service", "create", "--detach", *words)
        ours = clients.ours(0, "swarm_service", {**_SERVICE, "image": service_cli.IMAGE, **line.options})
        ledger.compare(line, *(_effective(write, line.options) for write in (theirs, ours)))
    assert not ledger.problems(), "\n".join(ledger.problems())


def test_bodies_of_changed_services(clients):
    ledger = Ledger("service update", clients.release)
    manager = clients.hosts[0]
    for change in service_cli.UPDATED:
        if change.between or change.flags.startswith(_OTHERWISE):
            continue
        words = [*_LOCAL, "--name", table.NAME, *_still(change.before), *shlex.split(change.before), service_cli.IMAGE]
        said = clients.says(manager.docker_host, "service", "create", "--detach", *words, *shlex.split(change.words))
        assert not said.returncode, said.stderr
        words = [*_LOCAL, "--detach", *shlex.split(change.flags), table.NAME]
        theirs = clients.theirs(0, "service", "update", *words)
        ours = clients.ours(0, "swarm_service", {**_SERVICE, **change.options})
        manager.do("DELETE", f"/services/{table.NAME}")
        ledger.compare(change, *(_effective(write, change.options, new=False) for write in (theirs, ours)))
    assert not ledger.problems(), "\n".join(ledger.problems())


def _still(flags):
    return [] if re.search("--mode|--replicas ", flags) else ["--replicas", "0"]


def _effective(write, options, new=True):
    return write._replace(body=service_cli.effective(write.body, options, new=new))


@pytest.mark.parametrize("name", table.KINDS)
def test_no_flag_is_left_out(clients, name):
    kind = table.KINDS[name]
    words = {word.partition("=")[0] for row in kind.rows for word in shlex.split(row.flags) if word.startswith("-")}
    used = {table.SHORT.get(word, word) for word in words}
    assert used == clients.flags(kind.command) - set(kind.flags)


def _filled(value, words):
    if isinstance(value, dict):
        return {key: _filled(item, words) for key, item in value.items()}
    if isinstance(value, str):
        return re.sub("|".join(words), lambda found: words[found[0]], value)
    return value


class Ledger:
    """The differences of the rows of a kind, against those on purpose."""

    def __init__(self, kind, release):
        self._meant = [
            found for found in table.DIFFERENCES if found.kind == kind and release in (found.releases or [release])
        ]
        self._used = []
        self._new = kind in table.NEW
        self._problems = []

    def compare(self, row, theirs, ours):
        for path, left, right in _differences(_sorted(theirs), _sorted(ours), ""):
            if self._new and right == table.MISSING and left in table.ZERO:
                continue
            meant = [found for found in self._meant if found.covers(path, left, right)]
            self._used += meant
            if not meant:
                self._problems.append(f"{row or 'no flags'}: {path}: theirs {left!r}, ours {right!r}")

    def problems(self):
        return self._problems + [f"not needed any more: {found}" for found in self._meant if found not in self._used]


def _sorted(write):
    """The pools of a network have no order: the docker command line gives them that of a Go map."""
    pools = ((write.body or {}).get("IPAM") or {}).get("Config") or []
    pools.sort(key=lambda pool: pool["Subnet"])
    return write._asdict()


def _differences(theirs, ours, path):
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for key in {**theirs, **ours}:
            inner = f"{path}.{key}".strip(".")
            yield from _differences(theirs.get(key, table.MISSING), ours.get(key, table.MISSING), inner)
    elif isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
        for left, right in zip(theirs, ours):
            yield from _differences(left, right, path)
    elif theirs != ours:
        yield path, theirs, ours
