# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a secret has this data, where it was made by other means and has no digest of ours: the engine knows."""

from __future__ import annotations

import base64
import typing as t

from ..._errors import EngineError, OutOfSequence
from ..._path import Document
from . import versions
from .kinds import Kind


def has(engine: t.Any, kind: Kind, item: Document, data: bytes) -> bool:
    """Whether the object holds this data."""
    same = versions.same(kind, item, data)
    return _ask(engine, kind, item, data) if same is None else same


def _ask(engine: t.Any, kind: Kind, item: Document, data: bytes) -> bool:
    """Have the engine compare them, without a write.

    It refuses an update with other data as such before it looks at the version (swarmkit, manager/controlapi/secret.go,
    UpdateSecret), and the version is an old one on purpose, so that nothing is ever written.
    """
    spec = {**item["Spec"], "Data": base64.b64encode(data).decode()}
    try:
        engine.post(f"{kind.path}/{item['ID']}/update", spec, version=item["Version"]["Index"] - 1)
    except OutOfSequence:
        return True
    except EngineError as error:
        if error.status != 400:
            raise
    return False
