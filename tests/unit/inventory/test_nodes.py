# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which nodes are entries of former lives, what a query chooses, which groups there are, what runs where."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._core.errors import BadInput
from ansible_collections.hive.swarm.plugins.plugin_utils._inventory.choice import queried, stale_entries
from ansible_collections.hive.swarm.plugins.plugin_utils._inventory.groups import KINDS, GroupOptions, groups_of
from ansible_collections.hive.swarm.plugins.plugin_utils._inventory.reading import placement
from ansible_collections.hive.swarm.plugins.plugin_utils._inventory.variables import facts

from .nodes import known, node

NAMING = GroupOptions("swarm_", {"manager": "managers", "worker": "workers"}, frozenset(KINDS))


def former(*nodes):
    return stale_entries(list(nodes), lambda node: node["address"])


def test_an_entry_that_was_left_behind():
    old, new = known("old", "web", state="down"), known("new", "web", created="2026-02-02T00:00:00Z")
    assert former(old, new) == former(new, old) == {"old"}


def test_an_entry_that_was_left_behind_a_moment_ago():
    old, new = known("old", "web"), known("new", "web", created="2026-02-02T00:00:00Z")
    assert former(old, new) == {"old"}


def test_two_machines_of_one_name_are_two():
    assert former(known("a", "web", address="192.0.2.1"), known("b", "web", address="192.0.2.2")) == set()
    assert former(known("a", "web", address=""), known("b", "web", address="")) == set()


def test_without_a_live_one_nobody_is_former():
    assert former(known("a", "web", state="down"), known("b", "web", state="down")) == set()
    assert former(known("a", "", state="down"), known("b", "")) == set()


NODES = [known("a", "web"), known("b", "db"), known("c", "db")]


@pytest.mark.parametrize(
    ("outcome", "chosen"),
    [
        ([{"id": "a"}], "a"),
        (["b"], "b"),
        (["db"], "bc"),
        ([], ""),
        ([{"id": "c", "x": 1}, "web"], "ac"),
        (["nobody"], ""),
    ],
)
def test_what_a_query_chooses(outcome, chosen):
    assert "".join(node["id"] for node in queried(NODES, outcome)) == chosen


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (None, "must be a list of nodes, and is nothing"),
        ("a", "and is a string"),
        (3, "and is a number"),
        (True, "and is a boolean"),
        ({"id": "a"}, "and is an object"),
        ([1], "it holds a number."),
        ([["a"]], "it holds a list."),
        ([{"hostname": "a"}], "it holds an object without id."),
    ],
)
def test_what_a_query_cannot_choose(outcome, words):
    with pytest.raises(BadInput) as failure:
        queried(NODES, outcome)
    assert failure.value.option == ("query",)
    assert words in failure.value.message


def groups(view, former=False, apart=False, place=None, naming=NAMING):
    return set(groups_of(view, place or {}, naming, former, apart))


def test_groups_of_a_manager_and_of_a_worker():
    leader = known("a", "m", role="manager", manager_address="192.0.2.1:2377", leader=True, availability="pause")
    assert groups(leader) == {
        "swarm", "managers", "swarm_leader", "swarm_pause", "swarm_ready", "swarm_os_linux", "swarm_arch_x86_64"
    }  # fmt: skip
    worker = known("b", labels={"rack": "b7", "gpu": ""}, engine_labels={"os": "9"})
    assert groups(worker, place={"services": ["web"], "stacks": ["shop"]}) == {
        "swarm", "workers", "swarm_active", "swarm_ready", "swarm_os_linux", "swarm_arch_x86_64", "swarm_label_rack_b7",
        "swarm_label_gpu", "swarm_engine_label_os_9", "swarm_service_web", "swarm_stack_shop",
    }  # fmt: skip


def test_groups_of_nodes_that_are_offline():
    down = known("a", state="down", labels={"x": "y"})
    assert groups(down) >= {"swarm", "swarm_offline", "swarm_down", "workers", "swarm_label_x_y"}
    assert groups(down, apart=True) == {"swarm", "swarm_offline", "swarm_down"}
    assert groups(known("a"), apart=True) >= {"workers", "swarm_ready"}


def test_a_manager_that_the_others_reach_is_there():
    """A busy leader can miss its own heartbeat: seen on 28.5."""
    leader = known("a", "m", role="manager", manager_address="192.0.2.1:2377", leader=True, state="down")
    assert groups(leader, apart=True) >= {"managers", "swarm_down", "swarm_leader"}
    assert "swarm_offline" not in groups(leader)
    assert "swarm_offline" in groups({**leader, "reachability": "unreachable"})


def test_groups_of_a_former_life():
    assert groups(known("a", state="down"), former=True) == {"swarm", "swarm_offline", "swarm_down", "swarm_former"}
    assert groups(known("a"), former=True) == {"swarm", "swarm_ready", "swarm_former"}


def test_only_the_groups_that_are_asked_for():
    naming = GroupOptions("sw_", {"manager": "m", "worker": "w"}, frozenset({"role"}))
    view = known("a", labels={"x": "y"})
    assert groups(view, naming=naming) == {"sw", "w"}
    assert groups(known("a", state="down"), naming=naming) == {"sw", "sw_offline", "w"}


def test_a_node_that_says_nothing():
    bare = facts({"ID": "x"}, {}, False)
    assert groups(bare) == {"swarm", "swarm_unknown"}
    assert bare["tls_status"] == "unknown"


def test_what_runs_where():
    services = [
        {"ID": "s1", "Spec": {"Name": "shop_web", "Labels": {"com.docker.stack.namespace": "shop"}}},
        {"ID": "s2", "Spec": {"Name": "agent"}},
    ]
    tasks = [
        {"ServiceID": "s1", "NodeID": "n1", "Status": {"State": "running"}},
        {"ServiceID": "s1", "NodeID": "n1", "Status": {"State": "running"}},
        {"ServiceID": "s2", "NodeID": "n1", "Status": {"State": "running"}},
        {"ServiceID": "s2", "NodeID": "n2", "Status": {"State": "preparing"}},
        {"ServiceID": "s2", "Status": {"State": "pending"}},
        {"ServiceID": "gone", "NodeID": "n3", "Status": {"State": "running"}},
    ]
    assert placement(services, tasks) == {"n1": {"services": ["agent", "shop_web"], "stacks": ["shop"]}}


def test_generic_resources_and_certificates():
    info = {"TrustRoot": "x", "CertIssuerSubject": "y"}
    document = node("a")
    document["Description"]["Resources"]["GenericResources"] = [
        {"DiscreteResourceSpec": {"Kind": "ssd", "Value": 3}},
        {"NamedResourceSpec": {"Kind": "gpu", "Value": "uuid1"}},
    ]
    document["Description"]["TLSInfo"] = info
    found = facts(document, {"ID": "c", "TLSInfo": info}, False)
    assert found["generic_resources"] == [{"kind": "ssd", "value": 3}, {"kind": "gpu", "value": "uuid1"}]
    assert found["tls_status"] == "ready"
    rotating = {"ID": "c", "TLSInfo": {**info, "TrustRoot": "z"}}
    assert facts(document, rotating, False)["tls_status"] == "needs_rotation"
