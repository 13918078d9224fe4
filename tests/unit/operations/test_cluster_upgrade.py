# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which nodes get another version of the engine."""

from __future__ import annotations

import re

import pytest
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.maintenance import Settings
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.upgrade import plan_upgrade, versions
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.versions import (
    older,
    pattern,
    version_key,
    version_matches,
)
from ansible_collections.hive.swarm.tests.unit.cluster.situations import member, node

LABEL = "hive.swarm.maintenance"
SURVEY = {"manager": "n1", "managers": ["n1"], "stop": [], "cluster_id": "c1", "silent": []}
NAMES = {"n1": "manager", "n2": "manager", "n3": "manager", "n4": "worker"}


def plan(target="28.5", engines=None, **changes):
    """:param engines: versions by host; 20.10 where nothing is said. Changes are of node n2."""
    engines = {name: (engines or {}).get(name, "20.10.24+dfsg1") for name in NAMES}
    hosts = [member(name, role, engine_version=engines[name]) for name, role in NAMES.items()]
    nodes = [
        node(name, role, leader=name == "n1", engine_version=engines[name], **(changes if name == "n2" else {}))
        for name, role in NAMES.items()
    ]
    return plan_upgrade(hosts, SURVEY, nodes, target, Settings(LABEL))


def test_managers_then_workers_and_the_leader_is_the_last_manager():
    found = plan()
    assert (found["managers"], found["workers"], found["stop"]) == (["n2", "n3", "n1"], ["n4"], [])
    assert found["needed"] and found["warnings"] == []
    assert found["steps"][0] == ("n2", "drain, upgrade the engine to 28.5, set to active", "manager")


def test_who_has_the_version_has_no_turn_unless_it_was_left_drained():
    engines = {"n2": "28.5.2+dfsg4", "n3": "28.5.2"}
    assert plan(engines=engines)["managers"] == ["n1"]
    left = plan(engines=engines, labels={LABEL: "active"}, availability="drain")
    assert left["managers"] == ["n2", "n1"]
    everybody = plan(engines=dict.fromkeys(NAMES, "28.5.2"))
    assert (everybody["needed"], everybody["steps"], everybody["stop"]) == (False, [], [])


def test_engines_that_differ_are_reported():
    (line,) = plan(engines={"n2": "28.5.2"})["warnings"]
    assert "20.10.24+dfsg1 on n1, n3, n4; 28.5.2 on n2" in line
    assert versions([node("n1"), node("n2")]) == []


def test_a_downgrade_is_refused():
    found = plan(engines={"n4": "29.0.1"})
    assert found["managers"] == []
    assert found["stop"][0].kind == "downgrade"
    assert plan("29")["stop"] == []


def test_a_version_must_be_said():
    for target in ("", "latest"):
        (reason,) = plan(target)["stop"]
        assert reason.kind == "bad_input"


@pytest.mark.parametrize(
    ("version", "wanted", "is_meant", "is_older"),
    [
        ("28.5.2+dfsg4", "28.5", True, False),
        ("28.5.2", "28.5.2-1~debian.12~bookworm", True, False),
        ("28.5.2", "5:28.5.3-1", False, True),
        ("28.5.2", "28.6", False, True),
        ("20.10.24+dfsg1", "28", False, True),
        ("28.5.2", "9.1", False, False),
    ],
)
def test_versions_compare_by_their_numbers_as_far_as_they_are_said(version, wanted, is_meant, is_older):
    assert (version_matches(version, wanted), older(version, wanted)) == (is_meant, is_older)
    assert bool(re.match(pattern(wanted), version)) == is_meant


@pytest.mark.parametrize("version", ["28.50", "128.5", "28", "2.8.5", ""])
def test_a_pattern_matches_whole_numbers(version):
    assert not re.match(pattern("28.5"), version)
    assert re.match(pattern("28.5"), "5:28.5.2-1~debian")


def test_what_is_no_version_is_said():
    with pytest.raises(ValueError, match="unknown"):
        version_key("unknown")
