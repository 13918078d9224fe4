# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What has to be done to each host, once the swarm is known and its managers have listed its nodes."""

from __future__ import annotations

import typing as t

from ...module_utils._checks import same_ip, split_address
from .hosts import ACTIVE, LOCKED, Host

Values = t.Dict[str, t.Any]


def plan(hosts: list[Host], choice: Values, nodes: list[Values]) -> Values:
    """Every decision of a run, as a value.

    :param choice: what choice.choose returned.
    :param nodes: what hive.swarm.swarm_node_info returned; empty where the swarm is still to be created.
    """
    return _Planner(hosts, choice, nodes).plan()


class _Planner:
    def __init__(self, hosts: list[Host], choice: Values, nodes: list[Values]) -> None:
        self.hosts = hosts
        self.choice = choice
        self.nodes = nodes
        self.by_id = {node["id"]: node for node in nodes}
        self.mine = [host for host in hosts if host.in_play]
        self.stop: list[str] = []
        self.stale = {host.name: self._stale(host) for host in self.mine} if nodes else {}

    def plan(self) -> Values:
        join = {host.name: self._join(host) for host in self.mine if self._has_to_join(host)}
        promote = self._role_changes("manager", join)
        demote = self._role_changes("worker", join)
        return {
            **self.choice,
            "keeper": self._keeper(join),
            "member_ids": sorted(self.by_id),
            "remote_addrs": self._remote_addrs(),
            "ids": {host.name: host.node_id for host in self.mine if self._member(host)},
            "join": join,
            "promote": promote,
            "demote": demote,
            "stale": [entry for entries in self.stale.values() for entry in entries],
            "settings": self._all_settings(join),
            "expected": {host.hostname: host.wanted for host in self.mine},
            "warnings": self._warnings(),
            "stop": self.stop + self._strangers(),
        }

    # Who is in

    def _member(self, host: Host) -> Values | None:
        """The managers' entry of a host; a locked manager does not tell its ID and is known by name and address."""
        if host.state == LOCKED:
            return next((node for node in self.nodes if node["role"] == "manager" and self._same_host(host, node)), None)
        return self.by_id.get(host.node_id) if host.state == ACTIVE else None

    def _has_to_join(self, host: Host) -> bool:
        return host.name != self.choice["init"] and not self._member(host) and host.state != LOCKED

    def _strangers(self) -> list[str]:
        """Hosts that believe to be in a swarm and are in another one than this."""
        ours = self._manager_addresses()
        return [
            f"{host.name} is in another swarm, whose managers are {', '.join(host.known_managers) or 'unknown'}; the"
            f" other hosts are in {self.choice['cluster_id']}. Take it out of its swarm with hive.swarm.swarm_leave, or"
            " out of the inventory."
            for host in self.mine
            if self.nodes and not host.outside and not self._member(host) and not host.knows_one_of(ours)
        ]

    def _manager_addresses(self) -> list[str]:
        listed = [node["manager_address"] for node in self.nodes if node["manager_address"]]
        return [split_address(address)[0] for address in listed]

    # Entries of a host's former lives

    def _stale(self, host: Host) -> list[Values]:
        """Entries that were this host before it was wiped or left, the newest first."""
        live_ids = {other.node_id for other in self.hosts if other.node_id in self.by_id and other.state == ACTIVE}
        own = self._member(host)
        entries = []
        for node in sorted(self.nodes, key=lambda node: node["created_at"], reverse=True):
            if node["id"] in live_ids or (own and node["id"] == own["id"]):
                continue
            if self._former(host, node):
                entries.append(node)
        return entries

    def _former(self, host: Host, node: Values) -> bool:
        same_name, same_address = node["hostname"] == host.hostname, self._same_address(host, node)
        if node["state"] != "ready":
            return same_name or same_address
        if same_name and not same_address:
            self.stop.append(
                f"The swarm has a node {node['hostname']} ({node['id']}) at {_address(node)} that is ready and is not"
                f" {host.name}. If it is another machine, give one of the two another host name; if {host.name} was"
                " that node a moment ago, run this again when it is down."
            )
        return same_address and (same_name or host.outside)

    def _same_host(self, host: Host, node: Values) -> bool:
        return node["hostname"] == host.hostname or self._same_address(host, node)

    def _same_address(self, host: Host, node: Values) -> bool:
        return any(same_ip(address, _address(node)) for address in host.addresses)

    # What has to change

    def _join(self, host: Host) -> Values:
        settings = self._inherited(host)
        wanted = host.availability or settings["availability"]
        labelled = bool(host.labels or settings["labels"])
        # Only where the availability is managed: a run that is cut off here must be finished by the next one.
        paused = labelled and host.availability == "active"
        return {"role": host.wanted, "availability": "pause" if paused else wanted}

    def _inherited(self, host: Host) -> Values:
        """Labels and availability of the newest former entry: they are lost with it."""
        entries = self.stale.get(host.name) or [{"labels": {}, "availability": None}]
        return {"labels": entries[0]["labels"], "availability": entries[0]["availability"]}

    def _all_settings(self, join: Values) -> Values:
        settings = {host.name: self._settings(host, join.get(host.name)) for host in self.mine}
        return {name: given for name, given in settings.items() if given}

    def _settings(self, host: Host, join: Values | None) -> Values:
        """Labels and availability for hive.swarm.swarm_node, as far as the inventory or a former life gives them."""
        own = self._member(host) or {"labels": {}}
        inherited = {key: value for key, value in self._inherited(host)["labels"].items() if key not in own["labels"]}
        labels = {**inherited, **(host.labels or {})}
        at_join = join["availability"] if join else None
        availability = None if host.availability == at_join or self._creates(host) else host.availability
        settings = {"labels": labels, "availability": availability}
        return {option: value for option, value in settings.items() if value}

    def _creates(self, host: Host) -> bool:
        return host.name == self.choice["init"]

    def _role_changes(self, role: str, join: Values) -> list[Values]:
        changes = []
        for host in self.mine:
            entry = self._member(host)
            if entry and host.wanted == role and entry["role"] != role:
                changes.append({"host": host.name, "id": entry["id"], "hostname": entry["hostname"]})
        return changes

    def _keeper(self, join: Values) -> str:
        """The host that is asked from the role changes on: a manager that stays one, or the last that becomes one."""
        if self.choice["init"]:
            return self.choice["init"]
        asked = next(host for host in self.hosts if host.name == self.choice["manager"])
        if asked.wanted == "manager" or not asked.in_play:
            return asked.name
        new = [host.name for host in self.mine if host.wanted == "manager"]
        return new[0] if new else asked.name

    def _remote_addrs(self) -> list[str]:
        """Managers to join, those first that are known to answer."""
        asked = [host.node_id for host in self.hosts if host.name == self.choice["manager"]]
        managers = [node for node in self.nodes if node["manager_address"]]
        managers.sort(key=lambda node: (node["id"] not in asked, node["reachability"] != "reachable", node["hostname"]))
        stale = {entry["id"] for entries in self.stale.values() for entry in entries}
        return [node["manager_address"] for node in managers if node["id"] not in stale]

    # What to mind

    def _warnings(self) -> list[str]:
        inventory = [host.name for host in self.hosts if host.wanted == "manager"]
        known = {host.node_id for host in self.hosts} | {entry["id"] for e in self.stale.values() for entry in e}
        hostnames = {host.hostname for host in self.hosts if host.hostname}
        others = [
            node["hostname"]
            for node in self.nodes
            if node["role"] == "manager" and node["id"] not in known and node["hostname"] not in hostnames
        ]
        return manager_count_warnings(len(inventory) + len(others))


def manager_count_warnings(count: int) -> list[str]:
    """What is wrong with a number of managers (docs.docker.com, engine/swarm/admin_guide)."""
    if count == 2:
        return ["Two managers are worse than one: the swarm stops when either of them fails. Use one, three or five."]
    if count and count % 2 == 0:
        return [f"{count} managers survive no more failures than {count - 1}. Use an odd number."]
    if count > 7:
        return [f"{count} managers slow every decision of the swarm down. Use three to seven."]
    return []


def _address(node: Values) -> str:
    """Where a node is. A leader may show 0.0.0.0 as its own address, while its address as a manager is right."""
    if node["manager_address"]:
        return split_address(node["manager_address"])[0]
    return node["address"]


