# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The status of a swarm: its problems, as sentences, and a table for people."""

from __future__ import annotations

import typing as t

from ...module_utils._core.validators import same_ip
from ...module_utils._core.values import Values
from ...module_utils._engine.local_state import INACTIVE, LOCKED
from . import certificates as certs
from .choice import contradictions, distrusted
from .hosts import MAINTENANCE, Host, names
from .nodes import address_of, is_stalled, manager_count_warnings, problem
from .services import split_missing_tasks
from .situation import no_answer_problems, no_answer_reason, without_list

COLUMNS = ("hostname", "role", "state", "availability", "leader", "address", "engine", "id")
NO_LIST = "No manager lists the nodes"
_Own = dict[str, certs.Certificate]
_Api = dict[str, dict[str, certs.Certificate]]


def status(
    nodes: list[Values],
    quorum: Values,
    cluster_id: str,
    hosts: list[Host],
    problems: t.Iterable[str] = (),
    services: t.Iterable[Values] = (),
    swarm: Values | None = None,
    certificates: Values | None = None,
    now: float = 0,
    refusal: str = "",
    tasks: t.Iterable[Values] = (),
) -> Values:
    """Return the state of the swarm, for people and for monitoring.

    :param hosts: all of the inventory; none where only the nodes are judged.
    :param problems: what is already known to be wrong.
    :param services: as hive.swarm.swarm_service_info lists them.
    :param swarm: what hive.swarm.swarm_info returned on a manager.
    :param certificates: files with certificates of nodes and of engines' APIs, as hive.swarm.engine_info returns them, by
        the names of hosts.
    :param now: seconds since 1970; 0 for certificates that are not judged.
    :param refusal: why a manager did not list the nodes.
    :param tasks: of the services that lack some, as hive.swarm.swarm_task_info lists them.
    :returns: cluster_id, quorum, nodes, services (how many), engine_versions, autolock and root_rotation (None where
        not queried), certificates (root, nodes and api: when they end), problems (worst first)
        and warnings (what could be better).
    """
    services, versions = list(services), sorted({node["engine_version"] for node in nodes})
    asked = swarm or {}
    wanting, coming = split_missing_tasks(services, list(tasks))
    root, own, api = _certificates(asked, hosts, certificates or {})
    ending, end_later = _judge_certificates(root, own, api, now) if now else ([], [])
    if nodes:
        found = _quorum_problems(quorum) + _node_problems(nodes, hosts) + _host_problems(nodes, hosts)
    else:
        found = without_list(hosts, refusal) if hosts else []
        found += no_answer_problems([host for host in hosts if host.in_play and not host.answers])
    found += ending
    return {
        "cluster_id": cluster_id,
        "quorum": quorum,
        "nodes": [_row(node) for node in sorted(nodes, key=_order)],
        "services": len(services),
        "engine_versions": versions,
        "autolock": (asked.get("swarm") or {}).get("autolock_managers"),
        "root_rotation": asked.get("root_rotation_in_progress"),
        "certificates": {
            "root": root.ends if root else "",
            "nodes": {name: each.ends for name, each in own.items()},
            "api": {name: min(each.ends for each in files.values()) for name, files in api.items()},
        },
        "problems": found + list(problems) + [f"Service {sentence}." for sentence in wanting],
        "warnings": manager_count_warnings(quorum.get("managers", 0))
        + end_later
        + _warnings(nodes, versions, asked)
        + [f"Service {sentence}." for sentence in coming],
    }


def judged(hosts: list[Host], wanted: Values, ambiguous_names: bool) -> list[str]:
    """Return sentences on what is wrong with the inventory."""
    if hosts and not (wanted["manager"] or wanted["worker"]):
        return [
            "The inventory has no host in the groups of managers and workers (cluster_managers_group): is it the right one?"
        ]
    return contradictions(hosts, wanted, ambiguous_names)


def _certificates(asked: Values, hosts: list[Host], files: Values) -> tuple[certs.Certificate | None, _Own, _Api]:
    """Return the root certificate, that of each node, and those of each engine's API by their paths."""
    own: _Own = {}
    api: _Api = {}
    for host in hosts:
        text, others = certs.files_of(files.get(host.name) or {})
        node = certs.node_of(text, host.node_id) if host.node_id else None
        own.update({host.name: node} if node else {})
        api.update({host.name: others} if others else {})
    return certs.root_of(asked.get("root_certificate") or ""), own, api


def _judge_certificates(
    root: certs.Certificate | None, own: _Own, api: _Api, now: float
) -> tuple[list[str], list[str]]:
    """Return problems and warnings."""
    judged = [
        certs.root_problems(root, now),
        *((certs.node_certificate_problems(name, each, now), []) for name, each in own.items()),
        *(
            certs.api_certificate_problems(name, path, each, now)
            for name, found in api.items()
            for path, each in found.items()
        ),
    ]
    problems = [problem for found, _warnings in judged for problem in found]
    return problems, [warning for _problems, found in judged for warning in found]


def _warnings(nodes: list[Values], versions: list[str], asked: Values) -> list[str]:
    found = []
    if len(versions) > 1:
        found.append(f"The engines have different versions: {', '.join(versions)}. A swarm is upgraded as a whole.")
    if asked.get("root_rotation_in_progress"):
        found.append(_rotation(nodes))
    unfinished = [node["hostname"] for node in nodes if MAINTENANCE in node["labels"]]
    if unfinished:
        found.append(
            f"Drained by a run that goes on or was interrupted: {', '.join(unfinished)}. If it was interrupted, run it again, or"
            " hive.swarm.heal to give the nodes their availability back."
        )
    return found


