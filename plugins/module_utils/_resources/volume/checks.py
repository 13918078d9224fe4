# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What cannot be meant of a volume, said before anything is written."""

from __future__ import annotations

import difflib
import typing as t

from ..._errors import BadInput
from ..._path import Values
from ..service.codecs import parse_size
from .schema import MULTI, NOBODY, VOLUME


def check_task(params: Values) -> Values:
    """The options as they are meant, without reading anything; raises BadInput."""
    if not params["name"].strip():
        raise BadInput("name: a cluster volume needs a name.")
    if params["state"] == "absent":
        return params
    VOLUME.check(params)
    mode = params["access_mode"] or {}
    if mode.get("mount_volume") is None:
        return params
    if mode.get("block_volume"):
        raise BadInput("access_mode.block_volume: it excludes mount_volume; the engine would take that one.")
    return {**params, "access_mode": {**mode, "block_volume": False}}


def check_new(after: Values) -> None:
    """:param after: the volume as it would be, in the options' words. The engine would take all of this."""
    if not after["driver"]:
        raise BadInput(
            "driver: a new cluster volume needs one: the name of a CSI plugin, like docker plugin ls has it."
        )
    if after["access_mode"]["scope"] == MULTI and after["access_mode"]["sharing"] == NOBODY:
        raise BadInput(
            "access_mode.sharing: with scope multi it must be readonly, onewriter or all. To none the engine knows no"
            " access mode of CSI, and no plugin would make the volume."
        )
    required, limit = (parse_size(after["capacity_range"][name]) for name in ("required_bytes", "limit_bytes"))
    if 0 < limit < required:
        raise BadInput(
            f"capacity_range.limit_bytes: {after['capacity_range']['limit_bytes']} is less than required_bytes,"
            f" {after['capacity_range']['required_bytes']}."
        )


def unknown_secrets(wanted: Values, known: t.Iterable[str]) -> str | None:
    """A complaint about the first secret that the swarm has not."""
    known = list(known)
    for key, name in wanted.items():
        if name not in known:
            closest = difflib.get_close_matches(name, known, n=1)
            hint = f"; did you mean {closest[0]!r}?" if closest else "."
            return f"secrets.{key}: the swarm has no secret {name!r}{hint}"
    return None
