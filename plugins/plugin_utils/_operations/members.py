# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Managers of a swarm and the hosts behind them, as backup, restoration and upgrades see them."""

from __future__ import annotations

import typing as t

from ...module_utils._core.values import Values
from .._cluster.hosts import Host
from .gate import why_not_down


def host_of(hosts: t.Iterable[Host], node: Values) -> Host | None:
    """The host of this run that is the node; None where the run has none."""
    mine = (host for host in hosts if host.in_play and host.node_id and host.node_id == node["id"])
    return next((host for host in mine if host.labelled(node) is not False), None)


def is_well(node: Values) -> bool:
    """Whether a manager is up and the others reach it."""
    return node["state"] == "ready" and node["reachability"] == "reachable"


def majority(managers: int) -> int:
    """How many of the managers decide."""
    return managers // 2 + 1


def why_not_pause(nodes: list[Values], node: Values, accept_outage: bool) -> str:
    """What speaks against stopping one manager for a moment; empty where nothing does.

    Only the majority counts: where a node is missing anyway, a backup is wanted all the more.
    """
    reasons = why_not_down(nodes, [node["id"]], missing=[each["id"] for each in nodes], accept_outage=accept_outage)
    return f"{node['hostname']} cannot be stopped now: {'; '.join(reasons)}." if reasons else ""
