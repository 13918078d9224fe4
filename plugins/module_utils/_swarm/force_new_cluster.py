# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Disaster recovery: make a cluster of one out of a manager that has lost its quorum.

It cannot be undone and forgets every other manager, so the task has to name the cluster. Without a leader the API
does not tell the cluster's ID; the node's certificate does, since swarmkit writes it there as the organisation.
"""

from __future__ import annotations

import base64
import os
import re

from .._core.errors import Locked, Refused
from .._core.host import Node
from .._core.paths import Document, Values
from .._engine.client import Engine
from .._engine.local_state import LOCKED, Local, not_in_charge

# DER of the attribute type organizationName (2.5.4.10), then a string type, a length and the value.
_ORGANIZATION = re.compile(rb"\x06\x03\x55\x04\x0a[\x0c\x13](.)", re.DOTALL)
_FIRST_PEM = re.compile(r"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", re.DOTALL)


def confirm(live: Local, cluster_id: str, node: Node) -> None:
    """Raise Refused unless the engine is a manager without quorum and belongs to this cluster."""
    if live.state == LOCKED or not live.manager:
        raise not_in_charge(live)
    known = live.cluster_id or _cluster_of_certificate(live.root_dir, node)
    if not known:
        raise Refused(
            "force_new_cluster: cannot read the ID of this node's cluster. Without a leader it is only in"
            f" {_certificate(live.root_dir)}. Run this on the node itself, as root."
        )
    if known != cluster_id:
        refusal = Refused(f"force_new_cluster: this node belongs to cluster {known}, not to {cluster_id}.")
        refusal.details["cluster_id"] = known
        raise refusal


def act(engine: Engine, live: Local, params: Values) -> None:
    body: Document = {"ListenAddr": params["listen_addr"] or "0.0.0.0:2377", "ForceNewCluster": True}
    body["AdvertiseAddr"] = params["advertise_addr"] or live.address
    try:
        engine.post("/swarm/init", body)
    except Locked as error:
        # Seen on 20.10 and 28.5: from here on the engine says "inactive", until it is restarted.
        raise Locked(
            "force_new_cluster: autolock is enabled, and the engine must be unlocked first. Restart it, because it"
            " reports a wrong state now, unlock it with hive.swarm.swarm_unlock, and run this again.",
            error.status,
        ) from error


def _certificate(root_dir: str) -> str:
    return os.path.join(root_dir, "swarm", "certificates", "swarm-node.crt")


def _cluster_of_certificate(root_dir: str, node: Node) -> str:
    try:
        pem = _FIRST_PEM.search(node.read(_certificate(root_dir)).decode("ascii", "replace"))
    except OSError:
        return ""
    der = base64.b64decode(pem[1]) if pem else b""
    found = _ORGANIZATION.search(der)
    return der[found.end() : found.end() + found[1][0]].decode("ascii", "replace") if found else ""
