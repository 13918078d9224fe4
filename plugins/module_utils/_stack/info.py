# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The stacks of the swarm. The engine knows none: a stack is what has a label of its name. One list of each kind."""

from __future__ import annotations

import typing as t

from .._core.query import check_query, listing
from .._core.values import NAMESPACE, Document, Values
from .._engine.client import Engine
from .._engine.lists import NAMED_LIST, listed
from .._frontend.definition import define_info
from .._network.schema import SWARM
from .._secret_config.schema import without_internal
from .._service.tasks import GLOBAL, GLOBAL_JOB, REPLICATED_JOB, mode_of, total_completions, update_state
from .._task.info import ports

ARGUMENT_SPEC = NAMED_LIST
KINDS = ("services", "networks", "secrets", "configs")
_MODES = {GLOBAL: "global", REPLICATED_JOB: "replicated-job", GLOBAL_JOB: "global-job"}
# Neither goes on by itself.
_STUCK = ("paused", "rollback_paused")

Stacks = dict[str, dict[str, list[Document]]]


def read_stack_info(engine: Engine, params: Values) -> Values:
    query = check_query(params["query"])
    names = params["name"]
    label = _label(names)
    for kind in KINDS[1:]:
        engine.expect(f"/{kind}", filters=label)
    found = _grouped({kind: _listed(engine, kind, label) for kind in KINDS})
    chosen = dict.fromkeys(names) if names else sorted(found)
    stacks = [_view(name, found[name], params["raw"]) for name in chosen if name in found]
    return listing("stacks", stacks, query)


def _label(names: list[str] | None) -> dict[str, list[str]]:
    """The filter for what has a stack's label. Of several labels the engine wants all, so that it can look for one stack alone."""
    return {"label": [f"{NAMESPACE}={names[0]}" if names and len(names) == 1 else NAMESPACE]}


def _listed(engine: Engine, kind: str, label: dict[str, list[str]]) -> list[Document]:
    more = {"status": True} if kind == "services" else {}
    found = listed(engine, f"/{kind}", filters=label, **more)
    return [item for item in found if _is_ours(item)] if kind == "networks" else found


def _is_ours(network: Document) -> bool:
    """One that this engine alone still has (its containers are told) has just been removed from the swarm."""
    return network["Scope"] == SWARM and network.get("Containers") is None


def _grouped(lists: t.Mapping[str, list[Document]]) -> Stacks:
    stacks: Stacks = {}
    for kind, items in lists.items():
        for item in sorted(items, key=_name):
            labels = item.get("Labels") if kind == "networks" else item["Spec"].get("Labels")
            stack = stacks.setdefault((labels or {})[NAMESPACE], {kind: [] for kind in KINDS})
            stack[kind].append(item)
    return stacks


def _name(item: Document) -> str:
    return t.cast(str, item["Name"] if "Name" in item else item["Spec"]["Name"])


def _view(name: str, items: t.Mapping[str, list[Document]], raw: bool) -> Values:
    services = [_service(service) for service in items["services"]]
    view = {
        "name": name,
        "healthy": _all_healthy([service["healthy"] for service in services]),
        "services": services,
        **{kind: [_name(item) for item in items[kind]] for kind in KINDS[1:]},
    }
    return {**view, "raw": {**items, "secrets": [_without_digest(item) for item in items["secrets"]]}} if raw else view


def _without_digest(secret: Document) -> Document:
    spec = secret["Spec"]
    return {**secret, "Spec": {**spec, "Labels": without_internal(spec.get("Labels"))}}


def _all_healthy(said: list[bool | None]) -> bool | None:
    """One that is not settles it. A deployment makes services last, so a stack without any is not there yet."""
    if False in said or not said:
        return False
    return None if None in said else True


def _service(service: Document) -> Values:
    spec, counts = service["Spec"], service.get("ServiceStatus") or {}
    container = (spec.get("TaskTemplate") or {}).get("ContainerSpec") or {}
    return {
        "id": service["ID"],
        "name": spec["Name"],
        "image": container.get("Image", ""),
        "mode": _MODES.get(mode_of(service), "replicated"),
        "running": counts.get("RunningTasks"),
        "desired": counts.get("DesiredTasks"),
        "completed": counts.get("CompletedTasks"),
        "update_state": update_state(service),
        "update_message": (service.get("UpdateStatus") or {}).get("Message", ""),
        "ports": ports((service.get("Endpoint") or {}).get("Ports")),
        "healthy": _healthy(service),
    }


def _healthy(service: Document) -> bool | None:
    """None where the API is too old for counts (before 1.41)."""
    if update_state(service) in _STUCK:
        return False
    counts = service.get("ServiceStatus")
    if not counts:
        return None
    wanted = counts["DesiredTasks"]
    if mode_of(service) == REPLICATED_JOB:  # wants as many as may run at once, even when all is done
        wanted = min(wanted, total_completions(service) - counts["CompletedTasks"])
    return t.cast(bool, counts["RunningTasks"] >= wanted)


MODULE = define_info(read_stack_info, ARGUMENT_SPEC)
