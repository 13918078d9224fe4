# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks as GET /tasks shows them: dicts, so that thousands of them cost little."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from . import endpoints, identity
from .behaviours import Behaviour
from .scheduler import suits

if TYPE_CHECKING:
    from .services import Service

_FIRST_HOST_PORT = 32768


def new(service: Service, key: Any, node_id: str | None) -> dict[str, Any]:
    """A task of a slot; `key` is the number of the slot, or a node's ID."""
    moment = identity.now()
    template = service.spec["TaskTemplate"]
    task: dict[str, Any] = {
        "ID": identity.new_id(),
        "Version": {"Index": service.swarm.next_index()},
        "CreatedAt": moment,
        "UpdatedAt": moment,
        "Labels": {},
        "Spec": {name: value for name, value in template.items() if name != "Runtime"},
        "ServiceID": service.id,
        "Status": {"Timestamp": moment, "State": "new", "Message": "created", "PortStatus": {}},
        "DesiredState": "complete" if service.is_job else "running",
    }
    if isinstance(key, int) and key:
        task["Slot"] = key
    if node_id:
        task["NodeID"] = node_id
    if service.is_job:
        task["JobIteration"] = {"Index": service.iteration} if service.iteration else {}
    service.swarm.endpoints[task["ID"]] = service.spec.get("EndpointSpec")
    attached = endpoints.attachments(service)
    if attached:
        task["NetworksAttachments"] = attached
    return task


def set_state(task: dict[str, Any], state: str, message: str, err: str = "") -> None:
    """A change of Status, keeping what is known of the container."""
    kept = {name: task["Status"][name] for name in ("ContainerStatus", "PortStatus") if name in task["Status"]}
    problem = {"Err": err} if err else {}
    moment = identity.now()
    task["Status"] = {"Timestamp": moment, "State": state, "Message": message, **problem, **kept}
    task["UpdatedAt"] = moment


def stop(task: dict[str, Any]) -> None:
    """It was told to end, and did: by the signal that nobody can ignore."""
    set_state(task, "shutdown", "shutdown")
    if "ContainerStatus" in task["Status"]:
        task["Status"]["ContainerStatus"] = {**task["Status"]["ContainerStatus"], "PID": 0, "ExitCode": 137}
        task["Status"]["PortStatus"] = {}


def show(task: dict[str, Any], behaviour: Behaviour, service: Service) -> None:
    """The state that a behaviour leads to, with its container."""
    set_state(task, behaviour.state, behaviour.message, behaviour.err)
    alive = behaviour.state == "running"
    task["Status"]["ContainerStatus"] = {
        "ContainerID": "" if behaviour.state == "rejected" else secrets.token_hex(32),
        "PID": 4711 if alive else 0,
        "ExitCode": behaviour.exit_code,
    }
    ports = [port for port in service.ports if port["PublishMode"] == "host"] if alive else []
    if ports:
        task["Status"]["PortStatus"] = {"Ports": [_host_port(port, service) for port in ports for _family in (4, 6)]}
    lines = service.swarm.logs.setdefault(task["ID"], [])
    lines.extend((task["Status"]["Timestamp"], stream, line) for stream, line in behaviour.output)


def _host_port(port: dict[str, Any], service: Service) -> dict[str, Any]:
    if "PublishedPort" in port:
        return dict(port)
    return {**port, "PublishedPort": _FIRST_HOST_PORT + service.ports.index(port)}


def name_of(task: dict[str, Any], service: str) -> str:
    """service.slot.ID or service.node.ID: what the filter `name` begins with."""
    return f"{service}.{task.get('Slot') or task.get('NodeID', '')}.{task['ID']}"


def is_dirty(service: Service, task: dict[str, Any]) -> bool:
    """Whether an update must replace the task: another template, or another EndpointSpec.

    A change of the placement alone keeps a task on a node that satisfies it.
    """
    template = dict(service.spec["TaskTemplate"])
    template.pop("Runtime")
    endpoint = service.spec.get("EndpointSpec")
    if service.swarm.endpoints.get(task["ID"], endpoint) != endpoint:
        return True
    if template == task["Spec"]:
        return False
    if {**template, "Placement": None} != {**task["Spec"], "Placement": None}:
        return True
    node = service.swarm.nodes.get(task.get("NodeID", ""))
    return node is None or not suits(service, node)
