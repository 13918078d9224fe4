# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of a service as a whole, before anything is written, and the options that files and other options complete.

The engine refuses most of it too, but often half-way (a task that is rejected), with status 500, or in words that name no
option. Checked only when something is to be written: what is there already has passed.

Two checks need the engine. A published port must not be another service's (swarmkit, manager/controlapi/service.go,
checkPortConflicts). Labels, driver and driver options of a mount count only when a node first creates the volume: a node that
has a volume of the name mounts it as it is (moby, volume/service/store.go), so an NFS volume goes on with the old server.
"""

from __future__ import annotations

import posixpath
import re
import typing as t

from .._core.codecs import parse_duration, parse_size
from .._core.errors import BadInput
from .._core.host import Node
from .._core.paths import MISSING, Document, Values, at
from .._core.plan import Plan
from .._core.validators import ABSOLUTE, Problem
from .._engine.client import Engine
from .codecs import COMMAND, ENV, parse_env_file
from .places import PORTS
from .schema import SERVICE

# swarmkit, manager/controlapi/common.go: a DNS label, as the name is one in the networks of the service.
_NAME = r"[a-zA-Z0-9](?:[-_]*[A-Za-z0-9]+)*"
_MIN_MEMORY = 4 * 1024**2
_MIN_CPUS = 0.001


Problems = t.Iterator[Problem]


def name_problems(name: str) -> Problems:
    if not re.fullmatch(_NAME, name):
        yield Problem(
            ("name",),
            f"{name!r} is not a valid name. Use letters, digits, '-' and '_', and start and end with a letter or digit",
        )
    if len(name) > 63:
        yield Problem(("name",), f"{name!r} has {len(name)} characters; the name of a service has at most 63")


def service_problems(after: Values, given: Values) -> Problems:
    """Everything about the service as a whole that cannot be meant.

    :param after: the service as it would be, in the options' words.
    :param given: the options of the task.
    """
    for check in (_modes, _jobs, _ports, _mounts, _files, _networks, _resources, _health, _privileges):
        yield from check(after, given)


def _modes(after: Values, given: Values) -> Problems:
    mode = after["mode"]
    if given.get("plugin") and mode != "global":
        yield Problem(("mode",), f"must be global for a plugin, not {mode}")
    if given.get("replicas") is not None and mode.startswith("global"):
        yield Problem(("replicas",), f"not supported with mode {mode}, which runs a task on every node")
    if given.get("max_concurrent") is not None and mode != "replicated-job":
        yield Problem(("max_concurrent",), f"only supported with mode replicated-job, not with {mode}")
    if given.get("placement") and after["placement"]["replicas_max_per_node"] and mode.startswith("global"):
        yield Problem(
            ("placement", "replicas_max_per_node"), f"not supported with mode {mode}, which runs one task per node"
        )


def _jobs(after: Values, given: Values) -> Problems:
    mode = after["mode"]
    if not mode.endswith("job"):
        return
    for option in ("update_config", "rollback_config"):
        if any(value is not None for value in (given.get(option) or {}).values()):
            yield Problem((option,), f"not supported with mode {mode}, because jobs have no rolling updates")
    if given.get("restart_config") and after["restart_config"]["condition"] == "any":
        yield Problem(("restart_config", "condition"), "any is not supported for jobs. Use none or on-failure")


Item = t.TypeVar("Item")


def _repeated(items: t.Iterable[Item | None]) -> t.Iterator[tuple[int, Item]]:
    """Number and value of each element that an earlier one is equal to; None is equal to nothing."""
    seen: set[Item | None] = set()
    for number, item in enumerate(items):
        if item in seen and item is not None:
            yield number, item
        seen.add(item)


def _ports(after: Values, given: Values) -> Problems:
    ports = after["publish"]
    if after["endpoint_mode"] == "dnsrr" and any(port["mode"] == "ingress" for port in ports):
        yield Problem(
            ("publish",),
            "endpoint_mode dnsrr does not support ingress. Publish with mode: host, or use endpoint_mode vip",
        )
    published = [(p["published_port"], p["protocol"]) if p["published_port"] else None for p in ports]
    for number, (port, protocol) in _repeated(published):
        yield Problem(("publish", number), f"port {port}/{protocol} is published twice")


# Sub-options of a mount -> the types that have them.
_ONLY = {
    "propagation": ("bind",),
    "non_recursive": ("bind",),
    "no_copy": ("volume",),
    "subpath": ("volume",),
    "labels": ("volume",),
    "driver_config": ("volume",),
    "tmpfs_size": ("tmpfs",),
    "tmpfs_mode": ("tmpfs",),
    "tmpfs_options": ("tmpfs",),
}


def _mounts(after: Values, given: Values) -> Problems:
    for number, mount in enumerate(given.get("mounts") or []):
        for problem in _mount(mount):
            yield problem.inside("mounts", number)
    for number, target in _repeated(posixpath.normpath(mount["target"]) for mount in after["mounts"]):
        yield Problem(("mounts", number, "target"), f"two mounts have the target {target}")


# moby, volume/local: the nodes reject the tasks. Templates are replaced before.
_VOLUME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+|.*\{\{.*", re.DOTALL)


def _target(target: str) -> Problems:
    if not ABSOLUTE.match(target):
        yield Problem(("target",), f"{target!r} is not an absolute path")
    elif not posixpath.normpath(target).strip("/"):  # moby, volume/mounts: the tasks are rejected
        yield Problem(("target",), "must not be the root directory")


def _mount(mount: Values) -> Problems:
    target, source, kind = mount.get("target") or "", mount.get("source"), mount["type"]
    yield from _target(target)
    if not source and kind in ("bind", "npipe", "cluster"):
        yield Problem(("source",), f"required for the {kind} mount at {target}")
    if source and kind == "tmpfs":
        yield Problem(("source",), f"not supported for the tmpfs mount at {target}")
    if kind == "bind" and not ABSOLUTE.match(source or ""):
        yield Problem(("source",), f"{source!r} is not an absolute path. For a volume, use type: volume")
    driver = (mount.get("driver_config") or {}).get("name") or "local"
    if kind == "volume" and driver == "local" and source and not _VOLUME.fullmatch(source):
        yield Problem(
            ("source",),
            f"{source!r} is not a valid volume name. Use two or more letters, digits, '_', '.' and '-', the first of them a"
            " letter or digit",
        )
    for option, kinds in _ONLY.items():
        if mount.get(option) and kind not in kinds:
            yield Problem(
                (option,), f"only supported for {kinds[0]} mounts, and the mount at {target} has the type {kind}"
            )


def _files(after: Values, given: Values) -> Problems:
    for kind in ("secrets", "configs"):
        for number, filename in _repeated(item["filename"] for item in after[kind]):
            yield Problem((kind, number, "filename"), f"two items have the filename {filename}")


def _networks(after: Values, given: Values) -> Problems:
    names = [item["name"] for item in after["networks"]]
    for number, name in _repeated(names):
        yield Problem(("networks", number), f"{name} is named twice")
    if "host" in names and (given.get("networks") or given.get("publish")):
        yield from _on_host(after)
    if given.get("networks") and "ingress" in names:
        yield Problem(("networks",), "ingress is only for published ports. Services cannot be attached to it")


def _on_host(after: Values) -> Problems:
    """moby starts no container of the host's network with another one, and ingress is one (verified with 28.5)."""
    if len(after["networks"]) > 1:
        yield Problem(("networks",), "host cannot be combined with other networks. No container would start")
    if any(port["mode"] == "ingress" for port in after["publish"]):
        text = "a service on the network host has the ports of its nodes. Remove the ports, or publish them with mode: host"
        yield Problem(("publish",), text)


