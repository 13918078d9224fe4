# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words that CONTRIBUTING.md ("Language") replaces do not appear in what users and developers read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible_collections.hive.swarm.tests.lint.test_contracts import ROOT

# Each pattern with what to write instead.
REPLACED = {
    r"\bshall\b": "must, should, is to be, desired",
    r"\b(?:is|are) no [a-z]": "is not a valid X; invalid X 'value'; X does not exist; has no X",
    r"\b(?:nobody|somebody|whoever)\b": "the actor: no manager, another client, the user who",
    r"\bmend(?:s|ed|ing)?\b": "fix, repair",
    r"\bfor ever\b": "indefinitely, permanently",
    r"\bto whom\b": "an active sentence of its own",
    r"\bother than (?:in|with|for)\b": "unlike",
}  # fmt: skip
AREAS = (
    "plugins",
    "roles",
    "playbooks",
    "docs",
    "examples",
    "extensions",
    "tests",
    "tools",
    "benchmarks",
    "changelogs",
)
SUFFIXES = {".py", ".yml", ".yaml", ".md", ".rst", ".sh", ".j2", ".txt"}
# Where a replaced word is right: file, a part of the line, reason.
ALLOWED = [
    ("tests/lint/test_language.py", "", "the list itself"),
    ("plugins/module_utils/_lab/_images.py", "nobody:x:65534", "the user and group of this name in /etc/passwd"),
]
# How many lines are left to rewrite, by area. A number may only fall; an area without a number has none left.
LEFT: dict[str, int] = {"extensions": 32, "tests": 160}


def texts(area: str) -> Iterator[Path]:
    """The files of an area that a person wrote."""
    top = ROOT / area
    for path in [top] if top.is_file() else sorted(top.rglob("*")):
        if path.suffix in SUFFIXES and path.is_file() and not {"__pycache__", "recorded", "output"} & set(path.parts):
            yield path


def is_allowed(name: str, line: str) -> bool:
    return any(name == file and part in line for file, part, _reason in ALLOWED)


def found(area: str, pattern: str) -> list[str]:
    """``file:line: text`` of each line with the pattern."""
    hits = []
    for path in texts(area):
        name = str(path.relative_to(ROOT))
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            if re.search(pattern, line, re.IGNORECASE) and not is_allowed(name, line):
                hits.append(f"{name}:{number}: {line.strip()}")
    return hits


@pytest.mark.parametrize("area", [*AREAS, *sorted(path.name for path in ROOT.glob("*.md"))])
def test_replaced_words(area):
    hits = [f"{hit}  [write: {advice}]" for pattern, advice in REPLACED.items() for hit in found(area, pattern)]
    assert len(hits) <= LEFT.get(area, 0), "\n".join(hits)


def test_each_exception_is_used():
    for file, part, _reason in ALLOWED:
        lines = (ROOT / file).read_text(errors="replace").splitlines()
        assert any(re.search("|".join(REPLACED), line, re.IGNORECASE) and part in line for line in lines), file


# A decision by the text of a message: a condition that searches in it, or a regular expression over it.
READS_TEXT = re.compile(
    r"['\"] in [\w.]*\.msg\b|\bin [\w.]*(?:\.msg|against|reasons)\b[^\n]*join"
    r"|\.msg is (?:search|match|regex)|\.msg \| *(?:regex_\w+|replace)|message is (?:search|match|regex)"
)


def test_roles_and_playbooks_decide_by_data():
    """A failure carries kind, option and facts (``failure.kind``, ``failure.cluster_id``): no condition reads its text."""
    hits = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for area in ("roles", "playbooks")
        for path in texts(area)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if READS_TEXT.search(line)
    ]
    assert hits == []


@pytest.mark.parametrize(
    "line",
    [
        "until: engine__against == [] or 'accept that with' in engine__against | join",
        "when: result.msg is search('leader')",
        "when: \"'locked' in result.msg\"",
        "id: \"{{ result.msg | regex_search('cluster (.*)') }}\"",
    ],
)
def test_a_condition_on_a_text_is_found(line):
    assert READS_TEXT.search(line)
