# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that files and other options complete, and checks of the service beside what the swarm has.

A published port must not be another service's (swarmkit, manager/controlapi/service.go,
checkPortConflicts). Labels, driver and driver options of a mount count only when a node first creates the volume: a node that
has a volume of the name mounts it as it is (moby, volume/service/store.go), so an NFS volume goes on with the old server.
"""

from __future__ import annotations

import typing as t

from .._core.errors import BadInput
from .._core.values import MISSING, Document, Values, at
from .._engine.client import Engine, Node
from .codecs import COMMAND, ENV, parse_env_file
from .schema import PORTS, SERVICE


def check_alone(params: Values) -> None:
    """Going back brings all of the previous spec, so it can be given nothing of it."""
    if params["state"] != "rolled_back":
        return
    given = [item.option for item in SERVICE.given(params)]
    given += [option for option in ("env_files", "force_update") if params[option] not in (None, False)]
    if given:
        raise BadInput(given[0], "cannot be combined with state: rolled_back, which restores the whole previous spec.")


def clear_exclusive_suboptions(params: Values) -> Values:
    """Sub-options of which there can be one: giving it takes the others away, rather than standing beside them."""
    credential = params["credential_spec"]
    if credential and any(credential.values()):
        params = {**params, "credential_spec": {key: value or "" for key, value in credential.items()}}
    seccomp = (params["privileges"] or {}).get("seccomp")
    if seccomp and seccomp["mode"] not in (None, "custom") and seccomp["profile"] is None:
        params = {**params, "privileges": {**params["privileges"], "seccomp": {**seccomp, "profile": ""}}}
    return params


def with_command_as_args(params: Values) -> Values:
    """``command`` before ``args`` as the arguments of the image's entrypoint, as community.docker and the CLI have it."""
    command, args = params["command"], params["args"]
    if command is None and args is None:
        return params
    try:
        words = [] if command is None else COMMAND.encode(command)
    except ValueError as error:
        raise BadInput("command", f"{error}.") from error
    return {**params, "command": [], "args": [*([] if words is MISSING else words), *(args or [])]}


def with_env_files(params: Values, node: Node) -> Values:
    """``env`` with what the files have; what both have is as ``env`` says, as in compose. No files have nothing."""
    if params["env_files"] is None:
        return params
    merged: Values = {}
    for path in params["env_files"]:
        merged.update(_read(path, node))
    try:
        own = ENV.decode(ENV.encode(params["env"])) if params["env"] is not None else {}
    except ValueError as error:
        raise BadInput("env", f"{error}.") from error
    return {**params, "env": {**merged, **own}}


def _read(path: str, node: Node) -> Values:
    try:
        return parse_env_file(node.read(path), node.environment())
    except OSError as error:
        raise BadInput("env_files", f"{path} cannot be read: {error.strerror or error}.") from error
    except ValueError as error:
        raise BadInput("env_files", f"{path}: {error}.") from error


_GIVEN = at("Endpoint", "Ports")
_INGRESS = "ingress"

Ports = list[Document]


def published_ports(spec: Document) -> Ports:
    """The ports of a service's spec that have a published number, which others cannot have at the same time."""
    found = PORTS.get(spec)
    return [port for port in found if port.get("PublishedPort")] if isinstance(found, list) else []


def number_of(port: Document) -> str:
    """``8080/tcp``."""
    return f"{port['PublishedPort']}/{_protocol(port)}"


def held_ports(service: Document) -> Ports:
    """The ports that a service of the engine's list holds: those of its spec, and those that the swarm gave it."""
    given = _GIVEN.get(service)
    return [
        *published_ports(service["Spec"]),
        *published_ports({"EndpointSpec": {"Ports": given if isinstance(given, list) else []}}),
    ]


def refuse_taken(spec: Document, service: Document | None, name: str, engine: Engine) -> None:
    """Raise BadInput for a port that another service has.

    :param spec: of the service as it would be. :param service: as the engine has it, None for a new one.
    """
    there = held_ports(service) if service else []
    new = [port for port in published_ports(spec) if port not in there]
    if not new:
        return
    others = {
        item["Spec"]["Name"]: held_ports(item) for item in engine.get("/services") if item["Spec"]["Name"] != name
    }
    for _port, text in port_conflicts(new, others):
        raise BadInput("publish", f"{text}.")


