# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""POST /swarm/init, with and without ForceNewCluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import addresses, local, swarm_spec
from .errors import ALREADY_IN_SWARM, LOCKED, WORKER, ApiError
from .membership import Membership
from .node import AVAILABILITIES, Node
from .swarm import Swarm

if TYPE_CHECKING:
    from .engine import FakeEngine
    from .router import Call

_SHAPE = {
    "ListenAddr": "string",
    "AdvertiseAddr": "string",
    "DataPathAddr": "string",
    "DataPathPort": "uint32",
    "ForceNewCluster": "bool",
    "Spec": swarm_spec.SPEC_SHAPE,
    "AutoLockManagers": "bool",
    "Availability": "string",
    "DefaultAddrPool": ["string"],
    "SubnetSize": "uint32",
}


def init(call: Call) -> str:
    """The node ID of the new swarm's only manager."""
    request = call.body("InitRequest", _SHAPE)
    engine = call.engine
    with engine.cluster.lock:
        engine.cluster.agenda.run_due()
        _check_state(engine, request["ForceNewCluster"])
        _check_name(request)
        listen_host, listen_port = addresses.listen(engine, request["ListenAddr"])
        host, port = addresses.advertised(engine, request["AdvertiseAddr"], listen_port)
        addresses.data_path(engine, request["DataPathAddr"])
        addresses.pools(request["DefaultAddrPool"], request["SubnetSize"])
        addresses.data_path_port(request["DataPathPort"])
        if engine.membership:
            return _force_new(engine)
        _check_availability(request["Availability"])
        addresses.bindable(engine, listen_host, listen_port)
        return _create(engine, request, host, port)


def _check_name(request: dict[str, Any]) -> None:
    """ListenAddr is checked before the name, as the engine does."""
    if not request["ListenAddr"]:
        raise ApiError(400, 'invalid ListenAddr "": invalid empty address')
    swarm_spec.require_name(request["Spec"])


def _check_state(engine: FakeEngine, force: bool) -> None:
    if engine.state == "inactive":
        return
    if not force:
        raise ApiError(503, ALREADY_IN_SWARM)
    if engine.locked or not engine.membership or not engine.membership.is_manager:
        raise ApiError(503, WORKER)


def _check_availability(text: str) -> None:
    if text and text.lower() not in AVAILABILITIES:
        raise ApiError(500, f'invalid Availability: "{text}"')


def _create(engine: FakeEngine, request: dict[str, Any], host: str, port: str) -> str:
    swarm = Swarm(engine.cluster, request["DefaultAddrPool"], request["SubnetSize"], request["DataPathPort"])
    node = Node(swarm, engine, "manager", request["Availability"].lower() or "active", host)
    swarm.nodes[node.id] = node
    engine.membership = Membership(swarm, node.id, host, port, is_manager=True)
    swarm.members[node.id] = engine.membership.raft_address
    swarm.leader = node.id
    try:
        swarm.update(swarm.version, swarm_spec.merged(request["Spec"], swarm.spec))
    except ApiError as error:
        # The swarm stands by now, with the engine's own spec: a bad spec is a 500 and leaves the node active.
        raise ApiError(500, f"error updating cluster settings: {error.message}") from error
    return node.id


def _force_new(engine: FakeEngine) -> str:
    """This manager alone is the raft now. The list, the spec and the other nodes' wanted roles stay.

    An autolocked swarm refuses, and the engine then takes itself for inactive until it is restarted.
    """
    membership = engine.membership
    assert membership is not None
    swarm = membership.swarm
    if swarm.unlock_key:
        local.go_down(engine)
        engine.dormant, engine.membership = membership, None
        raise ApiError(503, LOCKED)
    swarm.members = {membership.node_id: membership.raft_address}
    swarm.leader = membership.node_id
    for other in engine.cluster.engines.values():
        if other is not engine and other.membership and other.membership.swarm is swarm:
            other.membership.is_manager = False
    return membership.node_id
