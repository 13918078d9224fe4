# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One cluster volume of the swarm: made by a CSI plugin, and published to the nodes whose tasks want it. Runs on a
manager."""

from __future__ import annotations

import typing as t

from .._core.errors import SwarmError
from .._core.plan import CREATE, REMOVE, Plan
from .._core.reconcile import CONVERGED, ConvergenceStatus, waiting
from .._core.values import Document, Values
from .._engine.client import Engine
from .._engine.lists import list_volumes
from .._engine.local_state import require_manager
from .._frontend.definition import WAIT_SPEC, define
from . import requests
from .live import VolumeTask, count_running, secret_names
from .plan import check_task, plan_change, plan_create, plan_remove, predicted_view
from .requests import explain
from .schema import DRAIN, SINCE, VOLUME, as_request, published, volume_id, with_tag

ARGUMENT_SPEC: Values = {
    **VOLUME.argument_spec(),
    "secrets": {"type": "dict", "no_log": False},  # their names
    "name": {"type": "str", "required": True, "aliases": ["volume_name"]},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "labels_state": {"type": "str", "choices": ["replace", "merge"], "default": "replace"},
    "force": {"type": "bool", "default": False},
}


class LiveVolume(t.NamedTuple):
    """:param volume: as the engine lists it, None if there is none.
    :param spec: the request that would make it, with secrets by name.
    """

    volume: Document | None
    spec: Document


class SwarmVolume(VolumeTask[LiveVolume]):
    def __init__(self, engine: Engine, params: Values, check_mode: bool = False) -> None:
        super().__init__(engine, dict(params), check_mode)
        self._secrets: dict[str, str] | None = None

    @property
    def secrets(self) -> dict[str, str]:
        """ID to name, read once."""
        if self._secrets is None:
            self._secrets = secret_names(self.engine)
        return self._secrets

    def validate(self) -> None:
        self.params = check_task(self.params)

    # What is there

    def read(self) -> LiveVolume:
        name = self.params["name"]
        listed = list_volumes(self.engine, filters={"name": [name]})
        self.engine.require(SINCE, "A cluster volume")
        volume = next((item for item in listed if item["Name"] == name), None)
        if volume is None:
            return LiveVolume(None, {})
        with_secrets = "Secrets" in volume["ClusterVolume"]["Spec"]
        return LiveVolume(volume, as_request(volume, self.secrets if with_secrets else {}))

    # What would happen

    def plan(self, live: LiveVolume) -> Plan:
        if live.volume is None:
            require_manager(self.engine)
        nothing = Plan("volume", self.params["name"])
        if self.params["state"] == "absent":
            return self._plan_remove(live) if live.volume else nothing
        if live.volume is None:
            return plan_create(self)
        if live.volume["Driver"] != with_tag(live.volume["Driver"]):
            self.warn(_without_tag(live.volume))
        changes = VOLUME.changes(live.spec, self.params)
        if not changes:
            return nothing
        return plan_change(self, live.volume, live.spec, changes)

    def _plan_remove(self, live: LiveVolume) -> Plan:
        return plan_remove(self, t.cast(Document, live.volume), live.spec)

    # Doing it

    def apply(self, live: LiveVolume, plan: Plan) -> None:
        volume = live.volume or {}
        if plan.action == REMOVE:
            requests.remove(self, volume)
        elif plan.action == CREATE:
            requests.create(self, plan.spec or {})
        else:
            requests.set_availability(self.engine, volume, self.params["availability"])

    # Until it is done

    def check_convergence(self, live: LiveVolume) -> ConvergenceStatus:
        if self.params["state"] == "absent":
            return waiting("the plugin has not removed it") if live.volume else CONVERGED
        if live.volume is None:
            return waiting("the manager does not list it")
        if not volume_id(live.volume):
            return waiting("the plugin has not created it")
        if self.params["availability"] == DRAIN and published(live.volume):
            return self._drained(live.volume)
        return CONVERGED

    def _drained(self, volume: Document) -> ConvergenceStatus:
        """Nodes keep a drained volume until it is wanted elsewhere, so it is the tasks that tell."""
        running = count_running(self.engine, volume)
        return waiting(f"{running} tasks still run with it") if running else CONVERGED

    def not_converged(self, error: SwarmError) -> None:
        try:
            live = self.read()
            said = explain(self, live.volume) if live.volume else ""
        except SwarmError:
            return  # the swarm cannot be read, which the error says already
        error.message += f". {said}" if said else ""

    # What the task returns

    def result(self, live: LiveVolume, plan: Plan) -> Values:
        if self.params["state"] == "absent" or (live.volume is None and not plan.spec):
            return {"volume": {}}
        if self.check_mode and plan.spec and live.volume is None:
            return {"volume": predicted_view(plan.spec or {})}
        shown = plan.spec if self.check_mode and plan.spec else live.spec
        return {"volume": view(t.cast(Document, live.volume), shown)}


def _without_tag(volume: Document) -> str:
    name, driver = volume["Name"], volume["Driver"]
    return (
        f"Volume {name} was created with the driver {driver}, without a tag. Engines never publish such a volume to a node (seen"
        f" with 28.5), so tasks that use it never start. Create it with the driver {with_tag(driver)}."
    )


def view(volume: Document, spec: Document) -> Values:
    """In the options' words."""
    cluster = volume["ClusterVolume"]
    about = {"id": cluster["ID"], "name": volume["Name"], "created": cluster["CreatedAt"]}
    return {**about, "volume_id": volume_id(volume), **VOLUME.view(spec)}


MODULE = define(SwarmVolume, {**ARGUMENT_SPEC, **WAIT_SPEC})
