# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which swarm an operation is about, and who is asked about it."""

from __future__ import annotations

import typing as t

from ...module_utils._core.paths import Values
from .._cluster.choice import choose
from .._cluster.hosts import Host


def survey(hosts: list[Host], wanted: Values, avoid: t.Iterable[str] = (), keys_given: bool = False) -> Values:
    """The swarm that the hosts are in. Hosts that give no answer are named, and stop nothing here.

    :param avoid: names of hosts that are asked only where no other manager answers.
    :param keys_given: whether there are unlock keys, so that a locked manager does not stop the run.
    :returns: cluster_id, manager (the host to ask; empty with a reason in stop), managers (all that could be asked,
        that one first), silent (name and why of each host of the play that gives no answer) and stop.
    """
    answering = [host for host in hosts if host.answers]
    choice = choose(answering, wanted, keys_given=keys_given) if answering else {"cluster_id": "", "stop": []}
    spared = set(avoid)
    leading = [host for host in answering if host.leads and host.cluster_id == choice["cluster_id"]]
    leading.sort(key=lambda host: (host.name in spared, host.wanted != "manager", not host.in_play))
    stop = list(choice["stop"])
    if not leading and not stop:
        stop.append("None of the hosts that answer is in a swarm.")
    return {
        "cluster_id": choice["cluster_id"],
        "manager": leading[0].name if leading else "",
        "managers": [host.name for host in leading],
        "silent": [{"name": h.name, "why": _why(h)} for h in hosts if h.in_play and not h.answers],
        "stop": stop,
    }


def _why(host: Host) -> str:
    return (host.probe.get("msg") or "no reason given").strip().rstrip(".")
