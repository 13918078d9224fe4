# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What engines do around a join without a word, and what the module makes of it."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.tests.support.fake_engine import FakeEngine, api_join
from ansible_collections.hive.swarm.tests.support.harness import on

ELSEWHERE = "192.0.2.99"


@pytest.fixture
def swarm(cluster):
    return cluster.swarm(managers=1, workers=1)


def joining(manager, role, **more):
    token = manager.do("GET", "/swarm")["JoinTokens"][role.capitalize()]
    return {"remote_addrs": [manager.address], "join_token": token, "role": role, **more}


@pytest.mark.parametrize("role", ["worker", "manager"])
def test_a_node_that_is_seen_at_another_address_than_wanted_leaves_again(cluster, swarm, monkeypatch, role):
    """An engine drops an address that it can make nothing of, and the managers see where the node comes from."""
    monkeypatch.setattr(api_join, "_advertised", lambda engine, address, port: (engine.address, port))
    new = cluster.engine("new")
    result = on(new)("swarm_join", joining(swarm[0], role, advertise_addr=ELSEWHERE))
    assert result["failed"]
    assert (result["failure"]["kind"], result["failure"]["option"]) == ("bad_input", "advertise_addr")
    assert new.state == "inactive"
    managers = [node for node in swarm[0].do("GET", "/nodes") if "ManagerStatus" in node]
    assert [node["Description"]["Hostname"] for node in managers] == ["manager1"]


def starting(monkeypatch, name, reads):
    """An engine that was just started says for a while that it is pending, though it knows which node it is."""
    real, left = FakeEngine.state.fget, [reads]

    def state(engine):
        if engine.name == name and left[0]:
            left[0] -= 1
            return "pending"
        return real(engine)

    monkeypatch.setattr(FakeEngine, "state", property(state))


def test_a_member_that_was_just_started_is_waited_for(swarm, monkeypatch, no_sleep):
    starting(monkeypatch, "worker1", reads=4)
    result = on(swarm[1])("swarm_join", joining(swarm[0], "worker"))
    assert not result["failed"], result["msg"]
    assert (result["changed"], result["state"]) == (False, "active")


def test_a_member_that_does_not_find_its_managers_is_not_thrown_out(swarm, monkeypatch, no_sleep):
    starting(monkeypatch, "worker1", reads=10_000)
    result = on(swarm[1])("swarm_join", joining(swarm[0], "worker", wait_timeout=0))
    assert result["failure"]["kind"] == "not_converged"
    assert result["failure"]["kind"] == "not_converged"
    assert not swarm[1].writes
