# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Real engines for the integration tests: one lab per generation of engines and process, its engines reset per test."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._lab import Lab
from ansible_collections.hive.swarm.plugins.module_utils._lab._store import DEFAULT_ROOT, labs
from ansible_collections.hive.swarm.tests.support.lifecycles.real import GENERATIONS, IMAGE, RealHost, reset_all

_ENGINES = 3
_NAME = re.compile(r"tru[0-9]+-([0-9]+)")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: waits for heartbeats, joins and elections of real engines")


@pytest.fixture(autouse=True)
def _no_docker_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The DOCKER_* variables of whoever runs the tests must not reach a module."""
    for name in list(os.environ):
        if name.startswith("DOCKER_"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session", params=GENERATIONS)
def real_lab(request: pytest.FixtureRequest) -> Iterator[list[RealHost]]:
    """Three engines of one generation. The lab carries the process in its name, so that runs do not meet."""
    _remove_stale()
    name = f"tru{request.param.replace('.', '')}-{os.getpid()}"
    lab = Lab(name, engines=_ENGINES, binaries=GENERATIONS[request.param], images=[IMAGE])
    try:
        lab.up()
        yield [RealHost(engine) for engine in lab.engines]
    finally:
        lab.down()


def _remove_stale() -> None:
    """Take away the labs of test runs that were cut off."""
    for spec in labs(DEFAULT_ROOT):
        named = _NAME.fullmatch(spec.name)
        if named and not os.path.exists(f"/proc/{named[1]}"):
            Lab.open(spec.name).down()


@pytest.fixture
def real_hosts(real_lab: list[RealHost]) -> list[RealHost]:
    """Three engines in no swarm."""
    reset_all(real_lab)
    return real_lab


@pytest.fixture
def real_engine(real_lab: list[RealHost]) -> RealHost:
    """One engine in no swarm."""
    real_lab[0].reset()
    return real_lab[0]


@pytest.fixture
def real_peer(real_lab: list[RealHost]) -> RealHost:
    """Another engine in no swarm, of the same generation."""
    real_lab[1].reset()
    return real_lab[1]
