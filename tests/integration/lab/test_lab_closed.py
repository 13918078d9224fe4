# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""S1: a lab is closed to the other users of its machine: its listeners, its sockets and its files."""

from __future__ import annotations

import json
import os
import stat
import subprocess

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._lab import _guard as guard
from ansible_collections.hive.swarm.plugins.module_utils._lab import _names as names

from .support import post, reaches, run_container

_NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
#: Prints which of the addresses take a connection, plainly and from a socket that is bound to the link of the lab.
_TRY = """
import json, socket, sys
def opens(host, port, link):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.settimeout(0.5)
        try:
            if link:
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, sys.argv[1].encode())
            scope = socket.if_nametoindex(sys.argv[1])
            trial.connect((host, port, 0, scope) if ":" in host else (host, port))
            return True
        except OSError:
            return False
found = json.load(sys.stdin)
print(json.dumps([[host, port] for host, port in found if opens(host, port, False) or opens(host, port, True)]))
"""


def inside(lab, node, *command):
    enter = ["nsenter", f"--net=/run/netns/{names.node_namespace(lab.name, node)}"]
    return subprocess.run([*enter, *command], capture_output=True, text=True, check=True).stdout


def listeners(lab):
    """Host and port of everything that listens for TCP in the namespaces of a lab, on each of their addresses."""
    found = []
    for node in lab.spec.nodes:
        rows = [line.split() for line in inside(lab, node.name, "ss", "-Hltn").splitlines()]
        links = json.loads(inside(lab, node.name, "ip", "-j", "address", "show", "dev", "eth0"))
        addresses = [entry["local"] for entry in links[0]["addr_info"]]
        ports = {int(row[3].rpartition(":")[2]) for row in rows}
        found += [[address, port] for address in addresses for port in sorted(ports)]
    return found


