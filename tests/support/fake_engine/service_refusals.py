# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Specs of services that are refused, in the words of the engine and of its manager."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from . import constraints
from .errors import ApiError, rpc

_MOUNT_TYPES = ("", "bind", "volume", "tmpfs", "npipe", "cluster")
_PROPAGATIONS = ("", "private", "rprivate", "shared", "rshared", "slave", "rslave")
_ACTIONS = ("", "pause", "continue", "rollback")
_ORDERS = ("", "stop-first", "start-first")
_CPU, _MEMORY = 1_000_000, 4 * 1024 * 1024
_MILLISECOND = 1_000_000
_NAME = re.compile(r"[a-zA-Z0-9](?:[-_]*[a-zA-Z0-9]+)*")
_COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_IMAGE = re.compile(
    rf"(?:[a-zA-Z0-9][a-zA-Z0-9.-]*(?::[0-9]+)?/)?{_COMPONENT}(?:/{_COMPONENT})*"
    r"(?::[\w][\w.-]{0,127})?(?:@[a-z0-9]+:[0-9a-f]{32,})?"
)
_ACTION = re.compile(r"{{\s*\.(\w+)")
_TEMPLATE_FIELDS = ("Service", "Node", "Task")


def is_image(text: str) -> bool:
    """Whether it is spelled like an image."""
    return _IMAGE.fullmatch(text) is not None


def invalid(text: str) -> ApiError:
    """InvalidArgument, as the manager says it."""
    return rpc("InvalidArgument", text)


# -- the engine ---------------------------------------------------------------------------------------------------


def before_conversion(spec: dict[str, Any]) -> None:
    """What the engine refuses before it asks the manager: 400 without the prefix of an rpc error."""
    _check_runtime(spec["TaskTemplate"])
    container = spec["TaskTemplate"]["ContainerSpec"]
    if container:
        _check_container(container)
    policy = spec["TaskTemplate"]["RestartPolicy"]
    if policy and policy["Condition"] not in ("", "none", "on-failure", "any"):
        raise ApiError(400, f'invalid RestartCondition: "{policy["Condition"]}"')
    for config in (spec["UpdateConfig"], spec["RollbackConfig"]):
        _check_update_words(config)
    endpoint = spec["EndpointSpec"]
    if endpoint and endpoint["Mode"] not in ("", "vip", "dnsrr"):
        raise ApiError(400, f'invalid resolution mode: "{endpoint["Mode"]}"')
    if sum(value is not None for value in spec["Mode"].values()) > 1:
        raise ApiError(400, "must specify only one service mode")


def _check_runtime(task: dict[str, Any]) -> None:
    runtime = task["Runtime"] or "container"
    if runtime not in ("container", "plugin"):
        raise ApiError(400, "unsupported runtime")
    wanted = "ContainerSpec" if runtime == "container" else "PluginSpec"
    if [name for name in ("ContainerSpec", "PluginSpec") if task[name] is not None] != [wanted]:
        raise ApiError(400, "mismatched Runtime and *Spec fields")


def _check_container(container: dict[str, Any]) -> None:
    for mount in container["Mounts"] or []:
        if mount["Type"] not in _MOUNT_TYPES:
            raise ApiError(400, f'invalid MountType: "{mount["Type"]}"')
        propagation = (mount["BindOptions"] or {"Propagation": ""})["Propagation"]
        if propagation not in _PROPAGATIONS:
            raise ApiError(400, f'invalid MountPropagation: "{propagation}"')
    _check_credential_spec((container["Privileges"] or {"CredentialSpec": None})["CredentialSpec"])
    for config in container["Configs"] or []:
        if config["File"] is not None and config["Runtime"] is not None:
            raise ApiError(400, "invalid Config: cannot specify both File and Runtime")
        if config["File"] is None and config["Runtime"] is None:
            raise ApiError(400, "invalid Config: either File or Runtime should be set")


