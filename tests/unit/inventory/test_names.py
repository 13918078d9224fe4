# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names: in the order of preference, one each, and nothing that Ansible takes for something else."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._core.errors import BadInput
from ansible_collections.hive.swarm.plugins.plugin_utils._inventory.names import (
    ForeignHost,
    check_preferences,
    complaints,
    name_nodes,
    usable,
)

from .nodes import known


def name(*nodes, preferences=("hostname",), groups=("managers",), others=None):
    seen = [{**node, "seen_at": node["address"]} for node in nodes]
    return name_nodes(
        seen, list(preferences), lambda template, node: template.replace("{{ x }}", "t"), groups, others or {}
    )


def test_the_first_preference_that_gives_a_name():
    preferences = ["label:inventory_name", "engine_label:name", "hostname"]
    found = name(
        known("a", "ha", labels={"inventory_name": "one"}, engine_labels={"name": "x"}),
        known("b", "hb", engine_labels={"name": "two"}),
        known("c", "hc", labels={"inventory_name": ""}),
        known("d", ""),
        preferences=preferences,
    )
    assert found.by_id == {"a": "one", "b": "two", "c": "hc", "d": "d"}
    assert [node["id"] for node in found.nameless] == ["d"]


def test_a_template_an_address_an_id():
    node = known("a", "ha", address="192.0.2.7")
    assert name(node, preferences=["{{ x }}-1"]).by_id == {"a": "t-1"}
    assert name(node, preferences=["address"]).by_id == {"a": "192.0.2.7"}
    assert name(node, preferences=["id"]).by_id == {"a": "a"}


@pytest.mark.parametrize(
    "text",
    ["", " ", "a b", "a/b", "../../etc/passwd", "/etc", "a:b", "a,b", "[a]", "!a", "&a", "~a", "*", "-a", ".a", "a\nb", "\x1b[31m",
     "{{ 7 * 7 }}", "{%x%}", "all", "ungrouped", "localhost", "127.0.0.1", "::1", "0", "127.1", "a" * 300, "$(id)", "`id`"],
)  # fmt: skip
def test_no_names(text):
    assert not usable(text)
    assert name(known("id1", text)).by_id == {"id1": "id1"}


@pytest.mark.parametrize(
    "text", ["web1", "web-1.example.org", "WEB_1", "größe", "節点1", "10.0.0.7", "a@b", "7up", "_x"]
)
def test_names(text):
    assert usable(text)


def test_no_name_of_a_group():
    assert name(known("id1", "managers")).by_id == {"id1": "id1"}


@pytest.mark.parametrize("state", ["down", "disconnected", "unknown"])
def test_of_two_the_one_that_is_ready_keeps_its_name(state):
    """However young the other is."""
    old = known("old", "web", created="2026-01-01T00:00:00Z")
    new = known("new", "web", created="2026-02-02T00:00:00Z", state=state)
    for nodes in ((old, new), (new, old)):
        found = name(*nodes)
        assert found.by_id == {"old": "web", "new": "web_new"}
        assert complaints(found, {"new"}) == [
            f"Two nodes are called web: old, which is ready, keeps the name, and new, which is {state}, is web_new."
        ]
        assert complaints(found, {"old"}) == []


def test_of_several_workers_that_are_ready_none_has_the_name():
    """S4: the one that joined last may be a rogue, or the wiped machine that came back."""
    nodes = [known(str(month), "web", created=f"2026-0{month}-01T00:00:00Z") for month in (1, 2, 3)]
    found = name(*nodes)
    assert found.by_id == {"3": "web_3", "2": "web_2", "1": "web_1"}
    assert len(complaints(found, {"1", "2", "3"})) == 3 and complaints(found, set()) == []


MANAGER = known("m", "web", role="manager", manager_address="192.0.2.1:2377")
LOST = {**MANAGER, "id": "l", "reachability": "unreachable", "state": "down"}
LABELLED = known("w", "x", labels={"n": "web"})
READY = known("r", "web", created="2026-09-09T00:00:00Z")
DOWN = known("d", "web", state="down")


@pytest.mark.parametrize(
    ("nodes", "owner"),
    [
        ([MANAGER, READY], "m"),
        ([MANAGER, LABELLED], "m"),
        ([LOST, READY], "l"),
        ([LOST, LABELLED], "w"),
        ([LABELLED, READY], "w"),
        ([LOST, MANAGER], "m"),
        ([READY, DOWN], "r"),
        ([MANAGER, LOST, LABELLED, READY, DOWN], "m"),
    ],
)
def test_s4_who_has_a_name(nodes, owner):
    for order in (nodes, nodes[::-1]):
        found = name(*order, preferences=["label:n", "hostname"])
        assert found.by_id == {node["id"]: "web" if node["id"] == owner else f"web_{node['id']}" for node in nodes}


def test_s4_no_node_is_called_as_another_node():
    found = name(known("id1", ""), known("id2", "id1"), known("id3", "web_id1"), known("id4", "web_1"))
    assert found.by_id == {"id1": "id1", "id2": "id2", "id3": "id3", "id4": "web_1"}


@pytest.mark.parametrize(
    ("other", "kept"),
    [
        (ForeignHost("", ""), False),
        (ForeignHost("198.51.100.1", ""), False),
        (ForeignHost("192.0.2.9", ""), True),
        (ForeignHost("192.0.2.9", "another"), False),
        (ForeignHost("", "r"), True),
    ],
)
def test_s4_hosts_of_other_sources(other, kept):
    """A node that calls itself as one of them is it only at the same address."""
    found = name(READY, others={"web": other})
    assert found.by_id == {"r": "web" if kept else "web_r"}
    assert ["another source" in sentence for sentence in complaints(found, {"r"})] == ([] if kept else [True])
    named = name(LABELLED, preferences=["label:n"], others={"web": other})
    assert named.by_id == {"w": "web"}


def test_many_without_a_name_are_one_warning():
    nodes = [known(f"id{number}", "{{ x }}\x1b") for number in range(9)]
    (warning,) = complaints(name(*nodes), {node["id"] for node in nodes})
    assert "and 4 more" in warning
    assert "\x1b" not in warning


@pytest.mark.parametrize("preference", ["ID", "label", "labels.x", ""])
def test_a_preference_that_there_is_not(preference):
    with pytest.raises(BadInput) as caught:
        check_preferences(["hostname", preference])
    assert caught.value.option == ("hostnames",)
