# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How integration tests are dealt out to processes."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.hive.swarm.tests.support.dealing import LONGEST, SHORTEST, rank, unit

FILE = "tests/integration/modules/test_secret_config.py"


def test_tests_of_a_file_and_release_stay_together():
    assert unit(f"{FILE}::test_life[20.10-labels]") == unit(f"{FILE}::test_other[config-20.10]") == f"{FILE} 20.10"
    assert unit(f"{FILE}::test_life[28.5-labels]") == f"{FILE} 28.5"
    assert unit(f"{FILE}::test_life") == unit(f"{FILE}::test_other[a]") == FILE


def test_the_longest_come_first_and_the_shortest_last():
    files = [LONGEST[0], LONGEST[-1], "test_that_nobody_has_timed.py", SHORTEST[0], SHORTEST[-1]]
    ranks = [rank(file) for file in files]
    assert ranks == sorted(set(ranks))


def test_the_files_are_there():
    there = {path.name for path in (Path(__file__).parents[1] / "integration").rglob("test_*.py")}
    assert {*LONGEST, *SHORTEST} <= there
