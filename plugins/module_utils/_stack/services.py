# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The services of a stack."""

from __future__ import annotations

import typing as t
from dataclasses import replace

from .._core.errors import BadInput
from .._core.plan import CREATE, KNOWN_AFTER, REMOVE, Change, Plan
from .._core.schema import ObjectField, Schema, require_versions
from .._core.values import MISSING, Document, Values
from .._network.unfinished import networks_of, without_labels
from .._service.checks import held_ports, port_conflicts, published_ports
from .._service.image import parse_resolve_image
from .._service.plan import creation_changes, plan_update, warn_of_effects, with_platforms
from .._service.resume import plan_resume
from .._service.schema import (
    CONTAINER,
    CREDENTIAL_CONFIG,
    IMAGE,
    PLATFORMS,
    PORTS,
    PREFIXES,
    SERVICE,
    image_of,
    with_counts,
    with_names,
)
from .live import same_service
from .secret_config import ResolvedObject
from .steps import StackTask, Step

_COUNTS = ("replicas", "max_concurrent")

ResolvedObjects = t.Mapping[str, t.Mapping[str, ResolvedObject]]


def with_objects(spec: Document, resolved: ResolvedObjects) -> Document:
    """The service with the desired versions of secrets and configs.

    :param resolved: ``secret`` and ``config`` to the file's names and their objects.
    """
    container = CONTAINER.get(spec)
    for kind, prefix in PREFIXES:
        if container.get(f"{prefix}s"):
            items = [_with_object(item, prefix, resolved[kind]) for item in container[f"{prefix}s"]]
            container = {**container, f"{prefix}s": sorted(items, key=lambda item: item[f"{prefix}Name"])}
    spec = CONTAINER.put(spec, container)
    credential = CREDENTIAL_CONFIG.get(spec)
    if credential and credential is not MISSING:
        spec = CREDENTIAL_CONFIG.put(spec, resolved["config"][credential].name)
    return spec


def _with_object(item: Document, prefix: str, resolved: t.Mapping[str, ResolvedObject]) -> Document:
    one = resolved[item[f"{prefix}Name"]]
    return {**item, f"{prefix}ID": one.id or KNOWN_AFTER, f"{prefix}Name": one.name}


def _with_image(resource: StackTask, wanted: Document, live: Document | None) -> tuple[Document, list[Document]]:
    """The service with its image, and the platforms of the image where they are news."""
    found = resource.image_to_write(IMAGE.get(wanted), image_of(live))
    return IMAGE.put(wanted, found.image), t.cast("list[Document]", found.platforms or [])


def plan_service(resource: StackTask, wanted: Document, service: Document | None, live: Document) -> Plan:
    """:param wanted: with names. :param service: as the engine lists it, None if there is none.
    :param live: its spec with names.
    """
    if service is None:
        plan = _plan_create(resource, *_with_image(resource, wanted, None))
    else:
        plan = _plan_update(resource, *_with_image(resource, wanted, live), service, live)
    name = wanted["Name"]
    warn_of_effects(lambda text: resource.warn(f"service {name}: {text}"), resource.engine, plan, live or None)
    return plan


def _params(resource: StackTask, wanted: Document, platforms: list[Document]) -> Values:
    """The options of swarm_service that say how."""
    keys = ("recreate", "hide_env", "retry_rolled_back")
    return {**{key: resource.params[key] for key in keys}, "placement": None, "_platforms": platforms}


def _plan_create(resource: StackTask, wanted: Document, platforms: list[Document]) -> Plan:
    params = _params(resource, wanted, platforms)
    spec = with_platforms(with_counts(wanted), params)
    _check(resource, spec)
    return Plan("service", spec["Name"], CREATE, tuple(creation_changes(spec, params)), spec=spec)


def _check(resource: StackTask, spec: Document) -> None:
    """What only the engine can tell; all else was checked with the files (``plugin_utils/_compose/part_checks.py``)."""
    require_versions(resource.engine, SERVICE, SERVICE.view(spec))


