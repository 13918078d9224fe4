# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Everything about option values that cannot be meant, each with its place, for options that no AnsibleModule has read:
those that a compose file comes to. A single module reports the first one, through ``Schema.check`` and its argument spec.
"""

from __future__ import annotations

import typing as t

from ...module_utils._core.errors import BadInput
from ...module_utils._core.schema import DictField, Field, ObjectField, ObjectList, Schema, SchemaItem, UnorderedList
from ...module_utils._core.validators import Problem
from ...module_utils._core.values import Values
from ...module_utils._network.ipam import Pools

Problems = t.Iterator[Problem]

REQUIRED = "is required"


def option_problems(schema: Schema, values: Values) -> Problems:
    """:param values: the options as ``schema.view`` returns them."""
    for item in schema.fields:
        if isinstance(item, Field) and item.spec.get("required") and values.get(item.option) is None:
            yield Problem((item.option,), REQUIRED)
    for item in schema.given(values):
        value = values[item.option]
        if isinstance(item, Pools):
            yield from item.problems(value)
            continue
        for problem in _of(item, value):
            yield problem.inside(item.option)


def _of(item: SchemaItem, value: t.Any) -> Problems:
    if isinstance(item, ObjectField):
        yield from option_problems(item.schema, value)
    elif isinstance(item, ObjectList):
        yield from _each(enumerate(value), lambda row: option_problems(item.schema, row))
    elif isinstance(item, UnorderedList):
        yield from _each(enumerate(value), lambda element: _encoded(item, [element]))
    elif isinstance(item, DictField):
        yield from _each(((key, {key: element}) for key, element in value.items()), lambda one: _encoded(item, one))
    else:
        yield from _chosen(item, value) or _encoded(item, value)


def _each(
    elements: t.Iterable[tuple[int | str, t.Any]], problems_of: t.Callable[[t.Any], t.Iterable[Problem]]
) -> Problems:
    for place, element in elements:
        for problem in problems_of(element):
            yield problem.inside(place)


def _chosen(item: SchemaItem, value: object) -> list[Problem]:
    """Whether it is one of the option's words, which a single module leaves to the argument spec."""
    choices = item.spec.get("choices") if isinstance(item, Field) else None
    if not choices or value in choices:
        return []
    return [Problem((), f"must be {', '.join(choices[:-1])} or {choices[-1]}, not {value!r}")]


def _encoded(item: SchemaItem, value: object) -> list[Problem]:
    try:
        item.encode(value)
    except BadInput as error:
        text = str(error.__cause__) if isinstance(error.__cause__, ValueError) else error.message
        return [Problem((), text.rstrip("."))]
    return []
