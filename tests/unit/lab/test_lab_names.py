# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names and addresses that follow from a lab's name."""

from __future__ import annotations

import ipaddress

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._lab import LabError
from ansible_collections.hive.swarm.plugins.module_utils._lab import _names as names

LABS = ["a", "lab", "a-b", "twelve-chars", "thirteen-char", "a-very-long-name-for-a-lab", "a-very-long-name-for-a-lap"]


def test_links_fit_the_kernel_and_differ():
    links = [names.uplink(lab) for lab in LABS]
    assert len(set(links)) == len(LABS)
    assert all(len(link) <= names.LINK_MAX for link in links)


def test_the_digest_of_a_long_name_is_no_short_name():
    digest = names.uplink("a-very-long-name-for-a-lab").partition("-")[2]
    assert names.uplink(digest) != names.uplink("a-very-long-name-for-a-lab")


def test_a_hyphen_does_not_mix_up_two_labs():
    assert names.node_namespace("a", "b-c") != names.node_namespace("a-b", "c")
    assert names.hub_namespace("a-b") != names.node_namespace("a", "b")


@pytest.mark.parametrize("address", ["198.18.0.11", "198.19.255.254", "255.255.255.254"])
def test_ports_fit_the_kernel(address):
    assert len(names.port(address)) <= names.LINK_MAX


@pytest.mark.parametrize("name", ["", "A", "a.b", "-a", "a-", "a_b", "x" * 33, "../a", "a b"])
def test_a_bad_lab_name_is_named(name):
    with pytest.raises(LabError, match="lab name"):
        names.check_lab_name(name)


@pytest.mark.parametrize("name", ["registry", "N1", "n.1", "", "x" * 31])
def test_a_bad_engine_name_is_named(name):
    with pytest.raises(LabError, match="engine name"):
        names.check_engine_name(name)


def test_the_subnet_is_stable_and_no_default_of_docker_or_swarm():
    subnet = names.choose_subnet("lab", [])
    assert subnet == names.choose_subnet("lab", [])
    for taken in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"):
        assert not subnet.overlaps(ipaddress.ip_network(taken))


def test_a_taken_subnet_is_stepped_over():
    first = names.choose_subnet("lab", [])
    second = names.choose_subnet("lab", [first])
    assert not first.overlaps(second)


def test_the_pool_can_be_used_up():
    with pytest.raises(LabError, match="give a subnet"):
        names.choose_subnet("lab", [names.POOL])


@pytest.mark.parametrize("text", ["nonsense", "10.0.0.1/24", "fd00::/64", "10.0.0.0/30", "0.0.0.0/0"])
def test_a_bad_subnet_is_named(text):
    with pytest.raises(LabError, match="subnet"):
        names.subnet_of(text)


def test_n1_is_eleven():
    network = ipaddress.ip_network("198.18.7.0/24")
    assert names.engine_addresses(network, [], 3) == ["198.18.7.11", "198.18.7.12", "198.18.7.13"]
    assert names.engine_addresses(network, ["198.18.7.12"], 2) == ["198.18.7.11", "198.18.7.13"]


def test_a_small_subnet_is_used_to_the_end_and_not_beyond():
    network = ipaddress.ip_network("198.18.7.0/29")
    assert names.engine_addresses(network, [], 4)[-1] == "198.18.7.6"
    with pytest.raises(LabError, match="too small"):
        names.engine_addresses(network, [], 5)
