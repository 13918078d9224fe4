# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What speaks against a swarm."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.connectivity import plan_connectivity
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.preflight import preflight
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.preflight_record import read_record

FACTS = {
    "ansible_os_family": "Debian",
    "ansible_distribution": "Debian",
    "ansible_hostname": "n1",
    "ansible_all_ipv4_addresses": ["192.0.2.1", "172.17.0.1"],
    "ansible_all_ipv6_addresses": ["fe80::1"],
    "ansible_default_ipv4": {"address": "192.0.2.1"},
    "ansible_interfaces": ["lo", "eth0", "docker0"],
    "ansible_eth0": {"ipv4": {"address": "192.0.2.1"}},
    "ansible_docker0": {"ipv4": {"address": "172.17.0.1"}},
    "ansible_mounts": [{"mount": "/", "size_available": 50 * 10**9}],
}
INSPECTED = {
    "clock_offset": 1,
    "clock_synchronized": True,
    "kernel": "6.1.0",
    "mtu": {"lo": 65536, "eth0": 1500},
    "routes": [
        "default via 192.0.2.254 dev eth0",
        "192.0.2.0/24 dev eth0 proto kernel scope link src 192.0.2.1",
        "unreachable 198.51.100.0/24",
    ],
}
RAW = {
    "name": "n1", "local": False, "facts": FACTS, "inspected": INSPECTED, "address": "192.0.2.1", "data_path": "", "hostname": "",
    "state": "inactive", "node_address": "", "docker_info": {}, "unreachable": "",
}  # fmt: skip


def found(facts=(), **changes):
    record = read_record({**RAW, **changes, "facts": {**FACTS, **dict(facts)}})
    return [(each["level"], each["what"]) for each in preflight([record], ["n1"], ["10.0.0.0/8"])["findings"]]


def test_a_good_host():
    assert found() == []
    assert preflight([read_record(RAW)], ["n1"], [])["lines"] == ["Nothing found."]


def lan(*addresses):
    return {"ansible_all_ipv4_addresses": addresses}


@pytest.mark.parametrize(
    ("changes", "level", "words"),
    [
        ({"unreachable": "timed out."}, "problem", "gives no answer (timed out)"),
        (
            {"silence": "the socket does not exist. Docker Engine is not installed here, or does not run."},
            "warning",
            "no engine answers (the socket does not exist. Docker Engine is not installed here, or does not run)",
        ),
        ({"docker_info": {"LiveRestoreEnabled": True}}, "problem", "live-restore"),
        ({"docker_info": {"SecurityOptions": ["name=rootless"]}}, "problem", "rootless"),
        ({"docker_info": {"FirewallBackend": {"Driver": "nftables"}}}, "problem", "nftables"),
        ({"docker_info": {"DefaultAddressPools": [{"Base": "10.9.0.0/16"}]}}, "warning", "bridges networks of 10.9.0.0/16"),
        ({"inspected": {"missing_modules": ["ip_vs", "vxlan"]}}, "problem", "kernel has no ip_vs, vxlan"),
        ({"inspected": {"unknown_modules": ["ip_vs", "veth"], "kernel": "6.1.0"}}, "warning", "/lib/modules/6.1.0"),
        ({"address": "192.0.2.9"}, "problem", "does not have the address 192.0.2.9"),
        ({"address": "192.0.2.9:2378"}, "problem", "does not have the address 192.0.2.9"),
        ({"address": "eth7"}, "problem", "no interface eth7"),
        ({"address": "", "facts": lan("192.0.2.1", "198.51.100.1", "172.17.0.1")}, "warning", "several addresses"),
        ({"inspected": {"dynamic_addresses": ["192.0.2.1"]}}, "warning", "192.0.2.1 is dynamic"),
        ({"inspected": {"mtu": {"eth0": 1450}}}, "warning", "the MTU of eth0 is 1450"),
        ({"inspected": {"clock_synchronized": False}}, "warning", "not synchronised"),
        ({"inspected": {"routes": ["10.1.2.0/24 dev eth1", "default dev eth0"]}}, "warning", "routes to 10.1.2.0/24 (eth1), where"),
        ({"inspected": {"routes": ["blackhole 10.0.0.0/7"]}}, "warning", "routes to 10.0.0.0/7, where overlay networks (10.0.0.0/8)"),
        ({"facts": {"ansible_os_family": "Alpine"}}, "warning", "not tried on"),
        ({"facts": {"ansible_mounts": [{"mount": "/", "size_available": 10**9}]}}, "problem", "1.0 GB are free on /"),
    ],
)  # fmt: skip
def test_each_finding(changes, level, words):
    ((said_level, what),) = found(**changes)
    assert said_level == level
    assert words in what


@pytest.mark.parametrize(
    "changes",
    [
        {"address": "eth0"},
        {"address": "192.0.2.1:2378"},
        {"address": ""},
        {"address": "", "state": "active", "facts": lan("192.0.2.1", "198.51.100.1")},
        {
            "docker_info": {
                "FirewallBackend": {"Driver": "iptables"},
                "DefaultAddressPools": [{"Base": "172.16.0.0/12"}],
            }
        },
    ],
)
def test_what_is_fine(changes):
    assert found(**changes) == []


