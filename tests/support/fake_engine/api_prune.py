# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What takes room on an engine, and its removal. Tests set ``waste``; no container uses it, and all of it is old."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .router import Call

_OLD = "2020-01-01T00:00:00.000000000Z"


def usage(call: Call) -> dict[str, Any]:
    """GET /system/df."""
    images = [{"Id": name, "Created": 0, "Containers": 0, "Size": 10**6} for name in call.engine.waste["images"]]
    build = [{"ID": name, "CreatedAt": _OLD, "InUse": False, "Size": 10**6} for name in call.engine.waste["build"]]
    return {"LayersSize": 0, "Images": images, "Containers": [], "Volumes": [], "BuildCache": build}


def prune_images(call: Call) -> dict[str, Any]:
    """POST /images/prune."""
    gone = _remove(call, "images")
    return {"ImagesDeleted": [{"Deleted": name} for name in gone], "SpaceReclaimed": 10**6 * len(gone)}


def prune_build_cache(call: Call) -> dict[str, Any]:
    """POST /build/prune."""
    gone = _remove(call, "build")
    return {"CachesDeleted": gone, "SpaceReclaimed": 10**6 * len(gone)}


def _remove(call: Call, kind: str) -> list[str]:
    with call.engine.cluster.lock:
        gone, call.engine.waste[kind] = call.engine.waste[kind], []
        return gone
