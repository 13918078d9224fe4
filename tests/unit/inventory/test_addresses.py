# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Addresses to connect to: right ones, and never one that leads back to the controller."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._core.errors import BadInput
from ansible_collections.hive.swarm.plugins.plugin_utils._inventory.addresses import (
    address_of,
    check_sources,
    is_own,
    reachable,
)

from .nodes import known

DEFAULT = ["manager_address", "address", "label:ansible_host", "hostname"]


@pytest.mark.parametrize(
    ("node", "address"),
    [
        ({"address": "192.0.2.9"}, "192.0.2.9"),
        ({"address": "0.0.0.0", "manager_address": "192.0.2.1:2377"}, "192.0.2.1"),
        ({"address": "192.0.2.9", "manager_address": "192.0.2.1:2377"}, "192.0.2.1"),
        ({"address": "::", "manager_address": "[2001:db8::1]:2377"}, "2001:db8::1"),
        ({"address": "2001:db8::9"}, "2001:db8::9"),
        ({"address": "192.0.2.9", "manager_address": "0.0.0.0:2377"}, "192.0.2.9"),
        ({"address": "127.0.0.1", "labels": {"ansible_host": "203.0.113.7"}}, "203.0.113.7"),
        ({"address": "", "labels": {"ansible_host": "node.example"}}, "node.example"),
        ({"address": "::1", "labels": {"ansible_host": "localhost"}, "hostname": "web1"}, "web1"),
        ({"address": "127.1.2.3", "hostname": "localhost"}, ""),
        ({"address": "", "labels": {"ansible_host": "-oProxyCommand=touch /tmp/x"}, "hostname": "web1"}, "web1"),
        ({"address": "", "labels": {"ansible_host": "{{ 7 * 7 }}"}, "hostname": "a b"}, ""),
        ({"address": "not/an address", "hostname": ""}, ""),
    ],
)
def test_the_first_that_will_do(node, address):
    assert address_of(known("n1", **{"address": "", **node}), DEFAULT) == address


def test_another_order():
    node = known("n1", "web1", address="192.0.2.9", manager_address="192.0.2.1:2377", labels={"where": "10.0.0.7:22"})
    assert address_of(node, ["label:where", "address"]) == "10.0.0.7"
    assert address_of(node, ["label:nowhere", "address", "manager_address"]) == "192.0.2.9"
    assert address_of(node, ["hostname"]) == "web1"
    assert address_of(node, []) == ""


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.9.9.9", "0.0.0.0", "::", "::1", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1", "localhost", "LocalHost",
     "localhost.localdomain", "a.localhost", "ip6-loopback", "0", "127.1", "2130706433"],
)  # fmt: skip
def test_what_leads_to_the_controller(host):
    assert is_own(host)
    assert not reachable(host)


@pytest.mark.parametrize(
    "host", ["192.0.2.1", "fd00::7", "web1", "web-1.example.org", "web_1", "7up", "fe80::1%eth0"[:7]]
)
def test_what_leads_elsewhere(host):
    assert reachable(host)


@pytest.mark.parametrize("source", ["label:", "adress", "{{ x }}", "data_path"])
def test_a_source_that_there_is_not(source):
    with pytest.raises(BadInput) as caught:
        check_sources(["address", source])
    assert caught.value.option == ("address_from",)
