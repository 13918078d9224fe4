# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""S2: an engine with the state of a manager leaves by force for nobody but the operator or a manager of its swarm."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.tests.support.harness import on


@pytest.fixture
def lost(cluster):
    """A manager whose followers are gone, and the manager of a new swarm at the address of one of them."""
    first, second = cluster.swarm(managers=2)
    second.wipe()
    second.do("POST", "/swarm/init", {"ListenAddr": "0.0.0.0:2377", "AdvertiseAddr": second.address})
    return first, second


def joining(manager, **more):
    token = manager.do("GET", "/swarm")["JoinTokens"]["Manager"]
    return {"remote_addrs": [manager.address], "join_token": token, "role": "manager", "wait_timeout": 5, **more}


@pytest.mark.parametrize("check", [True, False])
def test_s2_a_list_of_members_does_not_make_a_manager_leave(lost, check):
    engine, other = lost
    cluster_id = other.do("GET", "/swarm")["ID"]
    result = on(engine)("swarm_join", joining(other, member_ids=["x"], cluster_id=cluster_id), check=check)
    assert result["failed"]
    assert (result["failure"]["kind"], result["failure"]["option"]) == ("refused", "confirm_rejoin")
    assert engine.writes == []


@pytest.mark.parametrize("cluster_id", [None, "another"])
def test_s2_nor_does_a_manager_of_a_swarm_that_is_not_pinned(lost, cluster_id):
    engine, other = lost
    asked = {"manager_docker_host": other.docker_host, "cluster_id": cluster_id}
    assert on(engine)("swarm_join", joining(other, **asked))["failure"]["option"] == "confirm_rejoin"
    assert engine.writes == []


def test_s2_a_manager_of_the_pinned_swarm_confirms_it(lost):
    engine, other = lost
    asked = {"manager_docker_host": other.docker_host, "cluster_id": other.do("GET", "/swarm")["ID"]}
    assert on(engine)("swarm_join", joining(other, **asked))["changed"]


def test_s2_the_operator_confirms_it_by_the_id_of_the_node(lost):
    engine, other = lost
    node = engine.do("GET", "/info")["Swarm"]["NodeID"]
    refused = on(engine)("swarm_join", joining(other, member_ids=["x"], confirm_rejoin="another"))
    assert refused["failure"]["option"] == "confirm_rejoin"
    assert on(engine)("swarm_join", joining(other, member_ids=["x"], confirm_rejoin=node))["changed"]


@pytest.mark.parametrize(
    ("digest", "option"),
    [
        ("a" * 50, "join_token"),
        ("x", "ca_digest"),
    ],
)
def test_s2_a_token_of_another_ca_is_refused(cluster, digest, option):
    (manager,) = cluster.swarm(managers=1)
    new = cluster.engine("new")
    result = on(new)("swarm_join", joining(manager, ca_digest=digest))
    assert (result["failure"]["kind"], result["failure"]["option"]) == ("bad_input", option)
    assert new.requests == []


def test_s2_a_token_of_the_pinned_ca_joins(cluster):
    (manager,) = cluster.swarm(managers=1)
    digest = manager.do("GET", "/swarm")["JoinTokens"]["Worker"].split("-")[2]
    assert on(cluster.engine("new"))("swarm_join", joining(manager, ca_digest=digest))["changed"]


def test_s2_a_member_is_not_thrown_out_because_another_client_was_faster(cluster):
    """The engine refuses to join, as it has joined meanwhile."""
    (manager,) = cluster.swarm(managers=1)
    new = cluster.engine("new")
    options = joining(manager)
    first = new.do("GET", "/info")
    answers = [first]
    new.lie("/info", lambda info: answers.pop() if answers else info)
    body = {"ListenAddr": "0.0.0.0:2377", "AdvertiseAddr": new.address, "JoinToken": options["join_token"]}
    new.do("POST", "/swarm/join", {**body, "RemoteAddrs": [f"{manager.address}:2377"]})
    result = on(new)("swarm_join", {**options, "member_ids": None})
    assert not result["failed"], result
    assert [request.path for request in new.writes if "leave" in request.path] == []
