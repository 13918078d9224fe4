# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The requests that converge a stack, in an order in which a failure leaves the old one running: what
services need is there before they are touched, and nothing goes before they have converged."""

from __future__ import annotations

import typing as t

from .._core.drivers import driver_option
from .._core.errors import SwarmError
from .._core.plan import CREATE, FINISH, KNOWN_AFTER, RECREATE, REMOVE
from .._core.reconcile import Write
from .._core.values import Document, Values
from .._service import requests as service_writing
from .._service.checks import held_ports, port_conflicts, published_ports
from .._service.references import with_ids
from .._service.schema import CONTAINER, PREFIXES
from . import networks, secret_config
from .compose_places import name_origin
from .live import DATA_KINDS, LiveStack
from .steps import StackTask, Step, as_changes, in_order

# Seconds; the allocator takes milliseconds.
_PORT_PATIENCE = 10


def expected(steps: t.Sequence[Step]) -> list[Write]:
    """The writes of these steps, in the order in which they are done."""
    late = [step for step in steps if step.late]
    return [Write(step.written, as_changes([step]), step.late) for step in [*in_order(steps), *late]]


class Writer:
    """:param resource: lends its engine, its options, its warnings and the credentials of registries.

    ``written`` has, by the name of a service, its ID and the version that it was to get (0 for a new one).
    """

    def __init__(self, resource: StackTask, live: LiveStack) -> None:
        self._resource, self._engine = resource, resource.engine
        self._ids: dict[str, dict[str, str]] = {
            "network": {item["Name"]: item["Id"] for item in live.networks},
            **{kind: {item["Spec"]["Name"]: item["ID"] for item in live.secret_config[kind]} for kind in DATA_KINDS},
        }
        self.written: dict[str, tuple[str, int]] = {}
        self._moved: dict[str, str] = {}  # IDs of the services that gave a port away

    def write(self, step: Step) -> None:
        log = self._resource.writes
        log.place = (f"{step.kind}s", step.name)
        try:
            self._send(step)
        except SwarmError as error:
            option = driver_option(_drivers(step.spec or {}), error.plugin) if error.plugin else ()
            name_origin(error, self._resource.wanted, step.kind, step.name, option)
            raise
        log.wrote_expected(step.written)

    def _send(self, step: Step) -> None:
        if step.kind == "service":
            self._write_service(step)
        elif step.kind == "network":
            self._write_network(step)
        elif step.action == CREATE:
            self._ids[step.kind][t.cast(Document, step.spec)["Name"]] = secret_config.send_new(self._engine, step)
        else:
            secret_config.send_labels(self._engine, step)

    def _write_network(self, step: Step) -> None:
        if step.action == FINISH:
            networks.send_end(self._resource, step, self._ids["network"][step.name])
        else:
            send = networks.send_replacement if step.action == RECREATE else networks.send_new
            self._ids["network"][step.name] = send(self._resource, step)

    def _write_service(self, step: Step) -> None:
        spec = self._sendable(step.spec or {})
        self._await_ports(step)
        new = service_writing.write(self._resource, step.live, spec, step.action)
        if step.action == REMOVE:
            return
        live = step.live or {}
        self.written[step.name] = (new, 0) if new else (live["ID"], live["Version"]["Index"] + 1)
        if not new and any(port not in published_ports(spec) for port in held_ports(live)):
            self._moved[step.name] = live["ID"]

    def _await_ports(self, step: Step) -> None:
        """Wait until services that were written before hold no port that this one is to have.

        The engine refuses it as long as the old port is in such a service's Endpoint, which its allocator clears shortly
        after the update (swarmkit, manager/controlapi/service.go, checkPortConflicts).
        """
        wanted = published_ports(step.spec or {})
        if not self._moved or not wanted or step.action == REMOVE:
            return
        clock = self._resource.clock
        end = clock.now() + _PORT_PATIENCE
        while clock.now() < end:
            others = {name: held_ports(self._engine.get(f"/services/{number}")) for name, number in self._moved.items()}
            others.pop(step.name, None)
            if not any(port_conflicts(wanted, others)):
                return
            clock.sleep(0.1)

    def _sendable(self, spec: Document) -> Document:
        """The spec with IDs."""
        container = CONTAINER.get(spec)
        if isinstance(container, dict):
            for kind, prefix in PREFIXES:
                if container.get(f"{prefix}s"):
                    items = [
                        self._with_id(item, kind, f"{prefix}ID", f"{prefix}Name") for item in container[f"{prefix}s"]
                    ]
                    container = {**container, f"{prefix}s": items}
            spec = CONTAINER.put(spec, container)
        return with_ids(spec, self._ids["network"], self._ids["config"])

    def _with_id(self, item: Document, kind: str, key: str, name: str) -> Document:
        return {**item, key: self._ids[kind][item[name]]} if item[key] == KNOWN_AFTER else item


def _drivers(spec: Document) -> Values:
    """The drivers of a network or secret, in the words of the single modules."""
    driver = spec.get("Driver")
    if isinstance(driver, dict):
        driver = {"name": driver.get("Name")}
    return {"driver": driver, "ipam_driver": (spec.get("IPAM") or {}).get("Driver")}


def clean_up(resource: StackTask, steps: t.Iterable[Step]) -> None:
    """What goes at the end: services, then what they had."""
    for step in steps:
        if step.kind == "service":
            service_writing.remove(resource.engine, t.cast(Document, step.live))
        elif step.kind == "network":
            networks.send_removal(resource, step)
        else:
            kept = secret_config.send_removal(resource.engine, step)
            for name in kept:
                resource.warn(f"{step.kind} {name}: not removed, because a service uses it now.")
            if kept:
                continue
        resource.writes.wrote(step.written)
