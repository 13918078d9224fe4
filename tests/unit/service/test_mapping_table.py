# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide for those who come from other tools names options that there are, and all of them."""

from __future__ import annotations

import re
from pathlib import Path

from ansible_collections.hive.swarm.plugins.module_utils._service.resource import ARGUMENT_SPEC
from ansible_collections.hive.swarm.plugins.module_utils._stack import resource
from ansible_collections.hive.swarm.plugins.module_utils._volume import resource as swarm_volume

ROOT = Path(__file__).resolve().parents[3]
GUIDES = ROOT / "docs" / "docsite" / "rst"
# The table of docker_swarm_service is in the guide on porting; tests/lint/test_porting.py looks at the others.
SERVICE = "Options of community.docker.docker_swarm_service\n"
PORTING = (GUIDES / "guide_porting.rst").read_text()
GUIDE = (
    (GUIDES / "guide_coming_from.rst").read_text()
    + "\n"
    + SERVICE
    + PORTING.split(SERVICE)[1].split("\nReturn values")[0]
)
# Its sub-options are in the tables; of itself there is nothing to say.
GROUPS = {"mounts[].driver_config", "placement.preferences"}


def paths(spec, prefix=""):
    """Every option with its spec; sub-options as ``limits.cpus``, those of elements as ``mounts[].type``."""
    found = {}
    for name, facts in spec.items():
        found[prefix + name] = facts
        elements = "[]" if facts["type"] == "list" else ""
        found.update(paths(facts.get("options", {}), f"{prefix}{name}{elements}."))
    return found


OPTIONS = paths(ARGUMENT_SPEC)


# Whole tasks instead of options; tests/lint/test_guides.py looks at them.
OF_TASKS = "Commands that were run by hand"


def tables():
    """The text of the tables of options, by the title of their section."""
    sections = re.split(r"\n(.+)\n-{5,}\n", GUIDE)
    pairs = zip(sections[1::2], sections[2::2])
    return {title: body for title, body in pairs if ".. list-table::" in body and title != OF_TASKS}


def named(text, module="swarm_service"):
    """The options that a text refers to, as pairs of option and value; the value is empty where there is none."""
    return re.findall(rf":ansopt:`hive\.swarm\.{module}#module:([^`=]+)=?([^`]*)`", text)


def rows(body):
    """The rows of a list-table without its head, each as the list of its cells."""
    table = body.split(":header-rows: 1", 1)[1]
    return [re.split(r"\n     - ", row) for row in table.split("\n   * - ")[2:]]


def test_each_option_of_the_guide_exists():
    assert {option for option, _value in named(GUIDE)} - set(OPTIONS) == set()
    assert {option for option, _value in named(GUIDE, "swarm_stack")} - set(resource.ARGUMENT_SPEC) == set()
    assert {option for option, _value in named(GUIDE, "swarm_volume")} - set(paths(swarm_volume.ARGUMENT_SPEC)) == set()


def test_each_value_of_the_guide_is_a_choice():
    wrong = [
        (option, value)
        for option, value in named(GUIDE)
        if value and value not in OPTIONS[option].get("choices", [value])
    ]
    assert wrong == []


def test_each_option_is_in_a_table():
    listed = {option for body in tables().values() for option, _value in named(body)}
    assert set(OPTIONS) - listed == GROUPS


def test_every_row_says_an_option_or_that_there_is_none():
    for title, body in tables().items():
        assert rows(body), title
        for left, right, *_more in rows(body):
            assert named(right, r"\w+") or "No option" in right or ":ansplugin:" in right, left


def test_no_flag_or_key_is_there_twice():
    for title, body in tables().items():
        left = [key for row in rows(body) for key in re.findall(r"``([^`]+)``", row[0])]
        assert sorted(left) == sorted(set(left)), title


def test_options_of_the_same_name_are_not_mixed_up():
    body = tables()["Options of community.docker.docker_swarm_service"]
    for there, here, _difference in rows(body):
        assert there.strip("`") == "debug" or named(here) == [(there.strip("`"), "")]
