# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tasks of services: what runs where, and what went wrong. One list each of tasks, services and nodes.

Tasks of services, flat. Any part of a task's document may be missing: a new one has no node and no container,
and one that is left over has no service.
"""

from __future__ import annotations

import typing as t

from .._core.errors import NotFound
from .._core.query import check_query, listing
from .._core.values import Document, Values
from .._engine.client import Engine
from .._engine.lists import EVERY_RUNTIME, Filters, list_nodes, listed, runtime_filters
from .._engine.local_state import require_manager
from .._frontend.definition import define_info
from .._node.views import hostname, matching
from .._service.tasks import REPLICATED_JOB, mode_of

FILTERS = ("desired-state", "id", "label", "name", "runtime")
CHOICES = {"desired-state": ("running", "shutdown", "accepted"), "runtime": EVERY_RUNTIME}
# moby, api/types/swarm/task.go, in the order of a task's life.
STATES = [
    *("new", "allocated", "pending", "assigned", "accepted", "preparing", "ready", "starting", "running"),
    *("complete", "shutdown", "failed", "rejected", "remove", "orphaned"),
]
ARGUMENT_SPEC: Values = {
    "service": {"type": "list", "elements": "str"},
    "node": {"type": "list", "elements": "str"},
    "state": {"type": "list", "elements": "str", "choices": STATES},
    "filters": {"type": "dict"},
    "query": {"type": "str"},
    "raw": {"type": "bool", "default": False},
}
# The engine reads names and IDs from the address of the request, which has an end (8 kB in some proxies).
_MOST_IDS = 100


def read_task_info(engine: Engine, params: Values) -> Values:
    query = check_query(params["query"])
    filters = runtime_filters(params["filters"], "tasks", FILTERS, CHOICES)
    services = listed(engine, "/services", filters={"runtime": list(EVERY_RUNTIME)})
    nodes = list_nodes(engine)
    wanted = {
        "service": _service_ids(services, params["service"]),
        "node": _node_ids(engine, nodes, params["node"]),
    }
    found = _listed(engine, filters, wanted, {item["ID"] for item in (*services, *nodes)})
    chosen = [task for task in found if _is_wanted(task, wanted, params["state"])]
    tasks = [
        {**view, "raw": task} if params["raw"] else view
        for task, view in task_views(chosen, task_context(services, nodes))
    ]
    return listing("tasks", tasks, query)


Wanted = dict[str, t.Optional[list[str]]]


def _service_ids(services: list[Document], names: list[str] | None) -> list[str] | None:
    """None where all are wanted. What no service is called may be the ID of one that is gone."""
    if not names:
        return None
    ids = {item["Spec"]["Name"]: item["ID"] for item in services}
    return [ids.get(name, name) for name in names]


def _node_ids(engine: Engine, nodes: list[Document], names: list[str] | None) -> list[str] | None:
    if not names:
        return None
    found: list[str] = []
    for name in names:
        if name == "self":
            found.append(require_manager(engine).node_id)
        else:
            found += [node["ID"] for node in matching(nodes, name)] or [name]
    return found


def _listed(engine: Engine, filters: Filters, wanted: Wanted, known: set[str]) -> list[Document]:
    """The engine narrows the list down by services and nodes that it knows; it refuses any other."""
    narrow = {name: ids for name, ids in wanted.items() if ids and len(ids) <= _MOST_IDS and known.issuperset(ids)}
    try:
        return listed(engine, "/tasks", filters={**filters, **narrow})
    except NotFound:  # one has been removed since it was listed
        return listed(engine, "/tasks", filters=filters)


def _is_wanted(task: Document, wanted: Wanted, states: list[str] | None) -> bool:
    return (
        (wanted["service"] is None or task.get("ServiceID") in wanted["service"])
        and (wanted["node"] is None or task.get("NodeID") in wanted["node"])
        and (not states or (task.get("Status") or {}).get("State") in states)
    )


ENDED = ("complete", "shutdown", "failed", "rejected", "remove", "orphaned")


class TaskContext(t.NamedTuple):
    """:param services: those that tasks may belong to, by ID.
    :param nodes: by ID.
    """

    services: dict[str, Document]
    nodes: dict[str, Document]


def task_context(services: t.Iterable[Document], nodes: t.Iterable[Document]) -> TaskContext:
    return TaskContext({item["ID"]: item for item in services}, {item["ID"]: item for item in nodes})


def task_view(task: Document, context: TaskContext) -> Values:
    """One task. ``node`` and ``service`` are IDs where the swarm no longer has them."""
    status, spec = task.get("Status") or {}, task.get("Spec") or {}
    container = status.get("ContainerStatus") or {}
    node_id, service_id = task.get("NodeID", ""), task.get("ServiceID", "")
    service = context.services.get(service_id)
    name = service["Spec"]["Name"] if service else service_id
    ran, ended = bool(container.get("ContainerID")), status.get("State") in ENDED
    return {
        "id": task["ID"],
        "name": f"{name}.{task.get('Slot') or node_id}".strip("."),
        "service": name,
        "service_id": service_id,
        "slot": _slot(task, service),
        "node": node_name(node_id, context),
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


def node_name(node_id: str, context: TaskContext) -> str:
    node = context.nodes.get(node_id)
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


def task_views(tasks: list[Document], context: TaskContext) -> list[tuple[Document, Values]]:
    """Documents and views by service and slot, the newest of a slot first, as the docker command line lists them."""
    pairs = [(task, task_view(task, context)) for task in tasks]
    # Fractions of a second come without trailing zeros: without the Z after them they sort as strings.
    pairs.sort(key=lambda pair: pair[1]["created_at"].rstrip("Z"), reverse=True)
    pairs.sort(
        key=lambda pair: (pair[1]["service"], pair[1]["slot"] or 0, pair[1]["node"] if pair[1]["slot"] is None else "")
    )
    return pairs


MODULE = define_info(read_task_info, ARGUMENT_SPEC)