def _plan_update(
    resource: StackTask, wanted: Document, platforms: list[Document], service: Document, live: Document
) -> Plan:
    # The file says nothing of platforms: they are the image's, and stay with it.
    kept = PLATFORMS.get(live)
    wanted = wanted if kept is MISSING else PLATFORMS.put(wanted, kept)
    if same_service(live, wanted):
        return plan_resume(resource, service, live)
    params = _params(resource, wanted, platforms)
    changes = exact_changes(SERVICE, live, wanted, params)
    # A file that does not say how many leaves the count to the client that scales the service, or the job.
    changes = [change for change in changes if change.option not in _COUNTS or change.after is not None]
    if not changes:
        return plan_resume(resource, service, live)
    # The file has all networks of the service.
    plan = plan_update(resource.engine, service, without_labels(live, *networks_of(live)), params, changes)
    plan = replace(plan, spec=without_emptied(SERVICE, live, t.cast(Document, plan.spec), wanted))
    _check(resource, t.cast(Document, plan.spec))
    return plan


def removal(service: Document, networks: t.Mapping[str, str], late: bool) -> Step:
    """The values of its variables are not shown, because the user who deployed it may have hidden them.

    :param networks: IDs to names.
    """
    name = service["Spec"]["Name"]
    spec = with_names(service["Spec"], lambda target: networks.get(target, target))
    removed = creation_changes(spec, {"hide_env": True})
    changes = [change._replace(before=change.after, after=MISSING) for change in removed]
    return Step("service", name, REMOVE, tuple(changes), service, late=late)


def taken_ports(spec: Document) -> set[tuple[int, str]]:
    """The ports of the whole swarm that a service has: no other can have them meanwhile."""
    found = PORTS.get(spec)
    ports = found if isinstance(found, list) else []
    return {
        (port["PublishedPort"], port.get("Protocol", "tcp"))
        for port in ports
        if port.get("PublishedPort") and port.get("PublishMode", "ingress") == "ingress"
    }


def taken_by_others(steps: t.Iterable[Step], listed: list[Document]) -> t.Iterator[tuple[str, Document, str]]:
    """The service, its port, and why it cannot have it, at its turn in the order of the steps.

    :param steps: of services, in the order in which they are done. :param listed: all services of the swarm.
    """
    taken = {item["Spec"]["Name"]: held_ports(item) for item in listed}
    for step in steps:
        taken.pop(step.name, None)
        if step.action == REMOVE:
            continue
        wanted = published_ports(step.spec or {})
        yield from ((step.name, port, text) for port, text in port_conflicts(wanted, taken))
        taken[step.name] = wanted


def wants_ports(step: Step) -> bool:
    """Whether a step publishes a port that the service does not have."""
    if step.action == REMOVE:
        return False
    there = held_ports(step.live) if step.live else []
    return any(port not in there for port in published_ports(step.spec or {}))


def check_resolve_image(params: Values) -> None:
    try:
        parse_resolve_image(params["resolve_image"])
    except ValueError as error:
        raise BadInput("resolve_image", f"{error}.") from error


def exact_changes(schema: Schema, live: Document, wanted: Document, params: Values) -> list[Change]:
    """What it takes to make ``live`` the same as ``wanted`` in every option: what the latter lacks is cleared.

    :param params: options that say how (``hide_env``).
    """
    found: list[Change] = []
    for item in schema.fields:
        if item.path.get(live) == item.path.get(wanted):
            continue
        if isinstance(item, ObjectField):
            inner = exact_changes(item.schema, item.object_of(live), item.object_of(wanted), params)
            found += item.inside(inner)
            continue
        before, after = item.read(live), item.read(wanted)
        if before == after:
            continue
        found += [Change(item.option, before, after)] if after is None else item.changes(live, after, params)
    return found


def without_emptied(schema: Schema, live: Document, spec: Document, wanted: Document) -> Document:
    """The next document without the objects that it empties and that ``wanted`` does not have.

    The docker CLI does not send them either, and its next deployment would restart tasks for each.
    """
    for item in schema.fields:
        if not isinstance(item, ObjectField):
            continue
        before, there, desired = (item.path.get(document) for document in (live, spec, wanted))
        if there is MISSING or before == there:
            continue
        if desired is MISSING:
            spec = item.path.put(spec, MISSING if item.is_default(there) else there)
        elif isinstance(before, dict):
            spec = item.path.put(spec, without_emptied(item.schema, before, there, desired or {}))
    return _without_hollow(live, spec, wanted)


def _without_hollow(live: Document, spec: Document, wanted: Document) -> Document:
    """The same for objects that no option stands for, such as DNSConfig."""
    made = {}
    for key, value in spec.items():
        before, desired = live.get(key), wanted.get(key)
        if value == {} and before and key not in wanted:
            continue
        if isinstance(value, dict) and isinstance(before, dict) and isinstance(desired, dict):
            value = _without_hollow(before, value, desired)
        made[key] = value
    return made
