# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Errors of tasks that pass without anything being changed: the engine tries again, and after a while it works.

All are about what a node gives back or gets a moment later than the managers think. A task that ends so says nothing
about the service.
"""

from __future__ import annotations

import re

from ..._path import Document

# Seconds for which such errors do not count, from the first one that a run sees.
PATIENCE = 60.0
_TRANSIENT = (
    # libnetwork, ipamapi: the manager gives out addresses again while a node still has the network that had them
    # (moby/swarmkit#2657). Seen on 20.10 for 7 s after a network was removed.
    r"Pool overlaps with other one on this address space",
    # libnetwork, ipamapi: the same for a single address or the gateway (moby/moby#35204). A process in a container that
    # finds its port taken says "address already in use".
    r"Address already in use",
    # moby, daemon/cluster/executor/container: the node has no address of its own in the network yet.
    r"node is missing network attachments",
    # libnetwork: a network that is just made or taken away on the node (moby/moby#25215).
    r"network sandbox join failed",
    r"Unable to complete atomic operation, key modified",
    # moby, daemon/cluster/executor/container: the network has not reached the node yet, or has just left it.
    r"network \w{25} not found",
    r"attaching to network failed",
    # moby, container/secrets and daemon: the node does not have it yet.
    r"from (secret|config) store",
    r"context deadline exceeded",
)
_ERROR = re.compile("|".join(_TRANSIENT))


def is_transient(task: Document) -> bool:
    """Whether the task ended with an error that passes."""
    return bool(_ERROR.search((task.get("Status") or {}).get("Err", "")))
