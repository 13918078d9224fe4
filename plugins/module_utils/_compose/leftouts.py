# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keys of the format that a swarm has no use for: refused with the reason, or ignored with a warning.

The lists are those of docker/cli, cli/compose/types. A service's ``restart`` is on its list of what is ignored, and is
not ignored: it becomes a restart policy where ``deploy`` has none. So there is no warning for it.
"""

from __future__ import annotations

import typing as t

from .errors import Problem
from .places import File, inside

_LIMITS = "a swarm has it as deploy.resources"
_REFUSED = {
    "extends": "a swarm's format has no inheritance; give several files, which are merged, or use YAML's anchors",
    "volume_driver": "the driver belongs to the volume, in the file's volumes",
    "volumes_from": "name the volume in the file's volumes, and in each service that shares it",
    "cpu_quota": _LIMITS,
    "cpu_shares": _LIMITS,
    "cpuset": _LIMITS,
    "mem_limit": _LIMITS,
    "memswap_limit": _LIMITS,
}
_IGNORED = (
    "build",
    "cgroup_parent",
    "cgroupns_mode",
    "devices",
    "domainname",
    "external_links",
    "ipc",
    "links",
    "mac_address",
    "network_mode",
    "pid",
    "privileged",
    "security_opt",
    "shm_size",
    "userns_mode",
)
_NEEDLESS = {
    "container_name": "a swarm names containers itself",
    # The command line says nothing of it, and what was to stay in memory comes to lie on the disk.
    "tmpfs": "the long form of volumes has mounts of the type tmpfs",
    "expose": "services reach each other on every port over a network that they share",
}


def refused(file: File) -> t.Iterator[Problem]:
    """What the format had once, or has for one machine, and a swarm has not."""
    for place, service in _services(file):
        for key, reason in _REFUSED.items():
            if key in service:
                yield Problem(inside(place, key), f"is not supported: {reason}", file)


def warnings(files: t.Sequence[File]) -> list[str]:
    """One sentence for each key, with the places where it stands; a place in several files is told once."""
    reasons = {**dict.fromkeys(_IGNORED, "a swarm does not support it"), **_NEEDLESS}
    found: dict[str, dict[str, str]] = {}
    for file in files:
        for place, service in _services(file):
            for key in service.keys() & reasons.keys():
                where = inside(place, key)
                found.setdefault(key, {}).setdefault(where, f"{file.spot(where)}: {where}")
    return [f"{'; '.join(found[key].values())}: ignored, {reasons[key]}." for key in reasons if key in found]


def _services(file: File) -> list[tuple[str, dict[str, t.Any]]]:
    """Place and mapping of each service, in a file that has not been checked."""
    services = file.document.get("services") if isinstance(file.document, dict) else None
    if not isinstance(services, dict):
        return []
    return [(inside("services", name), item) for name, item in services.items() if isinstance(item, dict)]
