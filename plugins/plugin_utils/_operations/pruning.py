# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What on an engine takes room and is used by nothing: images and build caches of a certain age. Never volumes."""

from __future__ import annotations

import datetime

from ...module_utils._core.values import Values, format_duration, parse_duration
from .._cluster.steps import Reason, Step


def plan_prune(usages: list[Values], now: float) -> Values:
    """What is removed on which host.

    :param usages: host, usage (the engine's answer to GET /system/df), failure (why there is none), kinds (of ``images``
        and ``build``) and age (what is younger stays, like ``240h``) of each host.
    :param now: seconds since 1970.
    :returns: prunable (as ``prunable`` returns it, by the name of the host), steps, warnings, stop and confirm (empty).
    """
    ages = {each["host"]: _nanoseconds(each["age"]) for each in usages}
    stop = [
        Reason("bad_input", f"operations_prune_age of {host}: {found}.")
        for host, found in ages.items()
        if isinstance(found, str)
    ]
    found = {
        each["host"]: prunable(each["usage"], each["kinds"], age, now)
        for each in usages
        for age in [ages[each["host"]]]
        if isinstance(age, int)
    }
    failures = [(each["host"], each["failure"].rstrip(".")) for each in usages if each["failure"]]
    return {
        "prunable": found,
        "steps": [_step(host, each) for host, each in found.items() if each["images"] or each["build"]],
        "warnings": [f"{host} is left alone: {why}." for host, why in failures],
        "stop": stop,
    }


def _nanoseconds(age: str) -> int | str:
    """Return the age, or what is wrong with it. Of an image it counts from when it was built, as the engine does."""
    try:
        return parse_duration(age)
    except ValueError as error:
        return str(error)


def _step(host: str, found: Values) -> Step:
    parts = [f"{found['images']} images"] if found["images"] else []
    parts += [f"{found['build']} build records"] if found["build"] else []
    return Step(
        host, f"remove {' and '.join(parts)}", f"not used by a container, up to {found['bytes'] / 10**6:.0f} MB"
    )


def prunable(df: Values, kinds: list[str], nanoseconds: int, now: float) -> Values:
    """How much could be removed.

    :param df: the engine's answer to GET /system/df; empty if it gave none.
    :returns: images and build (how many), bytes, and until, the age as the engine's filter of this name takes it: a
        duration of Go, which has no days and weeks.
    """
    before = now - nanoseconds / 10**9
    images = [each for each in df.get("Images") or [] if _idle_image(each, before)] if "images" in kinds else []
    build = [each for each in df.get("BuildCache") or [] if _idle_build(each, before)] if "build" in kinds else []
    size = sum(each.get("Size") or 0 for each in [*images, *build])
    return {"images": len(images), "build": len(build), "bytes": size, "until": format_duration(nanoseconds)}


def _idle_image(image: Values, before: float) -> bool:
    return not image.get("Containers") and (image.get("Created") or 0) < before


def _idle_build(record: Values, before: float) -> bool:
    used = record.get("LastUsedAt") or record.get("CreatedAt") or ""
    return not record.get("InUse") and bool(used) and _seconds(used) < before


def _seconds(stamp: str) -> float:
    """Of a time like 2026-11-01T10:00:00.123456789Z, without the fraction."""
    return datetime.datetime.fromisoformat(stamp[:19] + "+00:00").timestamp()
