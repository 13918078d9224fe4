# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a service is against all that it should be, for who owns the whole of it: a compose file."""

from __future__ import annotations

from ..._path import Document, Values
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
