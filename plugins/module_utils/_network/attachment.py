# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A service that is detached from a network for a while, and attached to its successor exactly as it was."""

from __future__ import annotations

import typing as t

from .._core.errors import NotFound
from .._core.paths import MISSING, Document, Path, at
from .._core.waiting import Verdict, contend, converged, wait, waiting
from .._engine.client import Engine
from .._service.tasks import alive
from .._service.wait import Progress
from .live import NetworkTask

_LISTS = (at("TaskTemplate", "Networks"), at("Networks"))
_UPDATE = at("UpdateConfig")
# Without its network a service may well fail. That must not stop the engine from replacing tasks, nor have it go back
# to the network. It is in force while the service is detached.
_AT_ONCE = {"Parallelism": 0, "FailureAction": "continue", "Order": "stop-first"}


class Attachment:
    """One service's use of a network. Each step reads what there is first, so that it can be taken again after a failure."""

    def __init__(self, engine: Engine, service: Document, network_id: str) -> None:
        self._engine = engine
        self._id = service["ID"]
        self._network = network_id
        self._before: Document = service["Spec"]
        self._version = 0  # the lowest one that has all that was written
        self._is_told = False
        self.name = service["Spec"]["Name"]

    def detach(self, resource: NetworkTask) -> None:
        def without(service: Document) -> Document | None:
            spec = changed = service["Spec"]
            # A turn after one of unknown outcome may find it detached already.
            if _has_any(spec, (self._network,)):
                self._before = spec
            for path in _LISTS:
                left = [item for item in _items(spec, path) if item["Target"] != self._network]
                changed = path.put(changed, left or MISSING) if _items(spec, path) else changed
            changed = _UPDATE.put(changed, dict(_AT_ONCE))
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
            is_detached = _same(_UPDATE.get(previous), _AT_ONCE) and not _has_any(previous, (self._network, network_id))
            return service["Spec"] if is_detached else None

        for change in (lambda service: self._restored(service["Spec"], network_id), again):
            if self._write(resource, change) and not self._is_told:
                resource.writes.wrote(f"attachment of service {self.name}")
                self._is_told = True

    def _restored(self, live: Document, network_id: str) -> Document | None:
        """Return the spec as it was; None where it is that already."""
        spec = live
        for path in _LISTS:
            spec = self._with_network(spec, path, network_id)
        if _same(_UPDATE.get(spec), _AT_ONCE):
            spec = _UPDATE.put(spec, _UPDATE.get(self._before))
        return None if spec == live else spec

    def _with_network(self, spec: Document, path: Path, network_id: str) -> Document:
        """The list with the network in its old place, under the ID of its successor."""
        items = [item for item in _items(spec, path) if item["Target"] not in (self._network, network_id)]
        for place, item in enumerate(_items(self._before, path)):
            if item["Target"] == self._network:
                items.insert(place, {**item, "Target": network_id})
        return path.put(spec, items) if items else spec

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

        return contend(turn, resource.clock)

    def wait(self, resource: NetworkTask) -> None:
        """Until its tasks run again, as hive.swarm.swarm_service waits."""
        progress = Progress(self._engine, self._id, resource.clock, self._version)

        def look() -> Verdict:
            try:
                return progress.look(self._engine.get(f"/services/{self._id}"))
            except NotFound:
                return converged()
            except resource.patience as error:
                return waiting(error.message)

        wait(look, resource.params["wait_timeout"], f"service {self.name}, attached again", resource.clock)


def _has_any(spec: Document, networks: t.Container[str]) -> bool:
    return any(item["Target"] in networks for path in _LISTS for item in _items(spec, path))


def _items(spec: Document, path: Path) -> list[Document]:
    found = path.get(spec)
    return found if isinstance(found, list) else []


def _same(live: object, written: Document) -> bool:
    """Whether no other client has changed it; the engine writes defaults into what it is given, and leaves zeros out."""
    return isinstance(live, dict) and all(live.get(key, 0) == value for key, value in written.items())


def wait_until_released(resource: NetworkTask, network: Document) -> None:
    """Until no task that had the network runs any more: the addresses are to be given to others."""

    def look() -> Verdict:
        nodes = {node["ID"]: node for node in resource.engine.get("/nodes")}
        left = [task for task in resource.engine.get("/tasks") if _has(task, network["Id"]) and alive(task, nodes)]
        return waiting(f"{len(left)} tasks still run with it") if left else converged()

    wait(look, resource.params["wait_timeout"], f"network {network['Name']}", resource.clock)


def _has(task: Document, network_id: str) -> bool:
    listed = [item["Target"] for item in task["Spec"].get("Networks") or ()]
    return network_id in listed or any(a["Network"]["ID"] == network_id for a in task.get("NetworksAttachments") or ())
