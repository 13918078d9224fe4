# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the task wants: the compose files, converted on the controller (``_compose/stack.py``)."""

from __future__ import annotations

import json
import typing as t

from ..._errors import BadInput
from ..._path import Document


class Definition(t.NamedTuple):
    """Bodies of the engine's create requests by name; names stand where the engine wants IDs.

    :param external: ``networks``, ``secrets`` and ``configs`` to the names of those that must be there.
    :param origins: where the files describe all of it (``_compose/stack.py``).
    """

    name: str
    services: dict[str, Document]
    networks: dict[str, Document]
    secrets: dict[str, Document]
    configs: dict[str, Document]
    external: dict[str, list[str]]
    origins: dict[str, t.Any]

    def of(self, kind: str) -> dict[str, Document]:
        """:param kind: ``service``, ``network``, ``secret`` or ``config``."""
        return getattr(self, f"{kind}s")


def parse(text: str | None) -> Definition:
    if not text:
        raise BadInput("compose: nobody has read the files: swarm_stack only runs through its action plugin.")
    whole = json.loads(text)
    return Definition(*(whole[key] for key in Definition._fields))
