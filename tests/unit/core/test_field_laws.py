# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What must hold for every field of every schema, whatever it is about."""

from __future__ import annotations

import copy

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._core.errors import BadInput
from ansible_collections.hive.swarm.plugins.module_utils._core.schema import replace
from ansible_collections.hive.swarm.plugins.module_utils._core.values import MISSING, at

from .samples import SAMPLES, cases, schemas

CASES = [pytest.param(*case[1:], id=case[0]) for case in cases()]
each_field = pytest.mark.parametrize(("schema", "field", "samples"), CASES)
each_readable_field = pytest.mark.parametrize(
    ("schema", "field", "samples"), [case for case in CASES if not case.values[1].write_only]
)


def stranger_of(path):
    """A place beside a field's own, which nobody models."""
    return at(*path.keys[:-1], "Stranger")


def whole_document(schema, name):
    """Every field set to its first sample, and a stranger beside each of them."""
    document = {"Spec": {}}
    for field in schema.fields:
        document = field.path.put(document, copy.deepcopy(SAMPLES[name][field.option].values[0].engine))
        document = stranger_of(field.path).put(document, "kept")
    return document


def name_of(schema):
    return next(name for name, known in schemas().items() if known is schema)


def strangers(schema, document):
    """What became of the strangers."""
    return [stranger_of(field.path).get(document) for field in schema.fields]


# -- the table --------------------------------------------------------------------------------------------------------


def test_every_schema_and_every_field_has_samples():
    expected = {name: {field.option for field in schema.fields} for name, schema in schemas().items()}
    assert {name: set(fields) for name, fields in SAMPLES.items()} == expected


def test_what_has_a_check_has_a_wrong_sample():
    unchecked = [id for id, _schema, field, samples in cases() if field.check and not samples.wrong]
    assert not unchecked


@each_field
def test_a_list_a_dict_and_a_flag_have_an_empty_sample(schema, field, samples):
    if field.type in ("dict", "bool", "list"):
        assert any(not value.user for value in (*samples.values, *samples.resets))


# -- one place --------------------------------------------------------------------------------------------------------


@each_field
def test_spellings(schema, field, samples):
    """The user's spelling becomes the engine's, and the engine's the one that results show."""
    for value in samples.values:
        assert field.encode(value.user) == value.engine
        assert field.codec.decode(value.engine) == value.shown
        assert type(field.encode(value.user)) is type(value.engine)


@each_field
def test_what_asks_for_the_default_is_the_default(schema, field, samples):
    for value in samples.resets:
        assert field.encode(value.user) == value.engine
        assert field.normal(value.user) == value.shown
        live = field.path.put({}, field.encode(value.shown))
        assert schema.changes(live, {field.option: value.user}) == []


@each_field
def test_what_is_written_is_read(schema, field, samples):
    for value in samples.values:
        for document in ({}, whole_document(schema, name_of(schema))):
            assert field.read(field.write(document, value.user)) == value.shown


@each_field
def test_writing_what_is_there_changes_nothing(schema, field, samples):
    for value in samples.values:
        document = field.path.put(whole_document(schema, name_of(schema)), value.engine)
        assert field.path.put(document, field.path.get(document)) == document
        assert field.write(document, value.user) == document


@each_field
def test_the_last_write_counts(schema, field, samples):
    first, last = samples.values[0], samples.values[-1]
    document = whole_document(schema, name_of(schema))
    assert field.write(field.write(document, first.user), last.user) == field.write(document, last.user)


@each_field
def test_neighbours_and_strangers_survive(schema, field, samples):
    before = whole_document(schema, name_of(schema))
    for value in samples.values:
        after = field.write(before, value.user)
        others = [other for other in schema.fields if other is not field]
        assert [other.read(after) for other in others] == [other.read(before) for other in others]
        assert strangers(schema, after) == ["kept"] * len(schema.fields)


@each_field
def test_documents_are_not_mutated(schema, field, samples):
    for value in samples.values:
        document, wanted = whole_document(schema, name_of(schema)), copy.deepcopy(value.user)
        untouched = copy.deepcopy(document)
        field.write(document, wanted)
        field.path.put(document, MISSING)
        field.read(document)
        assert (document, wanted) == (untouched, value.user)


