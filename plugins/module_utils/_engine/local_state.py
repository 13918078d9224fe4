# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The engine's own place in a swarm, the network interfaces of its host, and the answers of a swarm that check mode assumes.

The ``Swarm`` block of ``GET /info`` is the one that every engine returns, in every state, and on a manager it carries the whole
cluster document (spec, version, TLS) but the tokens. It is the engine's own view: a node that was removed by force elsewhere
still reports ``active``, and a manager without quorum still reports ``ControlAvailable``.

A join with the name of an interface that does not exist succeeds silently, with an address that the manager guesses (moby,
daemon/cluster/cluster.go). The API lists no interfaces; the kernel does, for the process at the other end of a local socket,
whatever network namespace it lives in.

A play that creates a swarm and then uses it can be checked on a host without one: where an engine has answered in check mode
that it is not a manager, it is read as a manager of a new, empty swarm.
"""

from __future__ import annotations

import json
import re
import typing as t

from .._core.errors import BadInput, Locked, NoQuorum, NotAManager, Refused, SwarmError
from .._core.plan import KNOWN_AFTER, TOKEN_AFTER, UNLOCK_KEY_AFTER
from .._core.validators import is_ip, split_address, told_host
from .._core.values import Document, Values
from .client import Engine, Reply, Transport

INACTIVE, PENDING, ACTIVE, ERROR, LOCKED = "inactive", "pending", "active", "error", "locked"


class Local(t.NamedTuple):
    """:param state: ``inactive``, ``pending``, ``active``, ``error`` or ``locked``.
    :param address: what the node advertises, without port; empty outside a swarm.
    :param manager: the engine serves the manager's API. True without quorum too: look at ``error``.
    :param cluster: the cluster document; only on a manager with quorum.
    :param containers: how many run on the engine, those of tasks included.
    :param remote_managers: address (``host:port``) of each manager that the node knows.
    :param storage_driver: of images and containers. :param rootless: the daemon runs as an ordinary user.
    """

    state: str
    node_id: str
    address: str
    manager: bool
    error: str
    cluster: Document | None
    remote_managers: tuple[str, ...]
    hostname: str
    engine_version: str
    warnings: tuple[str, ...]
    root_dir: str
    containers: int
    storage_driver: str
    live_restore: bool
    rootless: bool

    @property
    def in_swarm(self) -> bool:
        """Return whether the engine has a place in a swarm, in whatever state."""
        return self.state != INACTIVE

    @property
    def worker(self) -> bool:
        """Return whether it is an active worker."""
        return self.state == ACTIVE and not self.manager

    @property
    def healthy_manager(self) -> bool:
        """Return whether it is a manager that returns the cluster, for which it needs a leader."""
        return self.state == ACTIVE and self.manager and self.cluster is not None

    @property
    def cluster_id(self) -> str:
        """Return the swarm's ID; empty where it is not known, as on workers."""
        return str((self.cluster or {}).get("ID", ""))

    @property
    def role(self) -> str | None:
        """Return ``manager`` or ``worker``; None where the engine is not active in a swarm."""
        if self.state != ACTIVE:
            return None
        return "manager" if self.manager else "worker"

    @property
    def known_hosts(self) -> list[str]:
        """Return addresses of the managers that the node knows, without ports."""
        return [host for host in map(told_host, self.remote_managers) if host]


def read_local(engine: Engine) -> Local:
    """Return what ``GET /info`` reports, which every engine answers in every state."""
    info = engine.get("/info")
    swarm = info.get("Swarm") or {}
    cluster = swarm.get("Cluster") or {}
    return Local(
        state=swarm.get("LocalNodeState") or INACTIVE,
        node_id=swarm.get("NodeID") or "",
        address=swarm.get("NodeAddr") or "",
        manager=bool(swarm.get("ControlAvailable")),
        error=swarm.get("Error") or "",
        cluster=cluster if cluster.get("ID") else None,
        remote_managers=tuple(sorted(peer["Addr"] for peer in swarm.get("RemoteManagers") or [] if peer.get("Addr"))),
        hostname=info.get("Name") or "",
        engine_version=info.get("ServerVersion") or "",
        warnings=tuple(swarm.get("Warnings") or ()),
        root_dir=info.get("DockerRootDir") or "",
        containers=info.get("ContainersRunning", 1),
        storage_driver=info.get("Driver") or "",
        live_restore=bool(info.get("LiveRestoreEnabled")),
        rootless="name=rootless" in (info.get("SecurityOptions") or ()),
    )


def require_manager(engine: Engine) -> Local:
    """Return the place of an engine that manages a swarm; raise what keeps any other from it.

    Engines of all kinds answer lists of networks and volumes: others than managers without those of the swarm.
    """
    local = read_local(engine)
    if not local.healthy_manager:
        raise not_in_charge(local)
    return local


