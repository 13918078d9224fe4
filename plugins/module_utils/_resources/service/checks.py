# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What cannot be meant of a service as a whole, said before anything is written.

The engine refuses most of it too, but often half-way (a task that is rejected), with status 500, or in words that
name no option. Loaded only when something is to be written: what is there already has passed.
"""

from __future__ import annotations

import re
import typing as t

from ..._errors import BadInput
from ..._path import Values

# swarmkit, manager/controlapi/common.go: a DNS label, as the name is one in the networks of the service.
_NAME = r"[a-zA-Z0-9](?:[-_]*[A-Za-z0-9]+)*"
_MIN_MEMORY = 4 * 1024**2
_MIN_CPUS = 0.001


def check_name(name: str) -> None:
    if not re.fullmatch(_NAME, name):
        raise BadInput(f"name: {name!r} is no name of a service: letters, digits, and inside of it - and _.")
    if len(name) > 63:
        raise BadInput(f"name: {name!r} has {len(name)} characters; the name of a service has at most 63.")


def check_service(after: Values, given: Values) -> None:
    """:param after: the service as it would be, in the options' words.
    :param given: the options of the task.
    """
    for check in (_modes, _jobs, _ports, _mounts, _files, _networks, _resources, _health, _privileges):
        check(after, given)


def _modes(after: Values, given: Values) -> None:
    mode = after["mode"]
    if given.get("plugin") and mode != "global":
        raise BadInput(f"mode: a plugin is a service of mode global, not {mode}.")
    if given.get("replicas") is not None and mode.startswith("global"):
        raise BadInput(f"replicas: a service of mode {mode} has a task on every node, so it takes no replicas.")
    if given.get("max_concurrent") is not None and mode != "replicated-job":
        raise BadInput(f"max_concurrent: only mode replicated-job has it, and this service is {mode}.")
    if given.get("placement") and after["placement"]["replicas_max_per_node"] and mode.startswith("global"):
        raise BadInput(f"placement.replicas_max_per_node: mode {mode} has one task per node anyway.")


def _jobs(after: Values, given: Values) -> None:
    mode = after["mode"]
    if not mode.endswith("job"):
        return
    for option in ("update_config", "rollback_config"):
        if any(value is not None for value in (given.get(option) or {}).values()):
            raise BadInput(f"{option}: jobs are not updated by and by, so mode {mode} takes none.")
    if given.get("restart_config") and after["restart_config"]["condition"] == "any":
        raise BadInput("restart_config.condition: any would run a job for ever; give none or on-failure.")


def _repeated(items: t.Iterable[t.Any]) -> t.Any:
    seen = set()
    for item in items:
        if item in seen:
            return item
        seen.add(item)
    return None


def _ports(after: Values, given: Values) -> None:
    ports = after["publish"]
    if after["endpoint_mode"] == "dnsrr" and any(port["mode"] == "ingress" for port in ports):
        raise BadInput(
            "publish: endpoint_mode dnsrr has no ingress: publish with mode: host, or use endpoint_mode vip."
        )
    published = [(p["published_port"], p["protocol"]) for p in ports if p["published_port"]]
    twice = _repeated(published)
    if twice:
        raise BadInput(f"publish: port {twice[0]}/{twice[1]} is published twice.")


# Sub-options of a mount -> the types that have them.
_ONLY = {
    "propagation": ("bind",),
    "non_recursive": ("bind",),
    "no_copy": ("volume",),
    "subpath": ("volume",),
    "labels": ("volume",),
    "driver_config": ("volume",),
    "tmpfs_size": ("tmpfs",),
    "tmpfs_mode": ("tmpfs",),
    "tmpfs_options": ("tmpfs",),
}


def _mounts(after: Values, given: Values) -> None:
    for mount in given.get("mounts") or []:
        _mount(mount)
        for option, kinds in _ONLY.items():
            if mount.get(option) and mount["type"] not in kinds:
                kind = mount["type"]
                raise BadInput(
                    f"mounts.{option}: only {kinds[0]} mounts have it, and {mount['target']} is a {kind} one."
                )
    twice = _repeated(mount["target"] for mount in after["mounts"])
    if twice:
        raise BadInput(f"mounts.target: there are two mounts at {twice}.")


# Also of Windows; the engine replaces templates before a task starts.
_ABSOLUTE = re.compile(r"/|[A-Za-z]:[\\/]|\\\\|\{\{")


def _mount(mount: Values) -> None:
    target, source, kind = mount["target"], mount.get("source"), mount["type"]
    if not _ABSOLUTE.match(target):
        raise BadInput(f"mounts.target: {target!r} is no absolute path.")
    if not source and kind in ("bind", "npipe", "cluster"):
        raise BadInput(f"mounts.source: the {kind} mount at {target} needs one.")
    if source and kind == "tmpfs":
        raise BadInput(f"mounts.source: the tmpfs mount at {target} takes none.")
    if kind == "bind" and not _ABSOLUTE.match(source or ""):
        raise BadInput(f"mounts.source: {source!r} is no absolute path; a volume has type: volume.")


def _files(after: Values, given: Values) -> None:
    for kind in ("secrets", "configs"):
        twice = _repeated(item["filename"] for item in after[kind])
        if twice:
            raise BadInput(f"{kind}.filename: there are two for {twice}.")


def _networks(after: Values, given: Values) -> None:
    names = [item["name"] for item in after["networks"]]
    twice = _repeated(names)
    if twice:
        raise BadInput(f"networks: {twice} is named twice.")
    if given.get("networks") and "ingress" in names:
        raise BadInput("networks: ingress is only for published ports; no service can be attached to it.")


def _resources(after: Values, given: Values) -> None:
    from .codecs import parse_size

    for option in ("limits", "reservations"):
        group = after[option]
        if group["cpus"] and group["cpus"] < _MIN_CPUS:
            raise BadInput(f"{option}.cpus: {group['cpus']} is too little; the least is {_MIN_CPUS}.")
        if group["memory"] and parse_size(group["memory"]) < _MIN_MEMORY:
            raise BadInput(f"{option}.memory: {group['memory']} is too little; the least is 4M.")
    twice = _repeated((item["kind"], item["name"]) for item in after["reservations"]["generic_resources"])
    if twice:
        raise BadInput(f"reservations.generic_resources: {twice[0]} is named twice.")
    if after["memswap_limit"] is not None and not after["limits"]["memory"]:
        raise BadInput("memswap_limit: it needs limits.memory.")


def _health(after: Values, given: Values) -> None:
    from ..._durations import parse_duration

    wanted = given.get("healthcheck") or {}
    for option in ("interval", "timeout", "start_period", "start_interval"):
        if wanted.get(option) and 0 < parse_duration(wanted[option]) < 10**6:
            raise BadInput(f"healthcheck.{option}: {wanted[option]} is too short; the least is 1ms.")
    if after["healthcheck"]["test"] == ["NONE"] and any(v for k, v in wanted.items() if k != "test"):
        raise BadInput("healthcheck: with test NONE there is none, so the other options say nothing.")


def _privileges(after: Values, given: Values) -> None:
    credential = [name for name, value in after["credential_spec"].items() if value]
    if len(credential) > 1:
        raise BadInput(f"credential_spec: give one of config, file and registry, not {' and '.join(credential)}.")
    seccomp = after["privileges"]["seccomp"]
    if bool(seccomp["profile"]) != (seccomp["mode"] == "custom"):
        raise BadInput("privileges.seccomp: mode custom needs a profile, and the other modes take none.")
