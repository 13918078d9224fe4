# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why a service does not converge: its failing tasks with their own errors and logs, and networks without free addresses.

A task is new until it has an address in each of its networks (swarmkit, manager/allocator). So has each service a virtual one,
and each node that runs tasks of the network one for its load balancer. A manager that has none left reports it in its log alone.

Errors that pass without a change are about what a node gives back or gets shortly after the managers expect it. A task that
ends with one says nothing about the service.
"""

from __future__ import annotations

import ipaddress
import re
import typing as t

from .._core.errors import SwarmError, Unreachable
from .._core.values import Document, Values
from .._engine.client import Reader
from .logs import SYSTEM, frames
from .schema import NETWORKS
from .tasks import (
    ENDED,
    is_down,
    state,
    timestamp_key,
)

_ENDED = "the container stopped with exit code 0, on its own or because it was unhealthy"
# Of the scheduler (swarmkit, manager/scheduler/filter.go, PluginFilter).
_MISSING_PLUGIN = "missing plugin"
_VERBS = {"complete": "ended"}
_LISTED = 10  # tasks in a result
NAMED = 3  # tasks, and errors, in a sentence
_LOGGED = 3  # of these, how many with a log
_LINES = 10
_LINE_LENGTH = 500
_LOG_TIMEOUT = 5.0  # seconds; the manager asks the task's node, and waits indefinitely for one that hangs
# Errors of the same kind differ in IDs: those of containers and endpoints are hex, those of swarm objects base 36.
_ID = re.compile(r"\b(?:[0-9a-f]{12,64}|[0-9a-z]{25})\b")


class Rollout(t.Protocol):
    """What a rollout has seen, of a service or a stack."""

    timeline: list[str]

    @property
    def failing(self) -> list[Values]: ...

    @property
    def reasons(self) -> list[Values]: ...


def attach_task_errors(error: SwarmError, progress: Rollout) -> None:
    """Put what a rollout has seen into the error that waiting for it ended with."""
    tasks = progress.failing
    error.details = {"tasks": tasks, **({"reasons": progress.reasons} if progress.reasons else {})}
    error.result = {**error.result, "progress": progress.timeline}
    said: list[str] = next((task["log"] for task in tasks if task["log"]), [])
    if said:
        error.message += f"; its log ends: {' | '.join(said[-3:])}"


def failures(tasks: list[Document], nodes: dict[str, Document], service: str) -> list[Values]:
    """The tasks in the result's words, newest first; of one slot with one error the newest alone, and how often."""
    found: dict[tuple[str, str], Values] = {}
    for task in sorted(tasks, key=lambda task: timestamp_key(task["CreatedAt"]), reverse=True):
        entry = _entry(task, nodes, service)
        known = found.setdefault((entry["name"], _ID.sub("", entry["error"])), entry)
        known["count"] += 1
    return list(found.values())[:_LISTED]


def _entry(task: Document, nodes: dict[str, Document], service: str) -> Values:
    status = task.get("Status") or {}
    container = status.get("ContainerStatus") or {}
    ran = bool(container.get("ContainerID"))
    return {
        "id": task["ID"],
        "name": name_of(task, service),
        "slot": task.get("Slot"),
        "node": host_of(task, nodes),
        "state": state(task),
        "error": error_of(task),
        "exit_code": container.get("ExitCode") if ran else None,
        "message": status.get("Message", ""),
        "log": [],
        "count": 0,
    }


def error_of(task: Document) -> str:
    """The engine's error; it has none for a container that ends well, be it that unhealthiness ended it."""
    error: str = (task.get("Status") or {}).get("Err", "")
    if _MISSING_PLUGIN in error:
        return f"{error}{_drivers(task)}"
    return error or (_ENDED if state(task) == "complete" else "")


