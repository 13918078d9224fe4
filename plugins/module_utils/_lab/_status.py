# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a lab looks like now, in words that a plan can compare. Looks only, changes nothing."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Callable, TypeVar

from . import _box as box
from . import _cgroups as cgroups
from . import _daemon as daemon
from . import _network as network
from . import _processes as processes
from ._names import node_namespace, port, uplink
from ._spec import Node, Spec

RUNNING = "running"
STOPPED = "stopped"
PAUSED = "paused"
#: The daemon is there and does not answer.
SILENT = "silent"
#: The daemon runs with another configuration than the one it should have.
OUTDATED = "outdated"
#: The box does not exist: a machine without power.
OFF = "off"
#: The box is in another namespace than the one that carries its name, or was made for another address.
ASTRAY = "astray"
#: Something is there of a node that the lab does not have (any more).
STRAY = "stray"

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class Status:
    """One node as it is."""

    state: str
    connected: bool
    init: processes.Process | None
    daemon: processes.Process | None
    wired: bool

    @property
    def healthy(self) -> bool:
        """Whether nothing is to be done."""
        return self.state == RUNNING and self.connected


def side_by_side(work: Callable[[T], R], items: Iterable[T]) -> list[R]:
    """Do the work for all items at once; the first error counts, after all have ended."""
    todo = list(items)
    if not todo:
        return []
    with ThreadPoolExecutor(max_workers=min(len(todo), 16)) as pool:
        futures = [pool.submit(work, item) for item in todo]
    return [future.result() for future in futures]


def of_nodes(spec: Spec, nodes: Sequence[Node]) -> dict[str, Status]:
    """Status of each node, by name."""
    wiring = network.observe(spec)
    found = processes.marked(spec.folder)

    def look(node: Node) -> Status:
        return _look(spec, node, found, wiring)

    return dict(zip([node.name for node in nodes], side_by_side(look, nodes)))


def of_node(spec: Spec, node: Node) -> Status:
    """Status of one node."""
    return of_nodes(spec, [node])[node.name]


def _look(spec: Spec, node: Node, found: Sequence[processes.Process], wiring: network.Wiring) -> Status:
    folder = box.folder_of(spec, node.name)
    own = [process for process in found if process.mark == folder]
    init, live = box.init_of(own), daemon.daemon_of(node, own)
    named = node_namespace(spec.name, node.name) in wiring.namespaces
    wired = named and port(node.address) in wiring.hub_links and network.node_address_ready(spec.name, node)
    connected = wired and wiring.hub_links[port(node.address)] and network.hub_ready(wiring)
    return Status(_state(spec, node, init, live), connected, init, live, wired)


def _state(spec: Spec, node: Node, init: processes.Process | None, live: processes.Process | None) -> str:
    if init is None:
        return OFF
    if not box.in_namespace(init, spec.name, node.name) or init.spec != node.box_fingerprint():
        return ASTRAY
    if live is None:
        return STOPPED
    if live.spec != node.fingerprint():
        return OUTDATED
    if live.stopped:
        return PAUSED
    return RUNNING if daemon.answers(spec, node, live) else SILENT


def strays(spec: Spec) -> list[str]:
    """Names of nodes that the lab has not, and of which something is left (a run was cut off)."""
    prefix = node_namespace(spec.name, "")
    found = {name[len(prefix) :] for name in network.namespaces(spec.name) if name.startswith(prefix)}
    found |= {os.path.basename(process.mark) for process in processes.marked(spec.folder)}
    if os.path.isdir(spec.folder):
        found |= {entry.name for entry in os.scandir(spec.folder) if entry.is_dir(follow_symlinks=False)}
    return sorted(found - {node.name for node in spec.nodes})


def view(spec: Spec, node: Node, state: str = RUNNING, connected: bool = True) -> dict[str, Any]:
    """A node in the words of the diff."""
    return {
        "state": state,
        "connected": connected,
        "hostname": node.hostname,
        "address": node.address,
        "binaries": node.binaries,
        "env": dict(node.env),
        "config": node.config,
    }


def leftovers(spec_folder: str, lab: str) -> list[str]:
    """Everything of a lab that is on the machine, one line each."""
    lines = [f"process {process.pid} {process.command}" for process in processes.marked(spec_folder)]
    lines += [f"namespace {name}" for name in sorted(network.namespaces(lab))]
    lines += ["link " + uplink(lab)] if network.uplink_exists(lab) else []
    lines += [f"cgroup {path}" for path in cgroups.existing(lab)]
    lines += [f"mount {path}" for path in mounts(spec_folder)]
    lines += [f"folder {spec_folder}"] if os.path.isdir(spec_folder) else []
    return lines


def mounts(folder: str) -> list[str]:
    """Mount points below the folder, deepest first."""
    with open("/proc/self/mountinfo", encoding="utf-8") as file:
        points = [line.split()[4] for line in file]
    return sorted((path for path in points if path.startswith(folder + "/")), key=len, reverse=True)
