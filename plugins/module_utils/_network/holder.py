# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A network without addresses and tasks that is there for as long as another one is being replaced.

It tells the next run that a replacement did not end, and its label holds the request for the new network: options that the
task omits would be lost with the old one.
"""

from __future__ import annotations

import json
import typing as t

from .._core.paths import Document
from .schema import SWARM

_LABEL = "hive.swarm.replacement"


def holder_name(network: str) -> str:
    """Return its name: at most 63 characters, as of all objects."""
    return f"{network[:51]}-replacement"


def holder_of(spec: Document) -> Document:
    """Return the request that creates it, in the scope of the network."""
    kind: Document = {"ConfigOnly": True} if spec.get("ConfigOnly") else {"Driver": "bridge", "Scope": SWARM}
    return {"Name": holder_name(spec["Name"]), **kind, "Labels": {_LABEL: json.dumps(spec, sort_keys=True)}}


def find_holder(listed: t.Iterable[Document], network: str) -> Document | None:
    """Return the holder among networks; None without one, and for a network that another client has created."""
    return next((item for item in listed if item["Name"] == holder_name(network) and recorded(item, network)), None)


def recorded(holder: Document | None, network: str) -> Document | None:
    """Return the request for the new network."""
    text = ((holder or {}).get("Labels") or {}).get(_LABEL)
    try:
        spec = json.loads(text) if text else None
    except ValueError:
        return None
    return spec if isinstance(spec, dict) and spec.get("Name") == network else None
