# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which nodes leave the swarm for good, how, and in which order; or why they must not."""

from __future__ import annotations

import typing as t

from ...module_utils._core.validators import same_ip
from ...module_utils._core.values import Values
from .._cluster.hosts import Host
from .._cluster.nodes import address_of
from .._cluster.steps import Reason, Step, reasons
from .lists import Given, as_names, confirmed


def plan_scale_in(
    hosts: list[Host],
    discovered: Values,
    nodes: list[Values],
    names: list[str],
    allow_even: bool = False,
    strangers_label: str = "",
    left_out: t.Iterable[str] = (),
    inventory: t.Iterable[str] = (),
    confirm: Given = "",
) -> Values:
    """Every decision of a removal.

    :param hosts: all hosts; those that give no answer are offline.
    :param discovered: what ``discovery.find_swarm`` returned, with the hosts to be removed avoided.
    :param nodes: as hive.swarm.swarm_node_info lists them.
    :param names: hosts of the inventory, or host names or IDs of nodes.
    :param allow_even: whether an even number of managers may remain.
    :param strangers_label: also remove the nodes that have this label and whose host, the label's value, is none of
        the inventory. Empty to leave them.
    :param left_out: names of hosts that this run must not touch (--limit).
    :param inventory: names of all hosts of the inventory, whatever their groups.
    :param confirm: what the user has typed.
    :returns: targets (in the order in which they leave), steps, warnings, stop and confirm (what has to be typed).
    """
    planner = _ScaleIn(hosts, discovered, nodes, allow_even, {*left_out, *inventory})
    found = planner.plan(names, strangers_label, set(left_out))
    # The command of a run that was cut off names nodes that have gone since: typing it again confirms it.
    if found["targets"] and confirmed(confirm, as_names(found["confirm"]) + planner.gone):
        found["confirm"] = confirm
    return found


