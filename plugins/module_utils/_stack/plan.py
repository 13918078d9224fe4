# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From what is there to the steps that make it what the file says."""

from __future__ import annotations

import typing as t

from .._core.errors import BadInput, NotFound, Refused
from .._core.plan import KNOWN_AFTER, NONE, UPDATE
from .._core.validators import refuse_twin
from .._core.values import NAMESPACE, Document
from .._engine.client import path_part
from .._network.live import SWARM_PREDEFINED
from .._service.checks import number_of
from .._service.references import Unknown, unknown_network, unknown_object
from .._service.schema import image_of, with_names
from . import networks, removal
from .compose_places import ErrorCollector
from .definition import Definition
from .live import DATA_KINDS, LiveStack
from .secret_config import ResolvedObject, SecretConfigPlan, plan_secret_config
from .services import plan_service, taken_by_others, wants_ports, with_objects
from .steps import StackPlan, StackTask, Step, in_order, stack_plan


class Planner:
    """One planning. The resource lends its engine, its options and its warnings."""

    def __init__(self, resource: StackTask, wanted: Definition, live: LiveStack) -> None:
        self._resource, self._wanted, self._live = resource, wanted, live
        self._engine = resource.engine
        self._names = live.network_names
        self._errors = ErrorCollector(wanted)

    def plan(self) -> StackPlan:
        self._require_external()
        versions = {kind: self._plan_secret_config(kind) for kind in DATA_KINDS}
        steps = networks.plan_networks(self._resource, self._wanted.networks, self._live.networks, self._errors)
        steps += [step for kind in DATA_KINDS for step in versions[kind].steps]
        services, specs = self._plan_services(versions)
        self._errors.report()
        self._read_logins(services)
        leftover = self._plan_leftovers(versions, services, specs)
        self._check_ports([*services, *leftover])
        steps += [*services, *leftover]
        return stack_plan(self._resource.params["name"], UPDATE if steps else NONE, steps, specs)

    def _read_logins(self, steps: list[Step]) -> None:
        """Refuse a login that cannot be read before anything is written."""
        for step in steps:
            self._resource.header(image_of(step.spec))

    def _check_ports(self, steps: list[Step]) -> None:
        """The engine gives no port to two services; what it has is asked for only where a service wants another."""
        of_services = [step for step in steps if step.kind == "service"]
        if not any(map(wants_ports, of_services)):
            return
        ordered = [step for step in in_order(of_services) if not step.late]
        for name, port, text in taken_by_others(ordered, self._engine.get("/services")):
            self._errors.add(BadInput("publish", f"{text}."), "service", name, ("publish", number_of(port)))
        self._errors.report()

    # What has to be there

    def _require_external(self) -> None:
        for kind, name, unknown in self._missing():
            if self._resource.check_mode and not unknown.certain:
                self._resource.missing(unknown.error)
            else:
                self._errors.add(unknown.error, kind, name)

    def _missing(self) -> t.Iterator[tuple[str, str, Unknown]]:
        """Kind, name and reason of each object that is not there."""
        external = self._wanted.external
        for name in external["networks"]:
            if name not in self._names.values() and name not in SWARM_PREDEFINED:
                yield "network", name, unknown_network(self._engine, name, self._names.values())
        for kind in DATA_KINDS:
            known = {item["Spec"]["Name"] for item in self._live.secret_config[kind]}
            for name in external[f"{kind}s"]:
                if name not in known:
                    yield kind, name, Unknown(unknown_object(self._engine, kind, name))

    # Secrets and configs

    def _plan_secret_config(self, kind: str) -> SecretConfigPlan:
        live = self._live.secret_config[kind]
        planned = plan_secret_config(self._engine, kind, self._wanted.of(kind), live, self._errors)
        ids = {item["Spec"]["Name"]: item["ID"] for item in live}
        for name in self._wanted.external[f"{kind}s"]:
            planned.resolved[name] = ResolvedObject(name, ids.get(name, KNOWN_AFTER))
        return planned

    # Services

    def _plan_services(self, versions: t.Mapping[str, SecretConfigPlan]) -> tuple[list[Step], dict[str, Document]]:
        there = self._live.services
        self._refuse_strangers()
        resolved = {kind: versions[kind].resolved for kind in DATA_KINDS}
        steps, specs = [], {}
        for name, wanted in self._wanted.services.items():
            service = there.get(name)
            live = with_names(service["Spec"], self._name_of) if service else {}
            with self._errors.attempt("service", name):
                plan = plan_service(self._resource, with_objects(wanted, resolved), service, live)
                specs[name] = plan.spec or live
                if plan.changed:
                    steps.append(Step("service", name, plan.action, plan.changes, service, plan.spec))
        return steps, specs

    def _refuse_strangers(self) -> None:
        new = [name for name in self._wanted.services if name not in self._live.services]
        if not new:
            return
        listed = [item["Spec"]["Name"] for item in self._engine.get("/services")]
        for name in new:
            with self._errors.attempt("service", name):
                if name in listed:
                    stack = self._wanted.name
                    raise Refused(
                        f"service {name}: exists already, and does not belong to stack {stack}. Rename it, or remove that service first."
                    )
                refuse_twin("service", name, listed)

    def _name_of(self, target: str) -> str:
        """The name of a network; of one that no list has, the engine tells it."""
        if target not in self._names:
            try:
                self._names[target] = self._engine.get(f"/networks/{path_part(target)}", scope="swarm")["Name"]
            except NotFound:
                self._names[target] = target
        return self._names[target]

    # What goes

    def _plan_leftovers(
        self, versions: t.Mapping[str, SecretConfigPlan], steps: list[Step], specs: dict[str, Document]
    ) -> list[Step]:
        prune = self._resource.params["prune"]
        dropped = removal.dropped_services(self._wanted, self._live, prune)
        there = removal.Leftovers(dropped, specs, self._rollbacks(steps))
        found = removal.plan_services(self._resource, self._live, there)
        if prune:
            found += removal.plan_networks(self._resource, self._wanted, self._live, dropped)
        for kind in DATA_KINDS:
            old = [*versions[kind].old, *(self._unwanted(kind, versions[kind]) if prune else [])]
            found += removal.plan_secret_config(self._resource, kind, old, self._wanted.of(kind), there)
        return found

    def _rollbacks(self, steps: list[Step]) -> dict[str, Document | None]:
        """What each service will be able to go back to."""
        updated = {step.name for step in steps if step.action == UPDATE}
        items = self._live.services.items()
        return {name: item["Spec"] if name in updated else item.get("PreviousSpec") for name, item in items}

    def _unwanted(self, kind: str, versions: SecretConfigPlan) -> list[Document]:
        """Objects of the stack that the file has no more."""
        known = {one.id for one in versions.resolved.values()} | {item["ID"] for item in versions.old}
        return [
            item
            for item in self._live.secret_config[kind]
            if item["ID"] not in known and (item["Spec"].get("Labels") or {}).get(NAMESPACE) == self._wanted.name
        ]
