# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""/swarm: inspect, update, unlock and leave; init and join have files of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import golang, identity, local, managers, swarm_spec
from .api_init import init
from .api_join import join
from .errors import LEAVE_LAST_MANAGER, LEAVE_LOCKED, LEAVE_MANAGER, LOCKED, NOT_IN_SWARM, ApiError, leave_loses_quorum

if TYPE_CHECKING:
    from .engine import FakeEngine
    from .router import Call

__all__ = ["init", "inspect", "join", "leave", "unlock", "unlock_key", "update"]

_ROTATIONS = {"rotateWorkerToken": "worker", "rotateManagerToken": "manager", "rotateManagerUnlockKey": "unlock"}


def inspect(call: Call) -> dict[str, Any]:
    """GET /swarm."""
    with call.engine.cluster.lock:
        swarm = managers.swarm_of(call.engine)
        return {**swarm.info(), "JoinTokens": swarm.tokens()}


def unlock_key(call: Call) -> dict[str, str]:
    """GET /swarm/unlockkey: empty while autolock is off."""
    with call.engine.cluster.lock:
        return {"UnlockKey": managers.swarm_of(call.engine).unlock_key}


def update(call: Call) -> None:
    """POST /swarm/update?version=N&rotate…: the whole spec is replaced, omitted blocks included."""
    request = call.body("Spec", swarm_spec.SPEC_SHAPE)
    query = call.request.query
    version = golang.uint64(query.get("version", ""), "swarm")
    rotate = frozenset(what for flag, what in _ROTATIONS.items() if golang.strict_bool(query.get(flag, ""), flag))
    with call.engine.cluster.lock:
        swarm = managers.swarm_of(call.engine)
        swarm_spec.require_name(request)
        swarm.update(version, swarm_spec.merged(request, swarm_spec.empty()), rotate)


def unlock(call: Call) -> None:
    """POST /swarm/unlock."""
    request = call.body("UnlockRequest", {"UnlockKey": "string"})
    engine = call.engine
    with engine.cluster.lock:
        engine.cluster.agenda.run_due()
        refused = managers.refusal(engine)
        if refused is None:
            raise ApiError(409, "swarm is not locked")
        if refused != LOCKED:
            raise ApiError(503, refused)
        assert engine.membership is not None
        if not identity.is_unlock_key(request["UnlockKey"]):
            raise ApiError(400, "invalid key string")
        if request["UnlockKey"] != engine.membership.lock_key:
            raise ApiError(401, "swarm could not be unlocked: invalid key provided")
        engine.membership.lock_key = None
        local.come_back(engine)


def leave(call: Call) -> None:
    """POST /swarm/leave?force=: the node stays on the swarm's list, down after a while."""
    force = golang.loose_bool(call.request.query.get("force", ""))
    engine = call.engine
    with engine.cluster.lock:
        engine.cluster.agenda.run_due()
        if engine.state == "inactive":
            raise ApiError(503, NOT_IN_SWARM)
        refused = None if force else _leave_refusal(engine)
        if refused:
            raise ApiError(503, refused)
        local.go_down(engine, locks=False)
        engine.membership = engine.joining = None


def _leave_refusal(engine: FakeEngine) -> str | None:
    """Why a leave without force is refused, in the engine's words; only workers and failed joins may go."""
    if engine.locked:
        return LEAVE_LOCKED
    if not engine.membership or not engine.membership.is_manager:
        return None
    swarm = engine.membership.swarm
    swarm.elect()
    reachable = len(swarm.live_members())
    unreachable = len(swarm.members) - reachable
    if swarm.leader is None or reachable - 2 > unreachable:
        return LEAVE_MANAGER
    if (reachable, unreachable) == (1, 0):
        return LEAVE_LAST_MANAGER
    return leave_loses_quorum(reachable - 1, reachable + unreachable)
