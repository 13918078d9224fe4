# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who may answer a manager's question: the check in front of every such request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import DEADLINE, LOCKED, NO_LEADER, NO_SWARM_MANAGER, WORKER, ApiError, rpc

if TYPE_CHECKING:
    from .engine import FakeEngine
    from .swarm import Swarm


def refusal(engine: FakeEngine) -> str | None:
    """Why this engine cannot act as a manager, or None."""
    if engine.locked:
        return LOCKED
    if engine.membership:
        return None if engine.membership.is_manager else WORKER
    return WORKER if engine.state == "pending" else NO_SWARM_MANAGER


def swarm_of(engine: FakeEngine) -> Swarm:
    """The swarm, for a manager with a leader. ApiError 503 on any other node, 500 without a quorum."""
    engine.cluster.agenda.run_due()
    refused = refusal(engine)
    if refused:
        raise ApiError(503, refused)
    assert engine.membership is not None
    if engine.partitioned:
        raise rpc("Unknown", NO_LEADER)
    if engine.is_stalled:
        raise rpc("DeadlineExceeded", DEADLINE)
    engine.membership.swarm.require_leader()
    return engine.membership.swarm