@each_field
def test_one_spelling_is_enough(schema, field, samples):
    for value in samples.values:
        assert field.normal(value.user) == value.shown
        assert field.normal(field.normal(value.user)) == field.normal(value.user)


@each_field
def test_the_engines_values_survive_the_round_trip(schema, field, samples):
    for value in samples.values:
        assert field.codec.encode(field.codec.decode(copy.deepcopy(value.engine))) == value.engine


@each_field
def test_a_missing_key_and_null_mean_the_same(schema, field, samples):
    for document in ({}, None, field.path.put({}, None)):
        assert field.read(document) == field.default


@each_field
def test_what_is_read_is_the_readers_own(schema, field, samples):
    """Neither the field's own value for a missing key nor the document can be changed through what was read."""
    if isinstance(field.default, (dict, list)):
        untouched = copy.deepcopy(field.default)
        field.read({}).clear()
        field.read({}).__init__(["changed"] if isinstance(field.default, list) else {"changed": 1})
        assert field.read({}) == field.default == untouched


# -- what the user says -----------------------------------------------------------------------------------------------


@each_field
def test_what_cannot_be_meant_is_refused_with_the_options_name(schema, field, samples):
    for wrong in samples.wrong:
        with pytest.raises(BadInput) as refused:
            schema.check({field.option: wrong.user})
        assert refused.value.message.startswith(f"{field.option}")
        assert wrong.message in refused.value.message


@each_field
def test_the_argument_spec_is_a_fresh_copy(schema, field, samples):
    first = schema.argument_spec()[field.option]
    untouched = copy.deepcopy(first)
    for value in first.values():
        if isinstance(value, dict):
            value.clear()
        elif isinstance(value, list):
            value.append("changed")
    first["changed"] = True
    assert schema.argument_spec()[field.option] == untouched


@each_field
def test_a_secret_is_no_log(schema, field, samples):
    assert field.argument_spec().get("no_log", False) is field.secret
    assert field.secret or not any(word in field.option for word in ("key", "token", "password"))


# -- from live to wanted ----------------------------------------------------------------------------------------------

NODE_RULES = {"labels_state": "replace", "labels_to_remove": None}


@each_readable_field
def test_what_is_there_is_no_change(schema, field, samples):
    for value in samples.values:
        live = field.path.put(whole_document(schema, name_of(schema)), value.engine)
        assert schema.changes(live, {field.option: value.user, **NODE_RULES}) == []
        assert schema.changes(live, {field.option: value.shown, **NODE_RULES}) == []


@each_field
def test_what_is_not_given_is_no_change(schema, field, samples):
    assert schema.changes(whole_document(schema, name_of(schema)), {field.option: None}) == []
    assert schema.changes(whole_document(schema, name_of(schema)), {}) == []


@each_readable_field
def test_a_change_is_planned_applied_and_then_gone(schema, field, samples):
    for live_value in samples.values:
        for wanted in samples.values:
            live = field.path.put(whole_document(schema, name_of(schema)), live_value.engine)
            params = {field.option: wanted.user, **NODE_RULES}
            changes = schema.changes(live, params)
            if wanted.shown == live_value.shown:
                assert changes == []
                continue
            assert [(c.option, c.before, c.after) for c in changes] == [(field.option, live_value.shown, wanted.shown)]
            after = schema.apply(live, changes)
            assert schema.changes(after, params) == []
            assert strangers(schema, after) == strangers(schema, live)


@each_field
def test_creating_writes_what_is_given_and_nothing_else(schema, field, samples):
    for value in samples.values:
        created = schema.create({field.option: value.user, **NODE_RULES})
        assert created == field.path.put({}, value.engine)


@each_field
def test_what_is_never_told_is_never_shown(schema, field, samples):
    assert (field.option in schema.view({})) is not field.write_only
    if field.write_only:
        for value in samples.values:
            assert schema.changes({}, {field.option: value.user}) == []
        assert field.merge_strategy is replace
