# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Real engines for the integration tests: one lab per generation of engines and process, its engines reset per test.

With ``pytest -n 3`` the tests are dealt out to three processes (tests/support/dealing.py).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._lab import Lab
from ansible_collections.hive.swarm.plugins.module_utils._lab._store import DEFAULT_ROOT, labs
from ansible_collections.hive.swarm.tests.support.dealing import Dealer, rank
from ansible_collections.hive.swarm.tests.support.lifecycles.real import GENERATIONS, IMAGE, RealHost, reset_all
from ansible_collections.hive.swarm.tests.support.vitals import VITALS, noted

_ENGINES = 3
_NAME = re.compile(r"tru[0-9]+-([0-9]+)")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", action="store_true", help="run the tests that are marked soak as well")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: waits for heartbeats, joins and elections of real engines")
    config.addinivalue_line("markers", "soak(*releases): runs with --soak alone, on the releases named or on all")


def _is_soak(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("soak")
    callspec = getattr(item, "callspec", None)
    release = callspec.params.get("real_lab") if callspec else None
    return bool(marker) and (not marker.args or release in marker.args)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what soaks; then sort the queue of several processes. One alone has pytest's order, which changes labs least."""
    if not config.getoption("--soak", default=False):
        left_out = [item for item in items if _is_soak(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: rank(item.nodeid.partition("::")[0]))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Dealer:
    return Dealer(config, log)


@pytest.fixture(autouse=True)
def _no_docker_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The DOCKER_* variables of whoever runs the tests must not reach a module."""
    for name in list(os.environ):
        if name.startswith("DOCKER_"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session", autouse=True)
def _ends_noted() -> Iterator[None]:
    with noted():
        yield


@pytest.fixture
def ends_engines() -> bool:
    """Whether other processes end daemons on purpose, as playbooks do. Folders with such tests override it."""
    return False


@pytest.fixture(autouse=True)
def _engines_live(ends_engines: bool, _ends_noted: None) -> Iterator[None]:
    """K1: after each test, no engine of this process has a panic in its log, and no daemon has ended unasked."""
    yield
    problems = VITALS.check(ends_engines)
    assert not problems, "\n".join(problems)


@pytest.fixture(scope="session")
def _labs() -> Iterator[dict[str, Lab]]:
    """Release of the engines -> lab of this process: made when first asked for, kept to the end.

    To make one takes as long as a dozen tests, and the files of tests take turns with the releases.
    """
    _remove_stale()
    found: dict[str, Lab] = {}
    try:
        yield found
    finally:
        for lab in found.values():
            lab.down()


@pytest.fixture(scope="session", params=GENERATIONS)
def real_lab(request: pytest.FixtureRequest, _labs: dict[str, Lab]) -> Iterator[list[RealHost]]:
    """Three engines of one generation, as the last test left them: killed, or in a swarm. Reset those that you use.

    The lab carries the process in its name, so that runs do not meet.
    """
    release = request.param
    if release not in _labs:
        name = f"tru{release.replace('.', '')}-{os.getpid()}"
        _labs[release] = Lab(name, engines=_ENGINES, binaries=GENERATIONS[release], images=[IMAGE])
    lab = _labs[release]
    lab.up()
    hosts = [RealHost(engine) for engine in lab.engines]
    yield hosts
    reset_all(hosts)  # nothing goes on in a lab that is not in use


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