def _check_credential_spec(given: dict[str, str] | None) -> None:
    if given is None:
        return
    names = [name.lower() for name in ("Config", "File", "Registry") if given[name]]
    if not names:
        reason = 'must either provide "file", "registry", or "config" for credential spec'
        raise ApiError(400, f"invalid CredentialSpec: {reason}")
    if len(names) > 1:
        both = " and ".join(f'"{name}"' for name in names)
        raise ApiError(400, f"invalid CredentialSpec: cannot specify both {both} credential specs")


def _check_update_words(config: dict[str, Any] | None) -> None:
    if config and config["FailureAction"] not in _ACTIONS:
        raise ApiError(400, f"unrecognized update failure action {config['FailureAction']}")
    if config and config["Order"] not in _ORDERS:
        raise ApiError(400, f"unrecognized update order {config['Order']}")


# -- the manager --------------------------------------------------------------------------------------------------


def by_manager(spec: dict[str, Any]) -> None:
    """What the manager refuses of a stored spec, whatever else is in the swarm."""
    _check_name(spec["Name"])
    _check_task(spec["TaskTemplate"])
    config = spec.get("UpdateConfig")
    if config:
        _check_update(config)
    _check_endpoint(spec.get("EndpointSpec", {}))
    if config and not {"ReplicatedJob", "GlobalJob"}.isdisjoint(spec["Mode"]):
        raise invalid("Jobs may not have an update config")


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise invalid("name must be valid as a DNS name component")
    if len(name) > 63:
        raise invalid("name must be 63 characters or fewer")


def _check_task(task: dict[str, Any]) -> None:
    for limits in ("Limits", "Reservations"):
        _check_resources(task.get("Resources", {}).get(limits, {}))
    policy = task.get("RestartPolicy", {})
    for name in ("Delay", "Window"):
        if policy.get(name, 0) < 0:
            raise invalid(f"TaskSpec: restart-{name.lower()} cannot be negative")
    for text in task.get("Placement", {}).get("Constraints", []):
        constraints.parse(text)
    if "ContainerSpec" in task:
        _check_container_spec(task["ContainerSpec"])


def _check_resources(limits: dict[str, Any]) -> None:
    cpus, memory = limits.get("NanoCPUs", 0), limits.get("MemoryBytes", 0)
    if cpus and cpus < _CPU:
        raise invalid(f"invalid cpu value {cpus / 1e9:g}: Must be at least 0.001")
    if memory and memory < _MEMORY:
        raise invalid(f"invalid memory value {memory}: Must be at least 4MiB")


def _check_container_spec(container: dict[str, Any]) -> None:
    image = container.get("Image", "")
    if not image:
        raise invalid("ContainerSpec: image reference must be provided")
    if not is_image(image):
        raise invalid(f'ContainerSpec: "{image}" is not a valid repository/tag')
    targets = [mount.get("Target", "") for mount in container.get("Mounts", [])]
    for target in targets:
        if targets.count(target) > 1:
            raise invalid(f"ContainerSpec: duplicate mount point: {target}")
    _check_healthcheck(container.get("Healthcheck", {}))
    _check_templates(container)
    check_references(container, "Secret")
    check_references(container, "Config")
    _check_credential_config(container)


def _check_healthcheck(check: dict[str, Any]) -> None:
    for name in ("Interval", "Timeout", "StartPeriod", "StartInterval"):
        if check.get(name, 0) and check[name] < _MILLISECOND:
            raise invalid(f"ContainerSpec: {name} in HealthConfig cannot be less than 1ms")
    if check.get("Retries", 0) < 0:
        raise invalid("ContainerSpec: Retries in HealthConfig cannot be negative")


def _check_templates(container: dict[str, Any]) -> None:
    reason = _template_error(container.get("Hostname", ""))
    if reason:
        raise invalid(f"expanding hostname failed: {reason}")
    for entry in container.get("Env", []):
        reason = _template_error(entry.partition("=")[2])
        if reason:
            raise invalid(f'expanding env failed: expanding env "{entry}": {reason}')