def test_only_managers_need_a_fixed_address():
    record = read_record({**RAW, "inspected": {"dynamic_addresses": ["192.0.2.1"]}})
    assert preflight([record], ["other"], [])["findings"] == []


def test_many_routes_are_one_finding():
    ((_level, what),) = found(inspected={"routes": [f"10.{number}.0.0/16 dev tun0" for number in range(5)]})
    assert "10.0.0.0/16 (tun0), 10.1.0.0/16 (tun0), 10.2.0.0/16 (tun0) and 2 more" in what


def test_modules_of_enterprise_linux_are_in_a_package_of_their_own():
    facts = {**FACTS, "ansible_os_family": "RedHat"}
    (line,) = preflight(
        [read_record({**RAW, "facts": facts, "inspected": {"missing_modules": ["ip_vs"]}})], ["n1"], []
    )["lines"]
    assert "kernel-modules-extra" in line


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
    inspected = {"missing_modules": ["ip_vs"], "clock_synchronized": False, "mtu": {"eth0": 9}}
    assert found(local=True, address="192.0.2.9", inspected=inspected) == []
    assert found(local=True, docker_info={"LiveRestoreEnabled": True})


def test_host_names_and_the_number_of_managers():
    records = [read_record({**RAW, "name": name}) for name in ("n1", "n2")]
    report = preflight(records, ["n1", "n2"], [])
    assert (report["problems"], report["warnings"]) == (1, 1)
    assert report["lines"][0] == "Problem: n1, n2: the same host name, n1. Give each machine a name of its own."
    assert report["lines"][1].startswith("Warning: Two managers are worse than one")
    assert preflight([], [], [])["problems"] == 1


def test_a_small_subnet():
    (line,) = preflight([read_record(RAW)], ["n1"], [], subnet_size=27)["lines"]
    assert "subnet_size 27) has room for 30 addresses" in line


def three(**each):
    """Records of n1 to n3; the arguments are what some of them have of their own."""
    base = {"facts": {}, "inspected": {}, "hostname": "", "data_path": ""}
    return [
        read_record({**RAW, **base, "name": name, "address": f"192.0.2.{name[1]}", **each.get(name, {})})
        for name in ("n1", "n2", "n3")
    ]


def test_clocks_are_compared_with_each_other():
    same = {name: {"inspected": {"clock_offset": 4000}} for name in ("n1", "n2", "n3")}
    assert preflight(three(**same), ["n1"], [])["findings"] == []
    (one,) = preflight(three(**{**same, "n2": {"inspected": {"clock_offset": 3940}}}), ["n1"], [])["findings"]
    assert (one["host"], one["level"]) == ("n2", "warning")
    assert "60 s behind" in one["what"]
    (one,) = preflight(three(**{**same, "n3": {"inspected": {"clock_offset": 9000}}}), ["n1"], [])["findings"]
    assert (one["level"], one["what"]) == ("problem", "its clock is 5000 s ahead of the others'")


def test_what_several_hosts_have_in_common_is_one_line():
    same = {name: {"inspected": {"clock_synchronized": False}} for name in ("n1", "n3")}
    report = preflight(three(**same), ["n1"], [])
    assert (report["warnings"], len(report["lines"])) == (2, 1)
    assert report["lines"][0].startswith("Warning: n1, n3: its clock is not synchronised.")


# Ways


def test_every_host_listens_and_tries_the_ways_to_the_others():
    plan = plan_connectivity(three(n2={"data_path": "198.51.100.2", "address": "192.0.2.2:2378"}), ["n2"], 4790)
    assert [tuple(each.values()) for each in plan["n1"]["targets"]] == [
        ("n2", "192.0.2.2", "tcp", 7946),
        ("n2", "192.0.2.2", "tcp", 2378),
        ("n2", "192.0.2.2", "udp", 7946),
        ("n2", "198.51.100.2", "udp", 4790),
        ("n3", "192.0.2.3", "tcp", 7946),
        ("n3", "192.0.2.3", "udp", 7946),
        ("n3", "192.0.2.3", "udp", 4790),
    ]
    assert plan["n2"]["listen"] == {"tcp": [7946, 2378], "udp": [7946, 4790], "family": 4, "seconds": 72}
    assert plan["n3"]["listen"]["tcp"] == [7946]


def test_a_host_is_tried_where_it_can_be_found():
    nothing = {"address": ""}
    default = {**nothing, "facts": {"ansible_default_ipv4": {"address": "198.51.100.1"}}}
    node = {**nothing, "node_address": "198.51.100.2"}
    plan = plan_connectivity(three(n1=default, n2=node, n3=nothing), [], 4789)
    assert plan["n1"]["targets"][0]["address"] == "198.51.100.2"
    assert plan["n2"]["targets"][0]["address"] == "198.51.100.1"
    assert plan["n3"] == {"listen": {}, "targets": []}
    interface = {"address": "eth-0", "facts": {"ansible_eth_0": {"ipv4": {"address": "198.51.100.1"}}}}
    assert plan_connectivity(three(n1=interface), [], 4789)["n2"]["targets"][0]["address"] == "198.51.100.1"


