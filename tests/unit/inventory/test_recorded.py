# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What real engines of two releases have answered, as an inventory."""

from __future__ import annotations

import json

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._node.views import node_view
from ansible_collections.hive.swarm.tests.unit.inventory.replay import RECORDED, RELEASES, recorded


def nodes(release, stage):
    return recorded(release, stage)["/nodes"]["body"]


def of_state(release, stage, state):
    """ID -> host name of the nodes in that state."""
    return {n["ID"]: n["Description"]["Hostname"] for n in nodes(release, stage) if n["Status"]["State"] == state}


def leader(release, stage):
    return next(n for n in nodes(release, stage) if (n.get("ManagerStatus") or {}).get("Leader"))


def test_a_healthy_swarm(release, at, read):
    url, engine = at("healthy")
    found = read(url)
    assert found.warnings == []
    assert found.hosts == ["invo-n1", "invo-n2", "invo-n3", "invo-n4"]
    assert found.groups["swarm"] == found.groups["swarm_ready"] == found.hosts
    assert found.groups["managers"] == ["invo-n1", "invo-n2", "invo-n3"]
    assert found.groups["workers"] == ["invo-n4"]
    assert found.groups["swarm_leader"] == [leader(release, "healthy")["Description"]["Hostname"]]
    assert found.groups["swarm_drain"] == ["invo-n3"]
    assert found.groups_of("invo-n4") == {
        "swarm", "swarm_ready", "workers", "swarm_active", "swarm_os_linux", "swarm_arch_x86_64", "swarm_label_rack_b7",
        "swarm_label_empty", "swarm_label_template____7___7___", "swarm_label_path_with_slashes_______etc",
        "swarm_label_größe_groß_大",
    }  # fmt: skip
    assert {name: address.rpartition(".")[2] for name, address in found.addresses().items()} == {
        "invo-n1": "11",
        "invo-n2": "12",
        "invo-n3": "13",
        "invo-n4": "14",
    }
    assert engine.asked == ["/info", "/v1.41/nodes"]


def test_variables_are_the_words_of_swarm_node_info(release, at, read):
    found = read(at("healthy")[0], raw=True)
    for node in nodes(release, "healthy"):
        variables = found.vars[node["Description"]["Hostname"]]
        known = {name[len("swarm_node_") :]: value for name, value in variables.items() if name.startswith("swarm_")}
        view = node_view(node)
        assert {name: known[name] for name in view} == view
        assert set(known) - set(view) == {"generic_resources", "tls_status", "cluster_id", "raw"}
        assert known["raw"] == node
        assert known["tls_status"] == "ready"
        assert known["cluster_id"] == recorded(release, "healthy")["/info"]["body"]["Swarm"]["Cluster"]["ID"]
    assert set(found.vars["invo-n1"]) - {f"swarm_node_{name}" for name in known} == {
        "ansible_host",
        "inventory_dir",
        "inventory_file",
    }


def test_a_machine_that_came_back_as_another_node(release, at, read):
    """Its old entry goes on being ready until the managers miss it, and both have one address."""
    found = read(at("rejoined")[0])
    entries = [n for n in nodes(release, "rejoined") if n["Description"]["Hostname"] == "invo-n4"]
    old, new = sorted(entries, key=lambda node: node["CreatedAt"])
    assert found.vars["invo-n4"]["swarm_node_id"] == new["ID"]
    assert found.groups["workers"] == ["invo-n4"]
    name = f"invo-n4_{old['ID']}"
    assert found.vars[name]["swarm_node_id"] == old["ID"]
    assert found.groups["swarm_former"] == [name]
    offline = {"swarm_offline"} if old["Status"]["State"] == "down" else set()
    assert found.groups_of(name) == {"swarm", "swarm_former", f"swarm_{old['Status']['State']}"} | offline
    assert len(found.warnings) == 1
    assert f"Two nodes are called invo-n4: {new['ID']}, which is ready, keeps the name" in found.warnings[0]
    assert read(at("rejoined")[0], offline="exclude").hosts == ["invo-n1", "invo-n2", "invo-n3", "invo-n4"]


@pytest.mark.parametrize("stage", ["failed over", "failed over twice"])
def test_no_host_is_at_0_0_0_0(release, at, read, stage):
    addresses = {node["Status"]["Addr"] for node in nodes(release, stage)}
    assert "0.0.0.0" in addresses, "the recording shows what it is for"
    found = read(at(stage)[0])
    assert {name.partition("_")[0]: address.rpartition(".")[2] for name, address in found.addresses().items()} == {
        "invo-n1": "11",
        "invo-n2": "12",
        "invo-n3": "13",
        "invo-n4": "14",
    }
    assert found.groups["swarm_leader"] == [leader(release, stage)["Description"]["Hostname"]]


def test_a_dead_leader_is_offline(release, at, read):
    url, _engine = at("failed over")
    found = read(url)
    assert "invo-n1" in found.groups["managers"]
    assert "invo-n1" in found.groups["swarm_offline"]
    assert "invo-n1" not in found.groups["swarm_ready"]
    assert "invo-n1" not in read(url, offline="group").groups["managers"]
    assert read(url, offline="exclude").hosts == ["invo-n2", "invo-n3", "invo-n4"]


def test_after_an_election_a_node_that_is_unknown_counts_as_there(at, read):
    url, engine = at("healthy")
    node = engine.answers["/nodes"]["body"][0]
    node["Status"]["State"] = "unknown"
    found = read(url, offline="exclude")
    assert len(found.hosts) == 4
    assert found.groups["swarm_unknown"] == [node["Description"]["Hostname"]]


def test_a_swarm_without_quorum(at, read):
    with pytest.raises(Exception, match="a manager that finds no leader"):
        read(at("no quorum")[0])


def test_a_worker_behind_a_socket_names_its_managers(at, read):
    with pytest.raises(Exception, match=r"a worker, whose managers are at [\d., ]*198\.18\.54\.11"):
        read(at("worker")[0])


@pytest.mark.parametrize("release", RELEASES)
def test_nothing_secret_was_recorded(release):
    text = (RECORDED / f"{release}.json").read_text()
    assert "SWMTKN" not in text and "SWMKEY" not in text and "PRIVATE" not in text
    assert set(json.loads(text)) == {
        "healthy", "worker", "rejoined", "failed over", "failed over twice", "no quorum"
    }  # fmt: skip
