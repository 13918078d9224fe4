# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The last lines that a service's containers wrote."""

from __future__ import annotations

import re
import typing as t

from .._core.errors import SwarmError
from .._core.values import Document, Values
from .._engine.client import Engine, path_part
from .._task.info import TaskContext, node_name

# Seconds. The manager asks the nodes for it, of which one may be hanging.
_TIMEOUT = 10.0
_STDOUT = 1
_STREAMS = {_STDOUT: "stdout", 2: "stderr"}
# What the engine itself has to say, such as that a node is not available (moby, api/server/httputils, pkg/stdcopy): in a stream of
# its own, or without a time for a log without streams.
SYSTEM = 3
_COMPLAINT = re.compile(r"Error grabbing logs: (?:rpc error: code = \w+ desc = )?")
_ID = re.compile(r"com\.docker\.swarm\.(node|task)\.id=(\w+)")


class Log(t.NamedTuple):
    """:param error: why the log is missing or incomplete; otherwise empty."""

    lines: list[Values]
    error: str


def read_log(engine: Engine, service: Document, lines: int, context: TaskContext) -> Log:
    """The last lines of all tasks together, oldest first; never raises, since a log is only a help."""
    query = {"stdout": True, "stderr": True, "timestamps": True, "details": True, "tail": lines}
    try:
        raw = engine.get_bytes(f"/services/{path_part(service['ID'])}/logs", timeout=_TIMEOUT, **query)
    except SwarmError as error:
        return Log([], error.message)
    container = (service["Spec"].get("TaskTemplate") or {}).get("ContainerSpec") or {}
    chunks = [(_STDOUT, raw)] if container.get("TTY") else frames(raw)
    found, complaints = [], []
    for stream, text in _split(chunks):
        if stream == SYSTEM or _COMPLAINT.match(text):
            complaints.append(_COMPLAINT.sub("", text))
        else:
            found.append(_line(stream, text, context))
    found.sort(key=lambda line: line["timestamp"].rstrip("Z"))  # the engine has sent the last ones of each task
    return Log(found[-lines:], "; ".join(complaints))


def frames(raw: bytes) -> t.Iterator[tuple[int, bytes]]:
    """The parts of a log without a terminal: number of the stream, and text.

    A frame is a byte for the stream, three of 0, a length of four, and the text (moby, api: ContainerAttach). Of a frame
    that was cut comes the text that is there, and what is not a frame comes as it is, as a part of standard output.
    """
    at = 0
    while at < len(raw):
        if raw[at] > SYSTEM or raw[at + 1 : at + 4] != b"\0\0\0":
            yield _STDOUT, raw[at:]
            return
        end = at + 8 + int.from_bytes(raw[at + 4 : at + 8], "big")
        yield raw[at], raw[at + 8 : end]
        at = end


def _split(chunks: t.Iterable[tuple[int, bytes]]) -> t.Iterator[tuple[int, str]]:
    for stream, text in chunks:
        for line in text.decode("utf-8", "replace").replace("\r\n", "\n").rstrip("\n").split("\n"):
            if line:
                yield stream, line


def _line(stream: int, text: str, context: TaskContext) -> Values:
    """Each line begins with its time and with labels that say whose it is."""
    timestamp, _blank, rest = text.partition(" ")
    labels, _blank, line = rest.partition(" ")
    ids = dict(_ID.findall(labels))
    return {
        "timestamp": timestamp,
        "task_id": ids.get("task", ""),
        "node": node_name(ids.get("node", ""), context),
        "stream": _STREAMS.get(stream, ""),
        "line": line,
    }
