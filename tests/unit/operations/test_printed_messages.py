# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""S13: a host name with an escape sequence does not reach the operator's terminal through a filter of the roles."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest
import yaml
from ansible_collections.hive.swarm.plugins.plugin_utils._messages import printing

ROOT = Path(__file__).resolve().parents[3]
FILTERS = sorted(path.stem for path in (ROOT / "plugins" / "filter").glob("*.py"))
# What these return is used as data, and shown by nothing.
OF_DATA = {"swarm_docker_host"}
HOSTILE, SAFE = "\x1b[2Jevil\x07", "\\x1b[2Jevil\\x07"


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_with_messages_prints_them(name):
    module = importlib.import_module(f"ansible_collections.hive.swarm.plugins.filter.{name}")
    (function,) = module.FilterModule().filters().values()
    assert hasattr(function, "__wrapped__") == (name not in OF_DATA)


def test_messages_are_cleaned_and_data_are_not():
    plan = {
        "stop": [HOSTILE],
        "steps": (HOSTILE,),
        "hosts": [HOSTILE],
        "labels": {"a": HOSTILE},
        "remove": [{"why": HOSTILE}],
    }
    assert printing(lambda: plan)() == {
        "stop": [SAFE],
        "steps": [SAFE],
        "hosts": [HOSTILE],
        "labels": {"a": HOSTILE},
        "remove": [{"why": SAFE}],
    }
    assert printing(lambda: HOSTILE)() == SAFE
    assert printing(lambda: [HOSTILE, {"line": HOSTILE, "name": HOSTILE}])() == [SAFE, {"line": SAFE, "name": HOSTILE}]
    assert printing(lambda: 3)() == 3


@pytest.mark.parametrize(
    "path",
    sorted(ROOT.glob("roles/*/tasks/**/*.yml")),
    ids=lambda path: "-".join(path.with_suffix("").parts[len(ROOT.parts) + 1 :]),
)
def test_a_label_of_a_loop_has_no_raw_host_name(path):
    """Ansible prints labels as they are; JSON escapes."""
    labels = re.findall(r"label: (.*)", path.read_text())
    assert not [label for label in labels if re.search(r"\.hostname(?! \| to_json)", label)]
    assert yaml.safe_load(path.read_text())


def test_a_hostile_node_in_a_plan():
    from ansible_collections.hive.swarm.plugins.filter.swarm_unsettled import FilterModule

    unsettled = FilterModule().filters()["swarm_unsettled"]
    node = {
        "id": "x" * 25,
        "hostname": HOSTILE,
        "name": "",
        "role": "worker",
        "state": "down",
        "status_message": "",
        "manager": False,
        "reachability": "",
        "availability": "active",
    }
    reasons = unsettled([node], [{"hostname": HOSTILE, "role": "worker"}])
    assert reasons
    assert SAFE in " ".join(reasons)
    assert HOSTILE not in " ".join(reasons)
