# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The info modules of secrets and configs: one list, and one of the services where the task wants to know the users."""

from __future__ import annotations

import base64
import typing as t

from .._core.query import check_query, listing
from .._core.values import Document, Values
from .._engine.client import Engine
from .._engine.lists import FILTERED_LIST, USED_BY, api_filters, choose_by_spec, listed
from .._frontend.definition import define_info
from .live import users
from .schema import CONFIG, SCHEMAS, SECRET, Kind, without_internal

FILTERS = ("id", "label", "name", "names")
ARGUMENT_SPEC: Values = {**FILTERED_LIST, **USED_BY}


def read_info(kind: Kind, engine: Engine, params: Values) -> Values:
    query = check_query(params["query"])
    filters = api_filters(params["filters"], f"{kind.name}s", FILTERS)
    exact = filters.pop("names", None)  # the engine has it for secrets alone
    found = listed(engine, kind.path, filters=filters) if filters else listed(engine, kind.path)
    if exact is not None:
        found = [item for item in found if item["Spec"]["Name"] in exact]
    views = [_view(kind, item, params["raw"]) for item in choose_by_spec(found, params["name"])]
    if params["used_by"]:
        _add_users(kind, engine, views)
    return listing(f"{kind.name}s", views, query)


def _view(kind: Kind, item: Document, raw: bool) -> Values:
    spec = item["Spec"]
    view = {
        "id": item["ID"],
        "name": spec["Name"],
        "version": item["Version"]["Index"],
        "created_at": item["CreatedAt"],
        "updated_at": item["UpdatedAt"],
        **SCHEMAS[kind.name].view(spec),
        **({} if kind.hidden else _data(spec)),
    }
    return {**view, "raw": _shown(kind, item)} if raw else view


def _data(spec: Document) -> Values:
    """The bytes as text where they are text, otherwise in base64."""
    encoded = spec.get("Data") or ""
    try:
        return {"data": base64.b64decode(encoded).decode(), "data_b64": None}
    except UnicodeDecodeError:
        return {"data": None, "data_b64": encoded}


def _shown(kind: Kind, item: Document) -> Document:
    """The engine's document; of a secret without the hash of its data that a label may be."""
    spec = item["Spec"]
    return {**item, "Spec": {**spec, "Labels": without_internal(spec.get("Labels"))}} if kind.hidden else item


def _add_users(kind: Kind, engine: Engine, views: list[Values]) -> None:
    now: t.Mapping[str, list[str]] = users(engine, kind).now if views else {}
    for view in views:
        view["used_by"] = now.get(view["id"], [])


def read_secret_info(engine: Engine, params: Values) -> Values:
    return read_info(SECRET, engine, params)


def read_config_info(engine: Engine, params: Values) -> Values:
    return read_info(CONFIG, engine, params)


CONFIG_MODULE = define_info(read_config_info, ARGUMENT_SPEC)
SECRET_MODULE = define_info(read_secret_info, ARGUMENT_SPEC)
