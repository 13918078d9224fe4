# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What has to be done to each host, once the swarm is known and its managers have listed its nodes."""

from __future__ import annotations

import typing as t

from ...module_utils._core.validators import advertised, same_ip
from ...module_utils._core.values import LABELS, Values
from ...module_utils._engine.local_state import ACTIVE, LOCKED, PENDING
from .hosts import Host, inherited
from .nodes import address_of, is_stalled, manager_count_warnings


def plan(hosts: list[Host], choice: Values, nodes: list[Values], ambiguous_names: bool = False) -> Values:
    """Return every decision of a run of the role cluster.

    :param choice: what ``choice.choose`` returned.
    :param nodes: what hive.swarm.swarm_node_info returned; empty where the swarm is still to be created.
    :param ambiguous_names: whether several engines may have the same host name.
    """
    return _Planner(hosts, choice, nodes, ambiguous_names).plan()


class _Planner:
    def __init__(self, hosts: list[Host], choice: Values, nodes: list[Values], ambiguous_names: bool) -> None:
        self.hosts = hosts
        self.mine = [host for host in hosts if host.in_play]
        self.choice = choice
        self.nodes = nodes
        self.ambiguous_names = ambiguous_names
        self.members = {host.name: entry for host in hosts for entry in [self._entry(host)] if entry}
        # Managers that have to become workers and managers again.
        self.stalled = {
            host.name: self.members[host.name]
            for host in self.mine
            if host.name in self.members and host.wanted == "manager" and is_stalled(self.members[host.name], host)
        }
        self.stop: list[str] = []
        self.stale = {host.name: self._stale(host) for host in self.mine}

    def plan(self) -> Values:
        join = {host.name: self._join(host) for host in self.mine if self._has_to_join(host)}
        steps = {
            "retire": self._retired() + [_named(entry) for entry in self.stalled.values()],
            "join": join,
            "promote": self._role_changes("manager"),
            "demote": self._role_changes("worker"),
            "settings": self._all_settings(join),
            "remove": self._all_stale(),
        }
        return {
            **self.choice,
            **steps,
            "quiet": not self.choice["init"] and not any(steps.values()),
            "adds_managers": bool(steps["promote"]) or any(each["role"] == "manager" for each in join.values()),
            "keeper": self._keeper(),
            "member_ids": sorted(node["id"] for node in self.nodes),
            "remote_addrs": self._remote_addrs(),
            "ids": {host.name: self.members[host.name]["id"] for host in self.mine if host.name in self.members},
            "expected": [self._expected(host) for host in self.mine],
            "takeovers": self._takeovers(join),
            "rejoin": {host.name: host.node_id for host in self.mine if host.name in join and host.may_lose_state},
            "warnings": manager_count_warnings(self._future_managers()) + self._unproved(),
            "stop": self.stop + self._mislabelled() + self._strangers() + self._lossy(join) + self._unfit(),
        }

    # Who is in

    def _entry(self, host: Host) -> Values | None:
        """Return the managers' entry of a host. A locked manager does not report its ID, so it is found by name and address."""
        if host.state == LOCKED:
            managers = [node for node in self.nodes if node["role"] == "manager"]
            return next((node for node in managers if self._same_place(host, node)), None)
        if host.state in (ACTIVE, PENDING):
            return next((node for node in self.nodes if node["id"] == host.node_id), None)
        return None

    def _has_to_join(self, host: Host) -> bool:
        return host.name != self.choice["init"] and host.name not in self.members

    def _expected(self, host: Host) -> Values:
        """Return what the managers must list of a host, with its ID where it is in the swarm already."""
        node_id = self.members[host.name]["id"] if host.name in self.members else ""
        return {"name": host.name, "id": node_id, "hostname": host.hostname, "role": host.wanted}

    def _mislabelled(self) -> list[str]:
        """Return sentences on hosts whose engine reports a node that a manager has recorded as another host of the inventory."""
        known = {host.name for host in self.hosts}
        return [
            f"{host.name} reports that it is node {entry['id']}, which the label {host.host_label} records as"
            f" {entry['labels'][host.host_label]}: check docker_host of {host.name}, or correct the label."
            for host in self.mine
            for entry in [self.members.get(host.name)]
            if entry and host.labelled(entry) is False and entry["labels"][host.host_label] in known
        ]

    def _lossy(self, join: Values) -> list[str]:
        """Return sentences on hosts that would lose their state as a manager by joining again, which no operator has confirmed."""
        listed = {node["id"] for node in self.nodes}
        return [
            f"{host.name} has the state of a manager, node {host.node_id}, which the managers of"
            f" {self.choice['cluster_id'] or 'the swarm'} do not list; joining again would remove that state. If they are"
            f" right, confirm it with -e cluster_confirm_nodes={host.node_id}."
            for host in self.mine
            if host.name in join and host.may_lose_state and not self._may_rejoin(host, listed)
        ]

    def _may_rejoin(self, host: Host, listed: set[str]) -> bool:
        """Return whether a host may join again: an entry in the managers' list means that they have its state too, and so do the
        managers of a pinned swarm."""
        return host.node_id in listed or host.node_id in host.confirmed or bool(self.choice.get("pinned"))

    def _strangers(self) -> list[str]:
        """Return sentences on hosts whose engine reports another swarm than this one."""
        ours = [address_of(node) for node in self.nodes if node["manager"]]
        return [
            f"{host.name} is in another swarm, whose managers are {', '.join(host.known_managers) or 'unknown'}; the"
            f" others are in {self.choice['cluster_id']}. Take it out of its swarm with hive.swarm.swarm_leave, or out"
            " of the inventory."
            for host in self.mine
            if self.nodes and not host.outside and host.name not in self.members and not host.knows_one_of(ours)
        ]

    def _unfit(self) -> list[str]:
        """Return sentences on values that the modules would refuse, each only after other hosts have joined."""
        given = [
            (host.name, variable, check, value)
            for host in self.mine
            for variable, check, value in (
                ("swarm_labels", LABELS.encode, host.labels),
                ("cluster_advertise_addr", advertised, host.address),
            )
            if value
        ]
        return [
            f"{name}: {variable}: {why}." for name, variable, check, value in given for why in _why_not(check, value)
        ]

    # Previous entries of a host

    def _stale(self, host: Host) -> list[Values]:
        """Return the entries that were this host before it was wiped or left, the newest first."""
        taken = {entry["id"] for entry in self.members.values()}
        free = [node for node in self.nodes if node["id"] not in taken]
        newest_first = sorted(free, key=lambda node: node["created_at"], reverse=True)
        return self._provable(host, [node for node in newest_first if self._was(host, node)])

    def _was(self, host: Host, node: Values) -> bool:
        """Return whether an entry is a previous one of the host.

        The label that a manager has set decides, or the operator. A host name alone proves nothing, as every node chooses
        its own. What a host reports of its address before it joins is verified afterwards (see _takeovers).
        """
        labelled = host.labelled(node)
        if labelled is False:
            return False
        if host.name in self.members:
            return (node["state"] != "ready" and bool(labelled)) or self._was_member(host, node)
        same_address, same_name = self._same_address(host, node), self._same_name(host, node)
        if node["state"] == "ready" and not same_address and (same_name or labelled):
            self._stop_for_living(host, node)
            return False
        if labelled or node["id"] in host.confirmed:
            return labelled or same_name or same_address
        if same_address and (same_name or (host.outside and not self._name_of_another(host, node))):
            return True
        # The address is still to be seen, or the inventory trusts the host and the entry is a manager's.
        return same_name and (not host.addresses or (host.trusted and node["role"] == "manager"))

    def _was_member(self, host: Host, node: Values) -> bool:
        """Return the same for a host that is in the swarm: the managers see both entries at one address, under one host name."""
        own = self.members[host.name]
        return self._same_name(host, node) and (
            node["id"] in host.confirmed
            or (node["hostname"] == own["hostname"] and same_ip(address_of(own), address_of(node)))
        )

    def _same_name(self, host: Host, node: Values) -> bool:
        return node["hostname"] == host.hostname and not self.ambiguous_names

    def _stop_for_living(self, host: Host, node: Values) -> None:
        self.stop.append(
            f"The swarm has a node {node['hostname']} ({node['id']}) at {address_of(node)} that is ready and is not"
            f" {host.name}. If it is another machine, give one of the two another host name; if {host.name} was"
            " that node until now, run this again when it is down."
        )

    def _needs_proof(self, host: Host, node: Values) -> bool:
        """Return whether only its address can prove that an entry was this host."""
        return not (
            host.labelled(node)
            or node["id"] in host.confirmed
            or host.name in self.members
            or (host.trusted and node["role"] == "manager")
        )

    def _takeovers(self, join: Values) -> Values:
        """Return by name of the host the address at which the managers must see one that joins, before it gets what its previous
        entry had."""
        proofs = {
            host.name: [entry for entry in self.stale[host.name] if self._needs_proof(host, entry)]
            for host in self.mine
            if host.name in join
        }
        return {name: address_of(entries[0]) for name, entries in proofs.items() if entries}

    def _provable(self, host: Host, entries: list[Values]) -> list[Values]:
        """Return the entries that are where the newest one is: a host has one address to prove it with."""
        doubtful = [entry for entry in entries if self._needs_proof(host, entry)]
        elsewhere = [entry for entry in doubtful if not same_ip(address_of(entry), address_of(doubtful[0]))]
        return [entry for entry in entries if entry not in elsewhere]

    def _unproved(self) -> list[str]:
        """Return sentences on nodes that are down and have the host name of a host, though nothing proves that they were it."""
        removed = {entry["id"] for entry in self._all_stale()} | {entry["id"] for entry in self.members.values()}
        return [
            f"{node['hostname']} ({node['id']}, {node['state']}) has the host name of {host.name}, and nothing proves that"
            f" it was {host.name}: it stays, and its labels are not inherited. If it was, confirm that with"
            f" -e cluster_confirm_nodes={node['id']}."
            for host in self.mine
            for node in self.nodes
            if node["id"] not in removed
            and node["state"] != "ready"
            and self._same_name(host, node)
            and host.labelled(node) is not False
        ]

    def _name_of_another(self, host: Host, node: Values) -> bool:
        return any(node["hostname"] in (other.hostname, other.name) for other in self.hosts if other.name != host.name)

    def _same_place(self, host: Host, node: Values) -> bool:
        labelled = host.labelled(node)
        return node["hostname"] == host.hostname or self._same_address(host, node) if labelled is None else labelled

    def _same_address(self, host: Host, node: Values) -> bool:
        return any(same_ip(address, address_of(node)) for address in host.addresses)

    def _all_stale(self) -> list[Values]:
        entries = {entry["id"]: entry for entries in self.stale.values() for entry in entries}
        return [_named(entry) for entry in entries.values()]

    def _retired(self) -> list[Values]:
        """Return the entries of managers that can be demoted before anything has to be proved; the others are when they go."""
        doubtful = {
            entry["id"] for host in self.mine for entry in self.stale[host.name] if self._needs_proof(host, entry)
        }
        return [entry for entry in self._all_stale() if entry["manager"] and entry["id"] not in doubtful]

    # What has to change

    def _join(self, host: Host) -> Values:
        former = self._former(host)
        # Paused until it has its labels, so that no task of a running swarm comes before them; only where the inventory
        # manages the availability, since a run that is cut off in between must be finished by the next one.
        if self.nodes and host.availability == "active" and (host.labels or former["labels"]):
            return {"role": host.wanted, "availability": "pause"}
        return {"role": host.wanted, "availability": host.availability or former["availability"]}

    def _former(self, host: Host) -> Values:
        """Return what the host inherits from its previous entry."""
        if not self.stale[host.name]:
            return {"labels": {}, "availability": None}
        return inherited(self.stale[host.name][0])

    def _all_settings(self, join: Values) -> Values:
        settings = {host.name: self._settings(host, join.get(host.name)) for host in self.mine}
        return {name: given for name, given in settings.items() if given}

    def _settings(self, host: Host, join: Values | None) -> Values:
        """Return labels and availability to set: what the inventory or a previous entry gives and the node does not have."""
        own = self.members.get(host.name, {"labels": {}, "availability": None})
        labels = {
            **{key: value for key, value in self._former(host)["labels"].items() if key not in own["labels"]},
            **_texts(host.labels),
        }
        given_already = host.name == self.choice["init"] or (join and join["availability"] == host.availability)
        # A node that is drained already may still have tasks, which the module waits for.
        given_already = given_already or own["availability"] == host.availability != "drain"
        settings = {
            "labels": {key: value for key, value in labels.items() if own["labels"].get(key) != value},
            "availability": None if given_already else host.availability,
        }
        return {option: value for option, value in settings.items() if value}

    def _role_changes(self, role: str) -> list[Values]:
        """Return the members to get this role. The queried manager comes last, because it cannot be queried afterwards."""
        changes = [
            {"host": host.name, "id": entry["id"], "hostname": entry["hostname"]}
            for host in self.mine
            for entry in [self.members.get(host.name)]
            if entry and host.wanted == role and (entry["role"] != role or host.name in self.stalled)
        ]
        return sorted(changes, key=lambda change: change["host"] == self.choice["manager"])

    def _keeper(self) -> str:
        """Return the name of the host that is queried from the role changes on: a manager that stays one, or a new one."""
        if self.choice["init"]:
            return self.choice["init"]
        asked = next(host for host in self.hosts if host.name == self.choice["manager"])
        if asked.wanted == "manager" or not asked.in_play:
            return asked.name
        return next((host.name for host in self.mine if host.wanted == "manager"), asked.name)

    def _remote_addrs(self) -> list[str]:
        """Return the addresses of managers to join, those first that are known to respond."""
        asked = self.members.get(self.choice["manager"], {}).get("id")
        stale = {entry["id"] for entry in [*self._all_stale(), *self.stalled.values()]}
        managers = [node for node in self.nodes if node["manager_address"] and node["id"] not in stale]
        managers.sort(key=lambda node: (node["id"] != asked, node["reachability"] != "reachable", node["hostname"]))
        return [node["manager_address"] for node in managers]

    def _future_managers(self) -> int:
        """Return the number of managers after the run: those of the inventory, and those of the swarm that it does not list."""
        known = {entry["id"] for entry in self.members.values()} | {entry["id"] for entry in self._all_stale()}
        strange = [node for node in self.nodes if node["role"] == "manager" and node["id"] not in known]
        return len([host for host in self.hosts if host.wanted == "manager"]) + len(strange)


def _named(entry: Values) -> Values:
    return {key: entry[key] for key in ("id", "hostname", "role", "manager")}


def _texts(labels: Values | None) -> Values:
    """Return labels as the engine stores them; those that it refuses are named by _unfit."""
    try:
        return LABELS.encode(labels or {})
    except ValueError:
        return {}


def _why_not(check: t.Callable[[t.Any], object], value: object) -> list[str]:
    try:
        check(value)
    except ValueError as error:
        return [str(error)]
    return []
