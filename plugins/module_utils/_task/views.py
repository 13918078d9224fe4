# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks of services, flat. Any part of a task's document may be missing: a new one has no node and no container,
and one that is left over has no service."""

from __future__ import annotations

import typing as t

from .._core.paths import Document, Values
from .._node.views import hostname
from .._service.tasks import REPLICATED_JOB, mode_of

ENDED = ("complete", "shutdown", "failed", "rejected", "remove", "orphaned")


class Surroundings(t.NamedTuple):
    """:param services: those that tasks may belong to, by ID.
    :param nodes: by ID.
    """

    services: dict[str, Document]
    nodes: dict[str, Document]


def surroundings(services: t.Iterable[Document], nodes: t.Iterable[Document]) -> Surroundings:
    return Surroundings({item["ID"]: item for item in services}, {item["ID"]: item for item in nodes})


def task_view(task: Document, around: Surroundings) -> Values:
    """One task. ``node`` and ``service`` are IDs where the swarm no longer has them."""
    status, spec = task.get("Status") or {}, task.get("Spec") or {}
    container = status.get("ContainerStatus") or {}
    node_id, service_id = task.get("NodeID", ""), task.get("ServiceID", "")
    service = around.services.get(service_id)
    name = service["Spec"]["Name"] if service else service_id
    ran, ended = bool(container.get("ContainerID")), status.get("State") in ENDED
    return {
        "id": task["ID"],
        "name": f"{name}.{task.get('Slot') or node_id}".strip("."),
        "service": name,
        "service_id": service_id,
        "slot": _slot(task, service),
        "node": node_name(node_id, around),
        "node_id": node_id,
        "image": _image(spec),
        "desired_state": task.get("DesiredState", ""),
        "state": status.get("State", ""),
        "message": status.get("Message", ""),
        "error": status.get("Err", ""),
        "exit_code": container.get("ExitCode") if ran and ended else None,
        "container_id": container.get("ContainerID", ""),
        "ports": ports((status.get("PortStatus") or {}).get("Ports")),
        "addresses": _addresses(task),
        "job_iteration": _job_iteration(task),
        "created_at": task.get("CreatedAt", ""),
        "updated_at": task.get("UpdatedAt", ""),
        "timestamp": status.get("Timestamp", ""),
    }


def node_name(node_id: str, around: Surroundings) -> str:
    node = around.nodes.get(node_id)
    return (hostname(node) if node else "") or node_id


def _slot(task: Document, service: Document | None) -> int | None:
    """The slots of replicas count from 1, those of a job's tasks from 0, which the API leaves out."""
    if not task.get("Slot") and service and mode_of(service) == REPLICATED_JOB:
        return 0
    return task.get("Slot")


def _image(spec: Document) -> str:
    container, plugin = spec.get("ContainerSpec") or {}, spec.get("PluginSpec") or {}
    return container.get("Image") or plugin.get("remote") or ""


def _job_iteration(task: Document) -> int | None:
    iteration = task.get("JobIteration")
    return None if iteration is None else iteration.get("Index", 0)


def ports(listed: list[Document] | None) -> list[Values]:
    """Ports in the words of the option ``publish``; the engine lists one for IPv4 and one for IPv6."""
    found: list[Values] = []
    for port in listed or []:
        view = {
            "published_port": port.get("PublishedPort"),
            "target_port": port.get("TargetPort"),
            "protocol": port.get("Protocol", "tcp"),
            "mode": port.get("PublishMode", "ingress"),
        }
        if view not in found:
            found.append(view)
    return found


def _addresses(task: Document) -> dict[str, list[str]]:
    """By name of the network, with the length of the prefix."""
    found: dict[str, list[str]] = {}
    for attachment in task.get("NetworksAttachments") or []:
        network = attachment.get("Network") or {}
        name = (network.get("Spec") or {}).get("Name") or network.get("ID", "")
        found[name] = list(attachment.get("Addresses") or [])
    return found


def task_views(tasks: list[Document], around: Surroundings) -> list[tuple[Document, Values]]:
    """Documents and views by service and slot, the newest of a slot first, as the docker command line lists them."""
    pairs = [(task, task_view(task, around)) for task in tasks]
    # Fractions of a second come without trailing zeros: without the Z after them they sort as strings.
    pairs.sort(key=lambda pair: pair[1]["created_at"].rstrip("Z"), reverse=True)
    pairs.sort(
        key=lambda pair: (pair[1]["service"], pair[1]["slot"] or 0, pair[1]["node"] if pair[1]["slot"] is None else "")
    )
    return pairs