def _template_error(text: str) -> str:
    """What is wrong with a Go template; no more than the two mistakes that are made."""
    if text.count("{{") > text.count("}}"):
        return "template: expansion:1: unclosed action"
    for found in _ACTION.finditer(text):
        name = found[1]
        if name not in _TEMPLATE_FIELDS:
            return (
                f'template: expansion:1:{found.end() - len(name) - 1}: executing "expansion" at <.{name}>: '
                f"can't evaluate field {name} in type *template.Context"
            )
    return ""


def check_references(container: dict[str, Any], kind: str) -> None:
    """The references to secrets or configs, as far as they can be judged alone."""
    word, seen = kind.lower(), {}
    for reference in container.get(f"{kind}s", []):
        name, target = reference[f"{kind}Name"], reference.get("File")
        if not reference[f"{kind}ID"] or not name:
            raise invalid(f"malformed {word} reference")
        if target is None and "Runtime" not in reference:
            raise invalid(f"malformed {word} reference, no target provided")
        if target is None:
            continue
        if not target["Name"]:
            raise invalid(f"malformed file {word} reference, invalid target file name provided")
        if target["Name"] in seen:
            pair = f"'{seen[target['Name']]}' and '{name}'"
            raise invalid(f"{word} references {pair} have a conflicting target: '{target['Name']}'")
        seen[target["Name"]] = name


def _check_credential_config(container: dict[str, Any]) -> None:
    given = (container.get("Privileges") or {}).get("CredentialSpec") or {}
    config = given.get("Config", "")
    runtime = [item["ConfigID"] for item in container.get("Configs", []) if "Runtime" in item]
    if config and config not in runtime:
        reason = "but that config isn't in config references with RuntimeTarget"
        raise invalid(f"CredentialSpec references config '{config}', {reason}")


def _check_update(config: dict[str, Any]) -> None:
    for name in ("Delay", "Monitor"):
        if config.get(name, 0) < 0:
            raise invalid(f"TaskSpec: update-{name.lower()} cannot be negative")
    if not 0 <= config["MaxFailureRatio"] <= 1:
        raise invalid("TaskSpec: update-maxfailureratio cannot be less than 0 or bigger than 1")


def _check_endpoint(endpoint: dict[str, Any]) -> None:
    ports = endpoint.get("Ports", [])
    if endpoint.get("Mode") == "dnsrr" and any(port["PublishMode"] == "ingress" for port in ports):
        raise invalid("EndpointSpec: port published with ingress mode can't be used with dnsrr mode")
    published = [
        (port["PublishMode"], port["Protocol"], port["PublishedPort"]) for port in ports if "PublishedPort" in port
    ]
    if len(set(published)) < len(published):
        raise invalid("EndpointSpec: duplicate published ports provided")


# -- beside what is there -----------------------------------------------------------------------------------------


def check_ports(spec: dict[str, Any], others: Iterable[Any]) -> None:
    """ApiError 400 when a published port is another service's; host mode may share with host mode."""
    wanted = [port for port in spec.get("EndpointSpec", {}).get("Ports", []) if "PublishedPort" in port]
    for other in others if wanted else ():
        for taken in other.ports:
            for port in wanted:
                _check_port(port, taken, other)


def _check_port(port: dict[str, Any], taken: dict[str, Any], other: Any) -> None:
    same = all(port[key] == taken.get(key) for key in ("PublishedPort", "Protocol"))
    if not same or port["PublishMode"] == taken["PublishMode"] == "host":
        return
    kind = "an ingress port" if taken["PublishMode"] == "ingress" else "a host-published port"
    raise invalid(
        f"port '{port['PublishedPort']}' is already in use by service '{other.name}' ({other.id}) as {kind}",
    )


def check_existing(spec: dict[str, Any], kind: str, names: dict[str, str]) -> None:
    """ApiError 400 for references to secrets or configs that are not there; names: ID -> name."""
    given = spec["TaskTemplate"].get("ContainerSpec", {}).get(f"{kind}s", [])
    missing = [item[f"{kind}Name"] for item in given if names.get(item[f"{kind}ID"]) != item[f"{kind}Name"]]
    if missing:
        word = kind.lower() + ("s" if len(missing) > 1 else "")
        raise invalid(f"{word} not found: {', '.join(missing)}")
