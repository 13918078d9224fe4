# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether this machine can hold a lab: one clear line if not, before anything is done."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

from . import _binaries as binaries
from . import _cgroups as cgroups
from ._errors import LabError
from ._images import busybox_path
from ._run import run, which
from ._spec import Image, Spec

#: Debian package of each command that a lab needs.
COMMANDS = {
    "ip": "iproute2",
    "iptables": "iptables",
    "mount": "mount",
    "umount": "mount",
    "nsenter": "util-linux",
    "unshare": "util-linux",
    "env": "coreutils",
    "sleep": "coreutils",
}
#: Folders that an engine sees otherwise than the machine does.
_PRIVATE = ("/run", "/var/run", "/etc", "/opt", "/proc", "/sys")
_NO_UPPER = ("overlay", "nfs", "nfs4", "cifs", "vfat", "9p", "squashfs", "fuse")


def check_user() -> None:
    """LabError unless root on Linux."""
    if not sys.platform.startswith("linux"):
        raise LabError(f"a lab needs Linux, this is {sys.platform}")
    if os.geteuid() != 0:
        raise LabError("a lab needs root (namespaces, mounts, cgroups): run it as root or with become")


def check_tools() -> None:
    """LabError when the system's commands for namespaces and networks are missing."""
    for command, package in COMMANDS.items():
        if not which(command):
            raise LabError(f"the command {command!r} is missing; install the package {package}")


def check_root(root: str) -> None:
    """LabError unless engines can keep their data below the folder."""
    if not os.path.isabs(root) or os.path.normpath(root) != root:
        raise LabError(f"root {root!r}: give an absolute, plain path")
    if any(root == top or root.startswith(top + "/") for top in _PRIVATE):
        raise LabError(f"root {root!r}: engines see a folder of their own there; use one such as /var/lib/hive-lab")
    kind = filesystem(root)
    if kind.split(".")[0] in _NO_UPPER:
        raise LabError(f"root {root!r} is on {kind}, where overlay2 cannot work; use a folder on a disk")


def filesystem(path: str) -> str:
    """Type of the file system that the path is (or would be) on."""
    best, kind = "", ""
    real = os.path.realpath(path)
    with open("/proc/self/mountinfo", encoding="utf-8") as file:
        for line in file:
            fields = line.split()
            point = fields[4].rstrip("/")
            if (real == point or real.startswith(point + "/")) and len(point) >= len(best):
                best, kind = point, fields[fields.index("-") + 1]
    return kind


def check_kernel() -> None:
    """LabError when the kernel lacks something; makes and drops a namespace to find out."""
    for name in ("net", "mnt", "uts", "ipc", "pid"):
        if not os.path.exists(f"/proc/self/ns/{name}"):
            raise LabError(f"the kernel has no {name} namespaces")
    if not hasattr(os, "pidfd_open"):
        raise LabError("a lab needs Python 3.9 or newer on a kernel of 5.3 or newer")
    if not cgroups.hierarchies():
        raise LabError(f"no cgroups are mounted on {cgroups.ROOT}")
    _check_controllers()
    _check_overlay()
    probe = "ip link add hive0 type veth peer name hive1 && ip link add hive2 type bridge"
    try:
        run(["unshare", "--net", "--mount", "/bin/sh", "-c", probe])
    except LabError as error:
        raise LabError(f"the kernel cannot make namespaces with veth and bridge links: {error}") from error


def _check_controllers() -> None:
    if cgroups.unified():
        with open(os.path.join(cgroups.ROOT, "cgroup.controllers"), encoding="ascii") as file:
            there = file.read().split()
        needed: Iterable[str] = ("cpu", "memory", "pids")
    else:
        there = [part for path in cgroups.hierarchies() for part in os.path.basename(path).split(",")]
        needed = ("cpu", "devices", "memory", "pids")
    _check_delegation()
    for controller in needed:
        if controller not in there:
            raise LabError(f"the cgroup controller {controller!r} is not available in {cgroups.ROOT}")


def _check_delegation() -> None:
    """LabError in a container whose own processes keep cgroup 2 from handing controllers on.

    Only a group that is not the true root has a cgroup.type, and only in such a one do processes and controllers
    for children exclude each other (https://docs.kernel.org/admin-guide/cgroup-v2.html#no-internal-process-constraint).
    """
    if not cgroups.unified() or not os.path.exists(os.path.join(cgroups.ROOT, "cgroup.type")):
        return
    text = {}
    for name in ("cgroup.procs", "cgroup.subtree_control"):
        with open(os.path.join(cgroups.ROOT, name), encoding="ascii") as file:
            text[name] = file.read().split()
    if text["cgroup.procs"] and "memory" not in text["cgroup.subtree_control"]:
        raise LabError(f"processes in {cgroups.ROOT} itself keep its controllers from children: move them into a child")


def _check_overlay() -> None:
    with open("/proc/filesystems", encoding="ascii") as file:
        if "overlay" in file.read().split():
            return
    if which("modprobe"):
        run(["modprobe", "overlay"], check=False)
        with open("/proc/filesystems", encoding="ascii") as file:
            if "overlay" in file.read().split():
                return
    raise LabError("the kernel has no overlayfs")


def check(spec: Spec, images: Iterable[Image]) -> None:
    """All of it, for a lab that is to be created or repaired."""
    check_root(spec.root)
    check_tools()
    for choice in sorted({node.binaries for node in spec.nodes if node.kind == "engine"}):
        binaries.check(choice)
    if any(node.kind == "registry" for node in spec.nodes) and not which("docker-registry"):
        raise LabError("the command 'docker-registry' is missing; install the package docker-registry")
    for image in images:
        if image.archive is None:
            busybox_path()
        elif not os.path.isfile(image.archive):
            raise LabError(f"image {image.name!r}: the file {image.archive} does not exist")
    check_kernel()
