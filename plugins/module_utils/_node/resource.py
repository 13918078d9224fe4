# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One node of the swarm: role, availability, labels; or its removal. Runs on a manager.

A node is removed as an operator does it: demote, drain, wait until it is down, remove.
"""

from __future__ import annotations

import typing as t

from .._core.errors import BadInput, NotAManager, NotConverged, NotFound, Refused, SwarmError
from .._core.plan import KNOWN_AFTER, NODE_AFTER, NONE, REMOVE, UPDATE, Change, Plan
from .._core.reconcile import CONVERGED, Clock, ConvergenceStatus, Resource, Write, WriteLog, failed, wait, waiting
from .._core.schema import Field, Schema
from .._core.values import LABELS, Document, Values, at
from .._engine.client import Engine
from .._engine.lists import list_nodes
from .._engine.local_state import not_in_charge, read_local
from .._frontend.definition import WAIT_SPEC, define
from . import views
from .views import choose, not_found, refuse_demotion


def _merged_labels(live: Values, wanted: Values, params: Values) -> Values:
    kept = {} if params["labels_state"] == "replace" else dict(live)
    for key in params["labels_to_remove"] or ():
        kept.pop(key, None)
    return {**kept, **LABELS.encode(wanted)}


# moby, api/types/swarm/node.go.
NODE = Schema(
    Field("role", at("Role"), spec={"choices": ["worker", "manager"]}),
    Field("availability", at("Availability"), spec={"choices": ["active", "pause", "drain"]}),
    Field("labels", at("Labels"), type="dict", codec=LABELS, default={}, merge_strategy=_merged_labels),
    Field("name", at("Name"), default=""),
)
ARGUMENT_SPEC: Values = {
    **NODE.argument_spec(),
    "hostname": {"type": "str", "required": True},
    "labels_state": {"type": "str", "choices": ["merge", "replace"], "default": "merge"},
    "labels_to_remove": {"type": "list", "elements": "str"},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "force": {"type": "bool", "default": False},
}


class LiveNode(t.NamedTuple):
    """:param node: the node that the task means, None if there is none.
    :param nodes: all nodes of the swarm.
    :param twins: other entries with the same host name, left behind when a node was rejoined.
    """

    node: Document | None
    nodes: list[Document]
    twins: tuple[Document, ...] = ()


class SwarmNode(Resource[LiveNode]):
    def __init__(self, engine: Engine, params: Values, check_mode: bool = False) -> None:
        if params["labels"] is None and params["labels_to_remove"]:
            params = {**params, "labels": {}}
        super().__init__(engine, params, check_mode)
        self.waiting_for = f"node {params['hostname']}"
        self._wrote = False
        self._id = ""
        self._idle = False  # the task's own engine runs no container at all, so no task either

    # What is there

    def validate(self) -> None:
        params = self.params
        NODE.check(params)
        if not params["hostname"] and params["state"] == "present":
            raise BadInput("hostname", "must not be empty. Use the ID or host name of a node, or self.")
        if params["labels_state"] == "replace" and params["labels"] is None:
            raise BadInput("labels_state", "replace needs labels. Use labels: {} to remove all labels.")
        if params["labels_state"] == "replace" and params["labels_to_remove"]:
            raise BadInput(
                "labels_to_remove", "not supported with labels_state: replace, which removes all other labels."
            )
        for key in set(params["labels"] or ()) & set(params["labels_to_remove"] or ()):
            self.warn(f"labels_to_remove: the label {key!r} is also in labels and is kept.")

    def read(self) -> LiveNode:
        name = self.params["hostname"]
        if self._id or name == "self":
            if not self._id:
                self.engine.expect("/nodes")
            name = self._id or self._own_id()
        if self.check_mode and name in NODE_AFTER.values():
            return LiveNode(self._expected_node(name), [])
        nodes = list_nodes(self.engine)
        found = views.matching(nodes, name)
        if not found:
            return LiveNode(None, nodes)
        node = found[0] if len(found) == 1 else self._choose(found)
        twins = tuple(n for n in nodes if views.hostname(n) == views.hostname(node) and n is not node)
        self._id = node["ID"]
        return LiveNode(node, nodes, twins)

    def _expected_node(self, placeholder: str) -> Document:
        """A node that an earlier task of a check-mode run would have brought into the swarm."""
        role = self.params["role"] or "worker"
        member = {"ManagerStatus": {"Reachability": "reachable"}} if role == "manager" else {}
        availability = next(value for value, name in NODE_AFTER.items() if value and name == placeholder)
        spec: Document = {"Role": role, "Availability": availability, "Labels": {}}
        name = self.params["hostname"]
        known = {} if name == "self" or name in NODE_AFTER.values() else {"Description": {"Hostname": name}}
        return {"ID": KNOWN_AFTER, "Spec": spec, "Status": {"State": "ready"}, **known, **member}

    def _own_id(self) -> str:
        local = read_local(self.engine)
        if not local.healthy_manager:
            raise not_in_charge(local)
        self._idle = self.params["hostname"] == "self" and local.containers == 0
        return local.node_id

    def _choose(self, found: list[Document]) -> Document:
        node, warning = choose(found, self.params["hostname"], self.params["state"] == "absent")
        self.warn(warning)
        return node

    # What would happen

    def plan(self, live: LiveNode) -> Plan:
        if self.params["state"] == "absent":
            return self._plan_remove(live)
        node = live.node
        if node is None:
            self.missing(not_found(live.nodes, self.params["hostname"]))
            return self.plan(LiveNode(self._expected_node(KNOWN_AFTER), live.nodes))
        changes = tuple(NODE.changes(node["Spec"], self.params))
        self._check_role(live, node, changes)
        spec = NODE.apply(node["Spec"], changes)
        return Plan("node", views.label(node), UPDATE if changes else NONE, changes, spec=spec)

    def _check_role(self, live: LiveNode, node: Document, changes: tuple[Change, ...]) -> None:
        new_role = next((change.after for change in changes if change.option == "role"), None)
        if new_role == "manager" and not views.is_ready(node):
            raise Refused(f"{views.label(node)} is {views.state(node)} and cannot be promoted now.", option="role")
        if new_role == "worker":
            refuse_demotion("role", live.nodes, node)

    def _plan_remove(self, live: LiveNode) -> Plan:
        node = live.node
        if node is None:
            return Plan("node", self.params["hostname"])
        if views.is_member(node):
            refuse_removal(live.nodes, node, self._own_id())
        changes = tuple(Change(option, value, None) for option, value in NODE.view(node["Spec"]).items())
        return Plan("node", views.label(node), REMOVE, changes)

    # Doing it

    def expected_writes(self, plan: Plan) -> list[Write]:
        if plan.action != REMOVE:
            return super().expected_writes(plan)
        return [Write(f"removal of node {plan.name}", plan.changes)]

    def apply(self, live: LiveNode, plan: Plan) -> None:
        self._wrote, self._idle = True, False
        node = t.cast(Document, live.node)  # a plan to act on is made for a node that is there
        if plan.action == REMOVE:
            timeout = self.params["wait_timeout"] if self.params["wait"] else 0
            remove_node(self.engine, node, self.params["force"], timeout, self.clock, self.writes)
        else:
            views.post_node(self.engine, node, plan.spec or {})

    def _tasks_left(self, node: Document) -> int:
        return 0 if self._idle else views.tasks_left(self.engine, node)

    # Until it is done

    def check_convergence(self, live: LiveNode) -> ConvergenceStatus:
        node = live.node
        if self.params["state"] == "absent":
            return CONVERGED if node is None else waiting("still listed")
        if node is None:
            return failed("another client removed it")
        for status in (self._role_status(node), self._tasks_status(node)):
            if status != CONVERGED:
                return status
        return CONVERGED

    def _role_status(self, node: Document) -> ConvergenceStatus:
        role = self.params["role"]
        if role == "worker" and views.is_member(node):
            return waiting("it is still a manager")
        if role == "manager" and not views.is_member(node):
            return waiting(f"it is not a manager yet, and is {views.state(node)}")
        if role == "manager" and self._wrote and not views.is_reachable(node):
            return waiting("the other managers do not reach it yet")
        return CONVERGED

    def _tasks_status(self, node: Document) -> ConvergenceStatus:
        left = self._tasks_left(node) if self.params["availability"] == "drain" else 0
        return waiting(f"{left} tasks still run on it") if left else CONVERGED

    def on_read_error(self, error: SwarmError) -> ConvergenceStatus:
        """A manager that has just demoted itself cannot be asked any more: that is the proof."""
        if isinstance(error, NotAManager) and self.params["role"] == "worker":
            local = read_local(self.engine)
            if local.worker and local.node_id == self._id:
                return CONVERGED
        return waiting(error.message)

    def result(self, live: LiveNode, plan: Plan) -> Values:
        node = live.node
        if node is None and self.check_mode and self.params["state"] == "present":
            node = self._expected_node(KNOWN_AFTER)
        if node is None or plan.action == REMOVE:
            return {"node": {}, "stale": []}
        stale = [{"id": twin["ID"], "state": views.state(twin)} for twin in live.twins]
        if plan.changed:
            node = {**node, "Spec": plan.spec}
        return {"node": views.node_view(node), "stale": stale}


def refuse_removal(nodes: list[Document], node: Document, own_id: str) -> None:
    """Raise Refused for a manager that is needed, or that is the one which the task talks to."""
    refuse_demotion("state", nodes, node)
    if node["ID"] == own_id:
        raise Refused(
            "a manager cannot remove itself. Run hive.swarm.swarm_leave with demote on it, then run this on another"
            " manager.",
            option="state",
        )


def remove_node(engine: Engine, node: Document, force: bool, timeout: float, clock: Clock, log: WriteLog) -> None:
    """Raise NotConverged where a step does not end within the timeout. With force, drain and wait are left out.

    An entry with the role but without a place in the raft group (a failed join, or what a forced new cluster left
    behind) cannot be demoted and need not be.
    """
    node = _retire(node, force, _NodeRemoval(engine, timeout, clock, log))
    try:
        engine.delete(f"/nodes/{node['ID']}", force=force)
    except NotFound:
        pass  # another client was faster


def _retire(node: Document, force: bool, removal: _NodeRemoval) -> Document:
    """Demote and drain it; the node's entry when it can be removed."""
    if views.is_member(node):
        removal.write(node, "role", "worker")
        node = removal.until(node, lambda now: not views.is_member(now), "still_a_manager", "it is still a manager")
    if force:
        return node
    if views.is_ready(node) and node["Spec"].get("Availability") != "drain":
        removal.write(node, "availability", "drain")
        node = removal.until(
            node, lambda now: not views.tasks_left(removal.engine, now), "tasks_running", "tasks still run on it"
        )
    return removal.until(
        node,
        lambda now: views.state(now) == "down",
        "still_up",
        "the node is still up. Run hive.swarm.swarm_leave on it first, or set force if it does not come back",
    )


class _NodeRemoval(t.NamedTuple):
    engine: Engine
    timeout: float
    clock: Clock
    log: WriteLog

    def write(self, node: Document, option: str, value: str) -> None:
        key = option.capitalize()
        views.post_node(self.engine, node, {**node["Spec"], key: value})
        self.log.wrote(f"{option} {value} of node {views.label(node)}", [Change(option, node["Spec"].get(key), value)])

    def until(self, node: Document, test: t.Callable[[Document], bool], reason: str, why: str) -> Document:
        """The node's entry as soon as the test holds for it. :param reason: why it does not, for programs; ``why`` is for people."""
        now = node

        def check_convergence() -> ConvergenceStatus:
            nonlocal now
            now = self.engine.get(f"/nodes/{node['ID']}")
            return CONVERGED if test(now) else waiting(why)

        try:
            wait(check_convergence, self.timeout, f"removing {views.label(node)}", self.clock)
        except NotConverged as error:
            error.with_details(reason=reason)
            raise
        return now


MODULE = define(SwarmNode, {**ARGUMENT_SPEC, **WAIT_SPEC})
