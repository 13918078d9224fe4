# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an unchanged task costs, as a ratio to a module that does nothing.

Milliseconds depend on the machine and on what else it does; ratios of one interleaved run do not. Each round times
a playbook of equal tasks for every case in turn; a case's figure is the median over the rounds of (its playbook minus
an empty one) per task, divided by that of the module that does nothing. The CPU's time is told as well: where a
machine has other work too, that says more.

    make bench                      # 7 rounds of 10 tasks
    make bench ARGS='--rounds 15'
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Callable, NamedTuple

import yaml
from ansible_collections.hive.swarm.plugins.module_utils._lab import Lab

HERE = Path(__file__).parent
NOTHING = "nothing"
ONE_SERVICE = "hive.swarm.swarm_service"
Task = dict[str, Any]

# What a task of ours may cost at most, and the least that makes a difference to what users have today.
OURS_AT_MOST, THEIRS_AT_LEAST = 1.1, 1.5
# A stack of many services beside one service.
AT_MOST_BESIDE = 1.5


class Case(NamedTuple):
    """What one line of the report is about.

    tasks: the tasks of a playbook that does it so many times. command: or a command, run so many times.
    changes: whether it is meant to change something.
    beside: another case, which it may cost at most AT_MOST_BESIDE times.
    """

    tasks: Callable[[int], list[Task]] | None = None
    command: Callable[[int], list[str]] | None = None
    changes: bool = False
    judged: bool = True
    beside: str = ""


class Cost(NamedTuple):
    """Seconds that passed, and seconds of CPU."""

    wall: float
    cpu: float

    def of_each(self, count: int, base: Cost) -> Cost:
        """What each of so many tasks cost, above a base."""
        return Cost((self.wall - base.wall) / count, (self.cpu - base.cpu) / count)


FREE = Cost(0, 0)


