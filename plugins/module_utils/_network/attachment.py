# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A service that is detached from a network for a while, and attached to its successor exactly as it was."""

from __future__ import annotations

import typing as t

from .._core.errors import NotFound
from .._core.reconcile import CONVERGED, ConvergenceStatus, retry_on_conflict, wait, waiting
from .._core.values import Document
from .._engine.client import Engine
from .._service.tasks import is_active
from .._service.wait import Progress
from .live import NetworkTask
from .unfinished import Detachment, detached, has_network, is_at_once, read, without_labels


class Attachment:
    """One service's use of a network. Each step reads what there is first, so that it can be taken again after a failure.

    :param network: name of the network. :param network_id: of the network that it is detached from; empty if an earlier
        run has detached it.
    """

    def __init__(self, engine: Engine, service: Document, network: str, network_id: str = "") -> None:
        self._engine = engine
        self._id = service["ID"]
        self._network, self._network_id = network, network_id
        self._record: Detachment | None = None  # in case another client removes the label
        self._version = 0  # the lowest one that has all that was written
        self._is_told = False
        self.name = service["Spec"]["Name"]

    def detach(self, resource: NetworkTask) -> None:
        def without(service: Document) -> Document | None:
            spec = service["Spec"]
            changed = detached(spec, self._network, self._network_id)
            self._record = read(changed, self._network) or self._record
            return None if changed == spec else changed

        if self._write(resource, without):
            resource.writes.wrote(f"detachment of service {self.name}")

    def attach(self, resource: NetworkTask, network_id: str) -> None:
        """As it was before, except what another client has changed in the meantime.

        Written twice: the engine keeps the spec before the last write to roll back to, and that one must not be the
        one without the network.
        """

        def again(service: Document) -> Document | None:
            previous = service.get("PreviousSpec") or {}
            return service["Spec"] if self._is_detached(previous, network_id) else None

        for change in (lambda service: self._restored(service["Spec"], network_id), again):
            if self._write(resource, change) and not self._is_told:
                resource.writes.wrote(attachment_of(self.name))
                self._is_told = True

    def _restored(self, live: Document, network_id: str) -> Document | None:
        """Return the spec as it was; None where it is that already."""
        record = read(live, self._network) or self._record
        if record is None:
            return None
        spec = without_labels(record.attached(live, network_id), self._network)
        return None if spec == live else spec

    def _is_detached(self, spec: Document, network_id: str) -> bool:
        return bool(read(spec, self._network)) or (
            is_at_once(spec) and not has_network(spec, self._network_id, network_id)
        )

    def _write(self, resource: NetworkTask, change: t.Callable[[Document], Document | None]) -> bool:
        """Read, change and write; again, if another client was faster. False if there was nothing to change.

        :param change: returns the next spec of a service; None to write nothing.
        """
        path = f"/services/{self._id}"

        def turn(_number: int) -> bool:
            service = self._engine.get(path)
            self._version = service["Version"]["Index"]
            spec = change(service)
            if spec is None:
                return False
            self._engine.post(f"{path}/update", spec, version=self._version, registryAuthFrom="spec")
            self._version += 1
            return True

        return retry_on_conflict(turn, resource.clock)

    def wait(self, resource: NetworkTask) -> None:
        """Until its tasks run again, as hive.swarm.swarm_service waits."""
        progress = Progress(self._engine, self._id, resource.clock, self._version)

        def check_convergence() -> ConvergenceStatus:
            try:
                return progress.check_convergence(self._engine.get(f"/services/{self._id}"))
            except NotFound:
                return CONVERGED
            except resource.transient_errors as error:
                return waiting(error.message)

        wait(check_convergence, resource.params["wait_timeout"], f"service {self.name}, attached again", resource.clock)


def attachment_of(service: str) -> str:
    """Return the write in ``failure.done`` and ``failure.left``."""
    return f"attachment of service {service}"


def wait_until_released(resource: NetworkTask, network: Document) -> None:
    """Until no task that had the network runs any more: the addresses are to be given to others."""

    def check_convergence() -> ConvergenceStatus:
        nodes = {node["ID"]: node for node in resource.engine.get("/nodes")}
        left = [task for task in resource.engine.get("/tasks") if _has(task, network["Id"]) and is_active(task, nodes)]
        return waiting(f"{len(left)} tasks still run with it") if left else CONVERGED

    wait(check_convergence, resource.params["wait_timeout"], f"network {network['Name']}", resource.clock)


def _has(task: Document, network_id: str) -> bool:
    listed = [item["Target"] for item in task["Spec"].get("Networks") or ()]
    return network_id in listed or any(a["Network"]["ID"] == network_id for a in task.get("NetworksAttachments") or ())
