# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A host of the inventory: its desired role, and the swarm membership that its engine reports."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass, field

from ...module_utils._core.validators import is_ip, same_ip, split_address, told_host
from ...module_utils._core.values import Values
from ...module_utils._engine.local_state import ACTIVE, ERROR, INACTIVE, LOCKED, PENDING

# The last maintenance that a node has finished, by hive.swarm.rolling_maintenance: a fact about the former machine.
MAINTAINED = "hive.swarm.maintained"
# The availability that a node had before an operation drained it, for as long as the operation lasts.
MAINTENANCE = "hive.swarm.maintenance"


def inherited(entry: Values) -> Values:
    """Return the labels and the availability of a previous entry, without what was about the former machine."""
    labels = {key: value for key, value in entry["labels"].items() if key not in (MAINTAINED, MAINTENANCE)}
    return {"labels": labels, "availability": entry["labels"].get(MAINTENANCE) or entry["availability"]}


@dataclass(frozen=True)
class Host:
    """:param wanted: ``manager`` or ``worker``, from the inventory's groups; empty for a host of neither group.
    :param probe: what hive.swarm.swarm_info returned; of a host that gave no answer, its error in ``msg``.
    :param in_play: whether this run may change the host. The others are only looked at.
    :param address: where the other nodes reach it; empty to let the engine choose.
    :param labels: node labels that the inventory wants; None where it wants none of its own.
    :param availability: the same for the availability.
    :param named: whether the operator has named the host as one that may speak for the swarm although the inventory
        does not want it as a manager.
    :param host_label: the node label by which managers record the host of a node; empty where there is none.
    :param confirmed: IDs of nodes whose previous membership may be given up, as the operator has confirmed.
    """

    name: str
    wanted: str
    probe: Values = field(default_factory=dict)
    in_play: bool = True
    address: str = ""
    labels: Values | None = None
    availability: str | None = None
    named: bool = False
    host_label: str = ""
    confirmed: frozenset[str] = frozenset()

    @property
    def trusted(self) -> bool:
        """Return whether the inventory lets the host speak for the swarm, whatever its engine reports."""
        return self.wanted == "manager" or self.named

    @property
    def state(self) -> str:
        """Return ``LocalNodeState`` of the engine (moby, api/types/swarm): ``inactive``, ``pending``, ``active``, ``error`` or
        ``locked``; empty where the engine gave no answer."""
        return self.probe.get("state") or ""

    @property
    def answers(self) -> bool:
        return bool(self.state)

    @property
    def node_id(self) -> str:
        return self.probe.get("node_id") or ""

    @property
    def hostname(self) -> str:
        return self.probe.get("hostname") or ""

    @property
    def cluster_id(self) -> str:
        return self.probe.get("cluster_id") or ""

    @property
    def role(self) -> str:
        return self.probe.get("role") or ""

    @property
    def leads(self) -> bool:
        """Return whether this is a manager with a leader that the inventory lets lead."""
        return self.trusted and self.claims_to_lead

    @property
    def claims_to_lead(self) -> bool:
        """Return whether its engine reports a manager with a leader: without one it would not know the cluster's ID."""
        return self.state == ACTIVE and self.role == "manager" and bool(self.cluster_id)

    @property
    def follows_no_leader(self) -> bool:
        """Return whether its engine reports a manager, and why it has no leader."""
        return self.state == ACTIVE and self.role == "manager" and not self.cluster_id and bool(self.probe.get("error"))

    @property
    def may_lose_state(self) -> bool:
        """Return whether joining again would remove what may be the only copy of a swarm's state.

        An engine in the state error does not report whether it was a manager.
        """
        was_member = self.state == ERROR and bool(self.node_id)
        return (self.state == ACTIVE and self.role == "manager") or (was_member and self.wanted == "manager")

    @property
    def is_manager(self) -> bool:
        """Return whether its engine reports a manager, with or without a leader."""
        return self.state == LOCKED or (self.state == ACTIVE and self.role == "manager")

    @property
    def outside(self) -> bool:
        """Return whether it is in no swarm, or never got into one: a failed join has no node ID."""
        return self.state == INACTIVE or (self.state in (PENDING, ERROR) and not self.node_id)

    @property
    def known_managers(self) -> list[str]:
        """Return the addresses of the managers that the engine knows, without ports."""
        return [host for host in map(told_host, self.probe.get("remote_managers") or ()) if host]

    @property
    def addresses(self) -> list[str]:
        """Return the IP addresses that can only be this host's: the one it advertises, and the one it is to advertise."""
        given = split_address(self.address)[0] if self.address else ""
        return [address for address in (self.probe.get("node_address") or "", given) if is_ip(address)]

    def labelled(self, node: Values) -> bool | None:
        """Return whether a manager has recorded that a node is this host; None where no manager has recorded a host."""
        recorded = node["labels"].get(self.host_label) if self.host_label else None
        return recorded == self.name if recorded else None

    def knows_one_of(self, addresses: t.Iterable[str]) -> bool:
        return any(same_ip(known, address) for address in addresses for known in self.known_managers)


def read_hosts(records: list[Values], wanted: Values, elsewhere: t.Iterable[Values]) -> list[Host]:
    """Return all hosts, those of the play first.

    :param records: one per host of the play: name, probe, address, labels, availability.
    :param wanted: the names of the hosts that must be ``manager`` and ``worker``, and of the ``trusted`` ones that may
        speak for the swarm too; ``host_label`` and ``confirmed`` as in Host.
    :param elsewhere: results of the loops that probed other hosts of the inventory.
    """
    named = list(wanted.get("trusted") or ())
    host_label, confirmed = str(wanted.get("host_label") or ""), frozenset(wanted.get("confirmed") or ())
    roles = {name: role for role in ("worker", "manager") for name in wanted[role]}
    mine = [
        Host(
            name=record["name"],
            wanted=roles.get(record["name"], ""),
            probe=dict(record["probe"]),
            address=record.get("address") or "",
            labels=record.get("labels"),
            availability=record.get("availability") or None,
            named=record["name"] in named,
            host_label=host_label,
            confirmed=confirmed,
        )
        for record in records
    ]
    others = [
        Host(
            name=result["item"],
            wanted=roles.get(result["item"], ""),
            probe=dict(result),
            in_play=False,
            named=result["item"] in named,
            host_label=host_label,
            confirmed=confirmed,
        )
        for result in elsewhere
        if not result.get("skipped")
    ]
    return mine + others


def names(hosts: t.Iterable[Host]) -> str:
    return ", ".join(host.name for host in hosts)
