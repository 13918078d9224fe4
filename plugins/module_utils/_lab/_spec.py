# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The desired state of a lab: typed values, checked once, kept as lab.json. Pure."""

from __future__ import annotations

import copy
import hashlib
import ipaddress
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from . import _names as names
from ._errors import LabError

SYSTEM = "system"
REGISTRY_PORT = 5000
ENGINE_PORT = 2375
#: Keys of daemon.json that hold the lab together.
RESERVED = ("cgroup-parent", "containerd", "data-root", "exec-root", "pidfile")

_SUITE = re.compile(r"[a-z][a-z0-9-]*")
#: What a machine could ever carry; each is a daemon with a data directory.
_MOST_ENGINES = 1000
_ENGINE_KEYS = {"name", "hostname", "address", "binaries", "daemon_json", "env"}


@dataclass(frozen=True)
class EngineOptions:
    """What the user said about one engine. Everything but the name may be left out."""

    name: str
    hostname: str | None = None
    address: str | None = None
    binaries: str | None = None
    daemon_json: dict[str, Any] = field(default_factory=dict)
    env: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Node:
    """One engine (or the registry), resolved. A node is a set of namespaces with one daemon."""

    name: str
    kind: str
    hostname: str
    address: str
    binaries: str
    config: dict[str, Any]
    env: dict[str, str]

    def fingerprint(self) -> str:
        """Digest of all that needs a restart of the daemon when it changes."""
        return hashlib.sha256(canonical(asdict(self)).encode()).hexdigest()[:16]

    def box_fingerprint(self) -> str:
        """Digest of what needs new namespaces when it changes."""
        return hashlib.sha256(f"{self.hostname} {self.address}".encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Image:
    """An image for every engine; without an archive it is the busybox test image."""

    name: str
    archive: str | None = None


@dataclass(frozen=True)
class Spec:
    """A whole lab, resolved: this is what lab.json holds."""

    name: str
    root: str
    subnet: str
    nodes: Sequence[Node]

    @property
    def folder(self) -> str:
        """Everything the lab keeps on the disk."""
        return os.path.join(self.root, self.name)

    @property
    def network(self) -> ipaddress.IPv4Network:
        """The subnet as a network."""
        return names.subnet_of(self.subnet)

    def node(self, name: str) -> Node:
        """The node of that name."""
        for node in self.nodes:
            if node.name == name:
                return node
        known = ", ".join(node.name for node in self.nodes)
        raise LabError(f"lab {self.name!r} has no engine {name!r}; it has: {known}")

    def dump(self) -> dict[str, Any]:
        """The document for lab.json."""
        return {
            "version": 1,
            "name": self.name,
            "root": self.root,
            "subnet": self.subnet,
            "nodes": [asdict(node) for node in self.nodes],
        }


def canonical(document: Any) -> str:
    """JSON that is equal for equal documents."""
    return json.dumps(document, sort_keys=True, indent=2) + "\n"


def load(document: Mapping[str, Any]) -> Spec:
    """The inverse of Spec.dump."""
    try:
        nodes = [Node(**node) for node in document["nodes"]]
        return Spec(document["name"], document["root"], document["subnet"], nodes)
    except (KeyError, TypeError) as error:
        raise LabError(f"the lab's own lab.json cannot be read ({error}): take the lab down") from error


def engine_options(engines: int | Sequence[str | Mapping[str, Any]]) -> list[EngineOptions]:
    """A number makes n1, n2, ...; a list holds names or dictionaries. Names must be unique."""
    if isinstance(engines, int):
        if not 1 <= engines <= _MOST_ENGINES:
            raise LabError(f"engine_count: {engines} is out of bounds: it must be from 1 to {_MOST_ENGINES}")
        engines = [f"n{number}" for number in range(1, engines + 1)]
    found = [_options_of(engine) for engine in engines]
    for what in ("name", "address"):
        given = [getattr(options, what) for options in found if getattr(options, what) is not None]
        for value in sorted({value for value in given if given.count(value) > 1}):
            raise LabError(f"engines: the {what} {value!r} is given twice")
    return found


def _options_of(engine: str | Mapping[str, Any]) -> EngineOptions:
    values: dict[str, Any] = {"name": engine} if isinstance(engine, str) else dict(engine)
    unknown = sorted(set(values) - _ENGINE_KEYS)
    if unknown:
        raise LabError(f"engines: unknown option {unknown[0]!r}; known are {', '.join(sorted(_ENGINE_KEYS))}")
    if not values.get("name"):
        raise LabError("engines: an engine has no name. Give each one a name.")
    names.check_engine_name(values["name"])
    given = {key: value for key, value in values.items() if value is not None}
    given["env"] = {key: str(value) for key, value in given.get("env", {}).items()}
    options = EngineOptions(**given)
    check_daemon_json(options.daemon_json)
    if options.binaries is not None:
        check_binaries(options.binaries)
    return options


def check_binaries(binaries: str) -> str:
    """`system`, an absolute folder, or the name of a Debian suite."""
    if binaries.startswith("/") or _SUITE.fullmatch(binaries):
        return binaries
    raise LabError(f"binaries {binaries!r}: use 'system', an absolute folder or a Debian suite such as trixie")


def check_daemon_json(document: Mapping[str, Any]) -> None:
    """Refuse the keys that the lab needs for itself."""
    for key in RESERVED:
        if key in document:
            raise LabError(f"daemon_json: {key!r} is set by the lab and cannot be given")


def merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Lay one daemon.json over another: dictionaries merge, `hosts` and registries add up, the rest is replaced."""
    result = copy.deepcopy(dict(base))
    for key, value in over.items():
        live = result.get(key)
        if isinstance(live, dict) and isinstance(value, Mapping):
            result[key] = merge(live, value)
        elif key in ("hosts", "insecure-registries") and isinstance(live, list):
            result[key] = live + [entry for entry in value if entry not in live]
        else:
            result[key] = copy.deepcopy(value)
    return result


def resolve(
    name: str,
    root: str,
    subnet: str,
    engines: Sequence[EngineOptions],
    registry: bool | Mapping[str, Any] = False,
    daemon_json: Mapping[str, Any] | None = None,
    binaries: str = SYSTEM,
    known: Mapping[str, str] | None = None,
    login: int = 0,
) -> Spec:
    """Give each engine its address, host name and daemon.json.

    `known` maps engines to the addresses they have: an engine keeps its address for life,
    because a swarm remembers it. `registry` may be a login, {username, password}, and `login` is
    its number, which is another one for another login: neither the password nor a hash of it is part of the spec.
    """
    network = names.subnet_of(subnet)
    folder = os.path.join(root, name)
    addresses = _addresses(network, engines, known or {})
    nodes = []
    for options in engines:
        address = addresses[options.name]
        config = _engine_config(name, os.path.join(folder, options.name), options.name, address, network)
        config = merge(merge(config, daemon_json or {}), options.daemon_json)
        hostname = options.hostname or f"{name}-{options.name}"
        nodes.append(Node(options.name, "engine", hostname, address, options.binaries or binaries, config, options.env))
    if registry:
        nodes.append(_registry(name, folder, network, login if isinstance(registry, Mapping) else None))
    return Spec(name, root, subnet, nodes)


def _addresses(
    network: ipaddress.IPv4Network, engines: Sequence[EngineOptions], known: Mapping[str, str]
) -> dict[str, str]:
    fixed = {options.name: options.address for options in engines if options.address}
    for engine, address in fixed.items():
        _check_address(network, engine, address)
    for options in engines:
        live = known.get(options.name)
        if live and options.name not in fixed and live not in fixed.values() and ipaddress.ip_address(live) in network:
            fixed[options.name] = live
    missing = [options.name for options in engines if options.name not in fixed]
    # The address of an engine that left is not given to another one in the same run.
    fresh = names.engine_addresses(network, list(fixed.values()) + list(known.values()), len(missing))
    fixed.update(zip(missing, fresh))
    return fixed


def _check_address(network: ipaddress.IPv4Network, engine: str, address: str) -> None:
    try:
        inside = ipaddress.ip_address(address) in network
    except ValueError as error:
        raise LabError(f"engine {engine!r}: {error}") from error
    reserved = {names.machine_address(network), names.registry_address(network)}
    reserved |= {str(network.network_address), str(network.broadcast_address)}
    if not inside or address in reserved:
        raise LabError(f"engine {engine!r}: the address {address} is not a free one of {network}")


def _engine_config(lab: str, folder: str, name: str, address: str, network: ipaddress.IPv4Network) -> dict[str, Any]:
    return {
        "data-root": os.path.join(folder, "data"),
        "hosts": [f"unix://{folder}/docker.sock", f"tcp://{address}:{ENGINE_PORT}"],
        # Said openly, an engine starts at once; unsaid, it waits 15 s to warn about TCP without TLS.
        "tls": False,
        "storage-driver": "overlay2",
        "exec-opts": ["native.cgroupdriver=cgroupfs"],
        "cgroup-parent": cgroup(lab, name),
        "insecure-registries": [str(network)],
    }


def _registry(lab: str, folder: str, network: ipaddress.IPv4Network, login: int | None) -> Node:
    address = names.registry_address(network)
    config: dict[str, Any] = {
        "version": "0.1",
        "log": {"level": "info"},
        "storage": {
            "filesystem": {"rootdirectory": os.path.join(folder, names.REGISTRY, "data")},
            "delete": {"enabled": True},
        },
        "http": {"addr": f"{address}:{REGISTRY_PORT}"},
    }
    if login is not None:
        # The registry ignores the number.
        config["auth"] = {"htpasswd": {"realm": "lab", "path": htpasswd(folder), "number": login}}
    return Node(names.REGISTRY, "registry", names.REGISTRY, address, SYSTEM, config, {})


def htpasswd(folder: str) -> str:
    """Path of the file with the registry's login, below a lab's folder."""
    return os.path.join(folder, names.REGISTRY, "htpasswd")


def cgroup(lab: str, node: str = "") -> str:
    """Path of a lab's or a node's cgroup below the root of each hierarchy."""
    return "/".join(part for part in ("/hive-lab", lab, node) if part)


def socket(folder: str, node: str) -> str:
    """Path of an engine's socket; LabError when the kernel would not take it."""
    path = os.path.join(folder, node, "docker.sock")
    if len(path.encode()) > names.SOCKET_MAX:
        raise LabError(f"root: the socket {path} is longer than {names.SOCKET_MAX} bytes; use a shorter root")
    return path
