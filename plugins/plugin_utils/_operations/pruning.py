# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What on an engine takes room and is used by nothing: images and build caches of a certain age. Never volumes."""

from __future__ import annotations

import datetime

from ...module_utils._core.codecs import format_duration, parse_duration
from ...module_utils._core.paths import Values


def _nanoseconds(age: str) -> int:
    try:
        return parse_duration(age)
    except ValueError as error:
        raise ValueError(f"operations_prune_age: {error}.") from None


def prunable(df: Values, kinds: list[str], age: str, now: float) -> Values:
    """How much could be removed.

    :param df: the engine's answer to GET /system/df; empty if it gave none.
    :param kinds: of ``images`` and ``build``.
    :param age: what is younger stays, like ``240h``. Of an image it counts from when it was built, as the engine does.
    :param now: seconds since 1970.
    :returns: images and build (how many), bytes, line, which says it and is empty if there is nothing, and until, the age
        as the engine's filter of this name takes it: a duration of Go, which has no days and weeks.
    """
    before = now - _nanoseconds(age) / 10**9
    images = [each for each in df.get("Images") or [] if _idle_image(each, before)] if "images" in kinds else []
    build = [each for each in df.get("BuildCache") or [] if _idle_build(each, before)] if "build" in kinds else []
    size = sum(each.get("Size") or 0 for each in [*images, *build])
    parts = [f"{len(images)} images"] if images else []
    parts += [f"{len(build)} build records"] if build else []
    line = f"{' and '.join(parts)} are removed, up to {size / 10**6:.0f} MB" if parts else ""
    return {
        "images": len(images),
        "build": len(build),
        "bytes": size,
        "line": line,
        "until": format_duration(_nanoseconds(age)),
    }


def _idle_image(image: Values, before: float) -> bool:
    return not image.get("Containers") and (image.get("Created") or 0) < before


def _idle_build(record: Values, before: float) -> bool:
    used = record.get("LastUsedAt") or record.get("CreatedAt") or ""
    return not record.get("InUse") and bool(used) and _seconds(used) < before


def _seconds(stamp: str) -> float:
    """Of a time like 2026-11-01T10:00:00.123456789Z, without the fraction."""
    return datetime.datetime.fromisoformat(stamp[:19] + "+00:00").timestamp()
