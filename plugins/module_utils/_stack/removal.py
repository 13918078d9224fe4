# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is removed of a stack: all that has its label, or what the files no longer have, and old versions of secrets and configs.

Volumes stay, as they do with `docker stack rm`; so do versions that a service could be rolled back to.
"""

from __future__ import annotations

import collections
import typing as t

from .._core.errors import BadInput, Refused
from .._core.reconcile import CONVERGED, ConvergenceStatus, waiting
from .._core.values import Document
from .._engine.client import Engine
from .._network.live import NetworkTask, read_users
from .._secret_config.live import of_services
from .._secret_config.schema import KINDS
from .._service.tasks import is_active
from .._service.wait import describe_leftover
from . import networks, secret_config, services
from .definition import Definition
from .live import DATA_KINDS, LiveStack
from .steps import Step


def plan_removal(resource: NetworkTask, stack: str, live: LiveStack) -> list[Step]:
    """Services first, networks last: tasks that stop use them for some moments more. Raises Refused."""
    steps = [services.removal(item, live.network_names, late=False) for item in live.services.values()]
    steps += [secret_config.removal(kind, item) for kind in DATA_KINDS for item in live.secret_config[kind]]
    steps += [networks.removal(item) for item in live.networks_of(stack)]
    others = [step for step in steps if step.kind != "service"]
    if others:
        _refuse_used(resource, stack, live, others)
    return steps


def _refuse_used(resource: NetworkTask, stack: str, live: LiveStack, steps: list[Step]) -> None:
    """What others use cannot go, so nothing does: the engine would say so half way through."""
    mine = {item["ID"] for item in live.services.values()}
    listed = [item for item in resource.engine.get("/services") if item["ID"] not in mine]
    data_users = {kind: of_services(listed, KINDS[kind]).now for kind in DATA_KINDS}
    of_network = read_users(resource.engine) if any(step.kind == "network" for step in steps) else None
    said = []
    for step in steps:
        document = step.live or {}
        if step.kind == "network" and of_network:
            users = of_network(document)
            used = [name for name in users.names if name not in live.services] + users.containers
        else:
            used = data_users[step.kind].get(document["ID"], [])
        if used:
            said.append(f"{step.kind} {step.name} is used by {', '.join(used)}")
    if said:
        raise Refused(f"stack {stack}: {'; '.join(said)}. Nothing was removed.")


def check_removed(engine: Engine, live: LiveStack, removed: t.Mapping[str, str]) -> ConvergenceStatus:
    """:param removed: IDs of the services to their names."""
    if live.services:
        return waiting(f"still listed: {', '.join(sorted(live.services))}")
    if not removed:
        return CONVERGED
    nodes = {node["ID"]: node for node in engine.get("/nodes")}
    # Not by service: the engine answers 404 for one that is gone.
    tasks = [task for task in engine.get("/tasks") if task["ServiceID"] in removed and is_active(task, nodes)]
    if not tasks:
        return CONVERGED
    return waiting(describe_leftover(tasks, nodes, removed[tasks[0]["ServiceID"]]))


class Leftovers(t.NamedTuple):
    """:param dropped: services to be removed. :param after: specs that stay or will be there, by service.
    :param before: specs that services could be rolled back to.
    """

    dropped: list[Document]
    after: dict[str, Document]
    before: dict[str, Document | None]


def dropped_services(wanted: Definition, live: LiveStack, prune: bool) -> list[Document]:
    return [item for name, item in live.services.items() if prune and name not in wanted.services]


def plan_services(resource: NetworkTask, live: LiveStack, there: Leftovers) -> list[Step]:
    """A service that has a port which another one is to have goes first; the engine has none for two."""
    wanted = set().union(*(services.taken_ports(spec) for spec in there.after.values()))
    return [
        services.removal(item, live.network_names, late=not services.taken_ports(item["Spec"]) & wanted)
        for item in there.dropped
    ]


def plan_secret_config(
    resource: NetworkTask, kind: str, found: list[Document], names: t.Container[str], there: Leftovers
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
    return [
        secret_config.removal(kind, item) for item in _not_kept(removable, names, resource.params["versions_to_keep"])
    ]


def _not_kept(removable: list[Document], names: t.Container[str], number: int) -> list[Document]:
    """Without the newest versions of what the file has, as many as the task keeps."""
    if not number:
        return removable

    old = [item for item in removable if secret_config.base_of(item) in names]
    return surplus_versions(old, secret_config.base_of, number) + [item for item in removable if item not in old]


def plan_networks(resource: NetworkTask, wanted: Definition, live: LiveStack, dropped: list[Document]) -> list[Step]:
    found = [item for item in live.networks_of(wanted.name) if item["Name"] not in wanted.networks]
    if not found:
        return []
    users_of, gone = read_users(resource.engine), {item["Spec"]["Name"] for item in dropped}
    steps = []
    for network in found:
        users = users_of(network)
        left = [name for name in users.names if name not in gone and name not in wanted.services] + users.containers
        if left:
            resource.warn(f"network {network['Name']}: not removed, because it is used by {', '.join(left)}.")
        else:
            steps.append(networks.removal(network))
    return steps


ALL = -1


def check_versions_to_keep(number: int) -> None:
    if number < ALL:
        raise BadInput("versions_to_keep", f"{number} is out of bounds. Give a number of old versions, or -1 for all.")


def surplus_versions(
    removable: t.Iterable[Document], base_of: t.Callable[[Document], str], number: int
) -> list[Document]:
    """Return those of the removable versions that are older than the newest ``number`` of their kin.

    :param removable: versions that no service has or could be rolled back to; of each name the newest first.
    :param base_of: the name that the file gives a version.
    :param number: ALL for all.
    """
    kept: collections.Counter[str] = collections.Counter()
    found = []
    for item in removable:
        base = base_of(item)
        kept[base] += 1
        if number != ALL and kept[base] > number:
            found.append(item)
    return found
