# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One network of the swarm, or one set of options for such networks (config_only). Runs on a manager."""

from __future__ import annotations

import typing as t

from .._core.errors import SwarmError
from .._core.paths import Document, Values
from .._core.plan import CREATE, REMOVE, Plan
from .._core.reconcile import Resource
from .._core.waiting import Verdict, converged, waiting
from .schema import LOCAL, NETWORK, SWARM, UNTOLD, allocated

RECREATE = "recreate"
ARGUMENT_SPEC: Values = {
    **NETWORK.argument_spec(),
    "name": {"type": "str", "required": True, "aliases": ["network_name"]},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "labels_state": {"type": "str", "choices": ["replace", "merge"], "default": "replace"},
    "recreate": {"type": "bool", "default": False},
}


class LiveNetwork(t.NamedTuple):
    """:param network: as the engine lists it, None if there is none.
    :param leftover: whether only this engine still has it. A manager's own list has it no more; a worker has no other.
    :param stranger: another network of this engine that has the name.
    """

    network: Document | None
    leftover: bool
    stranger: Document | None


def sort_out(listed: list[Document], name: str) -> LiveNetwork:
    """:param listed: networks whose names have ``name`` in them."""
    named = [item for item in listed if item["Name"] == name]
    swarms = [item for item in named if item["Scope"] == SWARM]
    # Managers list a network of the swarm without containers (null); {} means that the engine tells of its own.
    live = next((item for item in swarms if item.get("Containers") is None), None)
    locals_ = [item for item in named if item["Scope"] == LOCAL]
    live = live or next((item for item in locals_ if item["ConfigOnly"]), None)
    stranger = next((item for item in locals_ if not item["ConfigOnly"]), None)
    return LiveNetwork(live, bool(swarms) and live is None, stranger)


class SwarmNetwork(Resource):
    def __init__(self, engine: t.Any, params: Values, check_mode: bool = False) -> None:
        super().__init__(engine, dict(params), check_mode)
        self.created = ""  # ID of the network that this run made
        self.reattached: list[str] = []

    def prepare(self) -> None:
        from .checks import check_task

        self.params = check_task(self.params)

    # What is there

    def find(self) -> LiveNetwork:
        listed = self.engine.get("/networks", filters={"name": [self.params["name"]]})
        self.require_versions(NETWORK)
        return sort_out(listed, self.params["name"])

    # What would happen

    def plan(self, live: LiveNetwork) -> Plan:
        if live.network is None and not self.params["config_only"]:
            from .plan import require_manager

            require_manager(self.engine)
        if self.params["state"] == "absent":
            return self._plan_remove(live)
        if live.network is None:
            from .plan import plan_create

            return plan_create(self, live.stranger)
        changes = [change for change in self._changes(live.network) if not self._is_untold(live.network, change.option)]
        if not changes and not (self.params["recreate"] and not allocated(live.network)):
            return Plan("network", self.params["name"])
        from .plan import plan_change

        return plan_change(self, live.network, changes)

    def _changes(self, network: Document) -> list[t.Any]:
        return NETWORK.changes(network, self.params)

    def _is_untold(self, network: Document, option: str) -> bool:
        return option in UNTOLD and not self.params["recreate"] and not allocated(network)

    def _plan_remove(self, live: LiveNetwork) -> Plan:
        if self._is_gone(live):
            return Plan("network", self.params["name"])
        from .plan import plan_remove

        return plan_remove(self.engine, t.cast(Document, live.network))

    def _is_gone(self, live: LiveNetwork) -> bool:
        return live.network is None or bool(self.params["config_only"] and not live.network["ConfigOnly"])

    # Doing it

    def act(self, live: LiveNetwork, plan: Plan) -> None:
        from . import requests

        network = live.network or {}
        if plan.action == REMOVE:
            requests.remove(self, network)
        elif plan.action == CREATE:
            self.created = requests.create(self, plan.spec or {})
        else:
            from .recreation import recreate

            self.created = recreate(self, network, plan.spec or {})

    # Until it is done

    def waiting_for(self) -> str:
        return f"network {self.params['name']}"

    def look(self, live: LiveNetwork) -> Verdict:
        if self.params["state"] == "absent":
            left = live.leftover or not self._is_gone(live)
            return waiting("still listed") if left else converged()
        if live.network is None:
            return waiting("the manager does not list it")
        return converged() if allocated(live.network) else waiting("the manager has not allocated its addresses")

    def not_converged(self, error: SwarmError) -> None:
        if self.params["state"] == "present":
            from .plan import explain_unallocated

            explain_unallocated(self, error)

    # What the task returns

    def result(self, live: LiveNetwork, plan: Plan) -> Values:
        told = {"reattached": self.reattached}
        if self.params["state"] == "absent" or (live.network is None and not plan.spec):
            return {"network": {}, **told}
        if self.check_mode and plan.spec is not None:
            from .plan import foreseen

            return {"network": foreseen(plan.spec), **told}
        return {"network": view(live.network or {}), **told}


def view(network: Document) -> Values:
    """In the options' words."""
    about = {"id": network.get("Id", ""), "name": network.get("Name", ""), "created": network.get("Created", "")}
    return {**about, **NETWORK.view(network)}
