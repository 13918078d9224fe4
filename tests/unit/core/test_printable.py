# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""S13: what engines, nodes and containers say reaches the terminal without control characters."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._core.plan import CREATE, Plan
from ansible_collections.hive.swarm.plugins.module_utils._core.redaction import printable, printable_values
from ansible_collections.hive.swarm.tests.support.harness import on

HOSTILE = "\x1b]0;TITLE\x07\x1b[2J\x9b31m\x00\r\u202e"
SAFE = "\\x1b]0;TITLE\\x07\\x1b[2J\\x9b31m\\x00\\x0d\\u202e"


@pytest.mark.parametrize("code", [*range(0x20), *range(0x7F, 0xA0)])
def test_each_control_character_but_tab_and_newline(code):
    text = f"a{chr(code)}b"
    assert printable(text) == (text if text in ("a\tb", "a\nb") else f"a\\x{code:02x}b")


def test_text_of_any_language_stays():
    text = "Größe 大小 \U0001f433\n\tend\u00a0"
    assert printable(text) == text


def test_structures():
    assert printable_values({HOSTILE: [HOSTILE, 1, None, (True,)]}) == {SAFE: [SAFE, 1, None, [True]]}


def test_the_header_of_a_diff():
    assert Plan("node", HOSTILE, CREATE).diff()["before_header"] == f"node {SAFE}"


def test_a_failure_with_an_engines_words(cluster):
    engine = cluster.swarm(managers=1)[0]
    engine.fail(500, f"no: {HOSTILE}", path="/")
    result = on(engine)("swarm_info")
    assert SAFE in result["msg"]
    assert result["failure"]["message"] == result["msg"]
