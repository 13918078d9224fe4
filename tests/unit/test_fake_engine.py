# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What tests rely on beyond the dialogues: faults, life and death, quorum, time."""

from __future__ import annotations

import http.client
import re
import threading
import time
from pathlib import Path

import pytest
from ansible_collections.hive.swarm.tests.support import fake_engine
from ansible_collections.hive.swarm.tests.support.fake_engine import API_1_41, Delays, FakeCluster, ReadOnlyViolation
from ansible_collections.hive.swarm.tests.support.fake_engine.errors import ApiError
from ansible_collections.hive.swarm.tests.support.worlds import UnixConnection, ask

NO_LEADER = "The swarm does not have a leader"
JOIN = {"ListenAddr": "0.0.0.0:2377", "RemoteAddrs": ["192.0.2.1:2377"]}


def swarm_info(engine):
    return engine.do("GET", "/info")["Swarm"]


def status_of(manager, engine):
    """(State, role wanted, whether it is a manager) of an engine's node in the list of a manager."""
    node = manager.do("GET", f"/nodes/{engine.hostname}")
    return node["Status"]["State"], node["Spec"]["Role"], "ManagerStatus" in node


def set_role(manager, engine, role):
    node = manager.do("GET", f"/nodes/{engine.hostname}")
    path = f"/nodes/{node['ID']}/update?version={node['Version']['Index']}"
    manager.do("POST", path, {**node["Spec"], "Role": role})


def test_it_knows_nothing_of_the_collection():
    for path in Path(fake_engine.__file__).parent.glob("*.py"):
        imports = re.findall(r"^\s*(?:from|import) .*", path.read_text(), re.MULTILINE)
        assert not [line for line in imports if "plugins" in line], path


# -- the wire ---------------------------------------------------------------------------------------------------------


def test_connection_is_kept_alive(engine):
    connection = UnixConnection(engine.socket)
    for _number in range(3):
        connection.request("GET", "/info")
        assert connection.getresponse().read()
    kept = connection.sock
    connection.request("GET", "/_ping")
    assert connection.getresponse().read() == b"OK"
    assert connection.sock is kept
    connection.close()


def test_tcp(cluster):
    engine = cluster.engine("node1", tcp=True)
    connection = http.client.HTTPConnection(engine.tcp_url.removeprefix("tcp://"))
    connection.request("GET", "/_ping")
    assert connection.getresponse().read() == b"OK"
    connection.close()


def test_requests_are_logged(engine):
    ask(engine.socket, "GET", "/v1.24/nodes?filters={}")
    ask(engine.socket, "POST", "/swarm/init", {"ListenAddr": ""})
    assert [str(request) for request in engine.requests] == ["GET /nodes?filters={}", "POST /swarm/init"]
    assert engine.requests[0].version == "1.24"
    assert engine.writes[0].body == {"ListenAddr": ""}
    assert (engine.count(), engine.count("GET"), engine.count("GET", "/nodes")) == (2, 1, 1)


def test_old_api_versions_are_refused_by_the_new_engine():
    with FakeCluster() as cluster:
        status, answer = ask(cluster.engine("node1").socket, "GET", "/v1.23/info")
    assert (status, answer["message"][:26]) == (400, "client version 1.23 is too")
    with FakeCluster(API_1_41) as cluster:
        assert ask(cluster.engine("node1").socket, "GET", "/v1.23/info")[0] == 200


# -- faults -----------------------------------------------------------------------------------------------------------


def test_read_only_engine_tells_of_the_write():
    with pytest.raises(ReadOnlyViolation, match="node1 was read-only, but was asked: POST /swarm/init"):
        write_to_a_read_only_engine()


def write_to_a_read_only_engine():
    with FakeCluster() as cluster:
        engine = cluster.engine("node1")
        engine.read_only = True
        assert ask(engine.socket, "GET", "/info")[0] == 200
        assert ask(engine.socket, "POST", "/swarm/init", {"ListenAddr": "0.0.0.0"})[0] == 409
        assert engine.state == "inactive"


def test_delay(engine):
    engine.delay(1.5, path="/info")
    start = time.monotonic()
    ask(engine.socket, "GET", "/_ping")
    assert time.monotonic() - start < 1.5
    start = time.monotonic()
    ask(engine.socket, "GET", "/info")
    assert time.monotonic() - start >= 1.5


