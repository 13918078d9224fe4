# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A service's spec (docker/cli, cli/compose/convert/service.go).

Where we differ: ``oom_score_adj`` is sent; the command line (28.5) takes it and forgets it.
"""

from __future__ import annotations

import typing as t

from ....module_utils._core.paths import Document
from ....module_utils._service.image import familiar
from ....module_utils._stack.compose_places import Invalid, Section, inside
from ....module_utils._stack.definition import IMAGE, Stack
from ..problems import Problems
from . import policies
from .mounts import mounts
from .networks import attachments
from .references import references, with_credential
from .shape import filled, strings


class Objects(t.NamedTuple):
    """What the file has beside services, in the long form: key to mapping."""

    networks: dict[str, Section]
    volumes: dict[str, Section]
    secrets: dict[str, Section]
    configs: dict[str, Section]


def service_spec(key: str, service: Section, objects: Objects, stack: Stack, problems: Problems) -> Document:
    """The body of POST /services/create, with names in place of IDs, as far as it can be meant."""
    place = inside("services", key)
    deploy = service.get("deploy", {})
    mode: Document = {"Replicated": {}}
    restart = None
    with problems.attempt(place):
        mode = policies.mode(deploy, inside(place, "deploy"))
    with problems.attempt(place):
        restart = policies.restart_policy(service, deploy.get("restart_policy"), place)
    task = {
        "ContainerSpec": _container(service, place, objects, stack, problems),
        "Resources": policies.resources(deploy.get("resources", {})),
        "Placement": policies.placement(deploy.get("placement", {})),
        "Networks": attachments(key, service, objects.networks, stack, problems),
        "ForceUpdate": 0,
        **filled(RestartPolicy=restart, LogDriver=_log_driver(service.get("logging"))),
    }
    return {
        "Name": stack.scoped(key),
        "Labels": stack.labels(deploy.get("labels"), **{IMAGE: service["image"]}),
        "TaskTemplate": task,
        "Mode": mode,
        "EndpointSpec": policies.endpoint(deploy, service.get("ports", [])),
        **filled(
            UpdateConfig=policies.update_config(deploy.get("update_config")),
            RollbackConfig=policies.update_config(deploy.get("rollback_config")),
        ),
    }


def _container(service: Section, place: str, objects: Objects, stack: Stack, problems: Problems) -> Document:
    added, dropped = _capabilities(service.get("cap_add", []), service.get("cap_drop", []))
    image, healthcheck = service["image"], None
    with problems.attempt(inside(place, "image")):
        image = familiar(image)
    with problems.attempt(place):
        healthcheck = _healthcheck(service.get("healthcheck"), place)
    document = filled(
        Image=image,
        Labels=stack.labels(service.get("labels")),
        Command=service.get("entrypoint"),
        Args=service.get("command"),
        Hostname=service.get("hostname"),
        Env=_env(service.get("environment", {})),
        Dir=service.get("working_dir"),
        User=service.get("user"),
        StopSignal=service.get("stop_signal"),
        TTY=service.get("tty"),
        OpenStdin=service.get("stdin_open"),
        ReadOnly=service.get("read_only"),
        Mounts=mounts(service.get("volumes", []), objects.volumes, stack, problems),
        Hosts=[f"{address} {name}" for name, address in service.get("extra_hosts", [])],
        DNSConfig=_dns(service),
        Secrets=references("Secret", service.get("secrets", []), objects.secrets, stack, problems),
        Configs=_configs(service, place, objects, stack, problems),
        Isolation=service.get("isolation"),
        Sysctls=strings(service.get("sysctls")),
        CapabilityAdd=added,
        CapabilityDrop=dropped,
        Ulimits=_ulimits(service.get("ulimits", {})),
        OomScoreAdj=service.get("oom_score_adj"),
        Healthcheck=healthcheck,
        Privileges=_privileges(service, objects, stack),
    )
    # Pointers, where false and zero are values.
    for name, option in (("Init", "init"), ("StopGracePeriod", "stop_grace_period")):
        if service.get(option) is not None:
            document[name] = service[option]
    return document


def _env(environment: dict[str, str | None]) -> list[str]:
    return sorted(name if value is None else f"{name}={value}" for name, value in environment.items())


def _dns(service: Section) -> Document | None:
    """An empty list is one: the command line makes an object of it that says nothing."""
    if "dns" not in service and "dns_search" not in service:
        return None
    return filled(Nameservers=service.get("dns"), Search=service.get("dns_search"))


def _capabilities(add: list[str], drop: list[str]) -> tuple[list[str], list[str]]:
    """Normalised and sorted; ALL says it all, and what is added is not dropped (docker/cli, opts/capabilities.go)."""
    added, dropped = ({_capability(name) for name in names} for names in (add, drop))
    added, dropped = ({"ALL"} if "ALL" in names else names for names in (added, dropped))
    return sorted(added - {"RESET"}), sorted(dropped - added - {"RESET"})


def _capability(name: str) -> str:
    upper = name.strip().upper()
    return upper if upper in ("ALL", "RESET") or upper.startswith("CAP_") else f"CAP_{upper}"


def _configs(service: Section, place: str, objects: Objects, stack: Stack, problems: Problems) -> list[Document]:
    configs = references("Config", service.get("configs", []), objects.configs, stack, problems)
    key = service.get("credential_spec", {}).get("config")
    if key:
        with problems.attempt(place):
            with_credential(configs, key, inside(place, "credential_spec"), objects.configs, stack)
    return configs


def _privileges(service: Section, objects: Objects, stack: Stack) -> Document:
    """Sent even when there are none, as the command line does."""
    said = {key: value for key, value in service.get("credential_spec", {}).items() if value}
    if "config" in said:
        said["config"] = stack.called(said["config"], objects.configs.get(said["config"]))
    spec = {name: said.get(name.lower(), "") for name in ("Config", "File", "Registry")} if said else None
    return {"CredentialSpec": spec, "SELinuxContext": None}


def _ulimits(ulimits: dict[str, Section]) -> list[Document]:
    return [{"Name": name, "Soft": item["soft"], "Hard": item["hard"]} for name, item in sorted(ulimits.items())]


def _healthcheck(check: Section | None, place: str) -> Document | None:
    if check is None:
        return None
    if check.get("disable"):
        if check.get("test"):
            raise Invalid(inside(place, "healthcheck"), "test and disable are mutually exclusive")
        return {"Test": ["NONE"]}
    return filled(
        Test=check.get("test"),
        Interval=check.get("interval"),
        Timeout=check.get("timeout"),
        Retries=int(check.get("retries", 0)),
        StartPeriod=check.get("start_period"),
        StartInterval=check.get("start_interval"),
    )


def _log_driver(logging: Section | None) -> Document | None:
    if logging is None:
        return None
    return filled(Name=logging.get("driver"), Options=strings(logging.get("options")))
