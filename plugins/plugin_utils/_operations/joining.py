# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What hive.swarm.site would do to hosts, in words: who joins, and as what."""

from __future__ import annotations

from ...module_utils._core.values import Values
from ...module_utils._engine.local_state import ERROR, INACTIVE, PENDING
from .._cluster.hosts import Host
from .._cluster.plan import plan
from .._cluster.steps import Step


def site_plan(hosts: list[Host], discovered: Values, nodes: list[Values]) -> Values:
    """The plan of the role cluster for the hosts that answer; discovered and nodes are of a swarm that is there."""
    choice = {"cluster_id": discovered["cluster_id"], "manager": discovered["manager"], "init": "", "stop": []}
    return plan([host for host in hosts if host.answers], choice, nodes)


def join_steps(hosts: list[Host], site: Values) -> list[Step]:
    """A step for each host that joins, in the order of the hosts."""
    return [
        Step(host.name, f"{_leave(host)}join as a {site['join'][host.name]['role']}{_given(site, host)}", _why(host))
        for host in hosts
        if host.name in site["join"]
    ]


def _leave(host: Host) -> str:
    return "" if host.state == INACTIVE else "leave, "


def _why(host: Host) -> str:
    if host.state == INACTIVE:
        return "in no swarm"
    if host.state in (PENDING, ERROR):
        return f"lost its place: {(host.probe.get('error') or host.state).strip().rstrip('.')}"
    return "not in the managers' list, although its engine reports a membership"


def _given(site: Values, host: Host) -> str:
    """Labels and availability that the host gets, from the inventory or from its stale entry."""
    settings = site["settings"].get(host.name) or {}
    given = [f"{key}={value}" for key, value in (settings.get("labels") or {}).items()]
    availability = settings.get("availability") or site["join"][host.name]["availability"]
    parts = [f"labels {', '.join(given)}"] if given else []
    parts += [f"availability {availability}"] if availability else []
    return f", with {' and '.join(parts)}" if parts else ""


def lacking_settings(site: Values, nodes: list[Values]) -> dict[str, str]:
    """What members lack of that which the inventory gives them, in words, by name of the host."""
    found = site["settings"].items()
    return {name: _settings(given) for name, given in found if _differs(name, given, site, nodes)}


def _differs(name: str, given: Values, site: Values, nodes: list[Values]) -> bool:
    """Of hosts that join it is said there."""
    node = next((node for node in nodes if node["id"] == site["ids"].get(name)), None)
    if node is None or name in site["join"]:
        return False
    labels = given.get("labels") or {}
    lacking = any(node["labels"].get(key) != str(value) for key, value in labels.items())
    return lacking or given.get("availability", node["availability"]) != node["availability"]


def _settings(given: Values) -> str:
    labels = ", ".join(f"{key}={value}" for key, value in (given.get("labels") or {}).items())
    parts = [f"labels {labels}"] if labels else []
    parts += [f"availability {given['availability']}"] if given.get("availability") else []
    return " and ".join(parts)


def silent_lines(discovered: Values) -> list[str]:
    return [f"{each['name']} does not respond and is left alone: {each['why']}." for each in discovered["silent"]]
