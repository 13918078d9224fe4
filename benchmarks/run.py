# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an unchanged task costs, as a ratio to a module that does nothing.

Milliseconds depend on the machine and on what else it does; ratios of one interleaved run do not. Each round times
a playbook of equal tasks for every case in turn; a case's figure is the median over the rounds of (its playbook minus
an empty one) per task, divided by that of the module that does nothing.

    make bench                      # 7 rounds of 10 tasks
    make bench ARGS='--rounds 15'
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Callable, NamedTuple

from ansible_collections.hive.swarm.plugins.module_utils._lab import Lab

HERE = Path(__file__).parent
NOTHING = "nothing"
Task = dict[str, Any]

# What a task of ours may cost at most, and the least that makes a difference to what users have today.
OURS_AT_MOST, THEIRS_AT_LEAST = 1.1, 1.5


class Case(NamedTuple):
    """What one line of the report is about.

    tasks: the tasks of a playbook that does it so many times. command: or a command, run so many times.
    changes: whether it is meant to change something.
    """

    tasks: Callable[[int], list[Task]] | None = None
    command: Callable[[int], list[str]] | None = None
    changes: bool = False
    judged: bool = True


def repeated(task: Task) -> Case:
    return Case(lambda count: [task] * count)


def shipped(task: Task) -> Case:
    """The same as an ordinary module, as on every host that is not the controller: what users pay over ssh."""
    return repeated({**task, "vars": {"hive_swarm_in_process": False}})._replace(judged=False)


def looped(name: str, options: dict[str, Any]) -> Case:
    """One task with a loop: no set-up of a task per item."""
    return Case(lambda count: [{name: options, "loop": list(range(count))}])


def updated(name: str, options: dict[str, Any]) -> Case:
    """Another value of a variable with each task, and with each run."""
    value = {"TIME": "{{ now().timestamp() }}"}
    return Case(lambda count: [{name: {**options, "env": value}}] * count, changes=True, judged=False)


SERVICE = {
    "name": "bench",
    "image": "lab/busybox:1",
    "replicas": 0,
    "labels": {"a": "1"},
    "limits": {"memory": "64M"},
    "restart_config": {"condition": "on-failure"},
}


def cases(docker_host: str, address: str) -> dict[str, Case]:
    """Name of the line -> case. Ours and theirs ask for the same; what is not said otherwise changes nothing."""
    here = {"docker_host": docker_host}
    swarm = {**here, "advertise_addr": address, "task_history_retention_limit": 3}
    node = {**here, "hostname": "bench-n1", "labels": {"zone": "a"}}
    ours = {**here, **SERVICE, "resolve_image": "never"}
    theirs = {**here, **SERVICE}
    docker = ["docker", "--host", docker_host, "service", "update", "--detach", "--quiet", "bench"]
    return {
        NOTHING: repeated({NOTHING: {}}),
        "hive.swarm.swarm_init": repeated({"hive.swarm.swarm_init": swarm}),
        "hive.swarm.swarm_node": repeated({"hive.swarm.swarm_node": node}),
        "hive.swarm.swarm_info": repeated({"hive.swarm.swarm_info": here}),
        "hive.swarm.swarm_node_info": repeated({"hive.swarm.swarm_node_info": here}),
        "hive.swarm.swarm_service": repeated({"hive.swarm.swarm_service": ours}),
        "hive.swarm.swarm_node, shipped": shipped({"hive.swarm.swarm_node": node}),
        "hive.swarm.swarm_service, shipped": shipped({"hive.swarm.swarm_service": ours}),
        "hive.swarm.swarm_service, looped": looped("hive.swarm.swarm_service", ours)._replace(judged=False),
        "hive.swarm.swarm_service, update": updated("hive.swarm.swarm_service", {**ours, "wait": False}),
        "community.docker.docker_swarm": repeated({"community.docker.docker_swarm": {**swarm, "state": "present"}}),
        "community.docker.docker_node": repeated({"community.docker.docker_node": node}),
        "community.docker.docker_swarm_info": repeated({"community.docker.docker_swarm_info": here}),
        "community.docker.docker_node_info": repeated({"community.docker.docker_node_info": here}),
        "community.docker.docker_swarm_service": repeated({"community.docker.docker_swarm_service": theirs}),
        "community.docker.docker_swarm_service, looped": looped("community.docker.docker_swarm_service", theirs),
        "community.docker.docker_swarm_service, update": updated("community.docker.docker_swarm_service", theirs),
        "docker service update": Case(command=lambda number: [*docker, "--env-add", f"N={number}"], judged=False),
    }


