# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tasks of a service do, as a test tells them: a table of behaviours by service name or image.

    cluster.script.set("web", rejected("No such image: lab/nope:1"))
    cluster.script.set("lab/bad:2", crashed(3, output=["boom"]))        # every service with this image
    cluster.script.set("web", slow(4))                                  # runs after four looks
    cluster.script.set("web", pending("no suitable node (insufficient resources on 1 node)"))
    cluster.script.set("web", crashed(1), times=2)                      # the first two tasks only
    cluster.script.clear("web")

A task takes its behaviour when it is made; a service's own name goes before its image.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Behaviour(NamedTuple):
    """state: running, complete, failed, rejected or pending. looks: how many reads of services or tasks it takes."""

    state: str
    err: str = ""
    message: str = "started"
    exit_code: int = 0
    looks: int = 0
    output: tuple[tuple[str, str], ...] = ()  # (stream, line)


def _lines(output: list[str] | None, stream: str) -> tuple[tuple[str, str], ...]:
    return tuple((stream, line) for line in output or [])


def running(output: list[str] | None = None) -> Behaviour:
    """Runs and stays; what every service does by itself."""
    return Behaviour("running", output=_lines(output, "stdout"))


def slow(looks: int) -> Behaviour:
    """Runs after that many looks; until then it is preparing."""
    return Behaviour("running", looks=looks)


def complete(output: list[str] | None = None, looks: int = 0) -> Behaviour:
    """Ends with 0; what every job does by itself."""
    return Behaviour("complete", message="finished", looks=looks, output=_lines(output, "stdout"))


def crashed(exit_code: int = 1, output: list[str] | None = None, looks: int = 0) -> Behaviour:
    """Starts and ends with this code."""
    err = f"task: non-zero exit ({exit_code})"
    return Behaviour("failed", err, exit_code=exit_code, looks=looks, output=_lines(output, "stderr"))


def rejected(err: str, looks: int = 0) -> Behaviour:
    """Never gets to start: no such image, no such bind source."""
    return Behaviour("rejected", err, "preparing", looks=looks)


def unhealthy(looks: int = 0) -> Behaviour:
    """The health check fails."""
    return Behaviour("failed", "task: non-zero exit (137): dockerexec: unhealthy container", exit_code=137, looks=looks)


def pending(err: str = "no suitable node (insufficient resources on 1 node)") -> Behaviour:
    """Finds no node."""
    return Behaviour("pending", err, "pending task scheduling")


class Script:
    """The table."""

    def __init__(self) -> None:
        self._entries: dict[str, list[Any]] = {}  # [behaviour, how many tasks are left or None]

    def set(self, what: str, behaviour: Behaviour, times: int | None = None) -> None:
        """From now on tasks of this service, or with this image, behave so; `times` of them, or all."""
        self._entries[what] = [behaviour, times]

    def clear(self, what: str) -> None:
        """Back to what tasks do by themselves."""
        self._entries.pop(what, None)

    def take(self, service: str, image: str, default: Behaviour) -> Behaviour:
        """The behaviour of a new task."""
        for key in (service, image, image.partition("@")[0]):
            entry = self._entries.get(key)
            if entry is None or entry[1] == 0:
                continue
            if entry[1] is not None:
                entry[1] -= 1
            return entry[0]
        return default
