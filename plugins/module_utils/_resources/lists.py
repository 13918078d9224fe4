# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists that only managers have."""

from __future__ import annotations

import typing as t

from .._engine import Engine
from .._errors import Locked, NotAManager
from .._path import Document


def listed(engine: Engine, path: str, **query: t.Any) -> list[Document]:
    """A list that only managers have; an engine that cannot answer says what it is instead."""
    try:
        return engine.get(path, **query)
    except (NotAManager, Locked) as error:
        from .local import not_in_charge, read_local

        raise not_in_charge(read_local(engine)) from error


def list_nodes(engine: Engine, **query: t.Any) -> list[Document]:
    """``GET /nodes``, as ``listed`` does it."""
    return listed(engine, "/nodes", **query)
