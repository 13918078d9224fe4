# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cgroups of a lab, on version 1, version 2 and the hybrid of both.

Each node has the group /hive-lab/LAB/NODE. Its daemon lives in the leaf `init` below, its
containers in siblings of that leaf: version 2 allows no processes in inner groups
(https://docs.kernel.org/admin-guide/cgroup-v2.html#no-internal-process-constraint).
"""

from __future__ import annotations

import os
import time

from ._errors import LabError
from ._spec import cgroup

ROOT = "/sys/fs/cgroup"
LEAF = "init"


def unified() -> bool:
    """Whether /sys/fs/cgroup itself is version 2."""
    return os.path.exists(os.path.join(ROOT, "cgroup.controllers"))


def hierarchies() -> list[str]:
    """Mount points of all hierarchies."""
    if unified():
        return [ROOT]
    try:
        entries = sorted(os.listdir(ROOT))
    except FileNotFoundError:
        return []
    # Names like cpu,cpuacct come with links named cpu and cpuacct.
    folders = [os.path.join(ROOT, entry) for entry in entries]
    return [path for path in folders if not os.path.islink(path) and os.path.exists(os.path.join(path, "cgroup.procs"))]


def make_leaf(lab: str, node: str) -> list[str]:
    """Make the groups of a node; return the files that a process writes 0 to in order to move in.

    A version 1 cpuset takes no process before its CPUs are set; the runtime does that for
    containers, and the daemon has no need of one.
    """
    files = []
    for hierarchy in hierarchies():
        leaf = os.path.join(hierarchy + cgroup(lab, node), LEAF)
        os.makedirs(leaf, exist_ok=True)
        if not os.path.exists(os.path.join(leaf, "cpuset.cpus")) or unified():
            files.append(os.path.join(leaf, "cgroup.procs"))
    return files


def existing(lab: str, node: str = "") -> list[str]:
    """The lab's (or one node's) groups that are there."""
    paths = [hierarchy + cgroup(lab, node) for hierarchy in hierarchies()]
    return [path for path in paths if os.path.isdir(path)]


def remove(lab: str, node: str = "") -> None:
    """Remove the groups from the leaves up. The kernel empties a dead process's group with a delay."""
    end = time.monotonic() + 10
    for top in existing(lab, node):
        for folder, _folders, _files in os.walk(top, topdown=False):
            _remove_one(folder, end)
    for hierarchy in hierarchies():
        if not node:
            try:
                os.rmdir(hierarchy + cgroup(""))
            except OSError:
                continue  # another lab's groups are in it, or it was never made


def _remove_one(folder: str, end: float) -> None:
    while True:
        try:
            os.rmdir(folder)
            return
        except FileNotFoundError:
            return
        except OSError as error:
            if time.monotonic() > end:
                raise LabError(f"the cgroup {folder} cannot be removed: {error.strerror}") from error
            time.sleep(0.02)
