# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Taking a node out of the swarm: demote, drain, wait until it is down, remove, as an operator does by hand."""

from __future__ import annotations

import typing as t

from .._core.errors import NotFound, Refused
from .._core.paths import Document
from .._core.plan import Change, WriteLog
from .._core.waiting import Clock, Verdict, converged, wait, waiting
from .._engine.client import Engine
from . import views
from .quorum import refuse_demotion


def refuse_removal(nodes: list[Document], node: Document, own_id: str) -> None:
    """Raise Refused for a manager that is needed, or that is the one which the task talks to."""
    refuse_demotion("state", nodes, node)
    if node["ID"] == own_id:
        raise Refused(
            "state: a manager cannot remove itself. Run hive.swarm.swarm_leave with demote on it, then run this on another"
            " manager."
        )


def remove_node(engine: Engine, node: Document, force: bool, timeout: float, clock: Clock, log: WriteLog) -> None:
    """Raise NotConverged where a step does not end within the timeout. With force, drain and wait are left out.

    An entry with the role but without a place in the raft group (a failed join, or what a forced new cluster left
    behind) cannot be demoted and need not be.
    """
    node = _retire(node, force, _Patience(engine, timeout, clock, log))
    try:
        engine.delete(f"/nodes/{node['ID']}", force=force)
    except NotFound:
        pass  # another client was faster


def _retire(node: Document, force: bool, patience: _Patience) -> Document:
    """Demote and drain it; the node's entry when it can be removed."""
    if views.is_member(node):
        patience.write(node, "role", "worker")
        node = patience.until(node, lambda now: not views.is_member(now), "it is still a manager")
    if force:
        return node
    if views.is_ready(node) and node["Spec"].get("Availability") != "drain":
        patience.write(node, "availability", "drain")
        node = patience.until(node, lambda now: not views.tasks_left(patience.engine, now), "tasks still run on it")
    return patience.until(
        node,
        lambda now: views.state(now) == "down",
        "the node is still up. Run hive.swarm.swarm_leave on it first, or set force if it does not come back",
    )


class _Patience(t.NamedTuple):
    engine: Engine
    timeout: float
    clock: Clock
    log: WriteLog

    def write(self, node: Document, option: str, value: str) -> None:
        key = option.capitalize()
        views.post_node(self.engine, node, {**node["Spec"], key: value})
        self.log.wrote(f"{option} {value} of node {views.label(node)}", [Change(option, node["Spec"].get(key), value)])

    def until(self, node: Document, test: t.Callable[[Document], bool], why: str) -> Document:
        """The node's entry as soon as the test holds for it."""
        now = node

        def look() -> Verdict:
            nonlocal now
            now = self.engine.get(f"/nodes/{node['ID']}")
            return converged() if test(now) else waiting(why)

        wait(look, self.timeout, f"removing {views.label(node)}", self.clock)
        return now
