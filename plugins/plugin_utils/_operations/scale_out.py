# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which hosts come new into the swarm, or why they must not."""

from __future__ import annotations

from ...module_utils._core.values import Values
from .._cluster.hosts import Host
from .._cluster.steps import Reason, reasons
from .joining import join_steps, lacking_settings, silent_lines, site_plan


def plan_scale_out(
    hosts: list[Host], discovered: Values, nodes: list[Values], names: list[str], allow_even: bool = False
) -> Values:
    """Every decision of adding hosts; the joining itself is that of hive.swarm.site on these hosts.

    :param hosts: all hosts; those in the play may join.
    :param discovered: what ``discovery.find_swarm`` returned.
    :param nodes: as hive.swarm.swarm_node_info lists them.
    :param names: hosts that may join; empty for all of the play.
    :param allow_even: whether there may be an even number of managers afterwards.
    :returns: hosts (names of those that join), steps, warnings, stop and confirm (empty).
    """
    stop = reasons("no_swarm", discovered["stop"])
    silent = [each for each in discovered["silent"] if each["name"] in names]
    stop += [Reason("host_not_responding", f"{each['name']} does not respond: {each['why']}.") for each in silent]
    unknown = sorted(set(names) - {host.name for host in hosts if host.in_play})
    if unknown:
        message = f"{', '.join(unknown)}: not a host of this run. Put it into the group of managers or workers."
        stop.append(Reason("host_left_out", message))
    if not discovered["manager"]:
        stop.append(Reason("no_swarm", "A first swarm is made by hive.swarm.site."))
        return {"hosts": [], "steps": [], "warnings": silent_lines(discovered), "stop": stop}
    site = site_plan(hosts, discovered, nodes)
    joining = [host for host in hosts if host.name in site["join"] and host.name in (names or site["join"])]
    stop += reasons("site_refused", site["stop"]) + ([] if allow_even else _even(joining, site, nodes))
    return {
        "hosts": [host.name for host in joining],
        "steps": join_steps(joining, site),
        "warnings": silent_lines(discovered) + _unfinished(site, nodes),
        "stop": stop,
    }


def _unfinished(site: Values, nodes: list[Values]) -> list[str]:
    """A host that was cut off between joining and its labels is a member, and no others are touched here."""
    return [
        f"{name}: is in the swarm, but lacks {what}, which hive.swarm.site gives it."
        for name, what in lacking_settings(site, nodes).items()
    ]


def _even(joining: list[Host], site: Values, nodes: list[Values]) -> list[Reason]:
    added = sum(host.wanted == "manager" for host in joining)
    stale = {entry["id"] for entry in site["retire"]}
    count = sum(node["manager"] and node["id"] not in stale for node in nodes) + added
    if not added or count % 2:
        return []
    message = (
        f"There would be {count} managers, and an even number survives no more failures than one less: add one more, or"
        " allow it with -e operations_allow_even=true."
    )
    return [Reason("even_managers", message)]