def membership_view(local: Local) -> Values:
    """Return the membership of an engine, as the modules for joining and leaving return it, and failures that it causes."""
    return {
        "state": local.state,
        "role": local.role,
        "node_id": local.node_id,
        "node_address": local.address,
        "cluster_id": local.cluster_id,
        "remote_managers": list(local.remote_managers),
    }


def not_in_charge(local: Local) -> SwarmError:
    """Return the error that says why this engine cannot manage a swarm, and what to do about it."""
    return _not_in_charge(local).with_details(**membership_view(local))


def _not_in_charge(local: Local) -> SwarmError:
    if local.state == LOCKED:
        return Locked("This manager is locked. Unlock it with hive.swarm.swarm_unlock first.")
    if local.state == INACTIVE:
        return NotAManager("This engine is not in a swarm. Run this on a manager.")
    if local.state in (PENDING, ERROR):
        return Refused(f"{broken_join(local)} Run hive.swarm.swarm_leave on it, then run this again.")
    if local.worker:
        return NotAManager(
            f"This engine is a worker, node {local.node_id}. Run this on one of its managers:"
            f" {', '.join(local.remote_managers) or 'none'}."
        )
    return NoQuorum(
        "The swarm has no leader, because less than half of its managers are reachable"
        f" ({local.error or 'no reason given'}). Bring managers back first."
    )


def broken_join(local: Local) -> str:
    """Return a sentence on a node that is neither in a swarm nor out of one."""
    if local.state == PENDING:
        return (
            "This engine is pending. It is still trying to join a swarm, or was just started and is connecting"
            " for its managers."
        )
    return f"This engine failed to join a swarm or lost its membership: {local.error or 'no reason given'}."


def check_interfaces(engine: Engine, params: Values) -> None:
    """Raise BadInput for an interface that the engine's host is known not to have."""
    for option in ("advertise_addr", "listen_addr", "data_path_addr"):
        if params[option]:
            _check(engine, option, split_address(params[option])[0])


def _check(engine: Engine, option: str, host: str) -> None:
    if is_ip(host):
        return
    names = _interfaces(engine.peer_pid())
    if names and host not in names:
        raise BadInput(option, f"the engine's host has no network interface {host}. Use one of {', '.join(names)}.")


def _interfaces(pid: int | None) -> list[str]:
    try:
        with open(f"/proc/{pid}/net/dev", encoding="ascii") as file:
            lines = file.read().splitlines()[2:]
    except OSError:
        return []
    return sorted(line.split(":")[0].strip() for line in lines)


ASSUMPTION = "This engine is not in a swarm. Check mode assumes that an earlier task creates one on it."
_PATH = re.compile(r"(?:/v\d+\.\d+)?(/[^?]*)")
_LISTS = ("/services", "/nodes", "/tasks", "/secrets", "/configs")
_ONE = re.compile(r"/(?:services|nodes|tasks|secrets|configs)/.+")
_ANSWERS: Values = {
    **{path: [] for path in _LISTS},
    "/swarm": {"ID": KNOWN_AFTER, "JoinTokens": {"Worker": TOKEN_AFTER, "Manager": TOKEN_AFTER}},
    "/swarm/unlockkey": {"UnlockKey": UNLOCK_KEY_AFTER},
}
_MANAGER = {
    "LocalNodeState": "active",
    "ControlAvailable": True,
    "NodeID": KNOWN_AFTER,
    "Cluster": {"ID": KNOWN_AFTER, "Spec": {}},
}


def assume_swarm(engine: Engine) -> bool:
    """Let the engine answer as a manager from now on; return False where it is in a swarm, as a worker for example."""
    if read_local(engine).state != INACTIVE:
        return False
    engine.wrap(_AssumedSwarm)
    return True


class _AssumedSwarm:
    """A transport that answers for the swarm, and passes on what concerns the engine itself."""

    def __init__(self, real: Transport) -> None:
        self._real = real

    def request(
        self, method: str, path: str, body: bytes | None, timeout: float, headers: t.Mapping[str, str] | None = None
    ) -> Reply:
        found = _PATH.match(path)
        plain = found[1] if found else path
        if plain in _ANSWERS:
            return _reply(200, _ANSWERS[plain])
        if _ONE.fullmatch(plain):
            return _reply(404, {"message": f"{plain[1:]} not found"})
        more = {"headers": headers} if headers else {}
        reply = self._real.request(method, path, body, timeout, **more)
        return _reply(reply.status, _as_manager(reply.body)) if plain == "/info" else reply

    def peer_pid(self) -> int | None:
        return self._real.peer_pid()

    def close(self) -> None:
        self._real.close()


def _as_manager(body: bytes) -> Document:
    info = json.loads(body)
    return {**info, "Swarm": {**(info.get("Swarm") or {}), **_MANAGER}}


def _reply(status: int, answer: object) -> Reply:
    return Reply(status, {}, json.dumps(answer).encode())