def _rotation(nodes: list[Values]) -> str:
    missing = [node["hostname"] for node in nodes if node["state"] != "ready"]
    if not missing:
        return "The root certificate is being rotated: that ends when every node has got its new one."
    return (
        f"The root certificate is being rotated, and cannot get to its end as long as a node is down: bring back, or"
        f" remove, {', '.join(missing)}."
    )


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


def _node_problems(nodes: list[Values], hosts: list[Host]) -> list[str]:
    problems = []
    hostnames = [node["hostname"] for node in nodes]
    twice = sorted({name for name in hostnames if hostnames.count(name) > 1})
    for node in sorted(nodes, key=lambda node: (node["state"] == "ready", *_order(node))):
        reason = problem(node, node["role"])
        if reason and not (node["hostname"] in twice and node["role"] == "worker"):
            problems.append(f"{node['hostname']} ({node['id']}): {reason}.{_on_host(node, hosts)}")
    for hostname in twice:
        listed = ", ".join(f"{node['id']} is {node['state']}" for node in nodes if node["hostname"] == hostname)
        problems.append(
            f"{hostname} is listed {hostnames.count(hostname)} times: {listed}. hive.swarm.heal removes entries of former lives."
        )
    return problems


def _on_host(node: Values, hosts: list[Host]) -> str:
    """Return the host's report for a node with a problem; empty if the host is not known."""
    host = next((host for host in hosts if _same(node, host)), None)
    if not host or (not host.in_play and not host.answers):
        return ""
    if not host.answers:
        return f" Its engine gives no answer ({no_answer_reason(host)})."
    if host.state == LOCKED:
        return f" {_on_locked(host, node)}"
    if host.state == INACTIVE:
        return " Its host is in no swarm: hive.swarm.heal has it join again."
    said = host.probe.get("error")
    return f" Its engine says: {said.strip().rstrip('.')}." if said else ""


def _on_locked(host: Host, node: Values) -> str:
    """Return what to do about a locked host. A key goes to hosts that the inventory lists as managers, so heal unlocks no other."""
    if host.trusted:
        return (
            "It is locked since its engine was started: hive.swarm.heal unlocks it with the key in cluster_unlock_keys."
        )
    rejoin = "" if node["role"] == "manager" else ", or docker swarm leave --force and then hive.swarm.site"
    return (
        "It is locked since its engine was started, and gets no key, because the inventory does not have it as a manager."
        f" Run docker swarm unlock on it{rejoin}."
    )


def _same(node: Values, host: Host) -> bool:
    """Return whether both are the same machine, by the node's ID, or where the host does not report one by name or address."""
    if host.node_id:
        return host.node_id == node["id"]
    known = node["hostname"] in (host.hostname, host.name)
    return known or any(same_ip(address, address_of(node)) for address in host.addresses)


def _host_problems(nodes: list[Values], hosts: list[Host]) -> list[str]:
    listed = {node["id"]: node for node in nodes}
    down = [node for node in nodes if node["state"] != "ready"]
    told = [host for host in hosts if any(_same(node, host) for node in down)]
    missing = [host for host in hosts if host.answers and host.node_id not in listed and host not in told]
    problems = no_answer_problems([host for host in hosts if host.in_play and not host.answers and host not in told])
    claims = [host for host in hosts if host.is_manager and not host.trusted and host not in told]
    problems += [distrusted(host) for host in claims if host.node_id not in listed]
    if missing:
        problems.append(f"In the inventory, but not in this swarm: {names(missing)}.")
    for host in hosts:
        node = listed.get(host.node_id)
        if node and node["role"] != host.wanted:
            problems.append(f"{host.name} is a {node['role']}; the inventory wants a {host.wanted}.")
        if node and is_stalled(node, host):
            problems.append(
                f"{host.name} ({node['id']}): the managers reach it, but its engine follows no leader"
                f" ({host.probe['error'].strip().rstrip('.')}). It does not count for the quorum. hive.swarm.heal makes it a"
                " worker and a manager again."
            )
    return problems


def table(status: Values) -> list[str]:
    """Return the lines of a table for people, with what is wrong above it. :param status: what ``status`` returned."""
    said = [f"Problem: {each}" for each in status["problems"]] + [f"Warning: {each}" for each in status["warnings"]]
    if not status["nodes"]:
        return [NO_LIST, *said]
    rows = [COLUMNS, *(_cells(node) for node in status["nodes"])]
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]
    lines[0] = lines[0].upper()
    return [f"Swarm {status['cluster_id']}", *said, *lines, *_footer(status)]


def _cells(node: Values) -> tuple[str, ...]:
    state = node["state"] if node["reachability"] in ("", "reachable") else f"{node['state']}, {node['reachability']}"
    leader = "leader" if node["leader"] else ""
    return (
        node["hostname"], node["role"], state, node["availability"], leader, node["address"], node["engine_version"],
        node["id"],
    )  # fmt: skip


def _footer(status: Values) -> list[str]:
    quorum, ends = status["quorum"], status["certificates"]
    lines = []
    if quorum:
        lines.append(
            f"Managers: {quorum['reachable']} of {quorum['managers']} reachable, {quorum['needed']} needed,"
            f" {max(quorum['margin'], 0)} more may fail"
        )
    if ends["root"]:
        nodes = f", the first of a node on {min(ends['nodes'].values())[:10]}" if ends["nodes"] else ""
        apis = f", the first of an engine's API on {min(ends['api'].values())[:10]}" if ends["api"] else ""
        lines.append(f"Certificates: the root's ends on {ends['root'][:10]}{nodes}{apis}")
    if status["autolock"]:
        lines.append("Autolock is on: managers need the unlock key after a restart")
    return lines
