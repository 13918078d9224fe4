# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When nodes may go down."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.gate import why_not_down
from ansible_collections.hive.swarm.tests.unit.cluster.situations import node

PLAYBOOKS = Path(__file__).resolve().parents[3] / "playbooks"


def managers(count: int, **last):
    names = [f"n{number}" for number in range(1, count + 1)]
    found = [node(name, "manager") for name in names]
    return [*found[:-1], {**found[-1], **last}]


@pytest.mark.parametrize(("count", "allowed"), [(1, False), (2, False), (3, True), (4, True), (5, True)])
def test_one_of_so_many_managers(count, allowed):
    assert (why_not_down(managers(count), ["id-n1"]) == []) is allowed


def test_two_of_five_and_three_of_five():
    assert why_not_down(managers(5), ["id-n1", "id-n2"]) == []
    (reason,) = why_not_down(managers(5), ["id-n1", "id-n2", "id-n3"])
    assert reason == "without n1, n2, n3 2 of 5 managers would be reachable, and 3 are needed"


def test_a_dead_manager_counts_even_where_somebody_knows_of_it():
    nodes = managers(3, state="down", reachability="unreachable")
    reasons = why_not_down(nodes, ["id-n1"], missing=["n3"])
    assert reasons == ["without n1 1 of 3 managers would be reachable, and 2 are needed"]
    assert why_not_down(nodes, ["id-n3"]) == []


def test_an_outage_can_be_accepted_where_it_cannot_be_helped_only():
    assert why_not_down(managers(1), ["id-n1"], accept_outage=True) == []
    assert why_not_down(managers(2), ["id-n1"], accept_outage=True) == []
    assert "operations_accept_outage" in why_not_down(managers(1), ["id-n1"])[0]
    assert why_not_down(managers(3, reachability="unreachable"), ["id-n1"], missing=["n3"], accept_outage=True)


def test_nobody_else_may_be_missing_unless_named():
    nodes = [*managers(3), node("n4", state="down"), node("n5")]
    assert why_not_down(nodes, ["id-n5"]) == ["n4 (id-n4) is missing already: it is down"]
    assert why_not_down(nodes, ["id-n4", "id-n5"]) == []
    assert why_not_down(nodes, ["id-n5"], missing=["n4"]) == why_not_down(nodes, ["id-n5"], missing=["id-n4"]) == []


def test_a_manager_that_the_others_do_not_reach_is_missing():
    nodes = [*managers(3, reachability="unreachable"), node("n4")]
    assert "the other managers do not reach it" in why_not_down(nodes, ["id-n4"])[0]


@pytest.mark.parametrize("path", sorted(PLAYBOOKS.glob("*.yml")), ids=lambda path: path.stem)
def test_every_play_goes_step_by_step_whatever_ansible_cfg_says(path):
    if not path.stem.startswith("lab"):
        assert {play["strategy"] for play in yaml.safe_load(path.read_text())} == {"linear"}
