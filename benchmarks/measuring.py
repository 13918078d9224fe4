# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Playbooks of equal tasks, timed in interleaved rounds."""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
Task = dict[str, Any]
PROGRAMS = Path(sys.executable).parent


class Connection(NamedTuple):
    """How the tasks of a case reach their host.

    :param hosts: the pattern of the play. :param inventory: None for the implicit localhost.
    :param environment: settings of Ansible.
    """

    name: str
    hosts: str = "localhost"
    inventory: Path | None = None
    environment: Mapping[str, str] = {}


class Case(NamedTuple):
    """One line of the report.

    :param tasks: the tasks of a playbook that does it so many times. :param command: or a command for the n-th time.
    :param changes: whether each task is meant to change something.
    :param limits: other lines, and the share of their time that this one may take at most.
    :param times: how many tasks stand for one of the benchmark's, so that those of a few milliseconds add up to more
        than the start of a playbook varies by.
    """

    connection: Connection
    tasks: Callable[[int], list[Task]] | None = None
    command: Callable[[int], list[str]] | None = None
    changes: bool = False
    limits: Mapping[str, float] = {}
    times: int = 1


class Cost(NamedTuple):
    """Seconds that passed, and seconds of the controller's CPU."""

    wall: float
    cpu: float

    def of_each(self, count: int, base: Cost) -> Cost:
        """Return the cost of each of so many tasks, above a base."""
        return Cost((self.wall - base.wall) / count, (self.cpu - base.cpu) / count)


_FREE = Cost(0, 0)
#: Line of the report -> one figure a round.
Figures = dict[str, list[Cost]]


def cost(run: Callable[[], Any]) -> Cost:
    """Return what it costs to run something that starts processes and waits for them."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    run()
    seconds, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def median(costs: list[Cost]) -> Cost:
    return Cost(*(statistics.median(column) for column in zip(*costs)))


def repeated(connection: Connection, task: Task, **facts: Any) -> Case:
    return Case(connection, lambda count: [task] * count, **facts)


def looped(connection: Connection, module: str, options: dict[str, Any], **facts: Any) -> Case:
    """One task with a loop: no set-up of a task for each item."""
    return Case(connection, lambda count: [{module: options, "loop": list(range(count))}], **facts)


def updated(connection: Connection, module: str, options: dict[str, Any], **facts: Any) -> Case:
    """Another value of a variable with each task, and with each run."""
    value = {"TIME": "at {{ now().timestamp() }}"}
    return Case(connection, lambda count: [{module: {**options, "env": value}}] * count, changes=True, **facts)


def in_module(task: Task) -> Task:
    """The task as a shipped module."""
    return {**task, "vars": {"hive_swarm_in_process": False}}


def write_playbook(path: Path, hosts: str, tasks: list[Task]) -> Path:
    """Write it as JSON, which is YAML too."""
    path.write_text(json.dumps([{"hosts": hosts, "gather_facts": False, "tasks": tasks}]))
    return path


def ansible(arguments: list[str], connection: Connection, changes: bool | None = False, more: Any = None) -> str:
    """Return the output of a program of Ansible; end the benchmark where it fails.

    :param changes: whether something is to change; None where that does not matter.
    """
    program, *rest = arguments
    inventory = ["-i", str(connection.inventory)] if connection.inventory else []
    own = {
        "ANSIBLE_LIBRARY": str(HERE / "modules"),
        "ANSIBLE_LOCALHOST_WARNING": "False",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "False",
    }
    environment = {**os.environ, **own, **connection.environment, **(more or {})}
    command = [str(PROGRAMS / program), *inventory, *rest]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    unasked = changes is not None and "ok=" in done.stdout and any_changed(done.stdout) != changes
    if done.returncode or unasked:
        sys.exit(f"{' '.join(rest)} failed or changed something:\n{done.stdout}\n{done.stderr}")
    return done.stdout


def any_changed(recap: str) -> bool:
    lines = [line for line in recap.splitlines() if "changed=" in line]
    return any("changed=0" not in line for line in lines)


def measure(cases: Mapping[str, Case], rounds: int, count: int, folder: Path) -> Figures:
    """Return the cost of each task; the cases of a round run one after the other."""
    figures: Figures = {name: [] for name in cases}
    empty = write_playbook(folder / "empty.yml", "localhost", [])
    books = {
        name: playbook(folder, number, case, count * case.times) for number, (name, case) in enumerate(cases.items())
    }
    for number in range(rounds + 1):
        base = cost(lambda: ansible(["ansible-playbook", str(empty)], Connection("local")))
        for name, case in cases.items():
            each = _cost_of(case, books[name], number, count * case.times, base)
            if number:  # the first round warms up
                figures[name].append(each)
        print(f"round {number} of {rounds}", file=sys.stderr)
    return figures


def playbook(folder: Path, number: int, case: Case, count: int) -> Path | None:
    if case.tasks is None:
        return None
    return write_playbook(folder / f"case{number}.yml", case.connection.hosts, case.tasks(count))


def _cost_of(case: Case, book: Path | None, number: int, count: int, base: Cost) -> Cost:
    if book:
        arguments = ["ansible-playbook", str(book)]
        return cost(lambda: ansible(arguments, case.connection, case.changes)).of_each(count, base)
    return cost(lambda: _run_commands(case, number, count)).of_each(count, _FREE)


def _run_commands(case: Case, number: int, count: int) -> None:
    assert case.command
    for run in range(count):
        subprocess.run(case.command(number * count + run), stdout=subprocess.DEVNULL, check=True)
