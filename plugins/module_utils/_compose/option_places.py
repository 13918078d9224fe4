# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a compose file says what an option of a single module says: options of swarm_service and the like to keys."""

from __future__ import annotations

import typing as t

from .places import inside

Option = tuple[t.Union[str, int], ...]

_SERVICE: dict[tuple[str, ...], str] = {
    ("args",): "command",
    ("command",): "entrypoint",
    ("container_labels",): "labels",
    ("dns_options",): "dns_opt",
    ("endpoint_mode",): "deploy.endpoint_mode",
    ("env",): "environment",
    ("groups",): "group_add",
    ("hosts",): "extra_hosts",
    ("labels",): "deploy.labels",
    ("limits",): "deploy.resources.limits",
    ("max_concurrent",): "deploy.replicas",
    ("mode",): "deploy.mode",
    ("mounts",): "volumes",
    ("placement",): "deploy.placement",
    ("placement", "replicas_max_per_node"): "deploy.placement.max_replicas_per_node",
    ("publish",): "ports",
    ("replicas",): "deploy.replicas",
    ("reservations",): "deploy.resources.reservations",
    ("restart_config",): "deploy.restart_policy",
    ("rollback_config",): "deploy.rollback_config",
    ("update_config",): "deploy.update_config",
    ("networks", "options"): "driver_opts",
    ("mounts", "readonly"): "read_only",
    ("mounts", "propagation"): "bind.propagation",
    ("mounts", "no_copy"): "volume.nocopy",
    ("mounts", "subpath"): "volume.subpath",
    ("mounts", "tmpfs_size"): "tmpfs.size",
    ("mounts", "tmpfs_mode"): "tmpfs.mode",
    ("publish", "published_port"): "published",
    ("publish", "target_port"): "target",
    ("secrets", "filename"): "target",
    ("configs", "filename"): "target",
}
_NETWORK: dict[tuple[str, ...], str] = {
    ("driver_options",): "driver_opts",
    ("encrypted",): "driver_opts.encrypted",
    ("ipam_config",): "ipam.config",
    ("ipam_driver",): "ipam.driver",
}
_BLOB: dict[tuple[str, ...], str] = {
    ("data",): "file",
    ("driver", "name"): "driver",
    ("driver", "options"): "driver_opts",
}
_KEYS = {"service": _SERVICE, "network": _NETWORK, "secret": _BLOB, "config": _BLOB}


def key_of(kind: str, option: Option) -> str:
    """The place of an option in the object of a compose file.

    :param kind: ``service``, ``network``, ``secret`` or ``config``. :param option: as in ``_checks.Problem``.
    """
    table = _KEYS[kind]
    for length in range(len(option), 0, -1):
        known = table.get(tuple(part for part in option[:length] if isinstance(part, str)))
        if known is not None and not isinstance(option[length - 1], int):
            return _joined(known, option[length:])
    return _joined("", option)


def inside_element(kind: str, option: Option) -> str:
    """The place inside of a list's element: ``target`` of ``("publish", 0, "target_port")``."""
    rest = option[2:]
    known = _KEYS[kind].get(tuple(part for part in (option[0], *rest) if isinstance(part, str)))
    return known if known is not None and rest else _joined("", rest)


def _joined(place: str, parts: t.Iterable[str | int]) -> str:
    for part in parts:
        place = f"{place}[{part}]" if isinstance(part, int) else inside(place, part)
    return place
