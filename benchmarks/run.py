# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task costs, as a ratio to a module that does nothing.

Milliseconds depend on the machine and on what else it does; ratios of one interleaved run do not. Each round times
a playbook of equal tasks for every case in turn; a case's figure is the median over the rounds of (its playbook minus
an empty one) per task, divided by that of the module that does nothing over the same connection. The controller's CPU
time is shown as well.

Three parts, or some of them: "local" (a lab; the socket is on the controller), "ssh" (a whole host, ssh with sudo,
pipelining on and off) and "site" (hive.swarm.site unchanged on 1, 3 and 5 hosts, beside a ping of the same hosts).

    make bench                              # 7 rounds of 10 tasks
    make bench ARGS='--rounds 15'
    make bench ARGS='--part ssh'
    make bench ARGS='--part local --only swarm_service'
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hosts
import local_cases
import report
import ssh_cases
from ansible_collections.hive.swarm.plugins.module_utils._lab import Lab
from measuring import Case, Connection, ansible, cost, measure, write_playbook
from options import IMAGE, write_stack

PARTS = ("local", "ssh", "site")
_SITES = (1, 3, 5)
_PINGS = 3.0  # what site may take


def main() -> None:
    options = _parsed()
    parts = options.part or PARTS
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench")))
        compose = write_stack(folder)
        cases: dict[str, Case] = {}
        if "local" in parts:
            cases |= stack.enter_context(_lab_cases(compose, folder))
        if "ssh" in parts or "site" in parts:
            fleet = stack.enter_context(hosts.hosts(max(_SITES) if "site" in parts else 1, folder))
            fleet.install()
        counts = {}
        if "ssh" in parts:
            over_ssh = _chosen(_ssh_cases(fleet, compose, folder), options.only)
            with fleet.debugging():
                counts = {name: fleet.counts(case, options.tasks) for name, case in over_ssh.items()}
            cases |= over_ssh
        cases = _chosen(cases, options.only)
        if cases:
            report.show(cases, measure(cases, options.rounds, options.tasks, folder), counts)
        if "site" in parts:
            _show_sites(fleet, options.rounds)


def _parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--tasks", type=int, default=10)
    parser.add_argument("--part", action="append", choices=PARTS, help="may be repeated; all of them without it")
    parser.add_argument("--only", default="", help="cases with this in their names, beside what they are held against")
    return parser.parse_args()


@contextlib.contextmanager
def _lab_cases(compose: Path, folder: Path) -> Iterator[dict[str, Case]]:
    lab = Lab("bench-local", engines=1, images=[IMAGE])
    lab.up()
    try:
        (engine,) = lab.engines
        cases = local_cases.make(engine.facts(), compose, sys.executable)
        _prepare(cases[local_cases.FLOOR].connection, local_cases.preparation(cases), folder)
        yield cases
    finally:
        lab.down()


def _ssh_cases(fleet: hosts.Hosts, compose: Path, folder: Path) -> dict[str, Case]:
    fast, plain = fleet.connection("ssh"), fleet.connection("ssh, no pipelining", pipelining=False)
    cases = ssh_cases.make(fast, compose, of_empty=0.35)
    _prepare(fast, ssh_cases.preparation(cases, fast.name), folder)
    return {**cases, **ssh_cases.make(plain, compose, of_empty=0.30)}


def _prepare(connection: Connection, tasks: list[dict[str, object]], folder: Path) -> None:
    book = write_playbook(folder / "prepare.yml", connection.hosts, tasks)
    ansible(["ansible-playbook", str(book)], connection, changes=None)


def _chosen(cases: dict[str, Case], text: str) -> dict[str, Case]:
    """Return the cases whose name has the text in it, and what they are held against."""
    named = {name for name in cases if text in name}
    floors = {f"{cases[name].connection.name}: an empty module" for name in named}
    wanted = {*named, *floors, *(other for name in named for other in cases[name].limits)}
    return {name: case for name, case in cases.items() if name in wanted}


def _show_sites(fleet: hosts.Hosts, rounds: int) -> None:
    """The swarm grows, so that it always has the hosts of the inventory and no others."""
    print(f"\n{'hive.swarm.site, unchanged':30} {'ping s':>8} {'site s':>8} {'pings':>6}")
    for count in _SITES:
        fleet.site(count, changes=None)
        pairs = []
        for number in range(rounds + 1):
            ping, site = cost(lambda: fleet.ping(count)).wall, cost(lambda: fleet.site(count)).wall  # noqa: B023
            if number:
                pairs.append((ping, site))
        pings, sites = zip(*pairs)
        share = statistics.median(site / ping for ping, site in pairs)
        verdict = "ok" if share <= _PINGS else f"ABOVE THE LIMIT of {_PINGS:g}"
        columns = f"{statistics.median(pings):8.2f} {statistics.median(sites):8.2f} {share:6.1f}"
        print(f"{f'{count} hosts':30} {columns}  {verdict}")


if __name__ == "__main__":
    main()
