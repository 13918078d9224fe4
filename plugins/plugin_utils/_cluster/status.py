# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a swarm is: what is not as it shall be, as sentences, and a table for people."""

from __future__ import annotations

import typing as t

from .hosts import Host, names
from .nodes import address_of, manager_count_warnings, problem
from .services import lacking

Values = dict[str, t.Any]
# The label that the role operations puts on nodes that it drains.
MAINTENANCE = "hive.swarm.maintenance"
COLUMNS = ("hostname", "role", "state", "availability", "leader", "address", "engine", "id")


def status(
    nodes: list[Values],
    quorum: Values,
    cluster_id: str,
    hosts: list[Host],
    problems: list[str],
    services: t.Iterable[Values] = (),
    swarm: Values | None = None,
) -> Values:
    """The swarm for people and for monitoring.

    :param problems: what is already known to be wrong.
    :param services: as hive.swarm.swarm_service_info lists them.
    :param swarm: what hive.swarm.swarm_info returned on a manager.
    :returns: cluster_id, quorum, nodes, services (how many), engine_versions, autolock and root_rotation (None where
        nobody has asked), problems (what has to be mended) and warnings (what could be better).
    """
    found = _quorum_problems(quorum) + _node_problems(nodes) + _host_problems(nodes, hosts) if nodes else []
    services, versions = list(services), sorted({node["engine_version"] for node in nodes})
    asked = swarm or {}
    return {
        "cluster_id": cluster_id,
        "quorum": quorum,
        "nodes": [_row(node) for node in sorted(nodes, key=_order)],
        "services": len(services),
        "engine_versions": versions,
        "autolock": (asked.get("swarm") or {}).get("autolock_managers"),
        "root_rotation": asked.get("root_rotation_in_progress"),
        "problems": problems + found + [f"Service {sentence}." for sentence in lacking(services)],
        "warnings": manager_count_warnings(quorum.get("managers", 0)) + _warnings(nodes, versions, asked),
    }


def _warnings(nodes: list[Values], versions: list[str], asked: Values) -> list[str]:
    found = []
    if len(versions) > 1:
        found.append(f"The engines have different versions: {', '.join(versions)}. A swarm is upgraded as a whole.")
    if asked.get("root_rotation_in_progress"):
        found.append("The root certificate is being rotated: it ends when every node has got its new one.")
    unfinished = [node["hostname"] for node in nodes if MAINTENANCE in node["labels"]]
    if unfinished:
        found.append(f"Left in maintenance: {', '.join(unfinished)}. hive.swarm.rolling_maintenance goes on with it.")
    return found


def _order(node: Values) -> tuple[bool, str, str]:
    return node["role"] != "manager", node["hostname"], node["id"]


def _row(node: Values) -> Values:
    kept = ("hostname", "id", "role", "state", "availability", "leader", "reachability", "engine_version", "labels")
    return {**{key: node[key] for key in kept}, "address": address_of(node)}


def _quorum_problems(quorum: Values) -> list[str]:
    if quorum["margin"] < 0:  # a leader that has lost the others answers for some seconds more
        return [
            f"Only {quorum['reachable']} of {quorum['managers']} managers are reachable and {quorum['needed']} are needed:"
            " nothing can be changed. Bring managers back, or see hive.swarm.recover_quorum."
        ]
    if quorum["managers"] > 1 and quorum["margin"] < 1:
        return [
            f"{quorum['reachable']} of {quorum['managers']} managers are reachable and {quorum['needed']} are needed:"
            " the swarm stops when one more fails."
        ]
    return []


def _node_problems(nodes: list[Values]) -> list[str]:
    problems = []
    hostnames = [node["hostname"] for node in nodes]
    for hostname in sorted({name for name in hostnames if hostnames.count(name) > 1}):
        listed = ", ".join(f"{node['id']} is {node['state']}" for node in nodes if node["hostname"] == hostname)
        problems.append(f"{hostname} is listed {hostnames.count(hostname)} times: {listed}.")
    for node in sorted(nodes, key=_order):
        reason = problem(node, node["role"])
        problems += [f"{node['hostname']} ({node['id']}): {reason}."] if reason else []
    return problems


def _host_problems(nodes: list[Values], hosts: list[Host]) -> list[str]:
    listed = {node["id"]: node for node in nodes}
    missing = [host for host in hosts if host.answers and host.node_id not in listed]
    problems = [f"In the inventory, but not in this swarm: {names(missing)}."] if missing else []
    for host in hosts:
        node = listed.get(host.node_id)
        if node and node["role"] != host.wanted:
            problems.append(f"{host.name} is a {node['role']}; the inventory wants a {host.wanted}.")
    return problems


def table(status: Values) -> list[str]:
    """The lines of a table for people, with the quorum and what is wrong below."""
    if not status["nodes"]:
        return ["No manager answers that could list the nodes", *_footer(status)]
    rows = [COLUMNS, *(_cells(node) for node in status["nodes"])]
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]
    lines[0] = lines[0].upper()
    return [f"Swarm {status['cluster_id']}", *lines, *_footer(status)]


def _cells(node: Values) -> tuple[str, ...]:
    state = node["state"] if node["reachability"] in ("", "reachable") else f"{node['state']}, {node['reachability']}"
    leader = "leader" if node["leader"] else ""
    return (
        node["hostname"], node["role"], state, node["availability"], leader, node["address"], node["engine_version"],
        node["id"],
    )  # fmt: skip


def _footer(status: Values) -> list[str]:
    quorum = status["quorum"]
    lines = []
    if quorum:
        lines.append(
            f"Managers: {quorum['reachable']} of {quorum['managers']} reachable, {quorum['needed']} needed,"
            f" {max(quorum['margin'], 0)} more may fail"
        )
    if status["autolock"]:
        lines.append("Autolock is on: managers need the unlock key after a restart")
    lines += [f"Warning: {warning}" for warning in status["warnings"]]
    return lines + [f"Problem: {problem}" for problem in status["problems"]]
