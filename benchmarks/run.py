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
from typing import Any

from ansible_collections.hive.swarm.plugins.module_utils._lab import Lab

HERE = Path(__file__).parent
NOTHING = "nothing"
Task = dict[str, Any]

# What a task of ours may cost at most, and the least that makes a difference to what users have today.
OURS_AT_MOST, THEIRS_AT_LEAST = 1.1, 1.5


def cases(docker_host: str, address: str) -> dict[str, Task]:
    """Name of the case -> one task that has nothing to change. Ours and theirs ask for the same."""
    swarm = {"advertise_addr": address, "task_history_retention_limit": 3}
    node = {"hostname": "bench-n1", "labels": {"zone": "a"}}
    here = {"docker_host": docker_host}
    return {
        NOTHING: {NOTHING: {}},
        "hive.swarm.swarm_init": {"hive.swarm.swarm_init": {**here, **swarm}},
        "hive.swarm.swarm_node": {"hive.swarm.swarm_node": {**here, **node}},
        "hive.swarm.swarm_info": {"hive.swarm.swarm_info": here},
        "hive.swarm.swarm_node_info": {"hive.swarm.swarm_node_info": here},
        "community.docker.docker_swarm": {"community.docker.docker_swarm": {**here, **swarm, "state": "present"}},
        "community.docker.docker_node": {"community.docker.docker_node": {**here, **node}},
        "community.docker.docker_swarm_info": {"community.docker.docker_swarm_info": here},
        "community.docker.docker_node_info": {"community.docker.docker_node_info": here},
    }


def prepare(docker_host: str, address: str) -> None:
    """Bring the swarm to what the tasks ask for, so that they change nothing."""
    all_cases = cases(docker_host, address)
    ours = [all_cases["hive.swarm.swarm_init"], all_cases["hive.swarm.swarm_node"]]
    with tempfile.TemporaryDirectory() as folder:
        play(write(Path(folder), "prepare", ours))


def write(folder: Path, name: str, tasks: list[Task]) -> Path:
    """A playbook of tasks on localhost, as JSON, which is YAML too."""
    path = folder / f"{name}.yml"
    path.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
    return path


def play(playbook: Path) -> float:
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
    if done.returncode or (playbook.stem != "prepare" and "changed=0" not in done.stdout and "ok=" in done.stdout):
        sys.exit(f"{playbook.name} failed or changed something:\n{done.stdout}\n{done.stderr}")
    return seconds


def measure(all_cases: dict[str, Task], rounds: int, count: int) -> dict[str, list[float]]:
    """Case -> seconds per task, one figure a round; the cases of a round one after the other."""
    figures: dict[str, list[float]] = {name: [] for name in all_cases}
    with tempfile.TemporaryDirectory() as folder:
        empty = write(Path(folder), "empty", [])
        books = {name: write(Path(folder), name, [task] * count) for name, task in all_cases.items()}
        for number in range(rounds + 1):
            base = play(empty)
            for name, book in books.items():
                seconds = (play(book) - base) / count
                if number:  # the first round warms up
                    figures[name].append(seconds)
            print(f"round {number} of {rounds}", file=sys.stderr)
    return figures


def report(figures: dict[str, list[float]]) -> None:
    floor = figures[NOTHING]
    print(f"\n{'one unchanged task':42} {'ms':>6} {'ratio':>6}  (lowest to highest)")
    for name, seconds in figures.items():
        ratios = [one / base for one, base in zip(seconds, floor)]
        middle = statistics.median(seconds) / statistics.median(floor)
        verdict = "" if good(name, middle) else "  <- not what we promise"
        spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
        print(f"{name:42} {statistics.median(seconds) * 1000:6.0f} {middle:6.2f}  ({spread}){verdict}")


def good(name: str, ratio: float) -> bool:
    if name.startswith("hive."):
        return ratio <= OURS_AT_MOST
    return name == NOTHING or ratio >= THEIRS_AT_LEAST


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--tasks", type=int, default=10)
    options = parser.parse_args()
    lab = Lab("bench", engines=1)
    lab.up()
    try:
        engine = lab.engines[0]
        address = engine.facts()["address"]
        prepare(engine.docker_host, address)
        report(measure(cases(engine.docker_host, address), options.rounds, options.tasks))
    finally:
        lab.down()


if __name__ == "__main__":
    main()
