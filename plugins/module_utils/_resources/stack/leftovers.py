# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is to go: old versions of secrets and configs, and with ``prune`` all that the file has no more."""

from __future__ import annotations

import typing as t

from ..._path import Document
from ..blob.kinds import KINDS
from ..blob.users import of_services
from . import blobs, networks, services
from .definition import Definition
from .live import LiveStack
from .steps import Step


class Leftovers(t.NamedTuple):
    """:param dropped: services to be removed. :param after: specs that stay or will be there, by service.
    :param before: specs that services could be rolled back to.
    """

    dropped: list[Document]
    after: dict[str, Document]
    before: dict[str, Document]


def dropped_services(wanted: Definition, live: LiveStack, prune: bool) -> list[Document]:
    return [item for name, item in live.services.items() if prune and name not in wanted.services]


def plan_services(resource: t.Any, live: LiveStack, there: Leftovers) -> list[Step]:
    """A service that has a port which another one is to have goes first; the engine has none for two."""
    wanted = set().union(*(services.taken_ports(spec) for spec in there.after.values()))
    return [
        services.removal(item, live.network_names, late=not services.taken_ports(item["Spec"]) & wanted)
        for item in there.dropped
    ]


def plan_blobs(
    resource: t.Any, kind: str, found: list[Document], names: t.Container[str], there: Leftovers
) -> list[Step]:
    """Those that no service has, nor needs to be rolled back, but for the versions that the task keeps.

    :param found: those that the file does not want, the newest version of each first.
    :param names: those that the file has.
    """
    if not found:
        return []
    gone = {item["ID"] for item in there.dropped}
    listed = [item for item in resource.engine.get("/services") if item["ID"] not in gone]
    stack = {item["Spec"]["Name"]: item for item in listed if item["Spec"]["Name"] in there.after}
    others = [item for item in listed if item["Spec"]["Name"] not in stack]
    planned = [{"Spec": spec, "PreviousSpec": there.before.get(name)} for name, spec in there.after.items()]
    users = of_services([*others, *planned], KINDS[kind])
    removable = [item for item in found if not users.needed(item)]
    return [blobs.removal(kind, item) for item in _not_kept(removable, names, resource.params["versions_to_keep"])]


def _not_kept(removable: list[Document], names: t.Container[str], number: int) -> list[Document]:
    """Without the newest versions of what the file has, as many as the task keeps."""
    if not number:
        return removable
    from .retention import beyond

    old = [item for item in removable if blobs.base_of(item) in names]
    return beyond(old, blobs.base_of, number) + [item for item in removable if item not in old]


def plan_networks(resource: t.Any, wanted: Definition, live: LiveStack, dropped: list[Document]) -> list[Step]:
    from ..network.users import read_users

    found = [item for item in live.networks_of(wanted.name) if item["Name"] not in wanted.networks]
    if not found:
        return []
    users_of, gone = read_users(resource.engine), {item["Spec"]["Name"] for item in dropped}
    steps = []
    for network in found:
        users = users_of(network)
        left = [name for name in users.names if name not in gone and name not in wanted.services] + users.containers
        if left:
            resource.warn(f"network {network['Name']} stays: it is used by {', '.join(left)}.")
        else:
            steps.append(networks.removal(network))
    return steps
