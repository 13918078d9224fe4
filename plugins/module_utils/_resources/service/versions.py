# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that are newer than the engine's API: the engine would drop them without a word."""

from __future__ import annotations

import typing as t

from ..._engine import version_key
from ..._errors import Unsupported
from ..._path import Values
from ..._schema import Field, Schema
from .fields import Group, Rows


def require_versions(engine: t.Any, schema: Schema, params: Values) -> None:
    """Raise Unsupported for the first option that the engine does not have.

    What asks for the default is fine, since that is what an older engine does anyway; so what the info module shows
    can be given back.
    """
    _require(engine, version_key(engine.api_version), schema, params, ())


def _require(engine: t.Any, version: tuple[int, ...], schema: Schema, params: Values, outer: tuple[str, ...]) -> None:
    for item in schema.given(params):
        value, option = params[item.option], (*outer, item.option)
        if item.since and version < version_key(item.since) and item.normal(value) != item.read(None):
            _require_version(engine, item.since, option)
        if isinstance(item, Field) and item.newer and value in item.newer:
            _require_version(engine, item.newer[value], option, f": {value}")
        if isinstance(item, Group):
            _require(engine, version, item.schema, value, option)
        elif isinstance(item, Rows):
            for element in value:
                if isinstance(element, dict):
                    _require(engine, version, item.schema, element, option)


def _require_version(engine: t.Any, version: str, option: tuple[str, ...], value: str = "") -> None:
    try:
        engine.require(version, ".".join(option) + value)
    except Unsupported as error:
        error.option = option
        raise
