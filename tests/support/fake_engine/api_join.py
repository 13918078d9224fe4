# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""POST /swarm/join."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from . import addresses, identity
from .errors import ALREADY_IN_SWARM, JOIN_TIMEOUT, ApiError, rpc
from .membership import Joining, Membership
from .node import AVAILABILITIES, Node

if TYPE_CHECKING:
    from .engine import FakeEngine
    from .router import Call
    from .swarm import Swarm

_SHAPE = {
    "ListenAddr": "string",
    "AdvertiseAddr": "string",
    "DataPathAddr": "string",
    "RemoteAddrs": ["string"],
    "JoinToken": "string",
    "Availability": "string",
}


def join(call: Call) -> None:
    """Become a node of the swarm behind the first of RemoteAddrs, in the role of the token."""
    request = call.body("JoinRequest", _SHAPE)
    engine = call.engine
    with engine.cluster.lock:
        engine.cluster.agenda.run_due()
        if engine.state != "inactive":
            raise ApiError(503, ALREADY_IN_SWARM)
        remote = ":".join(addresses.with_port((request["RemoteAddrs"] or [""])[0]))
        host, port = _check(engine, request, remote)
        manager = engine.cluster.at_address(remote)
        if manager and manager.swarm and _answers(manager.swarm) and not engine.partitioned:
            _enter(engine, manager.swarm, request, host, port)
            return
        engine.joining = Joining(remote, engine.address, engine.version.dialing)
        # Planned with the state, so that whoever sees the state can wait for what follows it.
        delays = engine.cluster.delays
        engine.cluster.after(delays.join_timeout + delays.join_error, engine.joining.fail)
    # Nobody answers: it blocks like the engine does, then the node is pending and, later, in error.
    time.sleep(delays.join_timeout)
    raise ApiError(503, JOIN_TIMEOUT)


def _check(engine: FakeEngine, request: dict[str, Any], remote: str) -> tuple[str, str]:
    """All that the engine checks before it asks anybody; the address to advertise."""
    if not request["ListenAddr"]:
        raise ApiError(400, 'invalid ListenAddr "": invalid empty address')
    if not request["RemoteAddrs"]:
        raise ApiError(400, "at least 1 RemoteAddr is required to join")
    if "" in request["RemoteAddrs"]:
        raise ApiError(400, 'invalid remoteAddr "": invalid empty address')
    _listen_host, listen_port = addresses.listen(engine, request["ListenAddr"])
    advertised = _advertised(engine, request["AdvertiseAddr"], listen_port)
    addresses.data_path(engine, request["DataPathAddr"])
    addresses.require_route(engine, remote)
    availability = request["Availability"]
    if availability and availability.lower() not in AVAILABILITIES:
        raise ApiError(500, f'invalid Availability: "{availability}"')
    if request["JoinToken"] and identity.token_digest(request["JoinToken"]) is None:
        raise ApiError(500, "invalid join token")
    return advertised


def _advertised(engine: FakeEngine, address: str, port: str) -> tuple[str, str]:
    """An address that cannot be resolved is dropped without a word: the manager sees where the node comes from."""
    try:
        return addresses.advertised(engine, address, port) if address else (engine.address, port)
    except ApiError:
        return engine.address, port


def _answers(swarm: Swarm) -> bool:
    swarm.elect()
    return swarm.leader is not None


def _enter(engine: FakeEngine, swarm: Swarm, request: dict[str, Any], host: str, port: str) -> None:
    token = request["JoinToken"]
    digest = identity.token_digest(token)
    if digest and digest != identity.token_digest(swarm.authority.worker_token):
        expected = f"{int(digest, 36):064x}"[-64:]
        raise ApiError(500, f"remote CA does not match fingerprint. Expected: {expected}")
    roles = {swarm.authority.worker_token: "worker", swarm.authority.manager_token: "manager"}
    if token not in roles:
        raise rpc("InvalidArgument", "A valid join token is necessary to join this cluster")
    role = roles[token]
    node = Node(swarm, engine, role, request["Availability"].lower() or "active", engine.address)
    swarm.nodes[node.id] = node
    engine.membership = Membership(swarm, node.id, host, port, is_manager=role == "manager")
    if role == "manager":
        swarm.members[node.id] = engine.membership.raft_address
