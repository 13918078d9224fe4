# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Playbooks of operations on a swarm."""

from __future__ import annotations

import pytest


@pytest.fixture
def ends_engines() -> bool:
    """The tests here run playbooks and command lines that stop and start engines."""
    return True
