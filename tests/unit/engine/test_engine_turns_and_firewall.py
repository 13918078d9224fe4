# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The order of restarts, and the rules of three firewalls."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from ansible_collections.hive.swarm.plugins.plugin_utils._installation.firewall import changes, words
from ansible_collections.hive.swarm.plugins.plugin_utils._installation.restart import turns

ROLE = Path(__file__).resolve().parents[3] / "roles" / "engine"


MANAGERS = ["m1", "m2", "m3"]


def test_managers_go_one_by_one_and_the_leader_last():
    hosts = ["w1", "m1", "m2", "w2", "m3", "w3"]
    assert turns(hosts, MANAGERS, ["m1"]) == [["m2"], ["m3"], ["m1"], ["w1"], ["w2"], ["w3"]]
    assert turns(hosts, MANAGERS, ["m1"], 2) == [["m2"], ["m3"], ["m1"], ["w1", "w2"], ["w3"]]
    assert turns(["w1", "m2"], MANAGERS, ["m1"]) == [["m2"], ["w1"]]


@pytest.mark.parametrize("at_once", [0, 1, "1"])
def test_there_is_no_way_to_restart_all_at_once_by_accident(at_once):
    assert turns(["a", "b"], [], [], at_once) == [["a"], ["b"]]


def test_a_worker_opens_gossip_overlays_and_encryption_to_its_peers_alone():
    assert words(["192.0.2.1"], False)["ufw"] == [
        "allow from 192.0.2.1 to any port 7946 proto tcp",
        "allow from 192.0.2.1 to any port 7946 proto udp",
        "allow from 192.0.2.1 to any port 4789 proto udp",
        "allow from 192.0.2.1 proto esp",
    ]


def test_a_manager_opens_one_port_more():
    assert words(["192.0.2.1"], True)["ufw"][0] == "allow from 192.0.2.1 to any port 2377 proto tcp"


def test_rich_rules_of_firewalld():
    rules = words(["192.0.2.0/24"], False, 4790)["firewalld"]
    assert rules[2] == 'rule family="ipv4" source address="192.0.2.0/24" port port="4790" protocol="udp" accept'
    assert rules[3] == 'rule family="ipv4" source address="192.0.2.0/24" protocol value="esp" accept'


def test_rules_of_nftables():
    rules = words(["2001:db8::1", "192.0.2.1"], True)["nftables"]
    assert rules[0] == "ip saddr 192.0.2.1 tcp dport 2377 accept"
    assert rules[-1] == "ip6 saddr 2001:db8::1 meta l4proto esp accept"


def test_a_peer_twice_is_one_rule():
    assert words(["192.0.2.1", "192.0.2.1/32"], False) == words(["192.0.2.1"], False)


def test_rules_have_an_order_of_their_own():
    """Else a file with them would differ in every run."""
    peers = [f"192.0.2.{number}" for number in range(1, 30)] + ["2001:db8::1"]
    found = words(peers, False)["nftables"]
    assert found == words(peers[::-1], False)["nftables"]
    assert [rule.split()[2] for rule in found[::4]] == peers


UFW = [
    "Added user rules (see 'ufw status' for running firewall):",
    "ufw allow 22/tcp",
    "ufw allow from 192.0.2.9 to any port 7946 proto tcp",
    "ufw allow from 192.0.2.9 proto esp comment 'hive.swarm'",
    "ufw allow from 192.0.2.1 proto esp comment 'hive.swarm'",
    "ufw allow from 192.0.2.8 proto esp comment 'vpn'",
]


def test_s17_a_rule_goes_with_its_node_and_those_of_others_stay():
    found = changes(UFW, ["allow from 192.0.2.1 proto esp", "allow from 192.0.2.2 proto esp"])
    assert found == {"add": ["allow from 192.0.2.2 proto esp"], "remove": ["allow from 192.0.2.9 proto esp"]}


def test_s17_a_wanted_rule_that_somebody_else_has_added_is_enough():
    wanted = ["allow from 192.0.2.8 proto esp", "allow from 192.0.2.9 to any port 7946 proto tcp"]
    assert changes(UFW, wanted)["add"] == []


def test_s17_of_firewalld_the_recorded_rules_go():
    one, other, third = words(["192.0.2.1"], False)["firewalld"][:3]
    assert changes([one, other], [third], own=[one, third]) == {"add": [third], "remove": [one]}
    assert changes([one, other], [], own=[])["remove"] == []


def test_s17_nothing_changes_twice():
    wanted = words(["192.0.2.1", "2001:db8::/64"], True)["ufw"]
    assert changes([f"ufw {rule} comment 'hive.swarm'" for rule in wanted], wanted) == {"add": [], "remove": []}


def test_k8_all_rules_of_ufw_are_one_task():
    """A task item for each rule cost minutes of a run: 60 for four nodes."""
    tasks = yaml.safe_load((ROLE / "tasks" / "firewall_ufw.yml").read_text())
    assert not any("loop" in task for task in tasks)
