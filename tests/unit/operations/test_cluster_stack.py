# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said before a stack is deployed."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.stack import plan_stack, sources

SURVEY = {"manager": "n1", "cluster_id": "c1", "stop": []}


@pytest.mark.parametrize(
    ("given", "placed"),
    [
        ("a.yml, b/c.yml", ["/here/a.yml", "/here/b/c.yml"]),
        (["/there/a.yml", {"services": {}}], ["/there/a.yml", {"services": {}}]),
        ('{"services": {}}', ['{"services": {}}']),
        ("services:\n  a, b: {}\n", ["services:\n  a, b: {}\n"]),
        ({"services": {}}, [{"services": {}}]),
        ("", []),
        ([], []),
    ],
)
def test_files_are_relative_to_where_the_command_was_started(given, placed):
    assert sources(given, "/here") == placed


def test_what_will_be_done_is_said():
    found = plan_stack(SURVEY, "shop", ["/here/a.yml", {"services": {}}], "present", prune=True)
    deploy = ("", "deploy the stack shop from /here/a.yml, the given text", "swarm c1, manager n1")
    assert found["steps"][0] == deploy
    assert found["steps"][1].reason == "when all services run"
    assert (found["confirm"], found["stop"]) == ("", [])


def test_a_removal_is_confirmed_with_the_name():
    found = plan_stack(SURVEY, "shop", [], "absent", prune=False)
    assert (found["confirm"], found["stop"]) == ("shop", [])
    assert "volumes stay" in found["steps"][0].step


def test_what_is_missing_is_said():
    stop = plan_stack(SURVEY, "", [], "present", prune=False)["stop"]
    assert [(reason.kind, reason.message.split(":")[0]) for reason in stop] == [
        ("bad_input", "operations_stack"),
        ("bad_input", "operations_compose"),
    ]
    nobody = {"manager": "", "cluster_id": "", "stop": ["Nobody."]}
    assert plan_stack(nobody, "shop", ["/a"], "present", prune=False)["stop"] == [("no_swarm", "Nobody.")]