def prepare(docker_host: str, address: str) -> None:
    """Bring the swarm to what the tasks ask for, so that they change nothing."""
    all_cases = cases(docker_host, address)
    ours = [all_cases[f"hive.swarm.{module}"].tasks(1)[0] for module in ("swarm_init", "swarm_node", "swarm_service")]
    with tempfile.TemporaryDirectory() as folder:
        play(write(Path(folder), "prepare", ours), changes=True)


def write(folder: Path, name: str, tasks: list[Task]) -> Path:
    """A playbook of tasks on localhost, as JSON, which is YAML too."""
    path = folder / f"{name}.yml"
    path.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
    return path


def play(playbook: Path, changes: bool = False) -> float:
    """Seconds of one run; ends the benchmark with the output if it fails or changes anything unasked."""
    environment = {
        **os.environ,
        "ANSIBLE_LIBRARY": str(HERE / "modules"),
        "ANSIBLE_LOCALHOST_WARNING": "False",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "False",
        "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
    }
    command = [str(Path(sys.executable).with_name("ansible-playbook")), str(playbook)]
    start = time.monotonic()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    seconds = time.monotonic() - start
    unasked = "ok=" in done.stdout and ("changed=0" not in done.stdout) != changes
    if done.returncode or unasked:
        sys.exit(f"{playbook.name} failed or changed something:\n{done.stdout}\n{done.stderr}")
    return seconds


def measure(all_cases: dict[str, Case], rounds: int, count: int) -> dict[str, list[float]]:
    """Case -> seconds per task, one figure a round; the cases of a round one after the other."""
    figures: dict[str, list[float]] = {name: [] for name in all_cases}
    with tempfile.TemporaryDirectory() as folder:
        empty = write(Path(folder), "empty", [])
        books = {name: write(Path(folder), name, case.tasks(count)) for name, case in all_cases.items() if case.tasks}
        for number in range(rounds + 1):
            base = play(empty)
            for name, case in all_cases.items():
                seconds = play(books[name], case.changes) - base if case.tasks else command(case, number, count)
                if number:  # the first round warms up
                    figures[name].append(seconds / count)
            print(f"round {number} of {rounds}", file=sys.stderr)
    return figures


def command(case: Case, number: int, count: int) -> float:
    """Seconds of so many runs of a command."""
    start = time.monotonic()
    for run in range(count):
        subprocess.run(case.command(number * count + run), stdout=subprocess.DEVNULL, check=True)
    return time.monotonic() - start


def report(all_cases: dict[str, Case], figures: dict[str, list[float]]) -> None:
    floor = figures[NOTHING]
    print(f"\n{'one task':46} {'ms':>6} {'ratio':>6}  (lowest to highest)")
    for name, seconds in figures.items():
        ratios = [one / base for one, base in zip(seconds, floor)]
        middle = statistics.median(seconds) / statistics.median(floor)
        verdict = "" if not all_cases[name].judged or good(name, middle) else "  <- not what we promise"
        spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
        print(f"{name:46} {statistics.median(seconds) * 1000:6.0f} {middle:6.2f}  ({spread}){verdict}")


def good(name: str, ratio: float) -> bool:
    if name.startswith("hive."):
        return ratio <= OURS_AT_MOST
    return name == NOTHING or ratio >= THEIRS_AT_LEAST


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--tasks", type=int, default=10)
    parser.add_argument("--only", default="", help="cases whose name has this in it, beside the one that does nothing")
    options = parser.parse_args()
    lab = Lab("bench", engines=1, images=["lab/busybox:1"])
    lab.up()
    try:
        engine = lab.engines[0]
        address = engine.facts()["address"]
        prepare(engine.docker_host, address)
        all_cases = cases(engine.docker_host, address)
        if options.only:
            all_cases = {name: case for name, case in all_cases.items() if name == NOTHING or options.only in name}
        report(all_cases, measure(all_cases, options.rounds, options.tasks))
    finally:
        lab.down()


if __name__ == "__main__":
    main()