def _resources(after: Values, given: Values) -> Problems:
    for option in ("limits", "reservations"):
        group = after[option]
        if group["cpus"] and group["cpus"] < _MIN_CPUS:
            yield Problem((option, "cpus"), f"{group['cpus']} is too low. The minimum is {_MIN_CPUS}")
        if group["memory"] and parse_size(group["memory"]) < _MIN_MEMORY:
            yield Problem((option, "memory"), f"{group['memory']} is too low. The minimum is 4M")
    generic = [(item["kind"], item["name"]) for item in after["reservations"]["generic_resources"]]
    for number, (kind, _name) in _repeated(generic):
        yield Problem(("reservations", "generic_resources", number), f"{kind} is named twice")
    if after["memswap_limit"] is not None and not after["limits"]["memory"]:
        yield Problem(("memswap_limit",), "needs limits.memory")


def _health(after: Values, given: Values) -> Problems:
    wanted = given.get("healthcheck") or {}
    for option in ("interval", "timeout", "start_period", "start_interval"):
        if wanted.get(option) and 0 < parse_duration(wanted[option]) < 10**6:
            yield Problem(("healthcheck", option), f"{wanted[option]} is too short. The minimum is 1ms")
    if after["healthcheck"]["test"] == ["NONE"] and any(v for k, v in wanted.items() if k != "test"):
        yield Problem(("healthcheck",), "test NONE disables the check and excludes the other options")


def _privileges(after: Values, given: Values) -> Problems:
    credential = [name for name, value in after["credential_spec"].items() if value]
    if len(credential) > 1:
        yield Problem(
            ("credential_spec",), f"config, file and registry are mutually exclusive, not {' and '.join(credential)}"
        )
    seccomp = after["privileges"]["seccomp"]
    if bool(seccomp["profile"]) != (seccomp["mode"] == "custom"):
        yield Problem(
            ("privileges", "seccomp"), "mode custom requires a profile, and the other modes do not support it"
        )


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


# opencontainers/runc, libcontainer/configs/validate: those of a container's own; user.* are, where users are remapped.
_OWN_SYSCTLS = re.compile(
    r"(net|user|fs\.mqueue)\..+|kernel\.(msg(max|mnb|mni)|sem|shm(all|max|mni|_rmid_forced)|domainname)"
)


def warn_of_effects(warn: t.Callable[[str], None], engine: Engine, plan: Plan, live: Document | None) -> None:
    """Warn of what is planned, and does not work as it is written.

    :param live: the spec as it is, None for a new service.
    """
    if any(change.option == "mounts" for change in plan.changes):
        warn_of_kept(warn, engine, plan.spec or {}, live)
    given = [change for change in plan.changes if change.option == "sysctls" and change.after not in (None, MISSING)]
    names = (name for change in given for name in change.key or change.after)
    wrong = sorted(name for name in names if not _OWN_SYSCTLS.fullmatch(name.replace("/", ".")))
    if wrong:
        warn(
            f"sysctls: {', '.join(wrong)}: a container has no such parameter of its own, and runc does not start"
            " containers with it. Set it on the nodes instead (ansible.posix.sysctl)."
        )


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
