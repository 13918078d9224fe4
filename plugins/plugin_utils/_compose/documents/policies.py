# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A service's ``deploy`` and what belongs to it, as the engine has it (docker/cli, cli/compose/convert/service.go)."""

from __future__ import annotations

import re
import typing as t

from ....module_utils._core.paths import Document
from ....module_utils._stack.compose_places import Invalid, Section, inside
from ....module_utils._stack.compose_places import Item as PlacedItem
from .shape import filled, given

_RESTART = {"always": "any", "unless-stopped": "any", "on-failure": "on-failure", "no": None}


def mode(deploy: Section, place: str) -> Document:
    """Raises Invalid."""
    kind, replicas = deploy.get("mode") or "replicated", deploy.get("replicas")
    if kind in ("global", "global-job") and replicas is not None:
        raise Invalid(inside(place, "replicas"), f"not supported with mode {kind}")
    if kind == "replicated-job":
        return {"ReplicatedJob": given(MaxConcurrent=replicas, TotalCompletions=replicas)}
    modes = {"replicated": "Replicated", "global": "Global", "global-job": "GlobalJob"}
    if kind not in modes:
        raise Invalid(inside(place, "mode"), "must be replicated, global, replicated-job or global-job")
    return {modes[kind]: given(Replicas=replicas)}


def update_config(config: Section | None) -> Document | None:
    if config is None:
        return None
    parallelism = config.get("parallelism")
    return {
        "Parallelism": 1 if parallelism is None else parallelism,
        "MaxFailureRatio": config.get("max_failure_ratio", 0),
        "Order": config.get("order", ""),
        **filled(Delay=config.get("delay"), FailureAction=config.get("failure_action"), Monitor=config.get("monitor")),
    }


def restart_policy(service: Section, policy: Section | None, place: str) -> Document | None:
    """``deploy.restart_policy``, or what ``restart`` says. Raises Invalid."""
    if policy is not None:
        return {
            **filled(Condition=policy.get("condition")),
            **given(Delay=policy.get("delay"), MaxAttempts=policy.get("max_attempts"), Window=policy.get("window")),
        }
    if not service.get("restart"):
        return None
    match = re.fullmatch(r"([a-z-]+)(?::([0-9]*))?", service["restart"])
    if not match or match[1] not in _RESTART:
        raise Invalid(inside(place, "restart"), "must be no, always, unless-stopped, on-failure or on-failure:3")
    condition = _RESTART[match[1]]
    # A count counts for on-failure alone (docker/cli, convertRestartPolicy).
    attempts = int(match[2] or 0) if condition == "on-failure" else 0
    return filled(Condition=condition, MaxAttempts=attempts) if condition else None


def resources(item: Section) -> Document:
    found: Document = {}
    if "limits" in item:
        found["Limits"] = filled(**_amounts(item["limits"]), Pids=item["limits"].get("pids"))
    if "reservations" in item:
        generic = [_generic(one) for one in item["reservations"].get("generic_resources", [])]
        found["Reservations"] = filled(**_amounts(item["reservations"]), GenericResources=generic)
    return found


def _amounts(item: Section) -> Document:
    return {"NanoCPUs": item.get("cpus"), "MemoryBytes": item.get("memory")}


def _generic(item: Section) -> Document:
    if "discrete_resource_spec" not in item:
        return {}
    spec = item["discrete_resource_spec"]
    return {"DiscreteResourceSpec": filled(Kind=spec.get("kind"), Value=int(spec.get("value", 0)))}


def placement(item: Section) -> Document:
    preferences = [{"Spread": {"SpreadDescriptor": one.get("spread", "")}} for one in item.get("preferences", [])]
    return filled(
        Constraints=item.get("constraints"), Preferences=preferences, MaxReplicas=item.get("max_replicas_per_node")
    )


def endpoint(deploy: Section, ports: list[PlacedItem]) -> Document:
    """The ports in the order of the command line (28.5), since another one would restart tasks."""
    documents = [
        PlacedItem(
            filled(
                Protocol=port.get("protocol"),
                TargetPort=port.get("target"),
                PublishedPort=port.get("published"),
                PublishMode=port.get("mode"),
            ),
            port.file,
            port.place,
        )
        for port in ports
    ]
    documents.sort(key=lambda port: t.cast(int, port.get("PublishedPort", 0)))
    return filled(Mode=deploy.get("endpoint_mode", "").lower(), Ports=documents)
