# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The swarm's networks, without those that are being removed, and their users: services by their specs, attached containers."""

from __future__ import annotations

import typing as t

from .._core.reconcile import Live, Resource
from .._core.values import Document, Values
from .._engine.client import Engine
from .unfinished import has_network, read

# Of every engine; no list of a swarm's networks has them (moby, daemon/cluster/networks.go).
PREDEFINED = ("bridge", "host", "none")
# Those that services can be attached to (moby, daemon/cluster/services.go, populateNetworkID).
SWARM_PREDEFINED = ("bridge", "host")
# A name of no network, which the engine keeps for the one that containers get (moby, runconfig/hostconfig_unix.go).
_RESERVED = (*PREDEFINED, "default")

#: Of the request for the networks of the swarm.
FILTERS = {"scope": ["swarm"]}


class NetworkTask(Resource[Live]):
    """A task that makes and removes networks: of one network, or of a stack.

    :param created: ID of the network that this run made; empty where it made none.
    :param reattached: names of the services that a network was or will be replaced under.
    """

    created: str = ""
    reattached: list[str]


def is_reserved(name: str) -> bool:
    """Whether no network can have the name; the swarm's own networks keep theirs in any case."""
    return name in _RESERVED or name.lower() in SWARM_PREDEFINED


def list_networks(engine: Engine) -> list[Document]:
    """Return the networks of the swarm as the managers list them.

    A network that was removed stays in the list of an engine for as long as that engine runs tasks with it (up to 10
    seconds), under its name and with the ID that no service can have any more. The managers list networks without
    containers (null); of its own an engine lists those as well ({}).
    """
    return [item for item in engine.get("/networks", filters=FILTERS) if not is_leftover(item)]


def is_leftover(network: Document) -> bool:
    """Whether the engine has the network and the swarm no longer does."""
    return network["Scope"] == "swarm" and network.get("Containers") is not None


_HOST = "host"


class Users(t.NamedTuple):
    """:param services: as the engine lists them.
    :param containers: ``container 737e0707f3eb on node n1`` each.
    """

    services: list[Document]
    containers: list[str]

    @property
    def names(self) -> list[str]:
        return sorted(service["Spec"]["Name"] for service in self.services)

    def __bool__(self) -> bool:
        return bool(self.services or self.containers)

    def __str__(self) -> str:
        names = self.names
        services = f"{'service' if len(names) == 1 else 'services'} {', '.join(names)}"
        return " and ".join([*([services] if names else []), *self.containers])


def _is_attached(service: Document, network: Document) -> bool:
    """Whether a service uses a network, or has to get it back."""
    spec = service["Spec"]
    if network.get("Ingress"):
        ports = (spec.get("EndpointSpec") or {}).get("Ports") or ()
        return any(port.get("PublishMode", "ingress") != _HOST for port in ports)
    return bool(read(spec, network["Name"])) or has_network(spec, network["Id"])


def read_users(engine: Engine) -> t.Callable[[Document], Users]:
    """Two requests for all networks; a third where containers are attached, for the names of their nodes."""
    services = engine.get("/services")
    tasks = engine.get("/tasks", filters={"runtime": ["attachment"], "desired-state": ["running"]})
    hosts: Values = {}
    if tasks:
        hosts = {node["ID"]: node["Description"]["Hostname"] for node in engine.get("/nodes")}

    def of(network: Document) -> Users:
        mine = [task for task in tasks if any(n["Target"] == network["Id"] for n in task["Spec"].get("Networks") or ())]
        attached = [service for service in services if _is_attached(service, network)]
        return Users(attached, sorted(_container(task, hosts) for task in mine))

    return of


def _container(task: Document, hosts: Values) -> str:
    container = (task["Spec"].get("NetworkAttachmentSpec") or {}).get("ContainerID", "")
    node = task.get("NodeID", "")
    return f"container {container[:12]} on node {hosts.get(node, node)}"
