# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A fake cluster without sockets, in which time passes by waiting alone."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._core.reconcile import Clock
from ansible_collections.hive.swarm.plugins.module_utils._engine.transport import UnixTransport
from ansible_collections.hive.swarm.tests.support.fake_engine import API_1_51, Delays, FakeCluster
from ansible_collections.hive.swarm.tests.support.fake_engine.wire import Line
from ansible_collections.hive.swarm.tests.support.fault_matrix import Lab, Time


@pytest.fixture
def time(monkeypatch):
    """The time of modules and engines, which passes by waiting alone."""
    time = Time()
    monkeypatch.setattr(Clock, "now", lambda self: time.now)
    monkeypatch.setattr(Clock, "sleep", lambda self, seconds: time.sleep(seconds))
    return time


@pytest.fixture
def lab(monkeypatch, time):
    """A Lab; its modules reach the engines over the line alone."""
    with FakeCluster(API_1_51, Delays(), clock=time) as cluster:
        line = Line(cluster)

        def connected(transport, timeout):  # a function becomes a method of the class
            return line.connected(transport, timeout)

        monkeypatch.setattr(UnixTransport, "connected", connected)
        yield Lab(cluster, line, time)
