# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the spec of a service becomes what is stored: fields that are too new go, defaults come, zero values vanish."""

from __future__ import annotations

import copy
import secrets
from typing import Any

from . import service_refusals as refusals
from .golang import shown
from .service_shape import SINCE, SPEC_SHAPE
from .versions import as_numbers

_SECOND = 1_000_000_000
_PROTOCOLS = ("tcp", "udp", "sctp")
_PUBLISHED = ("ingress", "host")
_ISOLATIONS = ("default", "process", "hyperv")
_SECCOMP = ("default", "unconfined", "custom")
_APPARMOR = ("default", "disabled")


def stored(request: dict[str, Any], api: str, engine_api: str) -> dict[str, Any]:
    """The spec as it will be returned. ApiError 400 for what the engine cannot even pass on to its manager.

    request: read with SPEC_SHAPE, every field present. api: version of the request.
    """
    spec = copy.deepcopy(request)
    _strip(spec, api)
    refusals.before_conversion(spec)
    spec["Name"] = spec["Name"] or f"fake_{secrets.token_hex(4)}"
    spec["Labels"] = spec["Labels"] or {}
    _fill_task(spec["TaskTemplate"])
    _fill_mode(spec["Mode"])
    for config in (spec["UpdateConfig"], spec["RollbackConfig"]):
        if config:
            config["FailureAction"] = config["FailureAction"] or "pause"
            config["Order"] = config["Order"] or "stop-first"
    _fill_endpoint(spec["EndpointSpec"])
    answer = shown(SPEC_SHAPE, spec)
    privileges = answer["TaskTemplate"].get("ContainerSpec", {}).get("Privileges")
    if privileges and as_numbers(engine_api) < (1, 44):
        del privileges["NoNewPrivileges"]
    return answer


def _strip(spec: dict[str, Any], api: str) -> None:
    for since, path in SINCE:
        if as_numbers(api) < as_numbers(since):
            _clear(spec, path.split("."))


def _clear(place: Any, names: list[str]) -> None:
    if isinstance(place, list):
        for item in place:
            _clear(item, names)
    elif place and len(names) > 1:
        _clear(place[names[0]], names[1:])
    elif place:
        place[names[0]] = False if names[0] == "NoNewPrivileges" else None


def _fill_task(task: dict[str, Any]) -> None:
    task["Runtime"] = task["Runtime"] or "container"
    if task["RestartPolicy"]:
        task["RestartPolicy"]["Condition"] = task["RestartPolicy"]["Condition"] or "any"
    if task["Placement"]:
        preferences = task["Placement"]["Preferences"] or []
        task["Placement"]["Preferences"] = [item for item in preferences if item["Spread"] is not None]
    container = task["ContainerSpec"]
    if container:
        container["Isolation"] = _one_of(container["Isolation"].lower(), _ISOLATIONS)
        _fill_privileges(container["Privileges"])
        for mount in container["Mounts"] or []:
            _fill_mount(mount)


def _fill_privileges(privileges: dict[str, Any] | None) -> None:
    if not privileges:
        return
    for name, modes in (("Seccomp", _SECCOMP), ("AppArmor", _APPARMOR)):
        if privileges[name]:
            privileges[name]["Mode"] = _one_of(privileges[name]["Mode"], modes)


def _fill_mount(mount: dict[str, Any]) -> None:
    mount["Type"] = mount["Type"] or "bind"
    bind = mount["BindOptions"]
    if bind and bind["NonRecursive"]:
        bind["Propagation"] = bind["Propagation"] or "rprivate"
    elif bind and not bind["Propagation"]:
        mount["BindOptions"] = None


def _fill_mode(mode: dict[str, Any]) -> None:
    if not any(value is not None for value in mode.values()):
        mode["Replicated"] = {"Replicas": None}
    if mode["Replicated"] and mode["Replicated"]["Replicas"] is None:
        mode["Replicated"]["Replicas"] = 1
    job = mode["ReplicatedJob"]
    if job:
        job["MaxConcurrent"] = 1 if job["MaxConcurrent"] is None else job["MaxConcurrent"]
        if job["TotalCompletions"] is None:
            job["TotalCompletions"] = job["MaxConcurrent"]


def _fill_endpoint(endpoint: dict[str, Any] | None) -> None:
    if endpoint is None:
        return
    endpoint["Mode"] = endpoint["Mode"] or "vip"
    for port in endpoint["Ports"] or []:
        port["Protocol"] = _one_of(port["Protocol"].lower(), _PROTOCOLS)
        port["PublishMode"] = _one_of(port["PublishMode"].lower(), _PUBLISHED)


def _one_of(text: str, known: tuple[str, ...]) -> str:
    """What an enum does not know becomes its first value, without a word."""
    return text if text in known else known[0]


def with_defaults(spec: dict[str, Any]) -> dict[str, Any]:
    """What ?insertDefaults=true shows: the values that apply at run time."""
    spec = copy.deepcopy(spec)
    task = spec["TaskTemplate"]
    if "ContainerSpec" in task:
        task["ContainerSpec"].setdefault("StopGracePeriod", 10 * _SECOND)
        task["ContainerSpec"].setdefault("DNSConfig", {})
    task.setdefault("Resources", {})
    task.setdefault("Placement", {})
    task.setdefault("RestartPolicy", {"Condition": "any", "MaxAttempts": 0}).setdefault("Delay", 5 * _SECOND)
    for name in ("UpdateConfig", "RollbackConfig"):
        config = {"Parallelism": 1, "FailureAction": "pause", "MaxFailureRatio": 0, "Order": "stop-first"}
        spec.setdefault(name, config).setdefault("Monitor", 5 * _SECOND)
    return spec
