# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Time for modules in fake swarms."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._core.reconcile import Clock


@pytest.fixture
def no_sleep(monkeypatch):
    """Pauses take no time, which passes all the same."""
    monkeypatch.setattr(Clock, "sleep", lambda self, seconds: None)


@pytest.fixture
def no_time(monkeypatch):
    """Waiting takes no time: it passes by being asked for."""
    now = [0.0]
    monkeypatch.setattr(Clock, "now", lambda self: now[0])
    monkeypatch.setattr(Clock, "sleep", lambda self, seconds: now.__setitem__(0, now[0] + seconds))
