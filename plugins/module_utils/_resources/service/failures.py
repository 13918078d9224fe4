# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tasks that keep a service from being what it shall be, each with its own error, and what its container said."""

from __future__ import annotations

import re
import typing as t

from ..._engine import Engine
from ..._errors import NotConverged, SwarmError, Unreachable
from ..._path import Document, Values
from .progress_nodes import is_down
from .progress_slots import moment, state

_ENDED = "the container stopped with exit code 0, by itself or because it was unhealthy"
_VERBS = {"complete": "ended"}
_LISTED = 10  # tasks in a result
_NAMED = 3  # tasks, and errors, in a sentence
_LOGGED = 3  # of these, how many with a log
_LINES = 10
_LINE_LENGTH = 500
_LOG_TIMEOUT = 5.0  # seconds; the manager asks the task's node, and waits for ever for one that hangs
_COMPLAINT = 3  # the stream on which the engine says that it cannot get the log (moby, pkg/stdcopy)
# Errors of the same kind differ in IDs: those of containers and endpoints are hex, those of swarm objects base 36.
_ID = re.compile(r"\b(?:[0-9a-f]{12,64}|[0-9a-z]{25})\b")


def tell(error: NotConverged, progress: t.Any) -> None:
    """Put what a rollout has seen into the error that waiting for it ended with.

    :param progress: of a service or a stack, with ``failing``, ``reasons`` and ``timeline``.
    """
    tasks = progress.failing
    error.details = {"tasks": tasks, **({"reasons": progress.reasons} if progress.reasons else {})}
    error.result = {**error.result, "progress": progress.timeline}
    said = next((task["log"] for task in tasks if task["log"]), [])
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
    """Host name of the task's node, its ID if it is no longer listed, empty as long as it has none."""
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


def add_logs(engine: Engine, entries: list[Values], tasks: list[Document], nodes: dict[str, Document]) -> None:
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


def _log(engine: Engine, task: Document) -> list[str]:
    query = {"stdout": True, "stderr": True, "tail": _LINES}
    raw = engine.get_bytes(f"/tasks/{task['ID']}/logs", timeout=_LOG_TIMEOUT, **query)
    container = (task.get("Spec") or {}).get("ContainerSpec") or {}
    return log_lines(raw, bool(container.get("TTY")))


def log_lines(raw: bytes, tty: bool) -> list[str]:
    """The last lines of a log. Without a terminal it comes in frames: a byte for the stream, three of 0, a length of
    four (moby, api: ContainerAttach)."""
    text = raw if tty else b"".join(_frames(raw))
    lines = text.decode("utf-8", "replace").splitlines()[-_LINES:]
    return [line[:_LINE_LENGTH] for line in lines]


def _frames(raw: bytes) -> t.Iterator[bytes]:
    at = 0
    while at < len(raw):
        if raw[at] > 3 or raw[at + 1 : at + 4] != b"\0\0\0":
            yield raw[at:]  # no frames after all
            return
        end = at + 8 + int.from_bytes(raw[at + 4 : at + 8], "big")
        if raw[at] != _COMPLAINT:
            yield raw[at + 8 : end]
        at = end
