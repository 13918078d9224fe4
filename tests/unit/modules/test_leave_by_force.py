# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Both demote and force: demoted where that is possible, and out in any case."""

from __future__ import annotations

from ansible_collections.hive.swarm.tests.support.harness import on

BOTH = {"demote": True, "force": True}


def test_the_last_manager_leaves_without_being_demoted(cluster):
    (only,) = cluster.swarm(managers=1)
    only.forget()
    left = on(only)("swarm_leave", BOTH)
    assert left["changed"] and left["state"] == "inactive", left
    assert [path.split("?")[0].rsplit("/", 1)[-1] for path in _writes(only)] == ["leave"]


def test_one_of_three_managers_is_demoted_first(cluster):
    first, *_others, last = cluster.swarm(managers=3)
    left = on(last)("swarm_leave", BOTH)
    assert left["state"] == "inactive", left
    assert on(first)("swarm_info")["quorum"] == {"managers": 2, "reachable": 2, "needed": 2, "margin": 0}


def _writes(engine):
    return [request.path for request in engine.writes]