def port_conflicts(ports: t.Iterable[Document], others: t.Mapping[str, Ports]) -> t.Iterator[tuple[Document, str]]:
    """Each port that a service cannot have, with why.

    :param others: the ports that other services hold, by the service's name.
    """
    for port in ports:
        for name, taken in others.items():
            twin = next((other for other in taken if _same_number(port, other) and _exclude(port, other)), None)
            if twin:
                how = "" if _mode(twin) == _INGRESS else f" with mode {_mode(twin)}"
                yield (
                    port,
                    f"port {number_of(port)} is already published by the service {name}{how}",
                )
                break


def _same_number(one: Document, other: Document) -> bool:
    return one["PublishedPort"] == other["PublishedPort"] and _protocol(one) == _protocol(other)


def _exclude(one: Document, other: Document) -> bool:
    """Several services can have a port of the nodes (mode host); with one in the routing mesh, no other can."""
    return _INGRESS in (_mode(one), _mode(other))


def _protocol(port: Document) -> str:
    return str(port.get("Protocol") or "tcp").lower()


def _mode(port: Document) -> str:
    return str(port.get("PublishMode") or _INGRESS).lower()


_MOUNTS = at("TaskTemplate", "ContainerSpec", "Mounts")
_LOCAL = "local"
_OPTIONS = {"driver": "driver_config.name", "options": "driver_config.options", "labels": "labels"}


class _VolumeCreation(t.NamedTuple):
    """What a volume is made with."""

    driver: str
    options: dict[str, str]
    labels: dict[str, str]


def warn_of_kept(warn: t.Callable[[str], None], engine: Engine, spec: Document, live: Document | None) -> None:
    """Warn of each volume that the service is to have with other options than it was made with.

    What can be seen of that on a manager is the spec that the service has, and the volumes of this engine.

    :param spec: as it is planned. :param live: as it is, None for a new service.
    """
    wanted = _named(spec)
    known = _named(live or {})
    unknown = {
        name for name, making in wanted.items() if name not in known and making != _VolumeCreation(_LOCAL, {}, {})
    }
    if unknown:
        known.update(_here(engine, unknown))
    for name, making in wanted.items():
        before = known.get(name, making)
        changed = [option for key, option in _OPTIONS.items() if getattr(before, key) != getattr(making, key)]
        if changed:
            warn(
                f"mounts: volume {name!r} exists with options that differ from the task ({', '.join(changed)}). They apply"
                " only when a node creates the volume, so nodes that have it keep the old ones. Use another source, or"
                f" remove the volume on each of these nodes first (docker volume rm {name}), which deletes its data."
            )


def _named(spec: Document) -> dict[str, _VolumeCreation]:
    """The volumes with a name; those without one are made anew for each task."""
    mounts = _MOUNTS.get(spec)
    found = [] if mounts is MISSING or mounts is None else mounts
    volumes = [item for item in found if item.get("Type") == "volume" and item.get("Source")]
    return {item["Source"]: _making(item.get("VolumeOptions") or {}) for item in volumes}


def _making(options: Document) -> _VolumeCreation:
    driver = options.get("DriverConfig") or {}
    return _VolumeCreation(driver.get("Name") or _LOCAL, driver.get("Options") or {}, options.get("Labels") or {})


def _here(engine: Engine, names: set[str]) -> dict[str, _VolumeCreation]:
    """The volumes of this engine of these names. The filter takes a part of a name."""
    listed = engine.get("/volumes", filters={"name": sorted(names)}).get("Volumes") or ()
    return {
        item["Name"]: _VolumeCreation(item.get("Driver") or _LOCAL, item.get("Options") or {}, item.get("Labels") or {})
        for item in listed
        if item["Name"] in names and not item.get("ClusterVolume")
    }
