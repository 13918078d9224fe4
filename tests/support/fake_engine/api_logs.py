# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Logs of services and tasks: frames of 8 bytes of header and a line, or the bare lines of a terminal."""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING, Any

from . import golang
from .api_tasks import find
from .errors import ApiError
from .managers import swarm_of
from .reply import Raw

if TYPE_CHECKING:
    from .router import Call
    from .swarm import Swarm

_STREAMS = {"stdout": 1, "stderr": 2}
_SYSTEM = 3


def of_service(call: Call) -> Raw:
    """GET /services/{id}/logs."""
    streams = _streams(call)
    with call.engine.cluster.lock:
        swarm = swarm_of(call.engine)
        service = swarm.services.find(call.names["id"])
        tasks = [task for task in swarm.tasks.values() if task["ServiceID"] == service.id]
        return _answer(call, swarm, tasks, bool(service.container.get("TTY")), streams)


def of_task(call: Call) -> Raw:
    """GET /tasks/{id}/logs."""
    streams = _streams(call)
    with call.engine.cluster.lock:
        swarm = swarm_of(call.engine)
        task = find(swarm, call.names["id"])
        if "NodeID" not in task:
            return _unscheduled(call, task)
        return _answer(call, swarm, [task], bool(task["Spec"].get("ContainerSpec", {}).get("TTY")), streams)


def _unscheduled(call: Call, task: dict[str, Any]) -> Raw:
    """A task without a node has no logs, which is told in a frame of its own kind."""
    reason = (
        "Error grabbing logs: rpc error: code = Unknown desc = warning: incomplete log stream. some logs could not be "
        f"retrieved for the following reasons: task {task['ID']} has not been scheduled\n"
    ).encode()
    return Raw(struct.pack(">BxxxL", _SYSTEM, len(reason)) + reason, _kind(call, tty=False))


def _kind(call: Call, tty: bool) -> str:
    if not call.engine.version.json_prefix:
        return ""
    return f"application/vnd.docker.{'raw' if tty else 'multiplexed'}-stream"


def _streams(call: Call) -> list[str]:
    query = call.request.query
    streams = [name for name in _STREAMS if golang.loose_bool(query.get(name, ""))]
    if not streams:
        raise ApiError(500, "Bad parameters: you must choose at least one stream")
    return streams


def _answer(call: Call, swarm: Swarm, tasks: list[dict[str, Any]], tty: bool, streams: list[str]) -> Raw:
    query = call.request.query
    tail = query.get("tail", "")
    if re.fullmatch(r"-\d+", tail):
        raise ApiError(500, "negative tail values not supported")
    if tail not in ("", "all") and not re.fullmatch(r"\d+", tail):
        raise ApiError(500, 'tail value must be a positive integer or "all"')
    since = query.get("since", "")
    if since and not re.fullmatch(r"\d+(\.\d+)?", since):
        reason = f'strconv.ParseInt: parsing "{since}": invalid syntax'
        raise ApiError(500, f"could not parse since timestamp: {reason}")
    payload = b"".join(_of_one(query, swarm, task, tty, streams, tail) for task in tasks)
    return Raw(payload, _kind(call, tty))


def _of_one(
    query: dict[str, str], swarm: Swarm, task: dict[str, Any], tty: bool, streams: list[str], tail: str
) -> bytes:
    """The last lines of each task, not of all together. A terminal is all stdout, and ends lines with CR LF."""
    lines = [entry for entry in swarm.logs.get(task["ID"], []) if ("stdout" if tty else entry[1]) in streams]
    if tail not in ("", "all"):
        lines = lines[-int(tail) :] if int(tail) else []
    return b"".join(_frame(stream, _line(query, task, moment, text, tty), tty) for moment, stream, text in lines)


def _line(query: dict[str, str], task: dict[str, Any], moment: str, text: str, tty: bool) -> bytes:
    parts = [moment] if golang.loose_bool(query.get("timestamps", "")) else []
    if golang.loose_bool(query.get("details", "")):
        of = {"node": task.get("NodeID", ""), "service": task["ServiceID"], "task": task["ID"]}
        parts.append(",".join(f"com.docker.swarm.{name}.id={value}" for name, value in of.items()))
    return " ".join([*parts, text]).encode() + (b"\r\n" if tty else b"\n")


def _frame(stream: str, line: bytes, tty: bool) -> bytes:
    return line if tty else struct.pack(">BxxxL", _STREAMS[stream], len(line)) + line
