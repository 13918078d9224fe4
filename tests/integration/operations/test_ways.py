# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The ways between two hosts with firewalls: which of them hive.swarm.swarm_connectivity calls open."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from ansible.module_utils import basic

PLUGINS = Path(__file__).resolve().parents[3] / "plugins"
# What the module does, without Ansible: it has no transport into a network namespace.
PROGRAM = """
import json, sys
from module_utils._hosts.connectivity import Listening, Target, collect, listen, probe
order, given = sys.argv[1], json.loads(sys.argv[2])
if order == "probe":
    given["targets"] = [Target(*each) for each in given["targets"]]
print(json.dumps(listen(Listening(**given)) if order == "listen" else {"probe": probe, "collect": collect}[order](**given)))
"""
TCP, UDP = [7946, 2377], [7946, 4789]
ADDRESSES = {4: "192.0.2.2", 6: "fd00:77::2"}


def call(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


class Two:
    """Two network namespaces with a cable between them; the first one tries ways to the second."""

    def __init__(self):
        self.names = [f"ways{os.getpid()}{end}" for end in "ab"]
        self.control = ""

    def up(self):
        for name in self.names:
            call("ip", "netns", "add", name)
        here, there = self.names
        call("ip", "-n", here, "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", there)
        for number, name in enumerate(self.names, 1):
            for address in (f"192.0.2.{number}/24", f"fd00:77::{number}/64"):
                call("ip", "-n", name, "address", "add", address, "dev", "eth0", *(["nodad"] if ":" in address else []))
            for link in ("lo", "eth0"):
                call("ip", "-n", name, "link", "set", link, "up")

    def down(self):
        for name in self.names:
            subprocess.run(["ip", "netns", "delete", name], check=False, capture_output=True)

    def inside(self, end, *command):
        return call("nsenter", f"--net=/run/netns/{self.names[end]}", *command)

    def ways(self, end, order, **wanted):
        program = ("env", f"PYTHONPATH={PLUGINS}", sys.executable, "-c", PROGRAM)
        return json.loads(self.inside(end, *program, order, json.dumps({"run": "r1", **wanted})))

    def drop(self, protocol, port, family=4, chain="INPUT", end=1, to="DROP"):
        program = "iptables" if family == 4 else "ip6tables"
        self.inside(end, program, "-w", "-A", chain, "-p", protocol, "--dport", str(port), "-j", to)

    def listen(self, family=4, seconds=50):
        said = self.ways(1, "listen", tcp=TCP, udp=UDP, family=family, seconds=seconds)
        self.control = said.pop("control")
        return said

    def heard(self):
        return self.ways(1, "collect", control=self.control)

    def attempt(self, family=4):
        """What the first one tells of TCP, and what the second one has heard."""
        ways = [
            ["n2", ADDRESSES[family], protocol, p] for protocol, ports in (("tcp", TCP), ("udp", UDP)) for p in ports
        ]
        said = self.ways(0, "probe", name="n1", targets=ways)
        results = {(each["protocol"], each["port"]): each["result"] for each in said}
        return results, {each["port"] for each in self.heard() if each["name"] == "n1"}


@pytest.fixture
def two():
    pair = Two()
    try:
        pair.up()
        yield pair
    finally:
        pair.down()


@pytest.mark.parametrize("family", [4, 6])
def test_a_firewall_that_drops_udp_is_told_from_one_that_does_not(two, family):
    assert two.listen(family) == {"tcp": TCP, "taken": [], "udp": UDP, "reason": ""}
    results, heard = two.attempt(family)
    assert set(results.values()) == {"open", "sent"}
    assert heard == {7946, 4789}

    two.drop("udp", 4789, family)
    two.drop("tcp", 7946, family, to="REJECT")
    two.drop("udp", 7946, family, chain="OUTPUT", end=0)
    two.listen(family)
    results, heard = two.attempt(family)
    assert results == {("tcp", 7946): "refused", ("tcp", 2377): "open", ("udp", 7946): "silent", ("udp", 4789): "sent"}
    assert heard == set()


def test_ports_that_somebody_has_are_tried_as_well(two):
    """As in a swarm: the engine has 7946, and the kernel the data path."""
    two.inside(1, "ip", "link", "add", "vx0", "type", "vxlan", "id", "4096", "dstport", "4789", "dev", "eth0")
    two.inside(1, "ip", "link", "set", "vx0", "up")
    holder = "import socket, time; s = socket.socket(type=socket.SOCK_DGRAM); s.bind(('', 7946)); print(flush=True); time.sleep(60)"
    command = ["nsenter", f"--net=/run/netns/{two.names[1]}", sys.executable, "-c", holder]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as engine:
        try:
            engine.stdout.readline()
            assert [tuple(each.values()) for each in two.listen()["taken"]] == [("udp", 7946), ("udp", 4789)]
            _results, heard = two.attempt()
            assert heard == {7946, 4789}
            two.drop("udp", 4789)
            two.listen()
            assert two.attempt()[1] == {7946}
        finally:
            engine.kill()


def test_a_listener_ends_by_itself_and_gives_way_to_the_next_run(two):
    two.listen()
    assert two.listen()["taken"] == []
    assert two.heard() == []
    two.listen(seconds=1)
    way = {"name": "n1", "targets": [["n2", ADDRESSES[4], "tcp", 7946]]}
    end = time.monotonic() + 60
    while two.ways(0, "probe", **way)[0]["result"] == "open":
        assert time.monotonic() < end
    assert two.heard() is None


@pytest.fixture
def readable():
    """A copy of the code, and of what it imports of Ansible, that another user may read."""
    with tempfile.TemporaryDirectory() as folder:
        for package in ("_core", "_hosts"):
            shutil.copytree(PLUGINS / "module_utils" / package, Path(folder, "module_utils", package))
        shutil.copytree(Path(basic.__file__).parent, Path(folder, "ansible", "module_utils"))
        Path(folder, "ansible", "__init__.py").touch()
        Path(folder).chmod(0o755)
        yield folder


def test_without_root_nothing_is_heard_and_it_says_why(two, readable):
    wanted = json.dumps({"run": "r1", "tcp": [], "udp": UDP, "family": 4, "seconds": 1})
    said = two.inside(1, "setpriv", "--reuid=65534", "--clear-groups", "--bounding-set=-all", "--inh-caps=-all",
                      "env", f"PYTHONPATH={readable}", "/usr/bin/python3", "-c", PROGRAM, "listen", wanted)  # fmt: skip
    assert json.loads(said)["udp"] == []
    assert json.loads(said)["reason"] == "Operation not permitted"


def as_nobody(two, program):
    """A Python program of another user, in the second one's network; ends with the test."""
    command = [
        "nsenter",
        f"--net=/run/netns/{two.names[1]}",
        "setpriv",
        "--reuid=65534",
        "--clear-groups",
        "/usr/bin/python3",
        "-c",
    ]
    return subprocess.Popen([*command, program], stdout=subprocess.PIPE, text=True)


def test_s17_another_user_can_neither_hold_the_name_nor_answer(two):
    """A listener of the same name as one that was cut off, which answers whoever asks."""
    squat = (
        "import socket; s = socket.socket(socket.AF_UNIX); s.bind('\\0hive.swarm.preflight.0'); s.listen(); print(flush=True)\n"
        "t = socket.socket(socket.AF_UNIX); t.bind('\\0hive.swarm.preflight'); t.listen()\n"
        'while True: s.accept()[0].sendall(b\'{"run": "r1", "received": [["n1", 7946]]}\')'
    )
    with as_nobody(two, squat) as other:
        try:
            other.stdout.readline()
            assert two.listen()["taken"] == []
            assert two.heard() == []
            two.control = "hive.swarm.preflight.0"
            assert two.heard() is None
        finally:
            other.kill()


def test_s17_another_user_cannot_end_the_listener_or_read_it(two):
    two.listen()
    ask = f"import socket; s = socket.socket(socket.AF_UNIX); s.connect('\\0{two.control}'); print(s.recv(100))"
    with as_nobody(two, ask) as other:
        assert other.communicate(timeout=20)[0] == "b''\n"
    assert two.attempt()[1] == {7946, 4789}
