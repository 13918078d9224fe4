# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Small languages inside of values: words, numbers."""

from __future__ import annotations

import shlex

import pytest
from ansible_collections.hive.swarm.plugins.plugin_utils._compose.shell_split import split_words
from ansible_collections.hive.swarm.plugins.plugin_utils._compose.units import (
    as_text,
    nano_cpus,
)
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("  ", []),
        ("a  b\tc\nd", ["a", "b", "c", "d"]),
        ("'' a''b", ["", "ab"]),
        (r"""'a\b' "a\"b" "a\nb" a\ b""", [r"a\b", 'a"b', "anb", "a b"]),
        ("a#b #c d\ne", ["a#b", "e"]),
        ("a=\"b c\"'d e'", ["a=b cd e"]),
    ],
)
def test_words(text, words):
    assert split_words(text) == words


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a 'b", "in single quotes"),
        ('a "b', "in double quotes"),
        ("a\\", "after a backslash"),
        ('"a\\', "after a backslash"),
    ],
)
def test_words_that_do_not_end(text, message):
    with pytest.raises(ValueError, match=message):
        split_words(text)


@given(st.lists(st.text(alphabet="ab \t'\"\\#$é", max_size=6)))
def test_quoted_words_come_back(words):
    assert split_words(shlex.join(words)) == words


@pytest.mark.parametrize(("text", "nano"), [("1", 10**9), ("0.000000001", 1), ("1/4", 25 * 10**7), ("1e-3", 10**6)])
def test_cpus(text, nano):
    assert nano_cpus(text) == nano


@pytest.mark.parametrize("text", ["", "a", "1/0", "0.0000000001"])
def test_no_cpus(text):
    with pytest.raises(ValueError, match=r"not a number of CPUs|too precise"):
        nano_cpus(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1, "1"),
        (True, "true"),
        ("x", "x"),
        (1.0, "1"),
        (0.1, "0.1"),
        (-2.50, "-2.5"),
        (1e-5, "1e-05"),
        (0.0001, "0.0001"),
        (999999.5, "999999.5"),
        (1e6, "1e+06"),
        (123456789.125, "1.23456789125e+08"),
        (1000000, "1000000"),
        (1e20, "1e+20"),
        (1e21, "1e+21"),
        (1.5e300, "1.5e+300"),
        (10**21, "1e+21"),
        (2**63, "9223372036854775808"),
        (0.0, "0"),
        (-0.0, "-0"),
        (float("inf"), "+Inf"),
        (float("nan"), "NaN"),
    ],
)
def test_numbers_as_go_prints_them(value, text):
    assert as_text(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_printed_number_is_the_number(value):
    assert float(as_text(value)) == value