def _drivers(task: Document) -> str:
    """The drivers that a node must have for the task; the engine's error does not name the one that is missing."""
    spec = task.get("Spec") or {}
    log = (spec.get("LogDriver") or {}).get("Name")
    mounts = (spec.get("ContainerSpec") or {}).get("Mounts") or ()
    configs = [(mount.get("VolumeOptions") or {}).get("DriverConfig") or {} for mount in mounts]
    volumes = dict.fromkeys(config["Name"] for config in configs if config.get("Name"))
    named = [*([f"log driver {log}"] if log else []), *(f"volume driver {name}" for name in volumes)]
    return f"; the task needs {' and '.join(named)}" if named else ""


def name_of(task: Document, service: str) -> str:
    """As ``docker service ps`` names it: with the number of the replica, or else the ID of the node."""
    return f"{service}.{task.get('Slot') or task.get('NodeID', '')}".rstrip(".")


def task_label(task: Document, nodes: dict[str, Document], service: str) -> str:
    """As a message names it: web.2 on n3, and without a number where there is none."""
    name = f"{service}.{task['Slot']}" if task.get("Slot") else service
    host = host_of(task, nodes)
    return f"{name} on {host}" if host else name


def host_of(task: Document, nodes: dict[str, Document]) -> str:
    """Host name of the task's node, its ID if it is not listed anymore, empty as long as it has none."""
    node = nodes.get(task.get("NodeID", ""), {})
    return (node.get("Description") or {}).get("Hostname") or task.get("NodeID", "")


def sentence(tasks: list[Document], nodes: dict[str, Document], service: str) -> str:
    """All in one sentence, tasks with the same error together; empty without tasks."""
    groups: dict[tuple[str, str], list[Document]] = {}
    for task in sorted(tasks, key=lambda task: timestamp_key(task["CreatedAt"]), reverse=True):
        groups.setdefault((state(task), _ID.sub("", error_of(task))), []).append(task)
    return "; ".join(_group(group, nodes, service) for group in list(groups.values())[:NAMED])


def _group(group: list[Document], nodes: dict[str, Document], service: str) -> str:
    """Such as: web.1, web.2 rejected 6 times (n1, n3): No such image: web:2."""
    slots = sorted({task.get("Slot", 0) for task in group})
    names = _listed(name_of({"Slot": slot}, service) for slot in slots)
    hosts = _listed(host_of(task, nodes) for task in group)
    times = f" {len(group)} times" if len(group) > 1 else ""
    words = f"{names} {_VERBS.get(state(group[0]), state(group[0]))}{times}" + (f" ({hosts})" if hosts else "")
    return f"{words}: {error_of(group[0])}".rstrip(": ")


def _listed(names: t.Iterable[str]) -> str:
    each = [name for name in dict.fromkeys(names) if name]
    return ", ".join(each[:NAMED]) + (f" and {len(each) - NAMED} more" if len(each) > NAMED else "")


def add_logs(engine: Reader, entries: list[Values], tasks: list[Document], nodes: dict[str, Document]) -> None:
    """Put the last lines of the newest containers into their entries."""
    known = {task["ID"]: task for task in tasks}
    ran = [entry for entry in entries if entry["exit_code"] is not None]
    for entry in ran[:_LOGGED]:
        task = known[entry["id"]]
        if is_down(nodes.get(task.get("NodeID", ""))):
            continue
        try:
            entry["log"] = _log(engine, task)
        except Unreachable:
            return  # the next one would take as long
        except SwarmError:
            pass  # the log is a help, not the matter


def _log(engine: Reader, task: Document) -> list[str]:
    query = {"stdout": True, "stderr": True, "tail": _LINES}
    raw = engine.get_bytes(f"/tasks/{task['ID']}/logs", timeout=_LOG_TIMEOUT, **query)
    container = (task.get("Spec") or {}).get("ContainerSpec") or {}
    return log_lines(raw, bool(container.get("TTY")))


def log_lines(raw: bytes, tty: bool) -> list[str]:
    """The last lines of a log."""
    text = raw if tty else b"".join(text for stream, text in frames(raw) if stream != SYSTEM)
    lines = text.decode("utf-8", "replace").splitlines()[-_LINES:]
    return [line[:_LINE_LENGTH] for line in lines]


KIND = "network_without_addresses"


