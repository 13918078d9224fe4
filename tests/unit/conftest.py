# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures of the unit tests: fake engines of both generations, and modules run in this process."""

from __future__ import annotations

import os

import pytest
from ansible_collections.hive.swarm.tests.support.fake_engine import API_1_41, API_1_51, FakeCluster
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.worlds import FakeWorld


@pytest.fixture(autouse=True)
def _no_docker_environment(monkeypatch):
    """The DOCKER_* variables of whoever runs the tests must not reach a module."""
    for name in list(os.environ):
        if name.startswith("DOCKER_"):
            monkeypatch.delenv(name)


@pytest.fixture(
    params=[API_1_41, pytest.param(API_1_51, marks=pytest.mark.once)], ids=lambda version: f"api{version.api}"
)
def version(request):
    """Both generations of engines, one after the other; on the floor leg the old one."""
    return request.param


@pytest.fixture
def cluster(version):
    """A FakeCluster: cluster.engine("name") makes an engine, cluster.swarm(managers=3, workers=2) a swarm."""
    with FakeCluster(version) as cluster:
        yield cluster


@pytest.fixture
def engine(cluster):
    """One inactive fake engine."""
    return cluster.engine("node1")


@pytest.fixture
def run(engine):
    """run(module, args, check=False, diff=True) against `engine`."""
    return on(engine)


@pytest.fixture
def world(engine):
    """The world of `engine`, for run_steps."""
    return FakeWorld([engine])
