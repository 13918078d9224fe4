# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Take an engine out of its swarm without taking the swarm down with it."""

from __future__ import annotations

from .._core.errors import Locked, NoQuorum, Refused, SwarmError
from .._core.plan import NONE, Change, Plan
from .._core.reconcile import Resource, Write
from .._core.values import Document, Values
from .._engine.client import Engine
from .._engine.local_state import ERROR, INACTIVE, LOCKED, PENDING, Local, broken_join, membership_view, read_local
from .._frontend.definition import WAIT_SPEC, define
from .._node.views import refuse_demotion, why_not_demote
from .requests import demote, leave

LEAVE = "leave"
LEAVE_SPEC: Values = {
    "force": {"type": "bool", "default": False},
    "demote": {"type": "bool", "default": False},
}


class SwarmLeave(Resource[Local]):
    def __init__(self, engine: Engine, params: Values, check_mode: bool = False) -> None:
        super().__init__(engine, params, check_mode)
        self._left: Local | None = None

    def read(self) -> Local:
        return read_local(self.engine)

    def plan(self, live: Local) -> Plan:
        if live.state == INACTIVE:
            return Plan("swarm membership", live.hostname, NONE)
        if not self.params["force"]:
            self._check_graceful(live)
        self._left = self._left or live
        changes = [Change("state", live.state, INACTIVE)]
        if live.role:
            changes.append(Change("role", live.role, None))
        return Plan("swarm membership", live.hostname, LEAVE, tuple(changes))

    def _check_graceful(self, live: Local) -> None:
        """Raise where leaving could cost the swarm its quorum or its data, without force."""
        try:
            self._check_membership(live)
        except SwarmError as error:
            error.with_details(**membership_view(live))
            raise

    def _check_membership(self, live: Local) -> None:
        if live.state == LOCKED:
            raise Locked("This manager is locked. Unlock it first, or set force to discard its state.")
        if live.state == PENDING and live.node_id:
            raise Refused(f"{broken_join(live)} It may be a manager. Wait for it, or set force.")
        if not live.manager:
            return
        if not live.healthy_manager:
            raise NoQuorum(
                "This engine is a manager of a swarm without a leader, so it cannot be demoted. Bring managers back,"
                " or set force to discard its state."
            )
        if not self.params["demote"]:
            raise Refused(
                "this engine is a manager. Set demote to make it a worker first, or force to leave as it is,"
                " which the other managers count as a failure.",
                option="demote",
            )
        advice = ", or set force to leave anyway"
        refuse_demotion("demote", *self._nodes(live), advice)

    def _nodes(self, live: Local) -> tuple[list[Document], Document]:
        nodes = self.engine.get("/nodes")
        return nodes, next(node for node in nodes if node["ID"] == live.node_id)

    def _can_be_demoted(self, live: Local) -> bool:
        """Without force the plan has refused what cannot be demoted; with it the engine leaves as it is."""
        return live.healthy_manager and not why_not_demote(*self._nodes(live))

    def expected_writes(self, plan: Plan) -> list[Write]:
        return [Write("leaving the swarm", plan.changes)]

    def apply(self, live: Local, plan: Plan) -> None:
        if self.params["demote"] and self._can_be_demoted(live):
            demote(self.engine, live, self.clock, self.params["wait_timeout"], self.writes)
        # Nothing but a member can be left gracefully: a failed join has no place in a swarm to give up.
        force = self.params["force"] or live.state in (PENDING, ERROR)
        leave(self.engine, force, self.clock, self.params["wait_timeout"], self.writes.complete)

    def result(self, live: Local, plan: Plan) -> Values:
        """The node ID is that of the entry which stays behind on the managers."""
        before = self._left or live
        view = membership_view(live)
        if plan.changed:
            view = {**view, "state": INACTIVE, "role": None, "node_address": "", "remote_managers": []}
        return {**view, "node_id": before.node_id, "cluster_id": before.cluster_id}


MODULE = define(SwarmLeave, {**LEAVE_SPEC, **WAIT_SPEC})
