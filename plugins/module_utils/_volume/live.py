# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cluster volumes, the names of their secrets, and their users: services that mount one by name, or have one of its group."""

from __future__ import annotations

import typing as t

from .._core.reconcile import Live, Resource
from .._core.values import Document
from .._engine.client import Engine
from .._service.tasks import ENDED


class VolumeTask(Resource[Live]):
    """A task about a volume."""

    @property
    def secrets(self) -> dict[str, str]:
        """IDs of the swarm's secrets to their names."""
        raise NotImplementedError


def secret_names(engine: Engine) -> dict[str, str]:
    """ID to name."""
    return {item["ID"]: item["Spec"]["Name"] for item in engine.get("/secrets")}


CLUSTER = "cluster"


def _mounts(service: Document) -> list[Document]:
    container = service["Spec"]["TaskTemplate"].get("ContainerSpec") or {}
    return [mount for mount in container.get("Mounts") or () if mount.get("Type") == CLUSTER]


def read_users(engine: Engine) -> t.Callable[[Document], list[str]]:
    """Names of the services that use a volume; two requests for all volumes."""
    services = engine.get("/services")
    tasks = engine.get("/tasks", filters={"desired-state": ["running"]})
    holders: dict[str, set[str]] = {}  # ID of a volume to IDs of services
    for task in tasks:
        for volume_id in _held(task):
            holders.setdefault(volume_id, set()).add(task.get("ServiceID", ""))

    def of(volume: Document) -> list[str]:
        held = holders.get(volume["ClusterVolume"]["ID"], set())
        users = [
            service["Spec"]["Name"]
            for service in services
            if service["ID"] in held or any(mount.get("Source") == volume["Name"] for mount in _mounts(service))
        ]
        return sorted(users)

    return of


def count_running(engine: Engine, volume: Document) -> int:
    """How many tasks have not ended that have got the volume."""
    tasks = [task for task in engine.get("/tasks") if task["Status"]["State"] not in ENDED]
    return sum(1 for task in tasks if volume["ClusterVolume"]["ID"] in _held(task))


def _held(task: Document) -> list[str]:
    return [volume["ID"] for volume in task.get("Volumes") or ()]


def words(users: list[str]) -> str:
    return f"{'service' if len(users) == 1 else 'services'} {', '.join(users)}"