def opened(lab, found, *user):
    code = [*user, "/usr/bin/python3", "-c", _TRY, names.uplink(lab.name)]
    done = subprocess.run(code, input=json.dumps(found), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@pytest.fixture
def busy(new_lab):
    """A lab with all that listens: engines, a registry, a manager, its gossip, a published port."""
    lab = new_lab(engines=2, registry=True, images=["lab/busybox:1"])
    lab.up()
    first = lab.engines[0]
    post(first, "/swarm/init", {"ListenAddr": "0.0.0.0:2377", "AdvertiseAddr": first.address})
    ports = {"ExposedPorts": {"8080/tcp": {}}, "HostConfig": {"PortBindings": {"8080/tcp": [{"HostPort": "8080"}]}}}
    run_container(first, "httpd", "-f", "-p", "8080", **ports)
    return lab


def test_s1_no_listener_of_a_lab_is_open_to_another_user(busy):
    """S1: on no port and no address, whatever the socket is bound to; root reaches them as before."""
    found = listeners(busy)
    ports = {port for _host, port in found}
    assert {2375, 2377, 5000, 7946, 8080} <= ports
    assert any(":" in host for host, _port in found), "the nodes have addresses of IPv6 as well"
    first = busy.engines[0].address
    reached = opened(busy, found)
    for port in (2375, 2377, 7946, 8080):
        assert [first, port] in reached
    assert opened(busy, found, *_NOBODY) == []


def test_s1_a_user_that_bears_the_groups_of_root_does_not_get_in_either(lab):
    assert opened(lab, listeners(lab), "setpriv", "--reuid=65534", "--regid=0", "--clear-groups") == []


def test_s1_what_the_machine_forwards_does_not_get_in(lab):
    """S1: as from a container of the machine's own Docker, whose root is not this machine's root."""
    script = """
    set -e
    ip netns add hivetest; trap 'ip netns delete hivetest; sysctl -qw net.ipv4.conf.hivetest.forwarding=0 || :' EXIT
    ip link add hivetest type veth peer name eth0 netns hivetest
    ip address add 203.0.113.1/24 dev hivetest; ip link set hivetest up
    ip -n hivetest address add 203.0.113.2/24 dev eth0; ip -n hivetest link set eth0 up
    ip -n hivetest route add default via 203.0.113.1
    for link in hivetest "$1"; do echo 1 >/proc/sys/net/ipv4/conf/$link/forwarding; done
    iptables -t nat -A POSTROUTING -s 203.0.113.0/24 -o "$1" -j MASQUERADE
    ip netns exec hivetest "$3" -c 'import socket, sys; socket.create_connection((sys.argv[1], 2375), 1)' "$2" && echo open
    iptables -t nat -D POSTROUTING -s 203.0.113.0/24 -o "$1" -j MASQUERADE
    """
    script = script.replace("&& echo open\n", "&& echo open || echo closed\n")
    link, address = names.uplink(lab.name), lab.engines[0].address
    done = subprocess.run(
        ["sh", "-c", script, "sh", link, address, "/usr/bin/python3"], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["closed"]


def test_s1_files_and_sockets_are_closed_to_other_users(busy):
    """S1: settings and variables of engines may hold passwords, and who writes to a socket is root."""
    assert stat.S_IMODE(os.stat(busy.folder).st_mode) == 0o700
    files = [os.path.join(busy.folder, "lab.json")]
    for node in busy.spec.nodes:
        files += [os.path.join(busy.folder, node.name, name) for name in ("daemon.json", "daemon.log")]
    assert {path: stat.S_IMODE(os.stat(path).st_mode) for path in files} == dict.fromkeys(files, 0o600)
    for engine in busy.engines:
        ping = "import socket, sys; socket.socket(socket.AF_UNIX).connect(sys.argv[1])"
        tried = [*_NOBODY, "/usr/bin/python3", "-c", ping, engine.socket]
        assert subprocess.run(tried, capture_output=True, check=False).returncode != 0


@pytest.mark.parametrize(
    "lost",
    [
        ["iptables", "-t", "mangle", "-F", "POSTROUTING"],
        ["ip", "rule", "delete", "pref", "90"],
        ["sh", "-c", "echo 0 >/proc/sys/net/ipv6/conf/$0/disable_ipv6"],
    ],
    ids=["filter", "route", "ipv6"],
)
def test_s1_a_guard_that_was_lost_is_a_change_and_is_made_again(new_lab, lost):
    """S1: other programs flush rules. Meanwhile no plain connection is taken; engines do not restart for it."""
    lab = new_lab(engines=1)
    lab.up()
    pid, link = lab.engines[0].pid, names.uplink(lab.name)
    # The rules of other labs that run beside this one are not for this test to flush.
    if lost[0] == "iptables":
        lost = ["iptables", "-t", "mangle", "-D", *guard._iptables("-D", lab.name)[5:]]
    elif lost[0] == "ip":
        lost = [*lost, "to", lab.spec.subnet]
    subprocess.run([*lost, link] if lost[0] == "sh" else lost, check=True)
    assert lab.plan().changed
    assert lab.up().changed
    assert guard.is_closed(lab.name, lab.spec.network)
    assert not lab.up().changed
    assert lab.engines[0].pid == pid
    assert opened(lab, listeners(lab), *_NOBODY) == []
    assert opened(lab, [[lab.engines[0].address, 2375]]) == [[lab.engines[0].address, 2375]]


def test_s1_nftables_closes_the_link_where_iptables_fails(new_lab, monkeypatch):
    """S1: an iptables without the owner match, as without xt_owner, fails; nftables has the match of its own."""
    monkeypatch.setattr(guard, "_iptables", lambda action, name: ["false"])
    lab = new_lab(engines=1)
    lab.up()
    assert opened(lab, listeners(lab), *_NOBODY) == []
    assert opened(lab, [[lab.engines[0].address, 2375]]) == [[lab.engines[0].address, 2375]]
    table = ["nft", "list", "table", "ip", guard._table(lab.name)]
    subprocess.run([*table[:1], "delete", *table[2:]], check=True)
    assert lab.plan().changed
    assert lab.up().changed
    assert guard.is_closed(lab.name, lab.spec.network)
    lab.down()
    assert subprocess.run(table, capture_output=True, check=False).returncode != 0


def test_s1_a_lab_whose_link_cannot_be_closed_has_none(new_lab, monkeypatch):
    """S1: without the packet filter the machine has no way to the lab, instead of one that is open."""
    lab = new_lab(engines=1)
    monkeypatch.setattr(guard, "_iptables", lambda action, name: ["false"])
    monkeypatch.setattr(guard, "_nft_rules", lambda name: "nonsense")
    with pytest.raises(Exception, match="cannot be closed to other users"):
        lab.up()
    links = subprocess.run(["ip", "-j", "link"], capture_output=True, text=True, check=True).stdout
    found = [link for link in json.loads(links) if link["ifname"] == names.uplink(lab.name)]
    assert not [link for link in found if "UP" in link["flags"]]


def test_s1_nothing_of_the_guard_is_left(new_lab):
    lab = new_lab(engines=1)
    lab.up()
    subnet, link = lab.spec.subnet, names.uplink(lab.name)
    rules = [["ip", "rule"], ["iptables-save", "-t", "mangle"]]
    there = "".join(subprocess.run(each, capture_output=True, text=True, check=True).stdout for each in rules)
    assert subnet in there and link in there
    lab.down()
    there = "".join(subprocess.run(each, capture_output=True, text=True, check=True).stdout for each in rules)
    assert subnet not in there and link not in there


def test_s1_a_folder_of_another_user_is_refused(new_lab, tmp_path):
    lab = new_lab(engines=1, root=str(tmp_path))
    os.mkdir(lab.folder)
    os.chown(lab.folder, 65534, 65534)
    with pytest.raises(Exception, match="not a folder that belongs to root"):
        lab.up()
    os.rmdir(lab.folder)


def test_s1_engines_reach_each_other_as_before(lab):
    first, second = lab.engines[:2]
    assert reaches(lab, first.name, second.address)
