# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""hive.swarm.swarm_host_info reads what programs of the host print; hive.swarm.swarm_connectivity checks its options."""

from __future__ import annotations

import os
import time

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._core.errors import BadInput
from ansible_collections.hive.swarm.plugins.module_utils._hosts import inspection
from ansible_collections.hive.swarm.plugins.module_utils._hosts.connectivity import Listening, Target, listen, probe

OUTPUTS = {
    "ip -o link show": (
        "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN\\    link/loopback 00:00:00:00:00:00\n"
        "2: eth0@if33: <BROADCAST,UP> mtu 1450 qdisc noqueue state UP\\    link/ether aa:bb:cc:dd:ee:ff\n"
    ),
    "ip -o address show": (
        "1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever\n"
        "2: eth0    inet 192.0.2.1/24 brd 192.0.2.255 scope global dynamic eth0\\       valid_lft 3000sec\n"
    ),
    "ip -4 route show": "default via 192.0.2.254 dev eth0 \n192.0.2.0/24 dev eth0 proto kernel scope link\n",
    "timedatectl show --property=NTPSynchronized --value": "no\n",
    "ufw status": "Status: active\n\nTo   Action   From\n",
    "ufw show added": "ufw allow 22/tcp\n",
    "systemctl is-active nftables": "active\n",
    "modprobe --version": "kmod version 30\n",
}


def inspected(modules=(), **changed):
    outputs = {**OUTPUTS, **{name.replace("_", " "): output for name, output in changed.items()}}
    return inspection.inspect(lambda *words: outputs.get(" ".join(words)), list(modules), int(time.time()) - 40)


def test_what_the_programs_print():
    host = inspected()
    assert abs(host.pop("clock_offset") - 40) <= 1
    assert host == {
        "clock_synchronized": False,
        "kernel": os.uname().release,
        "missing_modules": [],
        "unknown_modules": [],
        "mtu": {"lo": 65536, "eth0": 1450},
        "dynamic_addresses": ["192.0.2.1"],
        "routes": ["default via 192.0.2.254 dev eth0", "192.0.2.0/24 dev eth0 proto kernel scope link"],
        "firewalls": [{"name": "ufw", "managed": False}, {"name": "nftables", "managed": False}],
    }


def test_a_host_without_any_of_the_programs():
    host = inspection.inspect(lambda *_words: None, ["no_such_module"], 0)
    assert (host["mtu"], host["routes"], host["firewalls"]) == ({}, [], [])
    assert host["clock_synchronized"] is None
    assert host["missing_modules"] == host["unknown_modules"] == []  # without modprobe nothing speaks against it


def test_firewalls_with_rules_of_the_role_engine(monkeypatch, tmp_path):
    monkeypatch.setitem(inspection.MANAGED, "nftables", str(tmp_path))
    host = inspected(ufw_show_added="ufw allow 7946/tcp comment 'hive.swarm'\n")
    assert host["firewalls"] == [{"name": "ufw", "managed": True}, {"name": "nftables", "managed": True}]


@pytest.mark.parametrize(("folder", "place"), [(True, "missing_modules"), (False, "unknown_modules")])
def test_modules_of_a_kernel_that_was_replaced_are_unknown(monkeypatch, folder, place):
    """The folder of the running kernel goes when the package is upgraded."""
    monkeypatch.setattr(inspection.os.path, "isdir", lambda path: folder and path.startswith("/lib/modules/"))
    host = inspected(["ip_vs"])
    assert {name: host[name] for name in ("missing_modules", "unknown_modules") if host[name]} == {place: ["ip_vs"]}


@pytest.mark.parametrize(
    ("call", "option"),
    [
        (lambda: listen(Listening("two words", [], [], 4, 1)), ("run",)),
        (lambda: probe("", "n1", []), ("run",)),
        (lambda: probe("r1", "n1", [Target("n2", "n2.example.com", "tcp", 80)]), ("targets", "address")),
    ],
)
def test_options_that_would_give_wrong_results_are_refused(call, option):
    with pytest.raises(BadInput) as caught:
        call()
    assert caught.value.option == option
