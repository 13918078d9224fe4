# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a removed service has really stopped: its tasks outlive it."""

from __future__ import annotations

from ..._converge import Verdict, converged, waiting
from ..._engine import Engine
from ..._errors import NotFound
from .progress_slots import alive
from .progress_words import old_words


def gone(engine: Engine, service_id: str, name: str = "task") -> Verdict:
    """Whether nothing of a removed service is left on a live node. ``name`` is for the message."""
    nodes = {node["ID"]: node for node in engine.get("/nodes")}
    try:
        tasks = engine.get("/tasks", filters={"service": [service_id]})
    except NotFound:  # the filter wants a service that is there
        tasks = engine.get("/tasks")
    left = [task for task in tasks if task["ServiceID"] == service_id and alive(task, nodes)]
    return waiting(old_words(left, nodes, name)) if left else converged()
