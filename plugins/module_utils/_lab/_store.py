# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's own folder: lab.json, the hosts file, the lock."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import stat
from collections.abc import Iterator

from . import _spec as specs
from ._errors import LabError

DEFAULT_ROOT = "/var/lib/hive-lab"


def read(root: str, name: str) -> specs.Spec | None:
    """What lab.json says, None without one."""
    path = os.path.join(root, name, "lab.json")
    try:
        with open(path, encoding="utf-8") as file:
            return specs.load(json.load(file))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except ValueError as error:
        raise LabError(f"{path} cannot be read ({error}): take the lab down") from error


def write(spec: specs.Spec) -> None:
    """Keep the spec, in one step."""
    write_private(os.path.join(spec.folder, "lab.json"), specs.canonical(spec.dump()))


def write_private(path: str, text: str) -> None:
    """Replace a file in one step by one that its owner alone reads and writes from the first byte on."""
    new = path + ".new"
    with contextlib.suppress(FileNotFoundError):
        os.unlink(new)
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with open(handle, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(new, path)


def close_folder(folder: str) -> None:
    """Close the lab's folder to other users. LabError where it belongs to another user, who could open it again."""
    found = os.lstat(folder)
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise LabError(f"root: {folder} is not a folder that belongs to root. Remove it, or use another root or name.")
    if stat.S_IMODE(found.st_mode) != 0o700:
        os.chmod(folder, 0o700)


def write_hosts(spec: specs.Spec) -> None:
    """Write the hosts file that all engines see as /etc/hosts, in place: it is bind mounted."""
    lines = ["127.0.0.1 localhost"]
    for node in spec.nodes:
        lines.append(" ".join(dict.fromkeys([node.address, node.hostname, node.name])))
    path = os.path.join(spec.folder, "hosts")
    with open(path, "a+", encoding="utf-8") as file:
        file.seek(0)
        text = "\n".join(lines) + "\n"
        if file.read() != text:
            file.truncate(0)
            file.write(text)


def labs(root: str) -> list[specs.Spec]:
    """All labs that are kept below the root."""
    try:
        entries = sorted(os.listdir(root))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise LabError(f"root: {root} cannot be read: {error.strerror}.") from error
    return [spec for spec in (_read_quietly(root, entry) for entry in entries) if spec]


def _read_quietly(root: str, name: str) -> specs.Spec | None:
    try:
        return read(root, name)
    except LabError:
        return None


@contextlib.contextmanager
def locked(folder: str) -> Iterator[None]:
    """Hold the folder (made if need be) for ourselves; another run waits here."""
    while True:
        os.makedirs(folder, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            if _same(handle, folder):
                yield
                return
        finally:
            os.close(handle)


def _same(handle: int, folder: str) -> bool:
    # The previous holder of the lock may have removed the folder.
    try:
        live = os.stat(folder)
    except FileNotFoundError:
        return False
    return os.fstat(handle).st_ino == live.st_ino
