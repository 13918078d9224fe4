# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The list of the swarm's networks, without those that are on their way out."""

from __future__ import annotations

import typing as t

from ..._path import Document

# Of every engine; no list of a swarm's networks has them (moby, daemon/cluster/networks.go).
PREDEFINED = ("bridge", "host", "none")


def list_networks(engine: t.Any) -> list[Document]:
    """Return the networks of the swarm as the managers list them.

    A network that was removed stays in the list of an engine for as long as that engine runs tasks with it (up to 10
    seconds), under its name and with the ID that no service can have any more. The managers list networks without
    containers (null); of its own an engine lists those as well ({}).
    """
    return [item for item in engine.get("/networks", filters={"scope": ["swarm"]}) if not is_leftover(item)]


def is_leftover(network: Document) -> bool:
    """Whether the engine has the network and the swarm no longer does."""
    return network["Scope"] == "swarm" and network.get("Containers") is not None
