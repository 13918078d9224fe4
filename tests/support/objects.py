# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The law that a write takes no object away from a live document: engines crash on what no client of theirs sends."""

from __future__ import annotations

from typing import Any

# Objects that a write may take away, and why the engine copes. Their own clients do not always send them either.
REMOVABLE = {
    "TaskTemplate.LogDriver": "an empty one means the daemon's driver, a missing one the swarm's default",
    "TaskTemplate.ContainerSpec.Privileges.CredentialSpec": "the engine refuses an empty one",
    # Of secrets: the data takes the place of the driver, in a new object.
    "Driver": "an empty one is a driver too",
    "Templating": "an empty one is a driver too",
}
# Maps of strings that the engine leaves out of its answers when they are empty, whatever was sent.
_SILENT = ("TaskTemplate.ContainerSpec.Labels", "TaskTemplate.ContainerSpec.Sysctls")


def objects(document: Any, path: str = "") -> set[str]:
    """The paths of all objects of a document; those in lists belong to their elements."""
    if not isinstance(document, dict):
        return set()
    inner = (objects(value, f"{path}.{key}".lstrip(".")) for key, value in document.items())
    return set().union({path} if path else set(), *inner)


def lost(before: Any, after: Any, told: bool = False) -> set[str]:
    """The objects that a write has taken away, against the law.

    :param told: whether the documents are answers of an engine, and not what is sent.
    """
    gone = objects(before) - objects(after) - set(_SILENT if told else ())
    return {path for path in gone if not any(path == one or path.startswith(f"{one}.") for one in REMOVABLE)}
