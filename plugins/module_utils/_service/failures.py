# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tasks that keep a service from converging, each with its own error, and what its container said.

What a wait for a service says: which tasks are not there yet, and why.

Why tasks stay new: a manager that has no address for them says so in its log alone.

A task is new until it has an address in each of its networks (swarmkit, manager/allocator). So has each service a
virtual one, and each node that runs tasks of the network one for its load balancer.
"""

from __future__ import annotations

import ipaddress
import re
import typing as t

from .._core.errors import SwarmError, Unreachable
from .._core.paths import Document, Values
from .._engine.client import Reader
from .._node.views import ALIVE
from .logs import SYSTEM, frames
from .places import NETWORKS
from .tasks import (
    ENDED,
    GLOBAL_JOB,
    REPLICATED_JOB,
    Count,
    Scene,
    coming_beside,
    has_healthcheck,
    is_down,
    may_end,
    mode_of,
    moment,
    over,
    slot_of,
    slots,
    state,
    update_state,
    went_wrong,
)

_ENDED = "the container stopped with exit code 0, on its own or because it was unhealthy"
_VERBS = {"complete": "ended"}
_LISTED = 10  # tasks in a result
_NAMED = 3  # tasks, and errors, in a sentence
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


def tell(error: SwarmError, progress: Rollout) -> None:
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
    for task in sorted(tasks, key=lambda task: moment(task["CreatedAt"]), reverse=True):
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
    error = (task.get("Status") or {}).get("Err", "")
    return error or (_ENDED if state(task) == "complete" else "")


def name_of(task: Document, service: str) -> str:
    """As ``docker service ps`` names it: with the number of the replica, or else the ID of the node."""
    return f"{service}.{task.get('Slot') or task.get('NodeID', '')}".rstrip(".")


def who(task: Document, nodes: dict[str, Document], service: str) -> str:
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
    for task in sorted(tasks, key=lambda task: moment(task["CreatedAt"]), reverse=True):
        groups.setdefault((state(task), _ID.sub("", error_of(task))), []).append(task)
    return "; ".join(_group(group, nodes, service) for group in list(groups.values())[:_NAMED])


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
    return ", ".join(each[:_NAMED]) + (f" and {len(each) - _NAMED} more" if len(each) > _NAMED else "")


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


def late_words(scene: Scene, counted: Count, name: str) -> str:
    """Such as: 2 of 3 tasks run; web.3 on n2 is preparing. Why tasks failed the last time is long, so it is said once."""
    late = [*counted.late, *counted.dead]
    parts = [f"{len(counted.good)} of {counted.wanted} tasks {_verb(scene)}"]
    said: set[str] = set()
    for task in late[:_NAMED]:
        before = _before(scene, task)
        parts.append(_late(scene, task, name) + ("" if before in said else before))
        said.add(before)
    if len(late) > _NAMED:
        parts.append(f"{len(late) - _NAMED} more are missing")
    if counted.missing > 0:
        updating = update_state(scene.service) in ("updating", "rollback_started")
        parts.append(f"{counted.missing} {'still to be updated' if updating else 'not begun'}")
    if counted.missing < 0:
        parts.append(f"{-counted.missing} too many")
    return "; ".join(parts + _lost(scene, name))


def watched_words(scene: Scene, counted: Count, name: str) -> str:
    """What the engine still does when all tasks are there: it waits indefinitely for a task on a dead node, or for one
    that it starts beside a good one (start-first) and that finds no place."""
    words = f"all of {len(counted.good)} tasks run; the engine is still watching them"
    coming = [_late(scene, task, name) for task in coming_beside(scene)[:_NAMED]]
    return "; ".join([words, *coming, *_lost(scene, name)])


def _lost(scene: Scene, name: str) -> list[str]:
    """New tasks that were given up because their nodes died."""
    lost = [task for task in scene.tasks if over(task) and state(task) in ALIVE and _on_dead_node(scene, task)]
    return [_late(scene, task, name) for task in lost[:_NAMED]]


def _verb(scene: Scene) -> str:
    if mode_of(scene.service) in (REPLICATED_JOB, GLOBAL_JOB):
        return "are done"
    return "run or are done" if may_end(scene.service) else "run"


def _on_dead_node(scene: Scene, task: Document) -> bool:
    return bool(task.get("NodeID")) and is_down(scene.nodes.get(task["NodeID"]))


def _late(scene: Scene, task: Document, name: str) -> str:
    words = f"{who(task, scene.nodes, name)} is {state(task)}"
    if _on_dead_node(scene, task):
        return f"{words}, but {host_of(task, scene.nodes)} is down"
    error = error_of(task)
    return words + _hint(scene, task) + (f": {error}" if error else "")


def _before(scene: Scene, task: Document) -> str:
    """Why the slot's last task failed, as long as the next one has not got further."""
    slot = slot_of(scene.service, task)
    wrong = (one for one in slots(scene)[slot] if one is not task and went_wrong(scene.service, one))
    last = next(wrong, None)
    return f" (last time: {error_of(last)})" if last and not error_of(task) else ""


def _hint(scene: Scene, task: Document) -> str:
    """What a state does not say by itself."""
    if state(task) == "starting" and has_healthcheck(scene.service):
        return ", its healthcheck has not passed yet"
    return ""


def old_words(tasks: list[Document], nodes: dict[str, Document], name: str) -> str:
    """Such as: 2 tasks are still to stop: web.1 on n2, web.2 on n3."""
    named = [who(task, nodes, name) for task in tasks[:_NAMED]]
    more = f" and {len(tasks) - _NAMED} more" if len(tasks) > _NAMED else ""
    return f"{len(tasks)} task{'s are' if len(tasks) > 1 else ' is'} still to stop: {', '.join(named)}{more}"


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
