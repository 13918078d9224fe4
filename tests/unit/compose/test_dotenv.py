# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files of variables, in the grammar of docker compose."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._stack.compose_places import ComposeError
from ansible_collections.hive.swarm.plugins.plugin_utils._compose.dotenv import parse_dotenv

from .stacks import places_of


def read(text: str | bytes, above=None, below=None, unset=None):
    data = text if isinstance(text, bytes) else text.encode()
    return parse_dotenv("shop.env", data, above or {}, below or {}, (unset if unset is not None else []).append)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ("\n# a comment\n  # another\n\n", {}),
        ("A=1\nB=2", {"A": "1", "B": "2"}),
        ("A=1\r\nB=2\r\n", {"A": "1", "B": "2"}),
        ("\ufeffA=1\n", {"A": "1"}),
        ("export A=1\n  export\tB=2\n", {"A": "1", "B": "2"}),
        ("A = a b \t\nB: c\n", {"A": "a b", "B": "c"}),
        ("A=\nB=''\nC=\"\"\nD=   \n", {"A": "", "B": "", "C": "", "D": ""}),
        ("A=b # comment\nB=b#c\nC=# comment\n", {"A": "b", "B": "b#c", "C": ""}),
        ("A='b # c' # comment\nB=\"b # c\"\n", {"A": "b # c", "B": "b # c"}),
        ("A='it\\'s'\nB='\\n$X'\n", {"A": "it's", "B": "\\n$X"}),
        ('A="a\\nb\\t\\"c\\" \\\\ \\$X"\n', {"A": 'a\nb\t"c" \\ $X'}),
        ("A='two\nlines'\nB=\"three\n\nlines\"\nC=1\n", {"A": "two\nlines", "B": "three\n\nlines", "C": "1"}),
        ("A=b=c&d\n", {"A": "b=c&d"}),
        ("A=it's\n", {"A": "it's"}),
        ("a.b-c[0]=1\n", {"a.b-c[0]": "1"}),
        ("A=1\nA=2\n", {"A": "2"}),
        ("A=1\nB=$A-x\nC=${A}\nD=${E:-none}\nE=$$A\n", {"A": "1", "B": "1-x", "C": "1", "D": "none", "E": "$A"}),
        ('A=1\nB="${A}2"\n', {"A": "1", "B": "12"}),
        ("exported=1\n", {"exported": "1"}),
    ],
)
def test_what_a_file_says(text, expected):
    assert read(text) == expected


def test_a_name_alone_takes_the_value_that_it_has_outside_or_is_left_out():
    assert read("A\nB\nC\n", above={"A": "1"}, below={"B": "2"}) == {"A": "1", "B": "2"}


def test_values_in_a_value_count_above_in_the_file_and_below():
    values = read("A=file\nB=$A\nC=$X\nD=$Y\n", above={"X": "above"}, below={"A": "below", "X": "below", "Y": "below"})
    assert values == {"A": "file", "B": "file", "C": "above", "D": "below"}


def test_variables_that_are_not_set_are_told():
    names: list[str] = []
    assert read("A=${B}\n", unset=names) == {"A": ""}
    assert names == ["B"]


WRONG = [
    ("A=1\nhunter 2\n", 2),
    ("\n\nA='hunter2\n", 3),
    ('A="hunter2" more\n', 1),
    ("=hunter2\n", 1),
    ("A=hunter$ 2\n", 1),
    ("A=1\nB=${X:?say it}\n", 2),
    (b"A=\xff\n", None),
]


@pytest.mark.parametrize(("text", "line"), WRONG)
def test_what_is_wrong_is_told_with_its_line_and_no_value(text, line):
    with pytest.raises(ComposeError) as caught:
        read(text)
    assert places_of(caught.value) == [("shop.env", line, "")]
    assert "hunter" not in f"{caught.value.message} {caught.value.failure()}"