def test_hang(engine):
    engine.hang("GET", "/info")
    connection = UnixConnection(engine.socket, timeout=0.1)
    connection.request("GET", "/info")
    with pytest.raises(TimeoutError):
        connection.getresponse()
    connection.close()
    assert engine.count("GET", "/info") == 1
    assert ask(engine.socket, "GET", "/info")[0] == 200


def test_hanging_request_goes_on_after_resume(engine):
    engine.hang()
    answers = []
    asking = threading.Thread(target=lambda: answers.append(ask(engine.socket, "GET", "/info")[0]))
    asking.start()
    while not engine.requests:
        time.sleep(0.01)
    engine.resume()
    asking.join(5)
    assert answers == [200]


def test_drop(engine):
    engine.drop("GET", "/info", times=2)
    for _number in range(2):
        with pytest.raises(ConnectionError):
            ask(engine.socket, "GET", "/info")
    assert ask(engine.socket, "GET", "/info")[0] == 200


def test_fail(engine):
    engine.fail(500, "disk full", "GET", "/swarm")
    assert ask(engine.socket, "GET", "/swarm") == (500, {"message": "disk full"})
    assert ask(engine.socket, "GET", "/swarm")[0] == 503


def test_conflict(cluster):
    (manager,) = cluster.swarm()
    swarm = manager.do("GET", "/swarm")
    manager.conflict(times=2)
    for index in (swarm["Version"]["Index"], manager.do("GET", "/swarm")["Version"]["Index"]):
        status, answer = ask(manager.socket, "POST", f"/swarm/update?version={index}", swarm["Spec"])
        assert (status, answer["message"]) == (500, "rpc error: code = Unknown desc = update out of sequence")
    index = manager.do("GET", "/swarm")["Version"]["Index"]
    assert ask(manager.socket, "POST", f"/swarm/update?version={index}", swarm["Spec"])[0] == 200


def test_tasks(cluster):
    manager, worker = cluster.swarm(1, 1)
    worker.set_tasks([{"Status": {"State": "starting"}}, {"DesiredState": "shutdown"}])
    tasks = manager.do("GET", f'/tasks?filters={{"node":["{worker.hostname}"],"desired-state":["running"]}}')
    assert [task["Status"]["State"] for task in tasks] == ["starting"]
    worker.set_tasks([])
    assert manager.do("GET", "/tasks") == []


# -- life and death ---------------------------------------------------------------------------------------------------


def test_killed_engine_refuses_connections_and_comes_back_as_it_was(cluster):
    manager, worker = cluster.swarm(1, 1)
    worker.kill()
    with pytest.raises(ConnectionRefusedError):
        ask(worker.socket, "GET", "/_ping")
    assert status_of(manager, worker)[0] == "ready"
    cluster.settle()
    assert status_of(manager, worker)[0] == "down"
    worker.start()
    assert status_of(manager, worker)[0] == "ready"
    assert swarm_info(worker)["LocalNodeState"] == "active"


def test_wiped_engine_leaves_its_entry_behind(cluster):
    manager, worker = cluster.swarm(1, 1)
    old = swarm_info(worker)["NodeID"]
    worker.wipe()
    assert swarm_info(worker)["LocalNodeState"] == "inactive"
    cluster.join(worker, manager)
    cluster.settle()
    states = {node["ID"]: node["Status"]["State"] for node in manager.do("GET", "/nodes")}
    assert states[old] == "down"
    assert states[swarm_info(worker)["NodeID"]] == "ready"
    with pytest.raises(ApiError, match="ambiguous"):
        manager.do("GET", "/nodes/worker1")


def test_node_is_down_after_the_delay_and_not_before():
    now = 0.0
    with FakeCluster(delays=Delays(node_down=15.0), clock=lambda: now) as cluster:
        manager, worker = cluster.swarm(1, 1)
        worker.kill()
        now = 14.9
        assert status_of(manager, worker)[0] == "ready"
        now = 15.1
        assert status_of(manager, worker)[0] == "down"


