# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A worker that lies: it takes no other host's name and variables (S4), and does not hold the inventory up (S14)."""

from __future__ import annotations

import json
import socket
import time

import pytest
import yaml
from ansible_collections.hive.swarm.plugins.module_utils._core.validators import told_host
from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.hosts import Host
from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.nodes import address_of
from ansible_collections.hive.swarm.plugins.plugin_utils._inventory.endpoints import Endpoint, managers_behind
from ansible_collections.hive.swarm.plugins.plugin_utils._inventory.neighbours import later_sources

from . import replay
from .nodes import answers, known, manager, node, worker_answers
from .test_hostile import ansible, plain

pytestmark = pytest.mark.once  # neither Python nor ansible-core matters

GOOD = answers(manager(), node("w1", "web"))
ROGUE = "198.51.100.66"


# S4


@pytest.fixture
def listed(tmp_path):
    """listed(nodes, sources, **options): what ansible-inventory makes of a static inventory beside a swarm's."""
    folder = tmp_path / "inventory"
    (folder / "host_vars").mkdir(parents=True)
    for name in ("boss", "db1", "db2"):
        (folder / "host_vars" / f"{name}.yml").write_text(f"password: of {name}\n")
    (folder / "hosts.yml").write_text(
        yaml.safe_dump({"all": {"hosts": {"db1": {"ansible_host": "203.0.113.1"}, "db2": None, "other": None}}})
    )

    def run(nodes, sources, **options):
        with replay.engine(answers(*nodes)) as (url, _engine):
            source = {"plugin": "hive.swarm.swarm", "docker_host": url, **options}
            (folder / "my.swarm.yml").write_text(yaml.safe_dump(source))
            paths = [argument for name in sources for argument in ("-i", folder / name)]
            done = ansible("inventory", tmp_path, *paths, "--list")
        assert done.returncode == 0, done.stderr
        hosts = json.loads(done.stdout)["_meta"]["hostvars"]
        return {
            name: (plain(found.get("ansible_host")), found.get("password"), plain(found.get("swarm_node_id")))
            for name, found in hosts.items()
        }, done.stderr

    return run


ORDERS = [["hosts.yml", "my.swarm.yml"], ["my.swarm.yml", "hosts.yml"], ["."]]


@pytest.mark.parametrize("sources", ORDERS, ids=["static first", "swarm first", "folder"])
def test_s4_a_rogue_gets_the_variables_of_no_other_host(listed, sources):
    rogues = [
        node(f"r{number}", name, address=ROGUE) for number, name in enumerate(["boss", "db1", "db2", "swarm_leader"])
    ]
    found, warnings = listed([manager(leader=True), *rogues], sources)
    assert found["boss"] == ("192.0.2.1", "of boss", "m1")
    assert found["db1"] == ("203.0.113.1", "of db1", None)
    assert found["db2"] == (None, "of db2", None)
    rogue = {name: password for name, (address, password, _id) in found.items() if address == ROGUE}
    assert rogue == {"boss_r0": None, "db1_r1": None, "db2_r2": None, "r3": None}
    assert "Found both group and host" not in warnings
    assert warnings.count("another source") == 2


@pytest.mark.parametrize("sources", ORDERS, ids=["static first", "swarm first", "folder"])
def test_s4_a_node_is_a_host_of_another_source_at_its_address_or_by_its_label(listed, sources):
    same = node("n1", "db1", address="203.0.113.1")
    labelled = node("n2", "whatever", address="203.0.113.2", labels={"n": "db2"})
    found, warnings = listed([manager(), same, labelled], sources, hostnames=["label:n", "hostname"])
    assert found["db1"] == ("203.0.113.1", "of db1", "n1")
    assert found["db2"] == ("203.0.113.2", "of db2", "n2")
    assert "another source" not in warnings


def test_s4_a_label_counts_more_than_what_a_node_says(read):
    """The rogue has no label, and calls itself as the label of the manager says."""
    alpha = manager(hostname="x", labels={"hive.swarm.host": "alpha"})
    rogue = node("r", "alpha", address=ROGUE, created="2027-01-01T00:00:00Z")
    with replay.engine(answers(alpha, rogue)) as (url, _engine):
        found = read(url, hostnames=["label:hive.swarm.host", "hostname"])
    assert found.addresses() == {"alpha": "192.0.2.1", "alpha_r": ROGUE}


@pytest.mark.parametrize(
    "name", ["swarm_leader", "swarm_down", "swarm_label_a_b", "mine", "rack_7", "workers", "swarm"]
)
def test_s4_no_host_is_called_as_a_group(read, name):
    """For Ansible it would be the group."""
    with replay.engine(answers(manager(labels={"a": "b", "rack": "7"}, leader=True), node("r", name))) as (
        url,
        _engine,
    ):
        found = read(url, groups={"mine": True}, keyed_groups=[{"key": "swarm_node_labels.rack", "prefix": "rack"}])
    assert set(found.hosts) in ({"boss", "r"}, {"boss", f"{name}_r"})
    assert not set(found.hosts) & set(found.groups)


