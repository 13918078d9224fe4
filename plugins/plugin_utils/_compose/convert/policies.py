# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A service's ``deploy`` and what belongs to it, as the engine has it (docker/cli, cli/compose/convert/service.go)."""

from __future__ import annotations

import re
import typing as t

from ....module_utils._core.values import Document, Values, inside
from ....module_utils._service.schema import LIMITS, MODES, PLACEMENT, PORT, PREFERENCE, RESERVATIONS, RESTART, UPDATE
from ....module_utils._stack.compose_places import Invalid, Section
from ....module_utils._stack.compose_places import Item as PlacedItem
from .shape import filled, given

_RESTART = {"always": "any", "unless-stopped": "any", "on-failure": "on-failure", "no": None}


def mode(deploy: Section, place: str) -> Values:
    """The options of the mode; raises Invalid."""
    kind, replicas = deploy.get("mode") or "replicated", deploy.get("replicas")
    if kind not in MODES:
        raise Invalid(inside(place, "mode"), "must be replicated, global, replicated-job or global-job")
    if kind in ("global", "global-job") and replicas is not None:
        raise Invalid(inside(place, "replicas"), f"not supported with mode {kind}")
    tasks = given(max_concurrent=replicas if kind == "replicated-job" else None, replicas=replicas)
    return {"mode": {MODES[kind]: {}}, **tasks}


def update_config(config: Section | None) -> Document | None:
    if config is None:
        return None
    parallelism = config.get("parallelism")
    always = {"max_failure_ratio": config.get("max_failure_ratio", 0), "order": config.get("order", "")}
    return UPDATE.document(
        {
            "parallelism": 1 if parallelism is None else parallelism,
            **always,
            **filled(
                delay=config.get("delay"), failure_action=config.get("failure_action"), monitor=config.get("monitor")
            ),
        }
    )


def restart_policy(service: Section, policy: Section | None, place: str) -> Document | None:
    """``deploy.restart_policy``, or what ``restart`` says. Raises Invalid."""
    if policy is not None:
        numbers = {key: policy.get(key) for key in ("delay", "max_attempts", "window")}
        return RESTART.document({**filled(condition=policy.get("condition")), **given(**numbers)})
    if not service.get("restart"):
        return None
    match = re.fullmatch(r"([a-z-]+)(?::([0-9]{0,18}))?", service["restart"])
    if not match or match[1] not in _RESTART:
        raise Invalid(inside(place, "restart"), "must be no, always, unless-stopped, on-failure or on-failure:3")
    condition = _RESTART[match[1]]
    # A count counts for on-failure alone (docker/cli, convertRestartPolicy).
    attempts = int(match[2] or 0) if condition == "on-failure" else 0
    return RESTART.document(filled(condition=condition, max_attempts=attempts)) if condition else None


def resources(item: Section) -> Values:
    """The options of what tasks may use and need."""
    found: Values = {}
    if "limits" in item:
        limits = {key: item["limits"].get(key) for key in ("cpus", "memory", "pids")}
        found["limits"] = LIMITS.document(filled(**limits))
    if "reservations" in item:
        needs = item["reservations"]
        generic = [_generic(one) for one in needs.get("generic_resources", [])]
        amounts = filled(cpus=needs.get("cpus"), memory=needs.get("memory"))
        found["reservations"] = RESERVATIONS.document(amounts, filled(GenericResources=generic))
    return found


def _generic(item: Section) -> Document:
    if "discrete_resource_spec" not in item:
        return {}
    spec = item["discrete_resource_spec"]
    return {"DiscreteResourceSpec": filled(Kind=spec.get("kind"), Value=int(spec.get("value", 0)))}


def placement(item: Section) -> Document:
    return PLACEMENT.document(
        filled(
            constraints=item.get("constraints"),
            preferences=[PREFERENCE.document({"spread": one.get("spread", "")}) for one in item.get("preferences", [])],
            replicas_max_per_node=item.get("max_replicas_per_node"),
        )
    )


def publish(ports: list[PlacedItem]) -> list[Document]:
    """The ports in the order of the command line (28.5), since another one would restart tasks."""
    ordered = sorted(ports, key=lambda port: t.cast(int, port.get("published") or 0))
    return [PlacedItem(_port(port), port.file, port.place) for port in ordered]


def _port(port: PlacedItem) -> Document:
    return PORT.document(
        filled(
            protocol=port.get("protocol"),
            target_port=port.get("target"),
            published_port=port.get("published"),
            mode=port.get("mode"),
        )
    )