def test_autolocked_manager_opens_with_the_key_of_the_time_when_it_went_down(cluster):
    first, second, _third = cluster.swarm(3)
    spec = first.do("GET", "/swarm")
    spec["Spec"]["EncryptionConfig"]["AutoLockManagers"] = True
    first.do("POST", f"/swarm/update?version={spec['Version']['Index']}", spec["Spec"])
    old = first.do("GET", "/swarm/unlockkey")
    second.kill()
    index = first.do("GET", "/swarm")["Version"]["Index"]
    first.do("POST", f"/swarm/update?version={index}&rotateManagerUnlockKey=1", spec["Spec"])
    new = first.do("GET", "/swarm/unlockkey")
    assert new != old
    second.start()
    assert swarm_info(second)["LocalNodeState"] == "locked"
    with pytest.raises(ApiError, match="invalid key provided"):
        second.do("POST", "/swarm/unlock", new)
    second.do("POST", "/swarm/unlock", old)
    assert swarm_info(second)["ControlAvailable"]


# -- quorum -----------------------------------------------------------------------------------------------------------


def test_without_quorum_there_is_no_leader(cluster):
    first, second, third = cluster.swarm(3)
    second.kill()
    assert first.do("GET", "/swarm")["ID"]
    third.kill()
    info = swarm_info(first)
    assert (info["ControlAvailable"], info["LocalNodeState"]) == (True, "active")
    assert NO_LEADER in info["Error"]
    assert info["Cluster"]["ID"] == ""
    assert "Nodes" not in info
    for path in ("/swarm", "/nodes", "/tasks"):
        status, answer = ask(first.socket, "GET", path)
        assert (status, NO_LEADER in answer["message"]) == (500, True)
    third.start()
    assert swarm_info(first)["Error"] == ""


def test_another_leader_is_elected(cluster):
    first, second, third = cluster.swarm(3)
    first.kill()
    managers = {node["ID"]: node["ManagerStatus"] for node in second.do("GET", "/nodes")}
    assert sorted(status["Reachability"] for status in managers.values()) == ["reachable", "reachable", "unreachable"]
    leaders = [node for node, status in managers.items() if status.get("Leader")]
    assert leaders in ([swarm_info(second)["NodeID"]], [swarm_info(third)["NodeID"]])


def test_cut_off_manager_has_no_leader_and_the_others_go_on(cluster):
    first, second, _third = cluster.swarm(3)
    first.partition()
    assert NO_LEADER in swarm_info(first)["Error"]
    assert second.do("GET", "/swarm")["ID"]
    first.partition(False)
    assert swarm_info(first)["Error"] == ""


def test_demotion_of_a_dead_manager_of_three(cluster):
    first, _second, third = cluster.swarm(3)
    third.kill()
    set_role(first, third, "worker")
    cluster.settle()
    assert status_of(first, third) == ("down", "worker", False)
    assert swarm_info(first)["Managers"] == 2


def test_demotion_that_would_end_the_quorum_is_refused(cluster):
    first, second, third, fourth, _fifth = cluster.swarm(5)
    third.kill()
    fourth.kill()
    with pytest.raises(ApiError, match="this would result in a loss of quorum"):
        set_role(first, second, "worker")


def test_two_managers_are_warned_of(cluster):
    first, _second = cluster.swarm(2)
    assert "two-manager configuration" in first.do("GET", "/info")["Warnings"][0]


def test_role_change_takes_its_time():
    now = 0.0
    with FakeCluster(delays=Delays(role_change=5.0), clock=lambda: now) as cluster:
        manager, worker = cluster.swarm(1, 1)
        set_role(manager, worker, "manager")
        assert status_of(manager, worker) == ("ready", "manager", False)
        assert not swarm_info(worker)["ControlAvailable"]
        now = 5.1
        assert status_of(manager, worker) == ("ready", "manager", True)
        assert swarm_info(worker)["ControlAvailable"]


def test_manager_that_left_with_force_stays_a_member(cluster):
    first, second, _third = cluster.swarm(3)
    second.do("POST", "/swarm/leave?force=1")
    cluster.settle()
    assert status_of(first, second) == ("down", "manager", True)
    with pytest.raises(ApiError, match="must be demoted"):
        first.do("DELETE", "/nodes/manager2?force=1")


@pytest.mark.parametrize(
    ("managers", "words"),
    [
        (1, "Removing the last manager erases"),
        (2, "leaves 1 managers out of 2"),
        (3, "participating as a manager. The only way to restore"),
    ],
)
def test_leave_of_a_manager_is_refused(cluster, managers, words):
    first = cluster.swarm(managers)[0]
    with pytest.raises(ApiError) as refusal:
        first.do("POST", "/swarm/leave")
    assert refusal.value.status == 503
    assert words in refusal.value.message


