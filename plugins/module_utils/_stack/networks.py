# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The networks of a stack. The engine changes nothing of a network that is there."""

from __future__ import annotations

import typing as t

from .._core.plan import CREATE, FINISH, RECREATE, REMOVE, Change
from .._core.values import MISSING, Document
from .._network.checks import check_against
from .._network.live import NetworkTask, read_users
from .._network.plan import creation_changes, refuse_change, refuse_name, refuse_recreation
from .._network.recreation import finish, finishing, finishing_writes, recreate, services_of
from .._network.requests import create_new, remove, wait_until_gone
from .._network.schema import NETWORK, OVERLAY, SWARM, UNTOLD, allocated
from .._network.unfinished import find_holder
from .compose_places import ErrorCollector
from .live import same_network
from .steps import Step

# What a compose file can say of a network; addresses only where it does.
_SAID = ("driver", "driver_options", "encrypted", "attachable", "internal", "labels")
_IPAM = (("ipam_driver", "Driver"), ("ipam_config", "Config"))


def plan_networks(
    resource: NetworkTask, wanted: t.Mapping[str, Document], live: list[Document], errors: ErrorCollector
) -> list[Step]:
    there = {item["Name"]: item for item in live}
    steps = []
    for name, spec in wanted.items():
        with errors.attempt("network", name):
            if name not in there:
                steps.append(_creation(resource, spec, live))
                continue
            changes = _changes(there[name], spec)
            if changes:
                steps.append(_replacement(resource, there[name], spec, changes))
            elif find_holder(live, name):
                left = finishing(resource.engine, name)
                steps.append(Step("network", name, FINISH, tuple(left), there[name]))
    return steps


def _changes(network: Document, spec: Document) -> list[Change]:
    if same_network(network, spec):
        return []
    shown, ipam = NETWORK.view(spec), spec.get("IPAM") or {}
    params = {option: shown[option] for option in _SAID}
    params.update({option: shown[option] for option, key in _IPAM if ipam.get(key)})
    found = NETWORK.changes(network, params)
    return found if allocated(network) else [change for change in found if change.option not in UNTOLD]


def _creation(resource: NetworkTask, spec: Document, live: list[Document]) -> Step:
    refuse_name(resource.engine, spec["Name"], live)
    check_against(spec["Name"], NETWORK.view({**spec, "Scope": SWARM}), live)
    left = finishing(resource.engine, spec["Name"]) if find_holder(live, spec["Name"]) else []
    return Step("network", spec["Name"], CREATE, (*creation_changes(spec), *left), spec=spec)


def _replacement(resource: NetworkTask, network: Document, spec: Document, changes: list[Change]) -> Step:
    users = read_users(resource.engine)(network)
    if not resource.params["recreate"]:
        raise refuse_change(network, changes, users)
    refuse_recreation(network, changes, users)
    return Step("network", spec["Name"], RECREATE, tuple(changes), network, {"Driver": OVERLAY, **spec})


def removal(network: Document) -> Step:
    changes = tuple(Change(c.option, c.after, MISSING) for c in creation_changes(network))
    return Step("network", network["Name"], REMOVE, changes, network, late=True)


def send_new(resource: NetworkTask, step: Step) -> str:
    network = create_new(resource, t.cast(Document, step.spec))
    if finishing_writes(step.name, step.changes):
        resource.writes.wrote_expected(step.written)
        send_end(resource, step, network)
    return network


def send_end(resource: NetworkTask, step: Step, network: str) -> None:
    """End the replacement of an earlier run, by which services are attached that the plan may have as detached ones."""
    resource.reattached = services_of(step.changes)
    finish(resource, step.name, network)


def send_replacement(resource: NetworkTask, step: Step) -> str:
    return recreate(resource, t.cast(Document, step.live), t.cast(Document, step.spec))


def send_removal(resource: NetworkTask, step: Step) -> None:
    """Until no list has it, so that the next run does not find it."""
    network = t.cast(Document, step.live)
    remove(resource, network)
    wait_until_gone(resource, network)
