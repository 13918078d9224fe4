# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What speaks against a swarm."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.preflight import preflight, read_record

FACTS = {
    "ansible_os_family": "Debian",
    "ansible_distribution": "Debian",
    "ansible_hostname": "n1",
    "ansible_all_ipv4_addresses": ["192.0.2.1"],
    "ansible_interfaces": ["lo", "eth0", "docker0"],
    "ansible_eth0": {"ipv4": {"network": "192.0.2.0", "netmask": "255.255.255.0"}},
    "ansible_docker0": {"ipv4": {"network": "10.9.0.0", "netmask": "255.255.0.0"}},
    "ansible_mounts": [{"mount": "/", "size_available": 50 * 10**9}],
}
RAW = {
    "name": "n1", "local": False, "facts": FACTS, "skew": "1\n", "modules": "", "ports": "n2 192.0.2.2 7946 closed\n",
    "address": "192.0.2.1", "hostname": "", "docker_info": {}, "unreachable": "",
}  # fmt: skip


def found(facts=(), **changes):
    record = read_record({**RAW, **changes, "facts": {**FACTS, **dict(facts)}})
    return [(each["level"], each["what"]) for each in preflight([record], ["n1"], ["10.0.0.0/8"])["findings"]]


def test_a_good_host():
    assert found() == []
    assert preflight([read_record(RAW)], ["n1"], [])["lines"] == ["Nothing found."]


@pytest.mark.parametrize(
    ("changes", "level", "words"),
    [
        ({"unreachable": "timed out."}, "problem", "gives no answer (timed out)"),
        ({"ports": "n2 192.0.2.2 2377 silent"}, "problem", "through to n2 (192.0.2.2, TCP port 2377)"),
        ({"docker_info": {"LiveRestoreEnabled": True}}, "problem", "live-restore"),
        ({"docker_info": {"SecurityOptions": ["name=rootless"]}}, "problem", "rootless"),
        ({"modules": "ip_vs\n"}, "problem", "kernel has no ip_vs"),
        ({"address": "192.0.2.9"}, "problem", "does not have the address 192.0.2.9"),
        ({"skew": "-60"}, "warning", "60 s behind"),
        ({"skew": "4000"}, "problem", "4000 s ahead of"),
        ({"facts": {"ansible_os_family": "Alpine"}}, "warning", "not tried on"),
        ({"facts": {"ansible_mounts": [{"mount": "/", "size_available": 10**9}]}}, "problem", "1.0 GB are free on /"),
        (
            {"facts": {"ansible_eth0": {"ipv4": {"network": "10.1.2.0", "netmask": "255.255.255.0"}}}},
            "warning",
            "10.1.2.0/24 (eth0) lies in 10.0.0.0/8",
        ),
    ],
)
def test_each_finding(changes, level, words):
    ((said_level, what),) = found(**changes)
    assert said_level == level
    assert words in what


def test_the_mount_that_holds_the_data_counts():
    mounts = [
        {"mount": "/", "size_available": 50 * 10**9},
        {"mount": "/data", "size_available": 10**9},
        {"mount": "/data2", "size_available": 50 * 10**9},
    ]
    assert found({"ansible_mounts": mounts}) == []
    ((_level, what),) = found({"ansible_mounts": mounts}, docker_info={"DockerRootDir": "/data/docker"})
    assert "/data" in what


def test_facts_of_this_machine_say_nothing_of_a_host_of_a_lab():
    assert found(local=True, address="192.0.2.9", skew="4000", modules="ip_vs") == []
    assert found(local=True, ports="n2 192.0.2.2 7946 silent")


def test_host_names_and_the_number_of_managers():
    records = [read_record({**RAW, "name": name}) for name in ("n1", "n2")]
    report = preflight(records, ["n1", "n2"], [])
    assert (report["problems"], report["warnings"]) == (1, 1)
    assert report["lines"][0] == "Problem: n1, n2: the same host name, n1. Give each machine a name of its own."
    assert report["lines"][1].startswith("Warning: Two managers are worse than one")
    assert preflight([], [], [])["problems"] == 1
