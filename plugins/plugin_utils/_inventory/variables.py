# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is known of a node: the view that swarm_node_info has, and what is the inventory's own."""

from __future__ import annotations

from ...module_utils._core.values import Document, Values
from ...module_utils._node.views import node_view


def facts(node: Document, cluster: Document, raw: bool) -> Values:
    """One node, flat.

    :param cluster: the cluster's document, from ``GET /info`` of a manager; it holds no tokens.
    """
    description = node.get("Description") or {}
    known = {
        **node_view(node),
        "generic_resources": _generic((description.get("Resources") or {}).get("GenericResources") or []),
        "tls_status": _tls_status(description.get("TLSInfo"), cluster.get("TLSInfo")),
        "cluster_id": cluster.get("ID", ""),
    }
    return {**known, "raw": node} if raw else known


def _tls_status(own: Document | None, of_cluster: Document | None) -> str:
    """What ``docker node ls`` shows as TLS STATUS (docker/cli, cli/command/node/formatter.go), in our spelling."""
    if not own or not own.get("TrustRoot") or not of_cluster:
        return "unknown"
    return "ready" if own == of_cluster else "needs_rotation"


def _generic(resources: list[Document]) -> list[Values]:
    """Discrete resources have a number, named ones a name each."""
    found = []
    for resource in resources:
        for kind in ("DiscreteResourceSpec", "NamedResourceSpec"):
            if kind in resource:
                found.append({"kind": resource[kind].get("Kind", ""), "value": resource[kind].get("Value", "")})
    return found


def variables(node: Values, prefix: str) -> Values:
    """The host variables of a node."""
    return {prefix + name: value for name, value in node.items()}
