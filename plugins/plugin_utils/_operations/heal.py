# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with the membership of hosts, and what is done about it."""

from __future__ import annotations

import re

from ...module_utils._core.values import Values
from ...module_utils._engine.local_state import LOCKED, PENDING
from .._cluster.hosts import Host
from .._cluster.nodes import address_of
from .._cluster.steps import Step, reasons
from .joining import join_steps, lacking_settings, silent_lines, site_plan

_GONE = "its engine is not this manager any more"
_STALLED = "managers reach it, and its engine follows no leader"
_LEFT_DRAINED = "drained by an earlier run that did not end"
_CLUSTER_ID = re.compile("[0-9a-z]{25}")  # 128 bits to the base of 36, by swarmkit's identity package


def plan_heal(
    hosts: list[Host],
    discovered: Values,
    nodes: list[Values],
    keys_given: bool = False,
    maintenance_label: str = "",
    confirm: str = "",
) -> Values:
    """Every finding, and what hive.swarm.site does about it on the hosts that answer.

    :param hosts: all hosts; those in the play may be changed.
    :param discovered: what ``discovery.find_swarm`` returned.
    :param nodes: as hive.swarm.swarm_node_info lists them; empty where no manager answers.
    :param keys_given: whether there are unlock keys.
    :param maintenance_label: the label with the availability of nodes that an operation has drained.
    :param confirm: what the user has typed.
    :returns: hosts (names of those that answer), drained (id and name of the nodes that get their availability back),
        steps, warnings, stop, confirm (the ID of the swarm) and unlock_first (whether the managers must be unlocked before
        more is known; confirm is ``unlock`` then, or what the user has typed as the ID, which is not known yet).
    """
    mine = [host for host in hosts if host.in_play and host.answers]
    found = {
        "hosts": [host.name for host in mine], "drained": [], "confirm": discovered["cluster_id"], "unlock_first": False
    }  # fmt: skip
    locked = [Step(host.name, "unlock", "locked manager") for host in mine if host.state == LOCKED and host.trusted]
    if not discovered["manager"]:
        if not locked or not keys_given:
            return {**found, "warnings": silent_lines(discovered), "stop": reasons("no_swarm", discovered["stop"])}
        later = Step(
            "",
            "read the swarm again, show what else there is to do, and do it if the confirmation is the ID of the swarm",
            "a swarm whose managers are all locked does not list its nodes",
        )
        return {
            **found, "steps": [*locked, later], "warnings": silent_lines(discovered),
            "confirm": confirm if _CLUSTER_ID.fullmatch(confirm) else "unlock", "unlock_first": True,
        }  # fmt: skip
    site = site_plan(hosts, discovered, nodes)
    removed = {each["id"] for each in site["remove"]}
    drained = [node for node in nodes if maintenance_label in node["labels"] and node["id"] not in removed]
    ready = [node for node in drained if node["state"] == "ready"]
    return {
        **found,
        "drained": [{"id": node["id"], "name": node["hostname"]} for node in ready],
        "steps": [
            *(Step(node["hostname"], f"set to {node['labels'][maintenance_label]}", _LEFT_DRAINED) for node in ready),
            *locked,
            *site_steps(hosts, site, nodes),
        ],
        "warnings": silent_lines(discovered) + _down(nodes, site, hosts) + _not_ready(drained),
        "stop": reasons("no_swarm", discovered["stop"]) + reasons("site_refused", site["stop"]),
    }


def site_steps(hosts: list[Host], site: Values, nodes: list[Values]) -> list[Step]:
    """Return what the role cluster does, in its order."""
    listed = {node["id"]: node for node in nodes}
    retired = [each["id"] for each in site["retire"]]
    again = {each["id"] for each in site["promote"]}.intersection(retired)
    steps = [_entry(listed[node_id], "demote", _STALLED if node_id in again else _GONE) for node_id in retired]
    steps += join_steps(hosts, site)
    steps += [
        Step(each["host"], "promote", _STALLED if each["id"] in again else "the inventory wants a manager")
        for each in site["promote"]
    ]
    steps += [Step(each["host"], "demote", "the inventory wants a worker") for each in site["demote"]]
    steps += [Step(name, f"set {what}", "from the inventory") for name, what in lacking_settings(site, nodes).items()]
    return steps + [_entry(listed[each["id"]], "remove the entry", "stale entry") for each in site["remove"]]


def _entry(node: Values, step: str, reason: str) -> Step:
    return Step(node["hostname"], step, f"{reason}: {node['id']}, {node['state']}, {address_of(node)}")


def _down(nodes: list[Values], site: Values, all_hosts: list[Host]) -> list[str]:
    removed = {each["id"] for each in site["remove"]}
    hosts = {node_id: name for name, node_id in site["ids"].items()}
    lost = {host.node_id for host in all_hosts if host.state == PENDING}
    lines = []
    for node in nodes:
        place = f"{node['hostname']} ({node['id']}) is {node['state']}"
        if node["state"] == "down" and node["id"] in lost and node["reachability"] == "reachable":
            lines.append(
                f"{place}, though the managers reach its engine, which finds no leader. If it stays like that, run docker swarm"
                f" leave --force on {hosts.get(node['id'], node['hostname'])} and then this again: it joins again as what it was."
            )
        elif node["state"] == "down" and node["id"] in hosts:
            lines.append(
                f"{place}, though the engine of {hosts[node['id']]} answers: see with hive.swarm.preflight whether it"
                " reaches the managers."
            )
        elif node["state"] != "ready" and node["id"] not in {*removed, *hosts}:
            lines.append(
                f"{place}, and no host that answers is it. Bring it back, or take it out with hive.swarm.scale_in -e"
                f" operations_nodes={node['id']}."
            )
    return lines


def _not_ready(drained: list[Values]) -> list[str]:
    return [
        f"{node['hostname']} was left drained by an earlier run and is {node['state']}. It gets its availability back when"
        " it is ready: run this again then."
        for node in drained
        if node["state"] != "ready"
    ]
