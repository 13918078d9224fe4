# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What another tool has set and what says the same in another order is no change, and a change has a diff."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._service.schema import SERVICE
from ansible_collections.hive.swarm.tests.support.harness import on

WEB = {"name": "web", "image": "lab/busybox:1", "replicas": 0, "resolve_image": "never", "wait": False}


@pytest.fixture
def run(cluster):
    (host,) = cluster.swarm(managers=1)
    return on(host)


def service(run, check=False, **options):
    result = run("swarm_service", {**WEB, **options}, check=check)
    assert not result["failed"], result["msg"]
    return result


# Lists that the engine and the programs in a container read in any order.
UNORDERED = {
    "dns_options": ["ndots:2", "timeout:3"],
    "groups": ["100", "audio"],
    "cap_add": ["CAP_CHOWN", "CAP_KILL"],
    "cap_drop": ["CAP_CHOWN", "CAP_KILL"],
    "placement": {"constraints": ["node.role==manager", "node.labels.a==b"]},
    "mounts": [{"type": "tmpfs", "target": "/data", "tmpfs_options": ["noexec", "exec"]}],
    "reservations": {"generic_resources": [{"kind": "gpu", "value": 1}, {"kind": "fpga", "value": 1}]},
    "publish": [{"target_port": 80}, {"target_port": 81}],
    "ulimits": {"nofile": 1, "core": 2},
    "env": ["A=1", "B=2"],
}


def _turned(value):
    """The same with each list in it the other way round."""
    if isinstance(value, dict):
        return {key: _turned(item) for key, item in reversed(value.items())}
    return [_turned(item) for item in reversed(value)] if isinstance(value, list) else value


@pytest.mark.parametrize("option", UNORDERED)
def test_i4_another_order_is_no_change(run, cluster, option):
    """I4: an update for it would restart tasks."""
    if option == "mounts" and cluster.version.api == "1.41":
        pytest.skip("tmpfs_options need API 1.46")
    service(run, **{option: UNORDERED[option]})
    assert not service(run, **{option: _turned(UNORDERED[option])})["changed"]


def test_i4_every_list_of_a_service_is_known():
    """I4: a new list option has to be put into one of the two groups."""
    ordered = {"args", "dns", "dns_search"}
    lists = {option for option, spec in SERVICE.argument_spec().items() if spec["type"] == "list"}
    assert lists - ordered <= set(UNORDERED) | {"secrets", "configs", "networks"}


@pytest.mark.parametrize(
    ("before", "after", "diff"),
    [
        ({"A": "1"}, {"A": "1", "B": None}, ({}, {"env": {"B": None}})),
        ({"A": "1"}, {"A": None}, ({"env": {"A": "1"}}, {"env": {"A": None}})),
        ({"A": None}, {"A": "1"}, ({"env": {"A": None}}, {"env": {"A": "1"}})),
        ({"A": "1", "B": None}, ["A=1"], ({"env": {"B": None}}, {})),
        ({}, "A", ({}, {"env": {"A": None}})),
    ],
)
def test_i4_a_variable_without_a_value_is_in_the_diff(run, before, after, diff):
    service(run, env=before)
    predicted = service(run, check=True, env=after)
    done = service(run, env=after)
    assert predicted["diff"] == done["diff"]
    assert (done["diff"]["before"], done["diff"]["after"]) == diff
    assert not service(run, env=after)["changed"]


def test_i4_a_variable_without_a_value_is_in_the_diff_of_create_and_remove(run):
    assert service(run, env=["A"])["diff"]["after"]["env"] == {"A": None}
    gone = run("swarm_service", {"name": "web", "state": "absent", "wait": False})
    assert set(gone["diff"]["before"]["env"]) == {"A"}


def test_i4_no_files_of_variables_have_no_variables(run, tmp_path):
    (tmp_path / "a.env").write_text("A=1\n")
    service(run, env_files=[str(tmp_path / "a.env")])
    assert service(run, env_files=[])["service"]["env"] == {}
    service(run, env={"B": "1"})
    assert not service(run, env_files=[], env={"B": "1"})["changed"]
    assert not service(run, env_files=[], env_state="merge")["changed"]


# -- swarms of other tools --------------------------------------------------------------------------------------------


def swarm_of_another_tool(cluster, **body):
    host = cluster.engine("manager1")
    spec = body.pop("Spec", {})
    host.do("POST", "/swarm/init", {"ListenAddr": "0.0.0.0:2377", "AdvertiseAddr": host.address, **body})
    live = host.do("GET", "/swarm")
    host.do("POST", f"/swarm/update?version={live['Version']['Index']}", {**live["Spec"], **spec})
    return on(host)


def test_i5_ticks_that_stand_are_not_judged(cluster):
    """I5: another tool has zeroed the election tick."""
    run = swarm_of_another_tool(cluster, Spec={"Raft": {"HeartbeatTick": 2, "ElectionTick": 0}})
    for options in ({"heartbeat_tick": 2}, {"heartbeat_tick": 2, "labels": {}}):
        result = run("swarm_init", options)
        assert (result["failed"], result["changed"]) == (False, False), result.get("msg")
    assert run("swarm_init", {"heartbeat_tick": 2, "labels": {"a": "b"}})["changed"]
    assert run("swarm_init", {"heartbeat_tick": 3})["failed"]


def test_i5_pools_that_stand_are_not_judged(cluster):
    """I5: the pool is of a /26, which no /24 fits into, but the swarm's subnets are smaller."""
    run = swarm_of_another_tool(cluster, DefaultAddrPool=["10.20.0.0/26"], SubnetSize=28)
    result = run("swarm_init", {"default_addr_pool": ["10.20.0.0/26"]})
    assert (result["failed"], result["changed"]) == (False, False), result.get("msg")
