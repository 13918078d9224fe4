# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which nodes get another version of the engine, in which order; or why none may."""

from __future__ import annotations

import dataclasses

from ...module_utils._core.values import Values
from .._cluster.hosts import Host
from .._cluster.steps import Reason
from .maintenance import Actions, Settings, plan_maintenance
from .versions import older, version_key, version_matches


def plan_upgrade(
    hosts: list[Host],
    discovered: Values,
    nodes: list[Values],
    target: str,
    settings: Settings,
    missing_files: tuple[tuple[str, str], ...] = (),
) -> Values:
    """The turns of those that do not have the version yet, and of those that a former run has left drained.

    :param target: the version or its beginning: 28.5 is any 28.5.x.
    :param settings: of the maintenance that each node gets.
    :param missing_files: task files of the upgrade that do not exist, as ``Actions`` has them.
    :returns: what ``plan_maintenance`` returns, and needed (whether any host has a turn).
    """
    members = {node["id"]: node for node in nodes}
    stop = _target_problems(hosts, members, target)
    if stop:
        turns_of_none: Values = {"managers": [], "workers": [], "needed": False}
        return {**turns_of_none, "warnings": versions(nodes), "stop": stop}
    settings = settings._replace(
        actions={host.name: _with_engine(settings.actions.get(host.name), target, missing_files) for host in hosts}
    )
    turns = [host if _has_turn(host, members, target, settings) else _left_out(host) for host in hosts]
    plan = plan_maintenance(turns, discovered, nodes, settings)
    needed = bool(plan["managers"] or plan["workers"])
    return {
        **plan,
        "warnings": versions(nodes) + plan["warnings"],
        "needed": needed,
    }


def _with_engine(actions: Actions | None, target: str, missing_files: tuple[tuple[str, str], ...]) -> Actions:
    actions = actions or Actions()
    return actions._replace(engine=target, missing_files=actions.missing_files + missing_files)


def _left_out(host: Host) -> Host:
    return dataclasses.replace(host, in_play=False)


def _has_turn(host: Host, members: Values, target: str, settings: Settings) -> bool:
    node = members.get(host.node_id)
    if node is None or not host.in_play:
        return host.in_play
    return settings.label in node["labels"] or not version_matches(host.probe["engine_version"], target)


def _target_problems(hosts: list[Host], members: Values, target: str) -> list[Reason]:
    if not target:
        message = "engine_version: required. Set the desired version of Docker Engine, such as -e engine_version=28.5."
        return [Reason("bad_input", message)]
    try:
        version_key(target)
    except ValueError as error:
        return [Reason("bad_input", f"engine_version: {error}.")]
    newer = [
        f"{host.name} ({host.probe['engine_version']})"
        for host in hosts
        if host.in_play and host.node_id in members and older(target, host.probe["engine_version"])
    ]
    if not newer:
        return []
    return [
        Reason(
            "downgrade",
            f"These have a newer engine than {target}: {', '.join(newer)}. An older engine does not read what a newer one"
            " has written. To go back, take a node out of the swarm and let it join again with an empty data root.",
        )
    ]


def versions(nodes: list[Values]) -> list[str]:
    """One line on nodes whose engines differ; none where all have the same version."""
    found: dict[str, list[str]] = {}
    for node in sorted(nodes, key=lambda each: each["hostname"]):
        found.setdefault(node["engine_version"], []).append(node["hostname"])
    if len(found) < 2:
        return []
    listed = "; ".join(f"{version or 'unknown'} on {', '.join(names)}" for version, names in sorted(found.items()))
    return [f"The engines differ: {listed}. Keep that short, and deploy nothing meanwhile"]
