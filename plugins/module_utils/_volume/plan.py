# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plan the creation, the change and the removal of a volume, or refuse it."""

from __future__ import annotations

import typing as t

from .._core.errors import BadInput, Refused
from .._core.plan import CREATE, KNOWN_AFTER, NONE, REMOVE, UPDATE, Change, Plan, differences
from .._core.validators import did_you_mean, refuse_twin
from .._core.values import MISSING, Document, Values, parse_size, string_map
from .._engine.client import Engine
from .._engine.lists import list_volumes
from .live import VolumeTask, read_users, words
from .schema import AVAILABILITY, MULTI, NO_SHARING, VOLUME


def plan_create(resource: VolumeTask) -> Plan:
    name = resource.params["name"]
    spec = _complete({"Name": name, **VOLUME.create(resource.params)})
    if resource.check_mode and not resource.params["driver"]:
        resource.missing(BadInput("driver", f"required to create volume {name!r}, which does not exist."))
        return _plan_assumed(name, spec)
    check_new(VOLUME.view(spec))
    _check_secrets(resource)
    refuse_twin("volume", name, (item["Name"] for item in list_volumes(resource.engine)))
    return Plan("volume", name, CREATE, tuple(_all_of(spec)), spec=spec)


def _complete(spec: Document) -> Document:
    """The engine wants to be told that files are meant, where it is not a block device."""
    cluster = dict(spec.get("ClusterVolumeSpec") or {})
    mode = cluster.get("AccessMode") or {}
    kind: Document = {} if "BlockVolume" in mode else {"MountVolume": mode.get("MountVolume") or {}}
    return {**spec, "ClusterVolumeSpec": {**cluster, "AccessMode": {**mode, **kind}}}


def _plan_assumed(name: str, spec: Document) -> Plan:
    """The change of a volume that an earlier task would make: all that the task names."""
    changes = tuple(_all_of(spec))
    return Plan("volume", name, UPDATE if changes else NONE, changes, spec=spec)


def _check_secrets(resource: VolumeTask) -> None:
    wanted = string_map(resource.params["secrets"] or {})
    unknown = unknown_secrets(wanted, resource.secrets.values()) if wanted else None
    if unknown:
        resource.missing(unknown)


def _all_of(spec: Document) -> t.Iterator[Change]:
    """Everything that is not the engine's default, as changes from nothing."""
    default = VOLUME.view({})
    for option, value in VOLUME.view(spec).items():
        if value != default[option]:
            yield Change(option, None, value)


def plan_change(resource: VolumeTask, volume: Document, spec: Document, changes: list[Change]) -> Plan:
    fixed = [change for change in changes if change.option != AVAILABILITY]
    if fixed:
        raise _refuse_change(resource.engine, volume, fixed)
    return Plan("volume", volume["Name"], UPDATE, tuple(changes), spec=VOLUME.apply(spec, changes))


def _refuse_change(engine: Engine, volume: Document, fixed: list[Change]) -> Refused:
    users = read_users(engine)(volume)
    used = f"It is used by {words(users)}." if users else "It is not used."
    return Refused(
        f"Volume {volume['Name']} cannot be changed: {', '.join(change.words() for change in fixed)}. The engine can change only the"
        f" availability of a cluster volume. {used} Use another name, or remove this volume first,"
        " which deletes its data."
    ).with_details(services=users, **differences(fixed))


def plan_remove(resource: VolumeTask, volume: Document, spec: Document) -> Plan:
    name = volume["Name"]
    if not resource.params["force"]:
        users = read_users(resource.engine)(volume)
        if users:
            raise Refused(f"Volume {name} is used by {words(users)}, so it is not removed.").with_details(
                services=users
            )
    changes = [Change(change.option, change.after, MISSING) for change in _all_of(spec)]
    return Plan("volume", name, REMOVE, tuple(changes))


def predicted_view(spec: Document) -> Values:
    """A volume in the options' words before there is one."""
    about = {"id": KNOWN_AFTER, "name": spec["Name"], "created": KNOWN_AFTER, "volume_id": KNOWN_AFTER}
    return {**about, **VOLUME.view(spec)}


def check_task(params: Values) -> Values:
    """The options as they are meant, without reading anything; raises BadInput."""
    if not params["name"].strip():
        raise BadInput("name", "must not be empty.")
    if params["state"] == "absent":
        return params
    VOLUME.check(params)
    mode = params["access_mode"] or {}
    if mode.get("mount_volume") is None:
        return params
    if mode.get("block_volume"):
        raise BadInput(
            "access_mode.block_volume", "mutually exclusive with mount_volume, which the engine would prefer."
        )
    return {**params, "access_mode": {**mode, "block_volume": False}}


def check_new(after: Values) -> None:
    """:param after: the volume as it would be, in the options' words. The engine would take all of this."""
    if not after["driver"]:
        raise BadInput(
            "driver", "required for a new cluster volume. Use the name of a CSI plugin, as docker plugin ls shows it."
        )
    if after["access_mode"]["scope"] == MULTI and after["access_mode"]["sharing"] == NO_SHARING:
        raise BadInput(
            "access_mode.sharing",
            "must be readonly, onewriter or all with scope multi. The engine maps none to no"
            " access mode of CSI, so no plugin would create the volume.",
        )
    required, limit = (parse_size(after["capacity_range"][name]) for name in ("required_bytes", "limit_bytes"))
    if 0 < limit < required:
        raise BadInput(
            "capacity_range.limit_bytes",
            f"{after['capacity_range']['limit_bytes']} is less than required_bytes,"
            f" {after['capacity_range']['required_bytes']}.",
        )


def unknown_secrets(wanted: Values, known: t.Iterable[str]) -> BadInput | None:
    """Return the error for the first secret that the swarm does not have."""
    known = list(known)
    for key, name in wanted.items():
        if name not in known:
            return BadInput(("secrets", key), f"the swarm has no secret {name!r}{did_you_mean(name, known)}")
    return None
