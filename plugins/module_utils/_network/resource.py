# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One network of the swarm, or one set of options for such networks (config_only). Runs on a manager."""

from __future__ import annotations

import typing as t
from dataclasses import replace

from .._core.errors import SwarmError
from .._core.plan import CREATE, FINISH, REMOVE, Change, Plan
from .._core.reconcile import CONVERGED, ConvergenceStatus, Write, waiting
from .._core.schema import require_versions
from .._core.validators import rehearsal_name
from .._core.values import Document, Values
from .._engine.client import Engine
from .._engine.lists import LiveNetwork, classify_networks
from .._engine.local_state import require_manager
from .._frontend.definition import WAIT_SPEC, define
from . import requests
from .checks import check_task
from .live import NetworkTask
from .plan import explain_unallocated, plan_change, plan_create, plan_remove, predicted_view
from .recreation import finish, finishing, finishing_writes, recreate, release, services_of
from .schema import NETWORK, SWARM, UNTOLD, allocated
from .unfinished import find_holder, find_rehearsal, holder_name, recorded

RECREATE = "recreate"
ARGUMENT_SPEC: Values = {
    **NETWORK.argument_spec(),
    "name": {"type": "str", "required": True, "aliases": ["network_name"]},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "labels_state": {"type": "str", "choices": ["replace", "merge"], "default": "replace"},
    "recreate": {"type": "bool", "default": False},
}


class SwarmNetwork(NetworkTask[LiveNetwork]):
    def __init__(self, engine: Engine, params: Values, check_mode: bool = False) -> None:
        super().__init__(engine, dict(params), check_mode)
        self.created = ""  # ID of the network that this run made
        self.reattached: list[str] = []
        self._holder: Document | None = None  # of a replacement that did not end
        self._rehearsal: Document | None = None  # the same

    def validate(self) -> None:
        self.params = check_task(self.params)

    # What is there

    def read(self) -> LiveNetwork:
        name = self.params["name"]
        listed = self.engine.get("/networks", filters={"name": [name, holder_name(name), rehearsal_name(name)]})
        self._rehearsal = find_rehearsal(listed, name)
        self._holder = find_holder(listed, name)
        require_versions(self.engine, NETWORK, self.params)
        return classify_networks(listed, self.params["name"])

    # What would happen

    def plan(self, live: LiveNetwork) -> Plan:
        if live.network is None and not self.params["config_only"]:
            require_manager(self.engine)
        if self.params["state"] == "absent":
            return self._plan_remove(live)
        if live.network is None:
            return self._finishing(plan_create(self, live.name_conflict, recorded(self._holder, self.params["name"])))
        changes = [change for change in self._changes(live.network) if not self._is_untold(live.network, change.option)]
        if not changes and not (self.params["recreate"] and not allocated(live.network)):
            return self._finishing(Plan("network", self.params["name"]))
        return plan_change(self, live.network, changes)

    def _finishing(self, plan: Plan) -> Plan:
        """The plan with what is left to do of a replacement that did not end."""
        if not self._holder:
            return plan
        changes = finishing(self.engine, plan.name)
        self.reattached = services_of(changes)
        return replace(plan, action=plan.action if plan.changed else FINISH, changes=(*plan.changes, *changes))

    def _changes(self, network: Document) -> list[Change]:
        return NETWORK.changes(network, self.params)

    def _is_untold(self, network: Document, option: str) -> bool:
        return option in UNTOLD and not self.params["recreate"] and not allocated(network)

    def _plan_remove(self, live: LiveNetwork) -> Plan:
        former = recorded(self._holder, self.params["name"])
        if not self._is_gone(live):
            return plan_remove(self.engine, t.cast(Document, live.network))
        if former:
            return plan_remove(self.engine, {"Id": "", "Scope": SWARM, "ConfigOnly": False, **former})
        return Plan("network", self.params["name"])

    def _is_gone(self, live: LiveNetwork) -> bool:
        return live.network is None or bool(self.params["config_only"] and not live.network["ConfigOnly"])

    # Doing it

    def expected_writes(self, plan: Plan) -> list[Write]:
        left = finishing_writes(plan.name, plan.changes)
        if plan.action == FINISH:
            return left
        own = tuple(change for change in plan.changes if not any(change in write.changes for write in left))
        return [*super().expected_writes(replace(plan, changes=own)), *left]

    def apply(self, live: LiveNetwork, plan: Plan) -> None:
        network = live.network or {}
        if plan.action == REMOVE:
            if live.network:
                requests.remove(self, live.network)
            if self._holder:
                release(self, plan.name)
        elif plan.action == CREATE:
            self.created = requests.create_new(self, plan.spec or {})
            self.writes.wrote(f"network {plan.name}")
            if self._rehearsal:
                requests.remove(self, self._rehearsal)
            if self._holder:
                finish(self, plan.name, self.created)
        elif plan.action == FINISH:
            finish(self, plan.name, network["Id"])
        else:
            self.created = recreate(self, network, plan.spec or {})

    # Until it is done

    def check_convergence(self, live: LiveNetwork) -> ConvergenceStatus:
        if self.params["state"] == "absent":
            left = live.leftover or not self._is_gone(live)
            return waiting("still listed") if left else CONVERGED
        if live.network is None:
            return waiting("the manager does not list it")
        return CONVERGED if allocated(live.network) else waiting("the manager has not allocated its addresses")

    def not_converged(self, error: SwarmError) -> None:
        if self.params["state"] == "present":
            explain_unallocated(self, error)

    # What the task returns

    def result(self, live: LiveNetwork, plan: Plan) -> Values:
        told = {"reattached": self.reattached}
        if self.params["state"] == "absent" or (live.network is None and not plan.spec):
            return {"network": {}, **told}
        if self.check_mode and plan.spec is not None:
            return {"network": predicted_view(plan.spec), **told}
        return {"network": view(live.network or {}), **told}


def view(network: Document) -> Values:
    """In the options' words."""
    about = {"id": network.get("Id", ""), "name": network.get("Name", ""), "created": network.get("Created", "")}
    return {**about, **NETWORK.view(network)}


MODULE = define(SwarmNetwork, {**ARGUMENT_SPEC, **WAIT_SPEC})
