# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Five thousand nodes: two requests, and no dearer than a file that lists the same hosts in the same groups.

The file has no variables, while the plugin sets some 25 for each host: with them, the file would take ten times longer.
Compared are the processor time and the memory of ``ansible-inventory --list``, the dearest of Ansible's readers; the
engine is another process's business. On the day it was written the plugin took 0.7 of the file's time and 1.1 of its
memory.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from ansible_collections.hive.swarm.tests.support.fake_engine import FakeCluster

# One release of ansible-core is enough for what costs seconds.
pytestmark = pytest.mark.once
NODES = 5000
RACKS = 50
AT_MOST = 1.6


class Cost(NamedTuple):
    """Seconds of CPU, and kB of memory at the peak."""

    cpu: float
    memory: int


@pytest.fixture(scope="module")
def crowd():
    """A manager of 5,000 nodes in 50 racks."""
    with FakeCluster() as cluster:
        (engine,) = cluster.swarm()
        for rack in range(RACKS):
            spec = {"Labels": {"rack": f"r{rack}", "disk": "ssd" if rack % 3 else "hdd"}, "Role": "worker"}
            state = "down" if rack == 7 else "ready"
            engine.put_nodes((NODES - (rack == 0)) // RACKS, spec={**spec, "Availability": "active"}, state=state)
        engine.put_nodes(NODES - len(engine.do("GET", "/nodes")))
        yield engine


def listed(source: Path, folder: Path, output: Path) -> Cost:
    """Run ansible-inventory --list; what the process cost."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("ANSIBLE_", "DOCKER_"))}
    environment |= {"ANSIBLE_HOME": str(folder / "ansible"), "PYTHONUTF8": "1"}
    program = str(Path(sys.executable).with_name("ansible-inventory"))
    with output.open("w") as stream:
        process = subprocess.Popen([program, "-i", str(source), "--list"], stdout=stream, env=environment)
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss)


def as_file(groups: dict[str, list[str]], file: Path) -> None:
    """A static inventory, as people write them."""
    lines = ["all:", "  children:"]
    for group, hosts in groups.items():
        lines += [f"    {group}:", "      hosts:", *(f"        {host}:" for host in hosts)]
    file.write_text("\n".join(lines) + "\n")


def test_two_requests_and_everything_there(crowd, read):
    crowd.forget()
    found = read(crowd.docker_host)
    assert [str(asked.path) for asked in crowd.requests] == ["/info", "/nodes"]
    assert len(found.hosts) == len(found.groups["swarm"]) == NODES
    assert len(found.groups["swarm_label_rack_r7"]) == len(found.groups["swarm_offline"]) == NODES // RACKS


def test_no_dearer_than_a_file(crowd, tmp_path):
    source, static = tmp_path / "big.swarm.yml", tmp_path / "static.yml"
    source.write_text(f"plugin: hive.swarm.swarm\ndocker_host: {crowd.docker_host}\n")
    ours = listed(source, tmp_path, tmp_path / "ours")
    seen = json.loads((tmp_path / "ours").read_text())
    assert len(seen["_meta"]["hostvars"]) == NODES
    as_file({name: group["hosts"] for name, group in seen.items() if "hosts" in group}, static)
    theirs = listed(static, tmp_path, tmp_path / "theirs")
    print(f"CPU {ours.cpu:.2f} s and {theirs.cpu:.2f} s, memory {ours.memory} kB and {theirs.memory} kB")
    assert ours.cpu <= AT_MOST * theirs.cpu
    assert ours.memory <= AT_MOST * theirs.memory
