# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The end of a stack: all that has its label. Volumes stay, as they do with `docker stack rm`."""

from __future__ import annotations

import typing as t

from ..._converge import Verdict, converged, waiting
from ..._errors import Refused
from ..service.progress_slots import alive
from ..service.progress_words import old_words
from . import blobs, networks, services
from .live import BLOBS, LiveStack
from .steps import Step


def plan_removal(resource: t.Any, stack: str, live: LiveStack) -> list[Step]:
    """Services first, networks last: tasks that stop use them for some moments more. Raises Refused."""
    steps = [services.removal(item, live.network_names, late=False) for item in live.services.values()]
    steps += [blobs.removal(kind, item) for kind in BLOBS for item in live.blobs[kind]]
    steps += [networks.removal(item) for item in live.networks_of(stack)]
    others = [step for step in steps if step.kind != "service"]
    if others:
        _refuse_used(resource, stack, live, others)
    return steps


def _refuse_used(resource: t.Any, stack: str, live: LiveStack, steps: list[Step]) -> None:
    """What others use cannot go, so nothing does: the engine would say so half way through."""
    from ..blob.kinds import KINDS
    from ..blob.users import of_services
    from ..network.users import read_users

    mine = {item["ID"] for item in live.services.values()}
    listed = [item for item in resource.engine.get("/services") if item["ID"] not in mine]
    in_blobs = {kind: of_services(listed, KINDS[kind]).now for kind in BLOBS}
    of_network = read_users(resource.engine) if any(step.kind == "network" for step in steps) else None
    said = []
    for step in steps:
        document = step.live or {}
        if step.kind == "network" and of_network:
            users = of_network(document)
            used = [name for name in users.names if name not in live.services] + users.containers
        else:
            used = in_blobs[step.kind].get(document["ID"], [])
        if used:
            said.append(f"{step.kind} {step.name} is used by {', '.join(used)}")
    if said:
        raise Refused(f"stack {stack}: {'; '.join(said)}. Nothing is removed.")


def look_gone(engine: t.Any, live: LiveStack, removed: t.Mapping[str, str]) -> Verdict:
    """:param removed: IDs of the services to their names."""
    if live.services:
        return waiting(f"still listed: {', '.join(sorted(live.services))}")
    if not removed:
        return converged()
    nodes = {node["ID"]: node for node in engine.get("/nodes")}
    # Not by service: the engine answers 404 for one that is gone.
    tasks = [task for task in engine.get("/tasks") if task["ServiceID"] in removed and alive(task, nodes)]
    if not tasks:
        return converged()
    return waiting(old_words(tasks, nodes, removed[tasks[0]["ServiceID"]]))