def test_nobody_tries_a_host_that_gives_no_answer_or_tries_alone():
    plan = plan_connectivity(three(n2={"unreachable": "off"}, n3={"unreachable": "off"}), [], 4789)
    assert set(map(str, plan.values())) == {"{'listen': {}, 'targets': []}"}


def test_a_local_connection_tries_tcp_from_the_controller_and_hears_nothing():
    plan = plan_connectivity(three(n1={"local": True}), [], 4789)
    assert plan["n1"]["listen"] == {}
    assert {each["protocol"] for each in plan["n1"]["targets"]} == {"tcp"}


def heard(*udp, tcp=(7946,), **more):
    """What n3 says that was heard there."""
    listening = {"tcp": list(tcp), "udp": [7946, 4789], "taken": [], "reason": "", **more}
    return {"listening": listening, "received": [{"name": name, "port": port} for name, port in udp]}


def tried(*ways):
    return {"results": [{"name": "n3", "protocol": p, "port": n, "result": result} for p, n, result in ways]}


ALL = (("tcp", 7946, "open"), ("udp", 7946, "sent"), ("udp", 4789, "sent"))
GOSSIP, DATA = [["n1", 7946], ["n2", 7946]], [["n1", 4789], ["n2", 4789]]


def judged(n1, n2, n3):
    report = preflight(three(n1=n1, n2=n2, n3=n3), ["n1"], [])
    return [(each["host"], each["level"], each["what"]) for each in report["findings"]]


def test_ways_that_are_open():
    report = preflight(three(n1=tried(*ALL), n2=tried(*ALL), n3=heard(*GOSSIP, *DATA)), ["n1"], [])
    assert report["lines"] == ["Nothing found.", "Tried 6 ways between 2 hosts: 4789/udp, 7946/tcp, 7946/udp."]


def test_udp_that_was_sent_and_not_heard():
    ((host, level, what),) = judged(tried(*ALL), tried(*ALL), heard(*GOSSIP))
    assert (host, level) == ("n3", "problem")
    assert what == "its 4789/udp cannot be reached from any other host (address 192.0.2.3)"
    ((_host, _level, what),) = judged(tried(*ALL), tried(*ALL), heard(*GOSSIP, DATA[0]))
    assert "4789/udp cannot be reached from n2 (" in what


def test_ports_that_the_same_hosts_do_not_reach_are_one_finding():
    silent = tried(("tcp", 7946, "silent"), ("udp", 7946, "sent"))
    ((_host, _level, what),) = judged(silent, tried(*ALL), heard(GOSSIP[1], DATA[1]))
    assert what == "its 7946/tcp and 7946/udp cannot be reached from n1 (address 192.0.2.3)"


def test_a_refusal_is_a_firewall_only_where_somebody_listens():
    refused = tried(("tcp", 7946, "refused"))
    assert judged(refused, {}, {}) == []
    ((_host, _level, what),) = judged(refused, {}, heard())
    assert "7946/tcp cannot be reached from n1" in what


def test_where_nothing_can_be_heard_nothing_is_told_of_udp():
    deaf = heard(udp=[], reason="Operation not permitted")
    ((_host, level, what),) = judged(tried(*ALL), {}, deaf)
    assert (level, "operation not permitted" in what) == ("warning", True)
    ((_host, level, what),) = judged(tried(*ALL), {}, {**heard(), "received": None})
    assert (level, "the listener had ended" in what) == ("warning", True)


def test_a_port_that_another_program_has():
    mine = heard(*GOSSIP, *DATA, taken=[{"protocol": "tcp", "port": 7946}, {"protocol": "udp", "port": 4789}])
    ((_host, _level, what),) = judged({}, {}, mine)
    assert what == "another program has 7946/tcp and 4789/udp"
    assert judged({}, {}, {**mine, "state": "active"}) == []


@pytest.mark.parametrize(
    ("firewalls", "opens", "level", "to_do"),
    [
        ({"ufw": False}, True, "warning", "hive.swarm.site opens them in ufw (engine_firewall)"),
        ({"ufw": False, "nftables": False}, True, "warning", "hive.swarm.site opens them in ufw and nftables"),
        ({"ufw": False}, False, "problem", "Open them in the firewalls"),
        ({"ufw": True}, True, "problem", "Open them in the firewalls"),
        ({}, True, "problem", "Open them in the firewalls"),
    ],
)
def test_k8_a_firewall_that_site_opens_is_no_problem(firewalls, opens, level, to_do):
    found = [{"name": name, "managed": managed} for name, managed in firewalls.items()]
    closed = {**heard(*GOSSIP), "inspected": {"firewalls": found}, "opens": opens}
    report = preflight(three(n1=tried(*ALL), n2=tried(*ALL), n3=closed), ["n1"], [])
    (finding,) = [each for each in report["findings"] if "cannot be reached" in each["what"]]
    assert (finding["level"], to_do in finding["to_do"]) == (level, True)
