# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that are newer than the engine's API: the engine would drop them without a word."""

from __future__ import annotations

import typing as t

from ..._engine import version_key
from ..._path import Values
from ..._schema import Field, Schema
from .fields import Group, Rows


def require_versions(engine: t.Any, schema: Schema, params: Values) -> None:
    """Raise Unsupported for the first option that the engine does not have.

    What asks for the default is fine, since that is what an older engine does anyway; so what the info module shows
    can be given back.
    """
    _require(engine, version_key(engine.api_version), schema, params, "")


def _require(engine: t.Any, version: tuple[int, ...], schema: Schema, params: Values, prefix: str) -> None:
    for item in schema.given(params):
        value = params[item.option]
        if item.since and version < version_key(item.since) and item.normal(value) != item.read(None):
            engine.require(item.since, prefix + item.option)
        if isinstance(item, Field) and item.newer and value in item.newer:
            engine.require(item.newer[value], f"{prefix}{item.option}: {value}")
        if isinstance(item, Group):
            _require(engine, version, item.schema, value, f"{prefix}{item.option}.")
        elif isinstance(item, Rows):
            for element in value:
                if isinstance(element, dict):
                    _require(engine, version, item.schema, element, f"{prefix}{item.option}.")
