# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Replacing an unused secret or config by one of the same name, which the engine cannot do in place."""

from __future__ import annotations

import os
import typing as t

from ..._path import Document


def replace(resource: t.Any, old: Document, spec: Document) -> None:
    """The engine is asked first whether it takes the new one, under another name; then the names change hands."""
    rehearsal = f"{spec['Name'][:53]}-{os.urandom(5).hex()}"
    path, engine = resource.kind.path, resource.engine
    trial = resource.create({**spec, "Name": rehearsal})
    engine.delete(f"{path}/{trial}")
    engine.delete(f"{path}/{old['ID']}")
    resource.create(spec)
