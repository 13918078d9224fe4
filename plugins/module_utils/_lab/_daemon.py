# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What differs between the two kinds of daemons of a lab: dockerd and docker-registry."""

from __future__ import annotations

import os
from collections.abc import Sequence

from . import _box as box
from . import _http as http
from ._binaries import search_path
from ._processes import Process
from ._spec import REGISTRY_PORT, Node, Spec, canonical, socket
from ._store import write_private

COMMANDS = {"engine": "dockerd", "registry": "docker-registry"}
#: The kernel keeps 15 characters of a command's name.
_COMMAND_MAX = 15


def config_file(spec: Spec, node: Node) -> str:
    """The daemon's configuration (docker-registry reads YAML, and JSON is YAML)."""
    return os.path.join(box.folder_of(spec, node.name), "daemon.json")


def log_file(spec: Spec, node: str) -> str:
    """Everything the daemon says."""
    return os.path.join(box.folder_of(spec, node), "daemon.log")


def write_config(spec: Spec, node: Node) -> None:
    """Write the daemon's configuration, in one step."""
    write_private(config_file(spec, node), canonical(node.config))


def prepare_log(spec: Spec, node: str) -> None:
    """Have a log that no other user reads before anything is written to it."""
    path = log_file(spec, node)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600))
    os.chmod(path, 0o600)


def argv(spec: Spec, node: Node) -> list[str]:
    """Command line of the daemon."""
    if node.kind == "registry":
        return ["docker-registry", "serve", config_file(spec, node)]
    return ["dockerd", "--config-file", config_file(spec, node)]


def env(node: Node) -> dict[str, str]:
    """Environment of the daemon: the node's binaries first in PATH.

    Tasks use the image that is there, and pull none (moby, daemon/cluster/executor/container/controller.go); a node's
    own environment may have it otherwise.
    """
    own = {"PATH": search_path(node.binaries), "DOCKER_SERVICE_PREFER_OFFLINE_IMAGE": "1"}
    own.update(node.env)
    return own


def daemon_of(node: Node, found: Sequence[Process]) -> Process | None:
    """The daemon among a node's processes (the oldest: dockerd forks helpers)."""
    command = COMMANDS[node.kind][:_COMMAND_MAX]
    daemons = [process for process in found if process.command == command]
    return min(daemons, key=lambda process: (process.start, process.pid)) if daemons else None


def may_come(found: Sequence[Process]) -> bool:
    """Whether the shell is there that is about to become the daemon."""
    return any(process.command in ("sh", "dash", "bash") for process in found)


def answers(spec: Spec, node: Node, live: Process) -> bool:
    """Whether the daemon serves. A registry is not queried, because it is unreachable while its link is cut."""
    if node.kind == "registry":
        return _listens(live.pid, REGISTRY_PORT)
    return http.engine_answers(socket(spec.folder, node.name))


def _listens(pid: int, port: int) -> bool:
    """Whether someone in the process's network namespace listens on the port (proc(5), net/tcp)."""
    try:
        with open(f"/proc/{pid}/net/tcp", encoding="ascii") as file:
            rows = [line.split() for line in file.readlines()[1:]]
    except OSError:
        return False
    return any(row[1].endswith(f":{port:04X}") and row[3] == "0A" for row in rows)


def last_words(spec: Spec, node: str) -> str:
    """The last five lines of the daemon's log."""
    try:
        with open(log_file(spec, node), encoding="utf-8", errors="replace") as file:
            return " | ".join(file.read().splitlines()[-5:])
    except FileNotFoundError:
        return "no log"