def test_force_new_cluster_keeps_the_list_and_the_identity(cluster):
    first, second = cluster.swarm(2)
    before = first.do("GET", "/swarm")["ID"]
    second.kill()
    first.do("POST", "/swarm/init", {"ListenAddr": "0.0.0.0:2377", "ForceNewCluster": True})
    assert first.do("GET", "/swarm")["ID"] == before
    assert swarm_info(first)["Managers"] == 1
    assert status_of(first, second)[1:] == ("manager", False)


# -- joining ----------------------------------------------------------------------------------------------------------


def test_only_the_first_address_is_tried(cluster):
    manager = cluster.swarm()[0]
    token = manager.do("GET", "/swarm")["JoinTokens"]["Worker"]
    engine = cluster.engine("node2")
    with pytest.raises(ApiError, match="Timeout was reached"):
        engine.do("POST", "/swarm/join", {**JOIN, "RemoteAddrs": ["192.0.2.99", "192.0.2.1"], "JoinToken": token})
    assert swarm_info(engine)["LocalNodeState"] == "pending"
    assert swarm_info(engine)["RemoteManagers"] == [{"NodeID": "", "Addr": "192.0.2.99:2377"}]
    cluster.settle()
    assert swarm_info(engine)["LocalNodeState"] == "error"


def test_rotated_token_joins_no_more(cluster):
    manager = cluster.swarm()[0]
    swarm = manager.do("GET", "/swarm")
    manager.do("POST", f"/swarm/update?version={swarm['Version']['Index']}&rotateWorkerToken=1", swarm["Spec"])
    with pytest.raises(ApiError, match="A valid join token is necessary"):
        cluster.engine("node2").do("POST", "/swarm/join", {**JOIN, "JoinToken": swarm["JoinTokens"]["Worker"]})


# -- the certificate authority ----------------------------------------------------------------------------------------


def rotate(manager, **authority):
    swarm = manager.do("GET", "/swarm")
    swarm["Spec"]["CAConfig"].update(authority)
    manager.do("POST", f"/swarm/update?version={swarm['Version']['Index']}", swarm["Spec"])
    return swarm


def test_rotation_changes_root_and_tokens_at_its_end(cluster):
    manager = cluster.swarm()[0]
    before = rotate(manager, ForceRotate=1)
    during = manager.do("GET", "/swarm")
    assert during["RootRotationInProgress"]
    assert during["JoinTokens"] == before["JoinTokens"]
    cluster.settle()
    after = manager.do("GET", "/swarm")
    assert not after["RootRotationInProgress"]
    assert after["TLSInfo"]["TrustRoot"] != before["TLSInfo"]["TrustRoot"]
    assert after["JoinTokens"] != before["JoinTokens"]
    rotate(manager)
    assert manager.do("GET", "/swarm")["RootRotationInProgress"] is False


def test_leaving_the_counter_out_rotates_again(cluster):
    manager = cluster.swarm()[0]
    rotate(manager, ForceRotate=1)
    cluster.settle()
    index = manager.do("GET", "/swarm")["Version"]["Index"]
    manager.do("POST", f"/swarm/update?version={index}", {})
    assert manager.do("GET", "/swarm")["RootRotationInProgress"]


def test_own_authority_becomes_the_root_and_is_not_shown(cluster):
    manager = cluster.swarm()[0]
    certificate = fake_engine.identity.new_certificate()
    rotate(manager, SigningCACert=f"some words\n{certificate}", SigningCAKey="a key")
    cluster.settle()
    after = manager.do("GET", "/swarm")
    assert after["TLSInfo"]["TrustRoot"] == certificate
    assert set(after["Spec"]["CAConfig"]) == {"NodeCertExpiry"}
    with pytest.raises(ApiError, match="identical key"):
        rotate(manager, SigningCACert=fake_engine.identity.new_certificate(), SigningCAKey="a key")


def test_rotation_waits_for_a_node_that_is_down():
    now = 0.0
    with FakeCluster(delays=Delays(node_down=0.0), clock=lambda: now) as cluster:
        manager, worker = cluster.swarm(1, 1)
        worker.kill()
        manager.do("GET", "/nodes")
        rotate(manager, ForceRotate=1)
        now = 10.0
        assert manager.do("GET", "/swarm")["RootRotationInProgress"]
        manager.do("DELETE", "/nodes/worker1")
        now = 20.0
        assert not manager.do("GET", "/swarm")["RootRotationInProgress"]
