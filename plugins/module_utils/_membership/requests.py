# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Getting an engine out of a swarm, or out of the attempt to join one. Shared by joining and leaving."""

from __future__ import annotations

import typing as t

from .._core.errors import EngineError
from .._core.plan import KNOWN_AFTER, NODE_AFTER, Change
from .._core.reconcile import CONVERGED, Clock, ConvergenceStatus, wait, waiting
from .._core.values import Values
from .._engine.client import Engine
from .._engine.local_state import INACTIVE, PENDING, Local, read_local
from .._node.views import post_node

if t.TYPE_CHECKING:
    from .._core.reconcile import WriteLog


def leave(
    engine: Engine, force: bool, clock: Clock, timeout: float, accepted: t.Callable[[], None] = lambda: None
) -> None:
    """Leave the swarm and wait until the engine reports it. Not being in a swarm is not an error.

    :param accepted: called when the engine has accepted the request.
    """
    try:
        engine.post("/swarm/leave", force=force)
    except EngineError as error:
        if "is not part of a swarm" not in error.message:
            raise
    accepted()

    def check_convergence() -> ConvergenceStatus:
        state = read_local(engine).state
        return CONVERGED if state == INACTIVE else waiting(f"its state is still {state}")

    wait(check_convergence, timeout, "leaving the swarm", clock)


def undo_join(engine: Engine, clock: Clock, timeout: float) -> None:
    """Put an engine out of what an order that failed has left it in."""
    if read_local(engine).in_swarm:
        leave(engine, True, clock, timeout)


def demote(engine: Engine, local: Local, clock: Clock, timeout: float, log: WriteLog) -> None:
    """Make this manager a worker and wait until it serves as a manager no more."""
    node = engine.get(f"/nodes/{local.node_id}")
    post_node(engine, node, {**node["Spec"], "Role": "worker"})
    log.wrote(f"role worker of node {local.hostname} ({local.node_id})", [Change("role", "manager", "worker")])

    def check_convergence() -> ConvergenceStatus:
        return waiting("it still serves as a manager") if read_local(engine).manager else CONVERGED

    wait(check_convergence, timeout, "demoting this manager", clock)


def read_settled(engine: Engine, clock: Clock, timeout: float) -> Local:
    """The local state; a member whose engine has just been started gets the time to find its managers.

    It is ``pending`` meanwhile, as is an engine that tries to join; but only a member knows its node ID.
    """
    end = clock.now() + timeout
    local = read_local(engine)
    while local.state == PENDING and local.node_id and clock.now() < end:
        clock.sleep(0.5)
        local = read_local(engine)
    return local


def expected_view(role: str | None, address: str | None, cluster_id: str | None, availability: str | None) -> Values:
    """The same for a node that would have joined."""
    return {
        "state": "active",
        "role": role or KNOWN_AFTER,
        "node_id": NODE_AFTER[availability],
        "node_address": address or KNOWN_AFTER,
        "cluster_id": "" if role == "worker" else cluster_id or KNOWN_AFTER,  # a worker's engine does not know it
        "remote_managers": [KNOWN_AFTER],
    }
