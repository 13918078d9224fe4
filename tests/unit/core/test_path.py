# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Laws of paths, over any document."""

from __future__ import annotations

import copy

from ansible_collections.hive.swarm.plugins.module_utils._core.values import MISSING, at
from hypothesis import assume, given
from hypothesis import strategies as st

KEYS = st.sampled_from(["Spec", "Labels", "Raft", "a"])
LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.lists(st.integers(), max_size=2)
DOCUMENTS = st.dictionaries(
    KEYS, st.recursive(LEAVES, lambda inner: st.dictionaries(KEYS, inner, max_size=3), max_leaves=8), max_size=4
)
PATHS = st.lists(KEYS, min_size=1, max_size=3).map(lambda keys: at(*keys))


def fits(document, path):
    """Nothing but objects and null lie on the way: no engine sends a leaf where an object belongs."""
    on_the_way = [at(*path.keys[:end]).get(document) for end in range(1, len(path.keys))]
    return all(found in (MISSING, None) or isinstance(found, dict) for found in on_the_way)


@given(DOCUMENTS, PATHS, LEAVES)
def test_get_what_was_put(document, path, value):
    assume(fits(document, path))
    assert path.get(path.put(document, value)) == value


@given(DOCUMENTS, PATHS)
def test_putting_back_what_was_got_changes_nothing(document, path):
    assert path.put(document, path.get(document)) == document


@given(DOCUMENTS, PATHS, LEAVES, LEAVES)
def test_the_last_put_counts(document, path, first, last):
    assume(fits(document, path))
    assert path.put(path.put(document, first), last) == path.put(document, last)


@given(DOCUMENTS, PATHS, LEAVES)
def test_the_document_is_not_mutated(document, path, value):
    assume(fits(document, path))
    untouched = copy.deepcopy(document)
    path.put(document, value)
    path.put(document, MISSING)
    assert document == untouched


@given(DOCUMENTS, PATHS, PATHS, LEAVES)
def test_other_places_are_left_alone(document, path, other, value):
    assume(fits(document, path))
    shorter, longer = sorted((path.keys, other.keys), key=len)
    if longer[: len(shorter)] == shorter:
        return  # one lies in the other
    assert other.get(path.put(document, value)) == other.get(document)


@given(DOCUMENTS, PATHS)
def test_missing_takes_the_key_away_and_makes_no_objects(document, path):
    without = path.put(document, MISSING)
    assert path.get(without) is MISSING
    assert path.put(without, MISSING) == without
    if path.get(document) is MISSING:
        assert without == document


def test_nothing_is_not_null():
    assert at("a").get({"a": None}) is None
    assert at("a").get({}) is MISSING
    assert at("a", "b").get({"a": None}) is MISSING
    assert copy.deepcopy(MISSING) is MISSING


def test_null_on_the_way_becomes_an_object():
    assert at("Spec", "Labels").put({"Spec": None}, {}) == {"Spec": {"Labels": {}}}


def test_a_path_says_where_it_is():
    assert str(at("Spec", "Raft", "HeartbeatTick")) == "Spec.Raft.HeartbeatTick"