def test_s4_a_manager_that_is_down_is_not_replaced_by_a_worker(read):
    lost = manager(state="down")
    lost["ManagerStatus"]["Reachability"] = "unreachable"
    alive = [node(f"m{n}", f"b{n}", "manager", manager_address=f"192.0.2.{n}:2377") for n in (2, 3)]
    rogue = node("r", "boss", address=ROGUE, created="2027-01-01T00:00:00Z")
    with replay.engine(answers(lost, *alive, rogue)) as (url, _engine):
        found = read(url)
    assert found.addresses()["boss"] == "192.0.2.1" and "boss" in found.groups["managers"]
    assert found.groups.get("swarm_former", []) == []


def test_sources_that_are_read_later(tmp_path):
    for name in ("a.yml", "b.swarm.yml", "c.yml", "d/e.ini", "group_vars/all.yml", "f.md", "g.swarm.yml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    folder, own = str(tmp_path), f"{tmp_path}/b.swarm.yml"
    assert later_sources(own, [folder]) == [f"{folder}/c.yml", f"{folder}/d/e.ini"]
    assert later_sources(own, [own, f"{folder}/c.yml", "x,y"]) == [f"{folder}/c.yml", "x,y"]
    assert later_sources(own, ["x,y", own]) == later_sources(own, ["x,y"]) == later_sources(own, []) == []


# S14


@pytest.mark.parametrize(
    "address",
    ["user@127.0.0.1:2377", "[bad", "127.0.0.1:99999", "127.0.0.1:x", "evil.example:2377", "", ":2377", "\x1b[2J:1", "[::1", "[x]:1",
     "-oProxyCommand=id:1", "a b", "192.0.2.1/../x", "192.0.2.1:٣"],
)  # fmt: skip
def test_s14_only_addresses_count(read, address):
    worker = Endpoint("tcp://192.0.2.9:2375", {}, "")
    assert managers_behind(worker, [address]) == []
    with (
        replay.tcp_engine(worker_answers(address), "127.0.0.1") as (port, rogue),
        replay.engine(GOOD) as (url, _good),
    ):
        assert read([f"tcp://127.0.0.1:{port}", url]).hosts == ["boss", "web"]
    assert rogue.asked == ["/info"]


def test_s14_the_controller_itself_is_not_asked():
    own = ["127.0.0.1:2377", "[::1]:2377", "0.0.0.0:2377", "[::ffff:127.0.0.1]:2377"]
    assert managers_behind(Endpoint("tcp://192.0.2.9:2375", {}, ""), own) == []


def test_s14_many_managers_and_managers_that_are_workers(read):
    """The list of the source comes first; of those that a worker names 16 are asked, and they name no further ones."""
    many = [f"127.0.{number // 250}.{number % 250 + 2}:2377" for number in range(1000)]
    with replay.tcp_engine(worker_answers(*many), "127.0.0.1") as (port, first):
        with replay.tcp_engine(worker_answers("127.9.9.9:2377"), "127.0.0.10", port) as (_port, second):
            with replay.tcp_engine(GOOD, "127.9.9.9", port) as (_port, behind), replay.engine(GOOD) as (url, _good):
                assert read([f"tcp://127.0.0.1:{port}", url]).hosts == ["boss", "web"]
                assert second.asked == []
                with pytest.raises(Exception, match="No manager of a swarm with quorum answers") as failure:
                    read(f"tcp://127.0.0.1:{port}")
    assert len(first.asked) == 2 and len(second.asked) == 1 and behind.asked == []
    assert str(failure.value).count("named by the worker") == 16 and len(str(failure.value)) < 4000


def test_s14_managers_that_give_no_answer_cost_twice_the_timeout(read):
    """Of each the connection is accepted, and nothing comes."""
    listeners = []
    with replay.tcp_engine(worker_answers(*(f"127.0.0.{n}:2377" for n in range(2, 12))), "127.0.0.1") as (port, _first):
        for number in range(2, 12):
            listeners.append(socket.create_server((f"127.0.0.{number}", port)))
        began = time.monotonic()
        with pytest.raises(Exception, match="no response within"):
            read(f"tcp://127.0.0.1:{port}", timeout=1)
        assert time.monotonic() - began < 5
    for listener in listeners:
        listener.close()


@pytest.mark.parametrize("address", ["[bad", "a:b:c:d", "x:99999", None, 5, ["x"], "\x1b"])
def test_s14_what_an_engine_tells_is_never_an_error_of_ours(address):
    assert told_host(address) in ("", "\x1b")
    assert Host("a", "worker", {"remote_managers": [address, "192.0.2.1:2377"]}).known_managers[-1:] == ["192.0.2.1"]
    assert address_of({**known("a"), "manager_address": address}) in ("192.0.2.9", "\x1b")
