# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said of a JMESPath expression that is wrong: one line, with the place in the expression."""

from __future__ import annotations

import sys

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._core.errors import BadInput, MissingLibrary
from ansible_collections.hive.swarm.plugins.module_utils._core.query import check_query, run_query

INVALID = [
    ("[?", "at position 3 (its end): Incomplete expression"),
    ("", None),
    (" ", "at position 2 (its end): Incomplete expression"),
    ("[?role==]", "at position 9 (']'): invalid token"),
    ("[?role='worker']", "at position 7 (\"='worker']\"): Unknown token '='"),
    ("nodes.", "at position 7 (its end): Expecting"),
    ("[?role == 'worker", "at position 11 (\"'worker\"): Unclosed ' delimiter"),
    ("[].{id: id, ä: x}", "at position 13 ('ä: x}'): Unknown token ä"),
    ("[]\n.[", "at position 6 (its end): Incomplete expression"),
    ("[].nope(@)", "at position 4 ('nope(@)'): the function nope() does not exist"),
    ("[?length() > `1`]", "at position 3 ('length() > `1`]'): length() takes 1 argument, but gets 0"),
    ("length(@) && length(id, name)", "at position 14 ('length(id, name)'): length() takes 1 argument, but gets 2"),
    ("merge()", "at position 1 ('merge()'): merge() takes at least 1 argument, but gets 0"),
]


@pytest.mark.parametrize(("expression", "words"), INVALID)
def test_a_mistake_is_told_with_its_place(expression, words):
    if words is None:
        assert check_query(expression) is None
        return
    with pytest.raises(BadInput) as failure:
        check_query(expression)
    assert failure.value.message.startswith(f"query: {expression!r} is not a valid JMESPath expression {words}")
    assert "\n" not in failure.value.message


@pytest.mark.parametrize(
    "expression",
    [
        "[?contains(keys(labels), 'x')].{id: id, all: [id, role]}",
        "sort_by(@, &id)[*].not_null(name, hostname, id)",
        "map(&join(',', [id, role]), [?starts_with(id, 'a,b(')])",
        "merge({a: id}, {b: id}, {c: id})",
        '"length"',
        "to_array(@)[0:2:1][]",
    ],
)
def test_what_is_valid_stays_so(expression):
    data = [{"id": "1", "role": "worker", "name": None, "hostname": "h", "labels": {"x": ""}}]
    run_query(check_query(expression), data)


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("[].keys(id)", "at position 4 ('keys(id)'): In function keys(), invalid type for value: 1"),
        ("[::0]", "cannot be applied: slice step cannot be zero."),
        ("max_by(@, 'id')", "at position 1 (\"max_by(@, 'id')\"): In function max_by(), invalid type"),
    ],
)
def test_what_does_not_fit_the_data(expression, words):
    with pytest.raises(BadInput) as failure:
        run_query(check_query(expression), [{"id": 1}])
    assert words in failure.value.message


def test_without_the_package(monkeypatch):
    monkeypatch.setitem(sys.modules, "jmespath", None)
    assert check_query("") is None
    with pytest.raises(MissingLibrary) as failure:
        check_query("[]")
    assert failure.value.failure()["library"] == "jmespath"
