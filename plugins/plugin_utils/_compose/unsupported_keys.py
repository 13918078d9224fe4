# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keys of the format that a swarm has no use for: refused with the reason, or ignored with a warning.

The lists are those of docker/cli, cli/compose/types. A service's ``restart`` is on its list of what is ignored, and is
not ignored: it becomes a restart policy where ``deploy`` has none. So it gets no warning.
"""

from __future__ import annotations

import typing as t

from ...module_utils._core.values import inside
from ...module_utils._stack.compose_places import File, Section

_LIMITS = "use deploy.resources"
_SHELL = "services of a swarm have no hooks; use the image, or a healthcheck"
_CREATED = "not supported in a stack; create the network with hive.swarm.swarm_network, and refer to it as external"
# Keys of a service.
SERVICE = {
    "extends": "the swarm format has no inheritance; use several files, which are merged, or YAML anchors",
    "volume_driver": "set the driver of the volume, in the file's volumes",
    "volumes_from": "add the volume to the file's volumes, and to each service that shares it",
    "cpu_quota": _LIMITS,
    "cpu_shares": _LIMITS,
    "cpuset": _LIMITS,
    "mem_limit": _LIMITS,
    "memswap_limit": _LIMITS,
    # Since format 3, or of the Compose Specification alone.
    "blkio_config": "a swarm does not limit block devices",
    "cgroup": "not configurable in a swarm; use default-cgroupns-mode of the nodes' engines",
    "cpu_count": _LIMITS,
    "cpu_percent": _LIMITS,
    "cpu_period": _LIMITS,
    "cpu_rt_period": _LIMITS,
    "cpu_rt_runtime": _LIMITS,
    "cpus": "use deploy.resources.limits.cpus",
    "device_cgroup_rules": "services of a swarm do not support devices",
    "dns_opt": "docker stack deploy does not support it; hive.swarm.swarm_service has it as dns_options",
    "gpus": "use deploy.resources.reservations.generic_resources, which the engines advertise",
    "group_add": "docker stack deploy does not support it; hive.swarm.swarm_service has it as groups",
    "label_file": "use labels",
    "mem_reservation": "use deploy.resources.reservations.memory",
    "mem_swappiness": "docker stack deploy does not support it; hive.swarm.swarm_service does",
    "models": "a swarm does not run models; run them as a service",
    "oom_kill_disable": "not supported in a swarm; reserve memory with deploy.resources.reservations",
    "pids_limit": "use deploy.resources.limits.pids",
    "post_start": _SHELL,
    "pre_start": _SHELL,
    "pre_stop": _SHELL,
    "profiles": "a stack contains all services of its files; put those of a profile into a separate file",
    "provider": "a swarm runs only containers",
    "runtime": "a setting of the nodes' engines (default-runtime)",
    "scale": "use deploy.replicas",
    "storage_opt": "a setting of the nodes' engines (storage-opts)",
    "use_api_socket": "mount the socket with volumes, and the login with secrets",
    "uts": "not configurable in a swarm",
}
# Keys of other mappings: of a whole file, of networks and their addresses, of reservations.
FILE = {
    "include": "use several files, which are merged",
    "models": SERVICE["models"],
}
NETWORK = {"enable_ipv4": _CREATED, "enable_ipv6": _CREATED}
IPAM = {"options": _CREATED}
POOL = {"gateway": _CREATED, "ip_range": _CREATED, "aux_addresses": _CREATED}
RESERVATION = {
    "devices": "use generic_resources instead, which the engines advertise, also for GPUs",
}
# Keys that say something for one machine, of a service, of its published ports and of its networks.
OF_ONE_MACHINE = ("annotations", "attach", "develop", "platform", "pull_policy", "pull_refresh_after")
PORT = ("host_ip", "app_protocol", "name")
ATTACHMENT = (
    "ipv4_address",
    "ipv6_address",
    "link_local_ips",
    "mac_address",
    "interface_name",
    "priority",
    "gw_priority",
)
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
    "annotations": "containers of a swarm have only labels",
    "attach": "services of a swarm run in the background",
    "depends_on": "a swarm does not order the start of services; let each service wait for its dependencies, or fail and restart",
    "develop": "only for docker compose watch",
    "platform": "derived from the image; to override it, use deploy.placement.constraints with node.platform.arch",
    "pull_policy": "a swarm pulls images according to resolve_image",
    "pull_refresh_after": "a swarm pulls images according to resolve_image",
    "container_name": "a swarm chooses the names of containers",
    # The command line says nothing of it, and what was to stay in memory comes to lie on the disk.
    "tmpfs": "use the long form of volumes with the type tmpfs",
    "expose": "services reach each other on every port of a shared network",
}


def warnings(files: t.Sequence[File]) -> list[str]:
    """One sentence for each key, with the places where it stands; a place in several files is told once."""
    reasons = {**dict.fromkeys(_IGNORED, "a swarm does not support it"), **_NEEDLESS}
    found: dict[str, dict[str, str]] = {}
    for file in files:
        for place, service in _services(file):
            for key in service.keys() & reasons.keys():
                where = inside(place, key)
                found.setdefault(key, {}).setdefault(where, f"{file.spot(where)}: {where}")
    told = [f"{'; '.join(found[key].values())}: ignored, {reasons[key]}." for key in reasons if key in found]
    return [*told, *(f"{file.spot(where)}: {where}: {text}." for file in files for where, text in _inner(file))]


_ADDRESS = "ignored, a swarm allocates addresses itself"
_PORT_REASONS = {"host_ip": "a swarm publishes on every address, not only on this one"}


def _inner(file: File) -> t.Iterator[tuple[str, str]]:
    """Keys inside of services, networks and the like that are ignored: place and reason."""
    for place, service in _services(file):
        for where, item in _mappings(service.get("networks"), inside(place, "networks")):
            yield from ((inside(where, key), _ADDRESS) for key in ATTACHMENT if key in item)
        for where, item in _mappings(service.get("ports"), inside(place, "ports")):
            said = (key for key in PORT if item.get(key) and item[key] not in ("0.0.0.0", "::"))
            yield from (
                (inside(where, key), _PORT_REASONS.get(key, "ignored, not supported in a swarm")) for key in said
            )
    for kind in ("networks", "secrets", "configs"):
        yield from _beside_external(file, kind)


def _mappings(value: object, place: str) -> t.Iterator[tuple[str, Section]]:
    """Place and value of each mapping in a mapping or a list, of a file that has not been checked."""
    pairs: t.Iterable[tuple[str, object]] = ()
    if isinstance(value, dict):
        pairs = ((inside(place, key), item) for key, item in value.items())
    elif isinstance(value, list):
        pairs = ((f"{place}[{number}]", item) for number, item in enumerate(value))
    yield from ((where, item) for where, item in pairs if isinstance(item, dict))


def _beside_external(file: File, kind: str) -> t.Iterator[tuple[str, str]]:
    section = file.document.get(kind) if isinstance(file.document, dict) else None
    for where, item in _mappings(section, kind):
        if item.get("external"):
            said = (key for key in item if key not in ("external", "name") and not str(key).startswith("x-"))
            yield from ((inside(where, key), f"ignored, external {kind} are created elsewhere") for key in said)


def _services(file: File) -> list[tuple[str, Section]]:
    """Place and mapping of each service, in a file that has not been checked."""
    services = file.document.get("services") if isinstance(file.document, dict) else None
    if not isinstance(services, dict):
        return []
    return [(inside("services", name), item) for name, item in services.items() if isinstance(item, dict)]
