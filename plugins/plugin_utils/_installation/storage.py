# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A btrfs file system for the engine's data: nothing is formatted that contains anything, nothing is mounted over data."""

from __future__ import annotations

from ...module_utils._core.values import Values
from .._cluster.steps import Reason, reasons
from .host import Host

FSTAB = "/etc/fstab"
#: The label of the file systems that the role makes.
OWN = "btrfs hive-swarm"


def source_of(btrfs: Values) -> str:
    return str(btrfs.get("device") or btrfs.get("image") or "")


def incomplete(btrfs: Values) -> list[str]:
    """Return what is missing in the option."""
    image = bool(btrfs.get("image") and btrfs.get("size"))
    return ["engine_btrfs.device, or image and size"] if btrfs and bool(btrfs.get("device")) == image else []


def plan(host: Host, btrfs: Values, folder: str) -> Values:
    """Return the place of the file system, what is there, and whether that is all.

    :param folder: where the engine keeps its data.
    """
    found, source = host.found["storage"], source_of(btrfs)
    line = _line(btrfs, folder, found["uuid"])
    closed = not btrfs.get("image") or host.mode(source) == "0600"
    there = found["mounted"] and closed and line in [each.strip() for each in host.text(FSTAB).splitlines()]
    return {**found, "source": source, "folder": folder, "complete": there}


def _line(btrfs: Values, folder: str, uuid: str) -> str:
    """Return the line of fstab. A host whose device is missing boots all the same; the engine waits for the mount."""
    if btrfs.get("device"):
        return f"UUID={uuid} {folder} btrfs defaults,nofail 0 0"
    return f"{btrfs.get('image')} {folder} btrfs loop,nofail 0 0"


def obstacles(btrfs: Values, storage: Values) -> list[Reason]:
    """Return why the file system cannot be made or mounted.

    :param storage: as ``plan`` returns it.
    """
    source, folder, device = storage["source"], storage["folder"], bool(btrfs.get("device"))
    if not storage["btrfs"]:
        return [Reason("not_supported", "engine_btrfs: the kernel has no btrfs.")]
    if device and not storage["block"]:
        return [Reason("bad_input", f"engine_btrfs: {source} is not a block device.")]
    stop = []
    if storage["fstab"]:
        stop.append(
            f"/etc/fstab mounts something else on {folder} ({storage['fstab']}), which may contain what the engine kept."
            " Remove that line if it is not needed."
        )
    if not storage["mounted"]:
        stop += _not_mounted(source, folder, device, storage)
    return reasons("data_at_risk", stop)


def _not_mounted(source: str, folder: str, device: bool, storage: Values) -> list[str]:
    stop = []
    if storage["data"]:
        stop.append(
            f"{folder} is not empty, and a file system mounted there would hide its content. Take the node out of the swarm,"
            " stop the engine and empty the folder first."
        )
    if storage["elsewhere"]:  # the engine mounts parts of its own again
        stop.append(f"{source} is in use: it is mounted on {' and '.join(storage['elsewhere'])}.")
    if storage["holds"] not in ("", OWN):
        first = "wipe the device" if device else "remove the file"
        stop.append(
            f"{source} holds something already ({storage['holds']}), and only empty devices are formatted. If it is not needed,"
            f" {first} first."
        )
    return stop
