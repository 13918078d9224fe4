# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The services of a swarm: what is stored of them, and the rules of writing them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import endpoints, identity
from . import service_refusals as refusals
from .errors import OUT_OF_SEQUENCE, ApiError, rpc
from .rollout import Rollout
from .slots import Slot

if TYPE_CHECKING:
    from .swarm import Swarm

JOBS = ("ReplicatedJob", "GlobalJob")


class Service:
    """One service; the tasks of its slots are the orchestrator's."""

    def __init__(self, swarm: Swarm, spec: dict[str, Any]):
        self.swarm = swarm
        self.id = identity.new_id()
        self.spec = spec
        self.previous: dict[str, Any] | None = None
        self.update_status: dict[str, Any] | None = None
        self.rollout: Rollout | None = None
        self.slots: dict[Any, Slot] = {}  # number of the slot, or ID of the node
        self.iteration = 0
        self.executed = self.created = self.updated = identity.now()
        self.version = swarm.next_index()
        self.endpoint: dict[str, Any] = {}  # the EndpointSpec that the next three were made for
        self.attached: list[str] = []
        self.ports: list[dict[str, Any]] = []
        self.addresses: list[dict[str, str]] = []
        endpoints.allocate(self)

    # -- what it is -----------------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        return str(self.spec["Name"])

    @property
    def mode(self) -> str:
        """Replicated, Global, ReplicatedJob or GlobalJob."""
        return str(next(iter(self.spec["Mode"])))

    @property
    def is_job(self) -> bool:
        return self.mode in JOBS

    @property
    def template(self) -> dict[str, Any]:
        """TaskTemplate of the spec."""
        return dict(self.spec["TaskTemplate"])

    @property
    def container(self) -> dict[str, Any]:
        return dict(self.spec["TaskTemplate"].get("ContainerSpec", {}))

    @property
    def network_ids(self) -> list[str]:
        """The networks that it asks for, by ID."""
        given = self.spec["TaskTemplate"].get("Networks") or self.spec.get("Networks", [])
        return [item["Target"] for item in given]

    def touch(self) -> None:
        """It was written."""
        self.version, self.updated = self.swarm.next_index(), identity.now()

    # -- what is shown --------------------------------------------------------------------------------------------

    def shown(self, spec: dict[str, Any] | None = None) -> dict[str, Any]:
        """As GET /services/{id} shows it."""
        answer: dict[str, Any] = {
            "ID": self.id,
            "Version": {"Index": self.version},
            "CreatedAt": self.created,
            "UpdatedAt": self.updated,
            "Spec": spec or self.spec,
            "Endpoint": endpoints.shown(self),
        }
        if self.previous is not None:
            answer["PreviousSpec"] = self.previous
        if self.update_status:
            answer["UpdateStatus"] = self.update_status
        if self.is_job:
            index = {"Index": self.iteration} if self.iteration else {}
            answer["JobStatus"] = {"JobIteration": index, "LastExecution": self.executed}
        return answer

    def status(self) -> dict[str, int]:
        """ServiceStatus of GET /services?status=true: running tasks count whatever is wanted of them."""
        tasks = [task for task in self.swarm.tasks.values() if task["ServiceID"] == self.id]
        current = {"Index": self.iteration} if self.iteration else {}
        done = sum(
            task["Status"]["State"] == "complete" and task.get("JobIteration") == current
            for task in tasks
            if self.is_job
        )
        return {
            "RunningTasks": sum(task["Status"]["State"] == "running" for task in tasks),
            "DesiredTasks": self._desired(tasks),
            "CompletedTasks": done,
        }

    def _desired(self, tasks: list[dict[str, Any]]) -> int:
        if self.mode == "Replicated":
            return int(self.spec["Mode"]["Replicated"]["Replicas"])
        if self.mode == "ReplicatedJob":
            return int(self.spec["Mode"]["ReplicatedJob"]["MaxConcurrent"])
        return sum(task["DesiredState"] == "running" for task in tasks)  # so none of a global job


class Services:
    """All services of a swarm."""

    def __init__(self, swarm: Swarm):
        self._swarm = swarm
        self.all: dict[str, Service] = {}

    def find(self, text: str) -> Service:
        """By ID, by name, then by the beginning of the ID. ApiError 404 or 400."""
        if text in self.all:
            return self.all[text]
        found = [service for service in self.all.values() if service.name == text]
        found = found or [service for service in self.all.values() if service.id.startswith(text)]
        if not found:
            raise ApiError(404, f"service {text} not found")
        if len(found) > 1:
            raise ApiError(400, f"service {text} is ambiguous ({len(found)} matches found)")
        return found[0]

    def create(self, spec: dict[str, Any]) -> Service:
        """A new service from a stored spec, and its tasks."""
        self._check(spec, None)
        if any(service.name.lower() == spec["Name"].lower() for service in self.all.values()):
            name = f"service {spec['Name']} already exists"
            raise rpc("AlreadyExists", f"name conflicts with an existing object: {name}")
        service = Service(self._swarm, spec)
        self.all[service.id] = service
        self._swarm.orchestrator.settle(service)
        return service

    def update(self, service: Service, version: int, spec: dict[str, Any], rollback: bool) -> None:
        """Replace the whole spec, or swap it with the previous one."""
        self._check(spec, service)
        if spec["Name"] != service.name:
            raise rpc("Unimplemented", "renaming services is not supported")
        if list(spec["Mode"]) != list(service.spec["Mode"]):
            raise rpc("Unimplemented", "service mode change is not allowed")
        if rollback and service.previous is None:
            raise rpc("FailedPrecondition", f"service {service.id} does not have a previous spec")
        if version != service.version:
            raise rpc("Unknown", OUT_OF_SEQUENCE)
        service.spec, service.previous = (service.previous or spec) if rollback else spec, service.spec
        self._written(service, rollback)

    def _written(self, service: Service, rollback: bool) -> None:
        service.update_status = service.rollout = None
        if service.is_job:
            service.iteration += 1
            service.executed = identity.now()
        endpoints.allocate(service)
        service.touch()
        self._swarm.orchestrator.updated(service, rollback)

    def remove(self, service: Service) -> None:
        """Take the service and its tasks away."""
        del self.all[service.id]
        self._swarm.orchestrator.removed(service)

    def _check(self, spec: dict[str, Any], own: Service | None) -> None:
        refusals.by_manager(spec)
        ingress = self._swarm.networks.ingress
        for item in spec["TaskTemplate"].get("Networks", []):
            if ingress and item["Target"] == ingress.id:
                reason = f'Service cannot be explicitly attached to the ingress network "{ingress.name}"'
                raise refusals.invalid(reason)
        refusals.check_ports(spec, (service for service in self.all.values() if service is not own))
        for kind in ("secret", "config"):
            refusals.check_existing(spec, kind.capitalize(), self._swarm.objects[kind].names())
