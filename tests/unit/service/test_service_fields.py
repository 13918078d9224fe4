# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What must hold for every option of a service, on the documents alone. The values are those of the lives."""

from __future__ import annotations

import copy

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._service.schema import SERVICE
from ansible_collections.hive.swarm.tests.support.lifecycles import service_options as table

pytestmark = pytest.mark.once  # neither Python nor ansible-core matters

ROWS = [*table.OPTIONS, *table.ELSEWHERE]
ITEMS = {item.option: item for item in SERVICE.fields}
VALUES = [
    pytest.param(row, value, id=f"{row}-{number}")
    for row in ROWS
    for number, value in enumerate((row.first, row.second, row.clear))
    if value is not None
]
each_value = pytest.mark.parametrize(("row", "value"), VALUES)


def numbered(value):
    """Secrets and configs with IDs, as they are once they have been looked up."""
    if not isinstance(value, list):
        return value
    return [
        {**item, **{key.replace("_name", "_id"): f"id-{item[key]}" for key in item if key in ("secret_name", "config_name")}}
        if isinstance(item, dict)
        else item
        for item in value
    ]  # fmt: skip


def document(row, **more):
    """A service that has the row's other options, and keys that nobody models."""
    params = {**table.base(row), **more}
    spec = SERVICE.create({option: numbered(value) for option, value in params.items() if option in ITEMS})
    spec["Stranger"] = "kept"
    spec["TaskTemplate"]["ContainerSpec"]["Stranger"] = "kept"
    return spec


def without(view, option):
    return {key: value for key, value in view.items() if key != option}


@each_value
def test_a_change_is_planned_applied_and_then_gone(row, value):
    params = {row.option: numbered(value)}
    for live in (document(row), document(row, **{row.option: row.first})):
        changes = SERVICE.changes(live, params)
        after = SERVICE.apply(live, changes)
        assert SERVICE.changes(after, params) == []
        assert {change.option for change in changes} <= {row.option}
        assert without(SERVICE.view(after), row.option) == without(SERVICE.view(live), row.option)


@each_value
def test_documents_and_options_are_not_mutated(row, value):
    live, params = document(row, **{row.option: row.first}), {row.option: numbered(value)}
    untouched = copy.deepcopy((live, params))
    SERVICE.apply(live, SERVICE.changes(live, params))
    assert (live, params) == untouched


@each_value
def test_strangers_survive(row, value):
    live = document(row, **{row.option: row.first})
    after = SERVICE.apply(live, SERVICE.changes(live, {row.option: numbered(value)}))
    assert after["Stranger"] == after["TaskTemplate"]["ContainerSpec"]["Stranger"] == "kept"


@each_value
def test_what_is_shown_can_be_given_back(row, value):
    """The whole view of a service, as options again, is no change."""
    live = document(row)
    after = SERVICE.apply(live, SERVICE.changes(live, {row.option: numbered(value)}))
    view = SERVICE.view(after)
    assert SERVICE.changes(after, view) == []
    assert SERVICE.view(SERVICE.create(view)) == view


@each_value
def test_no_change_leaves_the_document_as_it_is(row, value):
    """To the engine, an empty object and a missing one differ."""
    live = document(row, **{row.option: row.first})
    assert SERVICE.apply(live, []) == live
    assert SERVICE.apply(live, SERVICE.changes(live, {row.option: numbered(row.first)})) == live


@pytest.mark.parametrize("row", [row for row in ROWS if row.clear is not None], ids=str)
def test_what_is_cleared_is_as_never_given(row):
    live = document(row, **{row.option: row.first})
    after = SERVICE.apply(live, SERVICE.changes(live, {row.option: row.clear}))
    assert SERVICE.view(after)[row.option] == SERVICE.view(document(row))[row.option]


def test_every_option_is_in_the_table():
    assert set(ITEMS) - {row.option for row in ROWS} == {"mode"}


def _sub_options(spec, prefix=""):
    for option, own in spec.items():
        yield prefix + option
        yield from _sub_options(own.get("options") or {}, f"{prefix}{option}.")


def _named(value, prefix):
    if isinstance(value, dict):
        for key, item in value.items():
            yield f"{prefix}.{key}"
            yield from _named(item, f"{prefix}.{key}")
    elif isinstance(value, list):
        for item in value:
            yield from _named(item, prefix)


def test_every_sub_option_has_a_value_in_the_table():
    used = {name for row in ROWS for value in (row.first, row.second) for name in _named(value, row.option)}
    spec = {option: item.argument_spec() for option, item in ITEMS.items()}
    wanted = {name for name in _sub_options(spec) if "." in name}
    # IDs are looked up; the tables of references have them.
    assert wanted - used == {"secrets.secret_id", "configs.config_id"}
