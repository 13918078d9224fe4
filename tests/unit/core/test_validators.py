# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Suggestions for misspelt names, which all messages have from one place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._core.errors import BadInput
from ansible_collections.hive.swarm.plugins.module_utils._core.validators import closest, did_you_mean

PLUGINS = Path(__file__).parents[3] / "plugins"


@pytest.mark.parametrize(
    ("name", "names", "suggestion"),
    [
        ("enviroment", ["env_file", "environment"], "environment"),
        ("SHOP", ["shop", "blog"], "shop"),
        ("term", ["TERM", "INT"], "TERM"),
        ("x", ["environment"], None),
        ("x", [], None),
    ],
)
def test_the_closest_name_is_found_whatever_its_case(name, names, suggestion):
    assert closest(name, names) == suggestion


def test_a_suggestion_is_a_question_and_ends_the_message():
    assert str(BadInput("image", f"unknown{did_you_mean('wbe', ['web'])}.")) == "image: unknown. Did you mean 'web'?"
    assert str(BadInput("image", f"unknown{did_you_mean('wbe', [])}")) == "image: unknown."


def test_no_other_file_looks_for_similar_names():
    users = {path.name for path in PLUGINS.rglob("*.py") if re.search(r"\bdifflib\b", path.read_text())}
    assert users == {"validators.py"}
