# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One lab for all tests of the role, with engines of both generations; each test begins with them in no swarm."""

from __future__ import annotations

import os

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._lab import Lab
from ansible_collections.hive.swarm.tests.support.lifecycles.real import GENERATIONS

from .world import World


@pytest.fixture(scope="package")
def _world(tmp_path_factory):
    old, new = GENERATIONS.values()
    # Newer engines do not always get through to an older manager: its TLS may offer no ALPN (grpc-go 1.67, issue 434).
    engines = [{"name": f"n{number}", "binaries": new if number < 5 else old} for number in range(1, 7)]
    lab = Lab(name=f"clu{os.getpid()}", engines=engines)
    try:
        lab.up()
        yield World(lab, tmp_path_factory.mktemp("cluster"))
    finally:
        lab.down()


@pytest.fixture
def world(_world):
    _world.clear()
    return _world


@pytest.fixture
def ends_engines() -> bool:
    """The tests here run playbooks and command lines that stop and start engines."""
    return True