class _ScaleIn:
    def __init__(
        self, hosts: list[Host], discovered: Values, nodes: list[Values], allow_even: bool, known: set[str]
    ) -> None:
        self.hosts = {host.name: host for host in hosts}
        self.known = known | set(self.hosts)
        self.discovered = discovered
        self.nodes = nodes
        self.allow_even = allow_even
        self.stop: list[Reason] = reasons("no_swarm", discovered["stop"])
        self.warnings: list[str] = []
        self.gone: list[str] = []

    def plan(self, names: list[str], strangers_label: str, left_out: set[str]) -> Values:
        self._refuse(names, left_out)
        # Without a manager the nodes are not known.
        targets = [target for name in names if self.discovered["manager"] for target in self._targets(name)]
        targets += self._strangers(strangers_label) if strangers_label else []
        if not names and not strangers_label:
            self.warnings.append(
                "No nodes are named: give them with -e operations_nodes=, or put their hosts into the group swarm_removed."
            )
        targets = sorted({target["id"]: target for target in targets}.values(), key=_order)
        if not self.stop:
            self._check_managers(targets)
        return {
            "targets": targets,
            "steps": [_step(target) for target in targets],
            "warnings": self.warnings + [_will_not_know(t) for t in targets if not t["host"] and not t["former"]],
            "stop": self.stop,
            "confirm": ",".join(dict.fromkeys(target["name"] for target in targets)),
        }

    def _refuse(self, names: list[str], left_out: set[str]) -> None:
        outside = [name for name in names if name in left_out]
        if outside:
            self.stop.append(Reason("host_left_out", f"{', '.join(outside)}: this run leaves them out (--limit)."))
        if names and not self.discovered["manager"] and not self.stop:
            self.stop.append(Reason("no_manager", "No manager responds that could remove a node."))

    # Who is meant

    def _targets(self, name: str) -> list[Values]:
        """The entries that a name stands for: those of a former life of the host, too."""
        host = self.hosts.get(name)
        entries = [node for node in self.nodes if name == node["id"]]
        if not entries:
            entries = [node for node in self.nodes if self._is(name, host, node)]
            self._refuse_ambiguous(host, entries)
        if entries or (host and host.answers and host.node_id):
            return [self._target(name, host, node) for node in entries] or self._lost(name)
        self.gone.append(name)
        self.warnings.append(f"{name} is not a node of the swarm. Nothing to remove.")
        return []

    def _is(self, name: str, host: Host | None, node: Values) -> bool:
        """Whether an entry is the host. A host name that a node has chosen for itself counts only where nothing else does."""
        if host is None:
            return node["hostname"] == name
        labelled = host.labelled(node)
        if labelled is not None:
            return labelled
        if node["id"] == host.node_id:
            return True
        same_address = any(same_ip(address, address_of(node)) for address in host.addresses)
        if host.answers:
            return node["state"] != "ready" and same_address and node["hostname"] in (name, host.hostname)
        return same_address or node["hostname"] == name

    def _refuse_ambiguous(self, host: Host | None, entries: list[Values]) -> None:
        """Nodes choose their host names: one that several have does not tell which is meant, if one of them lives."""
        own = host.node_id if host else ""
        alike = [node for node in entries if node["id"] != own and not (host and host.labelled(node))]
        if len(alike) > 1 and any(node["state"] == "ready" for node in alike):
            listed = ", ".join(f"{node['id']} ({node['state']}, {address_of(node)})" for node in alike)
            name = alike[0]["hostname"]
            message = f"operations_nodes: several nodes have the host name {name}: {listed}. Give the ID of the one to remove."
            self.stop.append(Reason("ambiguous_name", message))

    def _lost(self, name: str) -> list[Values]:
        self.gone.append(name)
        self.warnings.append(
            f"{name} believes to be in a swarm, but the managers do not list it: run hive.swarm.swarm_leave on it."
        )
        return []

    def _strangers(self, label: str) -> list[Values]:
        """Nodes that this collection has brought in, and whose host the inventory does not have any more."""
        ours = [(node["labels"][label], node) for node in self.nodes if node["labels"].get(label)]
        grouped_no_more = sorted({name for name, _node in ours if name in self.known and name not in self.hosts})
        if grouped_no_more:
            self.warnings.append(
                f"{', '.join(grouped_no_more)}: no stranger, as the inventory has such a host, though in neither group."
                " Left alone unless it is named with -e operations_nodes=."
            )
        return [{**self._target(name, None, node), "stranger": True} for name, node in ours if name not in self.known]

    def _target(self, name: str, host: Host | None, node: Values) -> Values:
        here = host is not None and host.answers and host.node_id == node["id"]
        return {
            "name": name,
            "id": node["id"],
            "hostname": node["hostname"],
            "role": node["role"],
            "manager": node["manager"],
            "reachable": node["reachability"] == "reachable" and node["state"] == "ready",
            "ready": node["state"] == "ready",
            "host": host.name if here and host else "",
            "former": host is not None and host.answers and not here,
            "stranger": False,
        }

    # Whether the managers can do without

    def _check_managers(self, targets: list[Values]) -> None:
        members = [node for node in self.nodes if node["manager"]]
        leaving = [target for target in targets if target["manager"]]
        if not leaving:
            return
        count = len(members)
        reachable = sum(node["reachability"] == "reachable" for node in members)
        for target in leaving:  # in the order in which they are demoted: the dead ones first
            count, reachable = count - 1, reachable - target["reachable"]
            if count < 1:
                message = (
                    f"{target['name']} is the last manager: promote another node first, or give the swarm up with"
                    " hive.swarm.reset."
                )
                self.stop.append(Reason("last_manager", message))
                return
            if reachable < count // 2 + 1:
                message = (
                    f"Without {target['name']} only {reachable} of {count} managers would be reachable, and"
                    f" {count // 2 + 1} are needed: bring a manager back first."
                )
                self.stop.append(Reason("quorum_at_risk", message))
                return
        if count % 2 == 0 and not self.allow_even:
            message = (
                f"{count} managers would remain, and an even number survives no more failures than one less: promote or"
                " remove one more, or allow it with -e operations_allow_even=true."
            )
            self.stop.append(Reason("even_managers", message))


def _order(target: Values) -> tuple[bool, bool, str]:
    """Dead managers first, as they weaken the quorum; then workers, then managers that live."""
    dead = target["manager"] and not target["reachable"]
    return not dead, target["manager"], target["name"]


def _step(target: Values) -> Step:
    phrases = ["demote"] if target["role"] == "manager" else []
    phrases += ["drain"] if target["ready"] else []
    phrases += ["leave", "remove its entry"] if target["host"] else ["remove its entry by force"]
    reason = f"{target['role']}, {target['id']}"
    return Step(target["name"], ", ".join(phrases), reason if target["host"] else f"{reason}; {_why_by_force(target)}")


def _why_by_force(target: Values) -> str:
    if target["former"]:
        return "a stale entry of the host"
    return "the inventory has no such host" if target["stranger"] else "its host does not respond"


def _will_not_know(target: Values) -> str:
    return (
        f"{target['name']} will not know that it was removed. Should its engine come back, run hive.swarm.swarm_leave"
        " on it."
    )
