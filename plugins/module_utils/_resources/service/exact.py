# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a service is against all that it should be, for who owns the whole of it: a compose file."""

from __future__ import annotations

from ..._path import MISSING, Document, Values
from ..._plan import Change
from ..._schema import Schema
from .fields import Group


def exact_changes(schema: Schema, live: Document, wanted: Document, params: Values) -> list[Change]:
    """What it takes to make ``live`` the same as ``wanted`` in every option: what the latter lacks is cleared.

    :param params: options that say how (``hide_env``).
    """
    found: list[Change] = []
    for item in schema.fields:
        if item.path.get(live) == item.path.get(wanted):
            continue
        if isinstance(item, Group):
            inner = exact_changes(item.schema, item.object_of(live), item.object_of(wanted), params)
            found += item.inside(inner)
            continue
        before, after = item.read(live), item.read(wanted)
        if before == after:
            continue
        found += [Change(item.option, before, after)] if after is None else item.changes(live, after, params)
    return found


def without_emptied(schema: Schema, live: Document, spec: Document, wanted: Document) -> Document:
    """The next document without the objects that it empties and that ``wanted`` does not have.

    The docker CLI does not send them either, and its next deployment would restart tasks for each.
    """
    for item in schema.fields:
        if not isinstance(item, Group):
            continue
        before, there, wish = (item.path.get(document) for document in (live, spec, wanted))
        if there is MISSING or before == there:
            continue
        if wish is MISSING:
            spec = item.path.put(spec, MISSING if item.is_default(there) else there)
        elif isinstance(before, dict):
            spec = item.path.put(spec, without_emptied(item.schema, before, there, wish or {}))
    return _without_hollow(live, spec, wanted)


def _without_hollow(live: Document, spec: Document, wanted: Document) -> Document:
    """The same for objects that no option stands for, such as DNSConfig."""
    made = {}
    for key, value in spec.items():
        before, wish = live.get(key), wanted.get(key)
        if value == {} and before and key not in wanted:
            continue
        both = isinstance(value, dict) and isinstance(before, dict) and isinstance(wish, dict)
        made[key] = _without_hollow(before, value, wish) if both else value
    return made
