# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The local connection, without become: the engine's socket is on the controller."""

from __future__ import annotations

from pathlib import Path

from measuring import Case, Connection, Task, in_module, looped, repeated, updated
from options import SERVICE

FLOOR = "local: an empty module"
_LOCAL = Connection("local")


def make(engine: dict[str, str], stack: Path, interpreter: str) -> dict[str, Case]:
    """Return name of the line -> case. Ours and theirs ask for the same."""
    docker_host = engine["docker_host"]
    here = {"docker_host": docker_host}
    swarm = {**here, "advertise_addr": engine["address"], "task_history_retention_limit": 3}
    node = {**here, "hostname": engine["hostname"], "labels": {"zone": "a"}}
    ours = {**here, **SERVICE, "resolve_image": "never"}
    theirs = {**here, **SERVICE}
    whole = {**here, "name": "bench", "compose": [str(stack)], "resolve_image": "never"}
    local = _LOCAL._replace(environment={"ANSIBLE_PYTHON_INTERPRETER": interpreter})
    service, own_stack = "hive.swarm.swarm_service", "hive.swarm.swarm_stack"
    no_op: dict[str, Task] = {
        "swarm_init": {"hive.swarm.swarm_init": swarm},
        "swarm_node": {"hive.swarm.swarm_node": node},
        "swarm_info": {"hive.swarm.swarm_info": here},
        "swarm_node_info": {"hive.swarm.swarm_node_info": here},
        "swarm_service": {service: ours},
    }
    others = {
        "docker_swarm": {"community.docker.docker_swarm": {**swarm, "state": "present"}},
        "docker_node": {"community.docker.docker_node": node},
        "docker_swarm_info": {"community.docker.docker_swarm_info": here},
        "docker_node_info": {"community.docker.docker_node_info": here},
        "docker_swarm_service": {"community.docker.docker_swarm_service": theirs},
    }
    docker = ["docker", "--host", docker_host]
    deploy = [*docker, "stack", "deploy", "--resolve-image", "never", "--compose-file", str(stack), "bench"]
    update = [*docker, "service", "update", "--detach", "--quiet", "bench"]
    one = "local: swarm_service"
    return {
        FLOOR: repeated(local, {"nothing": {}}),
        **{f"local: {name}": repeated(local, task, limits={FLOOR: 0.10}, times=5) for name, task in no_op.items()},
        "local: swarm_stack": repeated(local, {own_stack: whole}, limits={one: 1.5}, times=3),
        "local: swarm_service, a loop item": looped(local, service, ours, limits={FLOOR: 0.05}, times=20),
        "local: swarm_service, update": updated(local, service, {**ours, "wait": False}, limits={FLOOR: 0.6}),
        "local: swarm_node, shipped": repeated(local, in_module(no_op["swarm_node"])),
        "local: swarm_service, shipped": repeated(local, in_module(no_op["swarm_service"])),
        "local: swarm_stack, shipped": repeated(local, in_module({own_stack: whole})),
        **{f"local: {name}": repeated(local, task) for name, task in others.items()},
        "local: docker_swarm_service, a loop item": looped(local, "community.docker.docker_swarm_service", theirs),
        "local: docker_swarm_service, update": updated(local, "community.docker.docker_swarm_service", theirs),
        "local: the command docker stack deploy": Case(local, command=lambda number: deploy),
        "local: the command docker service update": Case(
            local, command=lambda number: [*update, "--env-add", f"N={number}"]
        ),
    }


def preparation(cases: dict[str, Case]) -> list[Task]:
    """Return tasks that bring the swarm to what the others ask for, so that these change nothing."""
    names = ("swarm_init", "swarm_node", "swarm_service", "swarm_stack")
    return [task for name in names for task in cases[f"local: {name}"].tasks(1)]
