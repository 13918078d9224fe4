# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the integration tests are dealt out to processes: by file and release of the engines, the longest first.

A file has fixtures that take seconds, and a release has a lab, so the tests of both stay together. What takes long and
begins last is what the other processes wait for.
"""

from __future__ import annotations

from pathlib import PurePath

from xdist.scheduler import LoadScopeScheduling

from .lifecycles.real import GENERATIONS

#: Files by the seconds that they take, more or less.
LONGEST = (
    "test_site.py",
    "test_cluster_story.py",
    "test_nodes.py",
    "test_fake_against_real.py",
    "test_membership.py",
    "test_service_rollouts.py",
    "test_backup_breaks.py",
    "test_inventory.py",
    "test_lab_role.py",
    "test_lab_up.py",
    "test_status_and_reset.py",
    "test_service_promises.py",
    "test_registry.py",
)
#: What evens out the ends of the processes. Files that are in neither list come in between.
SHORTEST = (
    "test_secret_config.py",
    "test_lab_readme.py",
    "test_transports.py",
    "test_service_cli.py",
    "test_service_info.py",
    "test_races.py",
)


def rank(path: str) -> int:
    """Where the tests of a file come in the queue."""
    name = PurePath(path).name
    if name in SHORTEST:
        return len(LONGEST) + 1 + SHORTEST.index(name)
    return LONGEST.index(name) if name in LONGEST else len(LONGEST)


def unit(nodeid: str) -> str:
    """What stays together: the file, and the release of the engines where the test's parameters name one."""
    path, _colons, test = nodeid.partition("::")
    return " ".join([path, *(release for release in GENERATIONS if release in test)])


class Dealer(LoadScopeScheduling):
    """A queue of units in the order in which the tests were collected, for processes to take from."""

    def __init__(self, config, log=None):
        super().__init__(config, log)
        config.option.loadscopereorder = False  # by their number of tests, that is

    def _split_scope(self, nodeid: str) -> str:
        return unit(nodeid)