def cost(run: Callable[[], Any]) -> Cost:
    """What it costs to run something that starts processes and waits for them; the engine's part is not in the CPU."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    run()
    seconds, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


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
    value = {"TIME": "at {{ now().timestamp() }}"}
    return Case(lambda count: [{name: {**options, "env": value}}] * count, changes=True, judged=False)


SERVICE = {
    "name": "bench",
    "image": "lab/busybox:1",
    "replicas": 0,
    "labels": {"a": "1"},
    "limits": {"memory": "64M"},
    "restart_config": {"condition": "on-failure"},
}


STACK_SERVICES = 20


def stack_service(number: int) -> dict[str, Any]:
    """One of a compose file, as long as they are."""
    return {
        "image": "lab/busybox:1",
        "command": ["sleep", "100000"],
        "environment": {"A": "1", "B": "two", "C": str(number)},
        "labels": {"team": "shop"},
        "networks": ["front", "back"],
        "configs": ["conf"],
        "healthcheck": {"test": ["CMD", "true"], "interval": "10s"},
        "ports": [f"{20000 + number}:80"],
        "volumes": ["data:/data"],
        "deploy": {
            "replicas": 0,
            "update_config": {"parallelism": 2, "delay": "5s", "order": "start-first"},
            "restart_policy": {"condition": "on-failure"},
            "resources": {"limits": {"cpus": "0.5", "memory": "64M"}},
            "placement": {"constraints": ["node.role == manager"]},
        },
    }


def write_stack(folder: Path) -> Path:
    """A compose file in the block style that people write."""
    services = {f"s{number}": stack_service(number) for number in range(STACK_SERVICES)}
    whole = {"version": "3.8", "services": services, "networks": {"front": {}, "back": {}}, "volumes": {"data": {}}}
    (folder / "conf").write_text("a config\n")
    path = folder / "stack.yml"
    path.write_text(yaml.safe_dump({**whole, "configs": {"conf": {"file": "./conf"}}}))
    return path


def cases(docker_host: str, address: str, stack: Path) -> dict[str, Case]:
    """Name of the line -> case. Ours and theirs ask for the same; what is not said otherwise changes nothing."""
    here = {"docker_host": docker_host}
    swarm = {**here, "advertise_addr": address, "task_history_retention_limit": 3}
    node = {**here, "hostname": "bench-n1", "labels": {"zone": "a"}}
    ours = {**here, **SERVICE, "resolve_image": "never"}
    theirs = {**here, **SERVICE}
    whole = {"name": "bench", "compose": [str(stack)], "resolve_image": "never"}
    deploy = [
        "docker",
        "--host",
        docker_host,
        "stack",
        "deploy",
        "--resolve-image",
        "never",
        "--compose-file",
        str(stack),
    ]
    docker = ["docker", "--host", docker_host, "service", "update", "--detach", "--quiet", "bench"]
    return {
        NOTHING: repeated({NOTHING: {}}),
        "hive.swarm.swarm_init": repeated({"hive.swarm.swarm_init": swarm}),
        "hive.swarm.swarm_node": repeated({"hive.swarm.swarm_node": node}),
        "hive.swarm.swarm_info": repeated({"hive.swarm.swarm_info": here}),
        "hive.swarm.swarm_node_info": repeated({"hive.swarm.swarm_node_info": here}),
        ONE_SERVICE: repeated({"hive.swarm.swarm_service": ours}),
        "hive.swarm.swarm_stack": repeated({"hive.swarm.swarm_stack": {**here, **whole}})._replace(beside=ONE_SERVICE),
        "hive.swarm.swarm_node, shipped": shipped({"hive.swarm.swarm_node": node}),
        "hive.swarm.swarm_service, shipped": shipped({"hive.swarm.swarm_service": ours}),
        "hive.swarm.swarm_stack, shipped": shipped({"hive.swarm.swarm_stack": {**here, **whole}}),
        "hive.swarm.swarm_service, looped": looped("hive.swarm.swarm_service", ours)._replace(judged=False),
        "hive.swarm.swarm_service, update": updated("hive.swarm.swarm_service", {**ours, "wait": False}),
        "community.docker.docker_swarm": repeated({"community.docker.docker_swarm": {**swarm, "state": "present"}}),
        "community.docker.docker_node": repeated({"community.docker.docker_node": node}),
        "community.docker.docker_swarm_info": repeated({"community.docker.docker_swarm_info": here}),
        "community.docker.docker_node_info": repeated({"community.docker.docker_node_info": here}),
        "community.docker.docker_swarm_service": repeated({"community.docker.docker_swarm_service": theirs}),
        "community.docker.docker_swarm_service, looped": looped("community.docker.docker_swarm_service", theirs),
        "community.docker.docker_swarm_service, update": updated("community.docker.docker_swarm_service", theirs),
        "docker stack deploy": Case(command=lambda number: [*deploy, "bench"], judged=False),
        "docker service update": Case(command=lambda number: [*docker, "--env-add", f"N={number}"], judged=False),
    }


def prepare(all_cases: dict[str, Case]) -> None:
    """Bring the swarm to what the tasks ask for, so that they change nothing."""
    modules = ("swarm_init", "swarm_node", "swarm_service", "swarm_stack")
    ours = [all_cases[f"hive.swarm.{module}"].tasks(1)[0] for module in modules]
    with tempfile.TemporaryDirectory() as folder:
        play(write(Path(folder), "prepare", ours), changes=True)


def write(folder: Path, name: str, tasks: list[Task]) -> Path:
    """A playbook of tasks on localhost, as JSON, which is YAML too."""
    path = folder / f"{name}.yml"
    path.write_text(json.dumps([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
    return path


def play(playbook: Path, changes: bool = False) -> None:
    """Run it; end the benchmark with the output if it fails or changes anything unasked."""
    environment = {
        **os.environ,
        "ANSIBLE_LIBRARY": str(HERE / "modules"),
        "ANSIBLE_LOCALHOST_WARNING": "False",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "False",
        "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
    }
    command = [str(Path(sys.executable).with_name("ansible-playbook")), str(playbook)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    unasked = "ok=" in done.stdout and ("changed=0" not in done.stdout) != changes
    if done.returncode or unasked:
        sys.exit(f"{playbook.name} failed or changed something:\n{done.stdout}\n{done.stderr}")


def measure(all_cases: dict[str, Case], rounds: int, count: int) -> dict[str, list[Cost]]:
    """Case -> cost per task, one figure a round; the cases of a round one after the other."""
    figures: dict[str, list[Cost]] = {name: [] for name in all_cases}
    with tempfile.TemporaryDirectory() as folder:
        empty = write(Path(folder), "empty", [])
        books = {name: write(Path(folder), name, case.tasks(count)) for name, case in all_cases.items() if case.tasks}
        for number in range(rounds + 1):
            base = cost(lambda: play(empty))
            for name, case in all_cases.items():
                if case.tasks:
                    each = cost(lambda: play(books[name], case.changes)).of_each(count, base)  # noqa: B023 (called here)
                else:
                    each = cost(lambda: command(case, number, count)).of_each(count, FREE)  # noqa: B023
                if number:  # the first round warms up
                    figures[name].append(each)
            print(f"round {number} of {rounds}", file=sys.stderr)
    return figures


def command(case: Case, number: int, count: int) -> None:
    """Run a command so many times."""
    for run in range(count):
        subprocess.run(case.command(number * count + run), stdout=subprocess.DEVNULL, check=True)


def report(all_cases: dict[str, Case], figures: dict[str, list[Cost]]) -> None:
    """Medians over the rounds, and how far the rounds' ratios are apart."""
    floor = middle(figures[NOTHING])
    print(f"\n{'one task':46} {'ms':>6} {'ratio':>6} {'CPU':>6} {'ratio':>6}  (lowest to highest of the first ratio)")
    for name, costs in figures.items():
        each = middle(costs)
        ratios = [one.wall / base.wall for one, base in zip(costs, figures[NOTHING])]
        ratio = each.wall / floor.wall
        kept = good(name, ratio) and each.wall <= allowed_beside(all_cases[name], figures)
        verdict = "" if not all_cases[name].judged or kept else "  <- not what we promise"
        spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
        columns = f"{each.wall * 1000:6.0f} {ratio:6.2f} {each.cpu * 1000:6.0f} {each.cpu / floor.cpu:6.2f}"
        print(f"{name:46} {columns}  ({spread}){verdict}")


def middle(costs: list[Cost]) -> Cost:
    return Cost(*(statistics.median(column) for column in zip(*costs)))


def chosen(all_cases: dict[str, Case], text: str) -> dict[str, Case]:
    """The cases whose name has the text in it, and what they are held against."""
    named = {name for name in all_cases if text in name}
    wanted = {NOTHING, *named, *(all_cases[name].beside for name in named)}
    return {name: case for name, case in all_cases.items() if name in wanted}


def allowed_beside(case: Case, figures: dict[str, list[Cost]]) -> float:
    """Seconds that a case may take as another one takes so many."""
    return AT_MOST_BESIDE * middle(figures[case.beside]).wall if case.beside in figures else float("inf")


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
        with tempfile.TemporaryDirectory() as folder:
            all_cases = cases(engine.docker_host, address, write_stack(Path(folder)))
            prepare(all_cases)
            if options.only:
                all_cases = chosen(all_cases, options.only)
            report(all_cases, measure(all_cases, options.rounds, options.tasks))
    finally:
        lab.down()


if __name__ == "__main__":
    main()
