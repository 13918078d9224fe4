# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ssh with sudo to a whole host: where most users are."""

from __future__ import annotations

from pathlib import Path

from measuring import Case, Connection, Task, in_module, looped, repeated, updated
from options import RUNNING_SERVICE

_OUR_SERVICE, _THEIR_SERVICE = "hive.swarm.swarm_service", "community.docker.docker_swarm_service"
_SECRET = {"name": "bench", "data": "a secret"}
_NODE = {"hostname": "n1", "labels": {"zone": "a"}}
_SERVICE = {**RUNNING_SERVICE, "resolve_image": "never"}
#: Ours, and what community.docker has for it.
_PAIRS: dict[str, tuple[Task, str, Task]] = {
    "swarm_node": ({"hive.swarm.swarm_node": _NODE}, "docker_node", {"community.docker.docker_node": _NODE}),
    "swarm_service": ({_OUR_SERVICE: _SERVICE}, "docker_swarm_service", {_THEIR_SERVICE: RUNNING_SERVICE}),
    "swarm_secret": (
        {"hive.swarm.swarm_secret": _SECRET},
        "docker_secret",
        {"community.docker.docker_secret": {**_SECRET, "name": "bench-theirs"}},
    ),
    "swarm_info": ({"hive.swarm.swarm_info": {}}, "docker_swarm_info", {"community.docker.docker_swarm_info": {}}),
}


def make(connection: Connection, stack: Path, of_empty: float) -> dict[str, Case]:
    """Return name of the line -> case.

    :param of_empty: the limit of a task that changes nothing, as a share of an empty module's time.
    """
    name = connection.name
    floor, one = f"{name}: an empty module", f"{name}: swarm_service"
    cases = {
        floor: repeated(connection, {"nothing": {}}),
        f"{name}: a bare command": repeated(connection, {"ansible.builtin.raw": "true"}, changes=True),
    }
    for ours, (our_task, theirs, their_task) in _PAIRS.items():
        limits = {floor: of_empty, f"{name}: {theirs}": 0.20}
        cases[f"{name}: {ours}"] = repeated(connection, our_task, limits=limits)
        cases[f"{name}: {theirs}"] = repeated(connection, their_task)
    whole = {"name": "bench", "compose": [str(stack)], "resolve_image": "never"}
    update = {**_SERVICE, "name": "bench-update", "replicas": 0}
    their_update = {**RUNNING_SERVICE, "name": "bench-update", "replicas": 0}
    return {
        **cases,
        f"{name}: swarm_stack": repeated(connection, {"hive.swarm.swarm_stack": whole}, limits={one: 1.5}),
        f"{name}: swarm_service, a loop item": looped(connection, _OUR_SERVICE, _SERVICE),
        f"{name}: swarm_service, update": updated(
            connection, _OUR_SERVICE, {**update, "wait": False}, limits={floor: 0.6}
        ),
        f"{name}: docker_swarm_service, update": updated(connection, _THEIR_SERVICE, their_update),
        f"{name}: swarm_service, shipped": repeated(connection, in_module({_OUR_SERVICE: _SERVICE})),
    }


def preparation(cases: dict[str, Case], name: str) -> list[Task]:
    """Return tasks that bring the swarm to what the others ask for, so that these change nothing."""
    lines = ("swarm_node", "swarm_service", "swarm_secret", "docker_secret", "swarm_stack", "swarm_service, update")
    return [task for line in lines for task in cases[f"{name}: {line}"].tasks(1)]
