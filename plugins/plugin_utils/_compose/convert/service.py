# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A service's spec (docker/cli, cli/compose/convert/service.go).

Where we differ: ``oom_score_adj`` is sent; the command line (28.5) takes it and forgets it.
"""

from __future__ import annotations

import typing as t

from ....module_utils._core.values import Document, Values, inside
from ....module_utils._service.codecs import capability
from ....module_utils._service.image import familiar
from ....module_utils._service.schema import CREDENTIAL_SPEC, HEALTHCHECK, LOGGING, MODES, SERVICE
from ....module_utils._stack.compose_places import Invalid, Section
from ....module_utils._stack.definition import IMAGE, Stack
from ..problems import Problems
from . import policies
from .mounts import mounts
from .networks import attachments
from .references import references, with_credential
from .shape import filled, given, strings

# Keys that are called as the options of swarm_service are.
_SAME_NAMES = (
    "hostname",
    "working_dir",
    "user",
    "stop_signal",
    "tty",
    "stdin_open",
    "read_only",
    "dns",
    "dns_search",
    "isolation",
    "oom_score_adj",
)


class Objects(t.NamedTuple):
    """What the file has beside services, in the long form: key to mapping."""

    networks: dict[str, Section]
    volumes: dict[str, Section]
    secrets: dict[str, Section]
    configs: dict[str, Section]


def service_spec(key: str, service: Section, objects: Objects, stack: Stack, problems: Problems) -> Document:
    """The body of POST /services/create, with names in place of IDs, as far as it can be meant.

    The schema of swarm_service knows where each option stands. Here is what each one is, and which keys the command
    line sends without a value.
    """
    place = inside("services", key)
    deploy = service.get("deploy", {})
    mode: Values = {"mode": {MODES["replicated"]: {}}}
    restart = None
    with problems.attempt(place):
        mode = policies.mode(deploy, inside(place, "deploy"))
    with problems.attempt(place):
        restart = policies.restart_policy(service, deploy.get("restart_policy"), place)
    options = {
        "labels": stack.labels(deploy.get("labels"), **{IMAGE: service["image"]}),
        **mode,
        **_container(service, place, objects, stack, problems),
        **policies.resources(deploy.get("resources", {})),
        "placement": policies.placement(deploy.get("placement", {})),
        "networks": attachments(key, service, objects.networks, stack, problems),
        **filled(
            restart_config=restart,
            logging=_log_driver(service.get("logging")),
            update_config=policies.update_config(deploy.get("update_config")),
            rollback_config=policies.update_config(deploy.get("rollback_config")),
            endpoint_mode=deploy.get("endpoint_mode", "").lower(),
            publish=policies.publish(service.get("ports", [])),
        ),
    }
    return SERVICE.document(options, {"Name": stack.scoped(key), **_always(service)})


def _always(service: Section) -> Document:
    """What the command line sends of every service."""
    container = {"Privileges": {"SELinuxContext": None}, **({"DNSConfig": {}} if _has_dns(service) else {})}
    return {"TaskTemplate": {"ContainerSpec": container, "Resources": {}, "ForceUpdate": 0}, "EndpointSpec": {}}


def _has_dns(service: Section) -> bool:
    """An empty list is one: the command line makes an object of it that says nothing."""
    return "dns" in service or "dns_search" in service


def _container(service: Section, place: str, objects: Objects, stack: Stack, problems: Problems) -> Values:
    """The options of the container."""
    added, dropped = _capabilities(service.get("cap_add", []), service.get("cap_drop", []))
    image, healthcheck = service["image"], None
    with problems.attempt(inside(place, "image")):
        image = familiar(image)
    with problems.attempt(place):
        healthcheck = _healthcheck(service.get("healthcheck"), place)
    same = {key: service.get(key) for key in _SAME_NAMES}
    return {
        "credential_spec": _credential_spec(service, objects, stack),
        # Pointers, where false and zero are values.
        **given(init=service.get("init"), stop_grace_period=service.get("stop_grace_period")),
        **filled(
            **same,
            image=image,
            container_labels=stack.labels(service.get("labels")),
            command=service.get("entrypoint"),
            args=service.get("command"),
            env=_env(service.get("environment", {})),
            mounts=mounts(service.get("volumes", []), objects.volumes, stack, problems),
            hosts=[f"{address} {name}" for name, address in service.get("extra_hosts", [])],
            secrets=references("secret", service.get("secrets", []), objects.secrets, stack, problems),
            configs=_configs(service, place, objects, stack, problems),
            sysctls=strings(service.get("sysctls")),
            cap_add=added,
            cap_drop=dropped,
            ulimits=_ulimits(service.get("ulimits", {})),
            healthcheck=healthcheck,
        ),
    }


def _env(environment: dict[str, str | None]) -> list[str]:
    return sorted(name if value is None else f"{name}={value}" for name, value in environment.items())


def _capabilities(add: list[str], drop: list[str]) -> tuple[list[str], list[str]]:
    """Normalised and sorted; ALL says it all, and what is added is not dropped (docker/cli, opts/capabilities.go)."""
    added, dropped = ({capability(name) for name in names} for names in (add, drop))
    added, dropped = ({"ALL"} if "ALL" in names else names for names in (added, dropped))
    return sorted(added - {"RESET"}), sorted(dropped - added - {"RESET"})


def _configs(service: Section, place: str, objects: Objects, stack: Stack, problems: Problems) -> list[Document]:
    configs = references("config", service.get("configs", []), objects.configs, stack, problems)
    key = service.get("credential_spec", {}).get("config")
    if key:
        with problems.attempt(place):
            with_credential(configs, key, inside(place, "credential_spec"), objects.configs, stack)
    return configs


def _credential_spec(service: Section, objects: Objects, stack: Stack) -> Document | None:
    """Sent even when there is none, as the command line does."""
    said = {key: value for key, value in service.get("credential_spec", {}).items() if value}
    if "config" in said:
        said["config"] = stack.called(said["config"], objects.configs.get(said["config"]))
    return CREDENTIAL_SPEC.document({**dict.fromkeys(("config", "file", "registry"), ""), **said}) if said else None


def _ulimits(ulimits: dict[str, Section]) -> list[Document]:
    return [{"Name": name, "Soft": item["soft"], "Hard": item["hard"]} for name, item in sorted(ulimits.items())]


def _healthcheck(check: Section | None, place: str) -> Document | None:
    if check is None:
        return None
    if check.get("disable"):
        if check.get("test"):
            raise Invalid(inside(place, "healthcheck"), "test and disable are mutually exclusive")
        return HEALTHCHECK.document({"test": ["NONE"]})
    same = {key: check.get(key) for key in ("test", "interval", "timeout", "start_period", "start_interval")}
    return HEALTHCHECK.document(filled(**same, retries=int(check.get("retries", 0))))


def _log_driver(logging: Section | None) -> Document | None:
    if logging is None:
        return None
    return LOGGING.document(filled(driver=logging.get("driver"), options=strings(logging.get("options"))))