def used_up(engine: Reader, service: Document) -> list[Values]:
    """Return the networks of the service that have no address left: four requests.

    Each is ``kind``, ``network``, ``subnets``, ``size`` (addresses that can be given out, without the gateway) and
    ``used``; of one that the manager has given no addresses at all, ``subnets`` is empty.
    """
    networks = [item for item in engine.get("/networks", filters={"scope": ["swarm"]}) if _has(service, item)]
    if not networks:
        return []
    tasks = [task for task in engine.get("/tasks") if (task.get("Status") or {}).get("State") not in ENDED]
    services = engine.get("/services")
    found = [_counted(network, services, tasks) for network in networks]
    return [entry for entry in found if entry["used"] >= entry["size"]]


def words(entry: Values) -> str:
    """Such as: the network small (10.0.0.0/30) has no address left, 1 of 1 is in use."""
    name = entry["network"]
    if not entry["subnets"]:
        return f"the manager has given the network {name} no addresses; the address pools of the swarm may be used up"
    subnets = ", ".join(entry["subnets"])
    return f"the network {name} ({subnets}) has no address left: {entry['used']} of {entry['size']} are in use"


def _has(service: Document, network: Document) -> bool:
    spec = service["Spec"]
    if network.get("Ingress"):
        ports = (spec.get("EndpointSpec") or {}).get("Ports") or ()
        return any(port.get("PublishMode", "ingress") == "ingress" for port in ports)
    attached = NETWORKS.get(spec)
    return isinstance(attached, list) and any(item["Target"] in (network["Id"], network["Name"]) for item in attached)


def _counted(network: Document, services: list[Document], tasks: list[Document]) -> Values:
    pools = (network.get("IPAM") or {}).get("Config") or []
    subnets = [ipaddress.ip_network(pool["Subnet"], strict=False) for pool in pools if pool.get("Subnet")]
    # Without the network's own address, its broadcast address and its gateway.
    size = sum(max(subnet.num_addresses - 3, 0) for subnet in subnets if subnet.version == 4)
    return {
        "kind": KIND,
        "network": network["Name"],
        "subnets": [str(subnet) for subnet in subnets],
        "size": size,
        "used": _used(network["Id"], services, tasks),
    }


def _used(network_id: str, services: list[Document], tasks: list[Document]) -> int:
    virtual = sum(
        bool(item.get("Addr")) and item["NetworkID"] == network_id
        for service in services
        for item in (service.get("Endpoint") or {}).get("VirtualIPs") or ()
    )
    mine = [
        (task, attachment)
        for task in tasks
        for attachment in task.get("NetworksAttachments") or ()
        if attachment["Network"]["ID"] == network_id and attachment.get("Addresses")
    ]
    return virtual + len(mine) + len({task["NodeID"] for task, _attachment in mine if task.get("NodeID")})


# Seconds for which such errors do not count, from the first one that a run sees.
PATIENCE = 60.0
_TRANSIENT = (
    # libnetwork, ipamapi: the manager gives out addresses again while a node still has the network that had them
    # (moby/swarmkit#2657). Seen on 20.10 for 7 s after a network was removed.
    r"Pool overlaps with other one on this address space",
    # libnetwork, ipamapi: the same for a single address or the gateway (moby/moby#35204). A process in a container that
    # finds its port taken says "address already in use".
    r"Address already in use",
    # moby, daemon/cluster/executor/container: the node has no address of its own in the network yet.
    r"node is missing network attachments",
    # libnetwork: a network that is just made or taken away on the node (moby/moby#25215).
    r"network sandbox join failed",
    r"Unable to complete atomic operation, key modified",
    # moby, daemon/cluster/executor/container: the network has not reached the node yet, or has just left it.
    r"network \w{25} not found",
    r"attaching to network failed",
    # moby, container/secrets and daemon: the node does not have it yet.
    r"from (secret|config) store",
    r"context deadline exceeded",
)
_ERROR = re.compile("|".join(_TRANSIENT))


def is_transient(task: Document) -> bool:
    """Whether the task ended with an error that passes."""
    return bool(_ERROR.search((task.get("Status") or {}).get("Err", "")))
