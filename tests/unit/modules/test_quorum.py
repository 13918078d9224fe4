# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The majority of the managers: who is needed for it stays, and a new manager counts when the others reach it."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.tests.support.fake_engine.node import Node
from ansible_collections.hive.swarm.tests.support.harness import on

NEEDED = "without manager2 ({id}) only 1 of 2 managers would be reachable, and 2"


@pytest.fixture
def managers(cluster):
    """Three, of which the third is dead."""
    engines = cluster.swarm(managers=3)
    engines[2].kill()
    cluster.settle()
    return engines


def refused(engine, result, words):
    assert result["failed"]
    assert result["failure"]["kind"] == "refused"
    assert words in result["msg"]
    assert not engine.writes


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("options", [{"role": "worker"}, {"state": "absent"}, {"state": "absent", "force": True}])
def test_a_manager_that_the_majority_needs_stays(managers, options, check):
    node = managers[0].do("GET", "/nodes/manager2")["ID"]
    result = on(managers[0])("swarm_node", {"hostname": node, **options}, check=check)
    refused(managers[0], result, NEEDED.format(id=node))


@pytest.mark.parametrize("check", [True, False])
def test_it_does_not_demote_itself_to_leave(managers, check):
    node = managers[1].do("GET", "/info")["Swarm"]["NodeID"]
    result = on(managers[1])("swarm_leave", {"demote": True}, check=check)
    refused(managers[1], result, NEEDED.format(id=node))


def test_the_dead_one_goes_at_once(managers):
    """Two of three live: that is enough to take the third out, and then two of two are left."""
    result = on(managers[0])("swarm_node", {"hostname": "manager3", "role": "worker"})
    assert not result["failed"], result["msg"]
    assert result["node"]["manager"] is False


def test_a_new_manager_is_waited_for_until_the_others_reach_it(cluster, monkeypatch):
    manager = cluster.swarm(managers=1, workers=1)[0]
    seen = []
    real = Node._manager_status

    def late(node):
        status = real(node)
        if status and node.hostname == "worker1":
            seen.append("unreachable" if len(seen) < 2 else status["Reachability"])
            status = {**status, "Reachability": seen[-1]}
        return status

    monkeypatch.setattr(Node, "_manager_status", late)
    result = on(manager)("swarm_node", {"hostname": "worker1", "role": "manager"})
    assert not result["failed"], result["msg"]
    assert result["node"]["reachability"] == "reachable"
    assert len(seen) > 2


def test_a_dead_manager_is_demoted_before_it_is_removed(managers):
    """The engine refuses to remove a member of the raft group, whatever the force."""
    result = on(managers[0])("swarm_node", {"hostname": "manager3", "state": "absent", "force": True})
    assert not result["failed"], result["msg"]
    assert [asked.method for asked in managers[0].writes] == ["POST", "DELETE"]
    assert {node["Description"]["Hostname"] for node in managers[0].do("GET", "/nodes")} == {"manager1", "manager2"}
