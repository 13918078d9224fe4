# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Argument specs of actions whose options depend on the value of one of them."""

from __future__ import annotations

import typing as t

from ...module_utils._core.values import Values

FLAG: Values = {"type": "bool", "default": False}
NAMES: Values = {"type": "list", "elements": "str", "default": []}
TEXT: Values = {"type": "str", "default": ""}
REQUIRED: Values = {"type": "str", "required": True}


def records(options: Values) -> Values:
    """Return the argument spec of a list of mappings with these sub-options."""
    return {"type": "list", "elements": "dict", "default": [], "options": options}


def options_of(name: str, known: t.Mapping[str, Values]) -> Values:
    """Return the options of one operation or condition.

    :param known: the argument spec of each. Where the name does not exist, those of all are returned and none is
        required, so that only the name is reported.
    """
    if name in known:
        return known[name]
    return {option: {**item, "required": False} for each in known.values() for option, item in each.items()}
