# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a service mounts: ``source:target:options`` to the long form, and paths of the host made absolute.

As docker/cli, internal/volumespec and cli/compose/loader: a source that begins like a path is one of the host,
another one names a volume.
"""

from __future__ import annotations

import os.path
import re

from ....module_utils._stack.compose_places import Section

_PROPAGATIONS = ("rprivate", "private", "rshared", "shared", "rslave", "slave")
_WINDOWS = re.compile(r"[a-zA-Z]:")
_WINDOWS_ABSOLUTE = re.compile(r"[a-zA-Z]:[\\/]|[\\/]{2}[^\\/.]")


def parse_volume(text: str) -> tuple[Section, list[str]]:
    """The long form, and options that are unknown, which are ignored. Raises ValueError."""
    if not text:
        raise ValueError("must not be empty. Write it like data:/var/lib/data or /srv/data:/data:ro")
    parts = _parts(text) if len(text) > 2 else [text]
    if not all(parts):
        raise ValueError(f"{text!r} has an empty part between two colons")
    if len(parts) > 3:
        raise ValueError(f"{text!r} has too many colons")
    if len(parts) == 1:
        return {"type": "volume", "target": text}, []
    volume: Section = {"type": "bind" if _is_path(parts[0]) else "volume", "source": parts[0]}
    volume["target"] = parts[1]
    return volume, _options(volume, parts[2] if len(parts) == 3 else "")


def _parts(text: str) -> list[str]:
    """Split at colons, but for the one behind the letter of a Windows drive."""
    parts = [""]
    for char in text:
        if char == ":" and not (len(parts[-1]) == 1 and parts[-1].isalpha()):
            parts.append("")
        else:
            parts[-1] += char
    return parts


def _options(volume: Section, options: str) -> list[str]:
    unknown = []
    for option in options.split(","):
        if option in ("ro", "rw"):
            volume["read_only"] = option == "ro"
        elif option == "nocopy":
            volume["volume"] = {"nocopy": True}
        elif option in _PROPAGATIONS:
            volume["bind"] = {"propagation": option}
        elif option:
            unknown.append(option)
    return unknown


def _is_path(source: str) -> bool:
    return source[0] in "./~" or source.startswith("\\\\") or bool(_WINDOWS.match(source))


def host_path(source: str, folder: str, home: str | None) -> str:
    """The source of a bind, absolute. Raises ValueError for none."""
    if not source:
        raise ValueError("a bind mount needs a source")
    path = home + source[1:] if source.startswith("~") and home is not None else source
    if path.startswith("/") or _WINDOWS_ABSOLUTE.match(path):
        return path
    return absolute(path, folder)


def is_relative(source: str) -> bool:
    """Whether a bind's source depends on where the file is read."""
    return bool(source) and not source.startswith("/") and not _WINDOWS_ABSOLUTE.match(source)


def absolute(path: str, folder: str) -> str:
    return path if os.path.isabs(path) else os.path.normpath(os.path.join(folder, path))
