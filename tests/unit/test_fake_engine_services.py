# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What tests of services rely on beyond the dialogues: scripted tasks, several nodes, registries, thousands of things."""

from __future__ import annotations

import base64
import http.client
import json
import time

import pytest
from ansible_collections.hive.swarm.tests.support.fake_engine import FakeCluster, behaviours
from ansible_collections.hive.swarm.tests.support.fake_engine.errors import ApiError
from ansible_collections.hive.swarm.tests.support.worlds import UnixConnection, ask

pytestmark = pytest.mark.once  # neither Python nor ansible-core matters

_FILTER = '/tasks?filters={"service":["web"]}'


@pytest.fixture
def manager(cluster):
    """A manager with two workers."""
    return cluster.swarm(managers=1, workers=2)[0]


def create(engine, image="lab/web:1", name="web", **blocks):
    template = {"ContainerSpec": {"Image": image}, **blocks.pop("task", {})}
    return engine.do("POST", "/services/create", {"Name": name, "TaskTemplate": template, **blocks})["ID"]


def update(engine, name="web", query="", image=None, **blocks):
    service = engine.do("GET", f"/services/{name}")
    spec = {**service["Spec"], **blocks}
    if image:
        spec["TaskTemplate"] = {**spec["TaskTemplate"], "ContainerSpec": {"Image": image}}
    engine.do("POST", f"/services/{name}/update?version={service['Version']['Index']}{query}", spec)
    return engine.do("GET", f"/services/{name}")


def replicas(count):
    return {"Mode": {"Replicated": {"Replicas": count}}}


def tasks(engine, *states):
    """The tasks of `web`, those in one of the desired states if any are given."""
    return [task for task in engine.do("GET", _FILTER) if not states or task["DesiredState"] in states]


def told(engine, *states):
    """States of the tasks of `web`."""
    return sorted(task["Status"]["State"] for task in tasks(engine, *states))


def counts(engine):
    return engine.do("GET", "/services?status=true")[0]["ServiceStatus"]


# -- what is scripted -------------------------------------------------------------------------------------------------


def test_tasks_run_at_once_on_different_nodes(manager):
    create(manager, **replicas(3))
    assert told(manager) == ["running"] * 3
    assert len({task["NodeID"] for task in tasks(manager)}) == 3
    assert counts(manager) == {"RunningTasks": 3, "DesiredTasks": 3, "CompletedTasks": 0}


def test_slow_task_runs_after_as_many_looks(manager):
    manager.cluster.script.set("web", behaviours.slow(2))
    create(manager)
    assert [told(manager) for _look in range(3)] == [["preparing"], ["running"], ["running"]]


def test_crash_is_told_and_starts_anew_at_the_next_look(manager):
    manager.cluster.script.set("lab/web:1", behaviours.crashed(3), times=1)
    create(manager, image="lab/web:1@sha256:" + "0" * 64)
    failed = tasks(manager, "shutdown")[0]
    assert failed["Status"]["Err"] == "task: non-zero exit (3)"
    assert failed["Status"]["ContainerStatus"]["ExitCode"] == 3
    assert told(manager, "running") == ["running"]


@pytest.mark.parametrize(("policy", "runs"), [({"Condition": "none"}, 1), ({"MaxAttempts": 2}, 3)])
def test_restart_policy_ends_the_restarts(manager, policy, runs):
    manager.cluster.script.set("web", behaviours.crashed())
    create(manager, task={"RestartPolicy": policy})
    for _look in range(5):
        manager.do("GET", "/tasks")
    assert told(manager) == ["failed"] * runs


def test_history_is_as_long_as_the_swarm_says(manager):
    manager.cluster.script.set("web", behaviours.crashed())
    create(manager)
    for _look in range(9):
        manager.do("GET", "/tasks")
    assert len(tasks(manager)) == 5


def test_pending_task_has_no_node(manager):
    manager.cluster.script.set("web", behaviours.pending("no suitable node (missing plugin on 3 nodes)"))
    create(manager)
    (task,) = tasks(manager)
    assert ("NodeID" in task, task["Status"]["Err"]) == (False, "no suitable node (missing plugin on 3 nodes)")


def test_failed_update_pauses_and_leaves_the_rest(manager):
    create(manager, **replicas(3))
    manager.cluster.script.set("lab/web:2", behaviours.rejected("No such image: lab/web:2"))
    status = update(manager, image="lab/web:2")["UpdateStatus"]
    assert status["State"] == "paused"
    failed = next(task for task in tasks(manager) if task["Status"]["State"] == "rejected")
    assert status["Message"].endswith(f"early termination of task {failed['ID']}") or len(tasks(manager)) > 4
    assert told(manager, "running") == ["running"] * 2


def test_failed_update_goes_back_and_has_no_previous_spec(manager):
    create(manager, UpdateConfig={"FailureAction": "rollback"}, **replicas(3))
    manager.cluster.script.set("lab/web:2", behaviours.crashed())
    service = update(manager, image="lab/web:2")
    assert service["UpdateStatus"]["State"] == "rollback_completed"
    assert service["Spec"]["TaskTemplate"]["ContainerSpec"]["Image"] == "lab/web:1"
    assert "PreviousSpec" not in service
    assert told(manager, "running") == ["running"] * 3


def test_a_rollback_that_fails_too_pauses(manager):
    create(manager, UpdateConfig={"FailureAction": "rollback"})
    manager.cluster.script.set("web", behaviours.crashed())
    assert update(manager, image="lab/web:2")["UpdateStatus"]["State"] == "rollback_paused"


def test_allowed_failures_do_not_stop_an_update(manager):
    create(manager, UpdateConfig={"MaxFailureRatio": 0.5}, **replicas(2))
    manager.cluster.script.set("web", behaviours.crashed(), times=1)
    assert update(manager, image="lab/web:2")["UpdateStatus"]["State"] == "completed"


def test_update_goes_on_as_tasks_get_there(manager):
    create(manager, **replicas(2))
    manager.cluster.script.set("web", behaviours.slow(1))
    assert update(manager, image="lab/web:2")["UpdateStatus"]["State"] == "updating"
    assert manager.do("GET", "/services/web")["UpdateStatus"]["State"] == "completed"


def test_parallelism_of_zero_is_all_at_once(manager):
    create(manager, UpdateConfig={"Parallelism": 0}, **replicas(3))
    manager.cluster.script.set("web", behaviours.slow(3))
    update(manager, image="lab/web:2")
    assert told(manager, "running") == ["preparing"] * 3


def test_job_runs_again_with_every_post(manager):
    create(manager, Mode={"ReplicatedJob": {"MaxConcurrent": 1, "TotalCompletions": 3}})
    assert counts(manager) == {"RunningTasks": 0, "DesiredTasks": 1, "CompletedTasks": 3}
    service = update(manager)
    assert service["JobStatus"]["JobIteration"] == {"Index": 1}
    assert (counts(manager)["CompletedTasks"], len(tasks(manager))) == (3, 6)


def test_output_of_a_crash_is_in_the_logs(manager):
    manager.cluster.script.set("web", behaviours.crashed(1, output=["boom"]))
    create(manager, task={"RestartPolicy": {"Condition": "none"}})
    manager.say("web", "to stdout")
    assert manager.do("GET", "/services/web/logs?stderr=1") == b"\x02\0\0\0\0\0\0\x05boom\n"
    assert manager.do("GET", "/services/web/logs?stdout=1&stderr=1&tail=1") == b"\x01\0\0\0\0\0\0\nto stdout\n"


# -- nodes ------------------------------------------------------------------------------------------------------------


def set_node(manager, engine, **spec):
    node = manager.do("GET", f"/nodes/{engine.hostname}")
    path = f"/nodes/{node['ID']}/update?version={node['Version']['Index']}"
    manager.do("POST", path, {**node["Spec"], **spec})
    return node["ID"]


def test_drained_node_loses_its_tasks_and_gets_none(manager):
    create(manager, **replicas(3))
    drained = set_node(manager, manager.cluster.engines["worker1"], Availability="drain")
    assert told(manager, "running") == ["running"] * 3
    assert drained not in [task["NodeID"] for task in tasks(manager, "running")]
    assert told(manager, "shutdown") == ["shutdown"]


def test_tasks_of_a_dead_node_move(manager):
    create(manager, **replicas(3))
    manager.cluster.engines["worker1"].kill()
    manager.cluster.settle()
    assert told(manager, "running") == ["running"] * 3
    assert told(manager, "shutdown") == ["running"]  # nobody is there to say otherwise


def test_global_service_is_on_every_node_that_suits(manager):
    labelled = set_node(manager, manager.cluster.engines["worker1"], Labels={"disk": "ssd"})
    create(manager, Mode={"Global": {}}, task={"Placement": {"Constraints": ["node.labels.disk == ssd"]}})
    assert [task["NodeID"] for task in tasks(manager)] == [labelled]
    set_node(manager, manager.cluster.engines["worker2"], Labels={"disk": "ssd"})
    assert len(tasks(manager, "running")) == 2


@pytest.mark.parametrize(
    ("constraint", "count"),
    [("node.role==worker", 2), ("node.hostname!=worker1", 2), ("node.hostname==WORKER1", 1), ("node.labels.x!=1", 3)],
)
def test_constraints(manager, constraint, count):
    create(manager, Mode={"Global": {}}, task={"Placement": {"Constraints": [constraint]}})
    assert len(tasks(manager)) == count


def test_node_that_joins_gets_a_task_of_a_global_service(manager):
    create(manager, Mode={"Global": {}})
    manager.cluster.join(manager.cluster.engine("late"), manager)
    assert len(tasks(manager, "running")) == 4


def test_why_no_node_suits_is_told_with_numbers(manager):
    set_node(manager, manager.cluster.engines["worker1"], Availability="pause")
    create(manager, task={"Placement": {"Constraints": ["node.hostname==worker1"]}})
    assert tasks(manager)[0]["Status"]["Err"] == (
        "no suitable node (scheduling constraints not satisfied on 2 nodes; 1 node not available for new tasks)"
    )


# -- registries and credentials ---------------------------------------------------------------------------------------


def auth(**given):
    return base64.urlsafe_b64encode(json.dumps(given).encode()).decode()


def distribution(engine, image, header=""):
    connection = UnixConnection(engine.socket)
    connection.request("GET", f"/distribution/{image}/json", headers={"X-Registry-Auth": header} if header else {})
    response = connection.getresponse()
    answer = json.loads(response.read())
    connection.close()
    return response.status, answer


@pytest.mark.parametrize("spelling", ["web:1", "library/web:1", "docker.io/library/web:1"])
def test_registry_knows_an_image_by_any_spelling(engine, spelling):
    digest = engine.cluster.registry.add("web:1", platforms=["linux/amd64", "linux/arm64"])
    status, answer = distribution(engine, spelling)
    assert (status, answer["Descriptor"]["digest"]) == (200, digest)
    assert answer["Platforms"][1] == {"os": "linux", "architecture": "arm64"}


def test_registry_takes_credentials_only(engine):
    engine.cluster.registry.add("reg.test/x:1", credentials=("me", "secret"))
    assert distribution(engine, "reg.test/x:1")[0] == 401
    assert distribution(engine, "reg.test/x:1", auth(username="me", password="wrong"))[0] == 401
    assert distribution(engine, "reg.test/x:1", auth(username="me", password="secret"))[0] == 200


def test_registry_that_fails_or_is_not_there(engine):
    engine.cluster.registry.fail("reg.test/x:1", 404, "manifest unknown: manifest unknown")
    assert distribution(engine, "reg.test/x:1") == (404, {"message": "manifest unknown: manifest unknown"})
    assert distribution(engine, "reg.test/y:1")[0] == 500


def test_credentials_are_logged_and_never_shown(manager):
    connection = UnixConnection(manager.socket)
    spec = {"Name": "web", "TaskTemplate": {"ContainerSpec": {"Image": "lab/web:1"}}}
    connection.request("POST", "/services/create", json.dumps(spec), {"X-Registry-Auth": "c2VjcmV0"})
    assert connection.getresponse().status == http.client.CREATED
    connection.close()
    assert manager.writes[-1].registry_auth == "c2VjcmV0"
    assert "c2VjcmV0" not in json.dumps(manager.do("GET", "/services"))


# -- beside all that --------------------------------------------------------------------------------------------------


def test_conflict_moves_services_and_secrets_too(manager):
    create(manager)
    secret = manager.do("POST", "/secrets/create", {"Name": "s", "Data": "eA=="})["ID"]
    service = manager.do("GET", "/services/web")
    manager.conflict(times=2)
    for path in (f"/services/web/update?version={service['Version']['Index']}", f"/secrets/{secret}/update?version=9"):
        status, answer = ask(manager.socket, "POST", path, {**service["Spec"], "Name": "web" if "web" in path else "s"})
        assert (status, answer["message"][-22:]) == (500, "update out of sequence")


def test_dynamic_port_stays_with_the_service(manager):
    create(manager, EndpointSpec={"Ports": [{"TargetPort": 80}]})
    before = manager.do("GET", "/services/web")["Endpoint"]["Ports"][0]["PublishedPort"]
    after = update(manager, image="lab/web:2", Labels={"a": "b"})["Endpoint"]["Ports"][0]["PublishedPort"]
    assert before == after >= 30000
    with pytest.raises(ApiError, match="is already in use by service 'web'"):
        create(manager, name="too", EndpointSpec={"Ports": [{"TargetPort": 80, "PublishedPort": before}]})


def test_worker_answers_for_registries_and_its_own_networks_alone(manager):
    worker = manager.cluster.engines["worker1"]
    worker.cluster.registry.add("web:1")
    assert distribution(worker, "web:1")[0] == 200
    assert {network["Scope"] for network in worker.do("GET", "/networks")} == {"local"}
    for path in ("/services", "/tasks", "/secrets", "/configs"):
        with pytest.raises(ApiError, match="Worker nodes can't be used"):
            worker.do("GET", path)


@pytest.mark.parametrize(("path", "put"), [("/tasks", "put_tasks"), ("/nodes", "put_nodes")])
def test_thousands_are_listed_in_no_time(path, put):
    with FakeCluster() as cluster:
        (manager,) = cluster.swarm()
        getattr(manager, put)([{} for _task in range(10_000)] if put == "put_tasks" else 5000)
        start = time.monotonic()
        assert len(manager.do("GET", path)) >= 5000
        assert time.monotonic() - start < 3  # some tenths on a machine that does nothing else


def test_many_replicas_are_made_and_replaced_in_no_time(manager):
    start = time.process_time()  # of this process, in which the engine lives, however busy the machine is
    create(manager, **replicas(5000))
    update(manager, image="lab/web:2")
    assert counts(manager)["RunningTasks"] == 5000
    assert time.process_time() - start < 10


def test_tasks_of_a_removed_job_stay_on_the_older_engine(manager, version):
    create(manager, Mode={"ReplicatedJob": {}})
    manager.do("DELETE", "/services/web")
    assert len(manager.do("GET", "/tasks")) == (1 if version.api == "1.41" else 0)


def test_logs_of_a_task_without_a_node_are_an_error_in_a_frame(manager):
    manager.cluster.script.set("web", behaviours.pending())
    create(manager)
    (task,) = tasks(manager)
    answer = manager.do("GET", f"/tasks/{task['ID']}/logs?stdout=1")
    assert (answer[0], answer[-24:]) == (3, b" has not been scheduled\n")


def test_pending_task_gets_the_node_that_comes(manager):
    create(manager, task={"Placement": {"Constraints": ["node.hostname==late"]}})
    (waiting,) = tasks(manager)
    manager.cluster.join(manager.cluster.engine("late"), manager)
    (running,) = tasks(manager)
    assert (waiting["Status"]["State"], running["Status"]["State"]) == ("pending", "running")
    assert waiting["ID"] == running["ID"]


def test_pending_task_is_replaced_by_an_update(manager):
    create(manager, task={"Placement": {"Constraints": ["node.hostname==late"]}})
    (waiting,) = tasks(manager)
    update(manager, image="lab/web:2")
    (another,) = [task for task in tasks(manager) if task["DesiredState"] == "running"]
    assert (another["Status"]["State"], another["ID"] != waiting["ID"]) == ("pending", True)


def test_many_pending_tasks_cost_little(manager):
    create(manager, task={"Placement": {"Constraints": ["node.hostname==nope"]}}, **replicas(5000))
    start = time.monotonic()
    set_node(manager, manager.cluster.engines["worker1"], Labels={"a": "b"})
    assert told(manager) == ["pending"] * 5000
    assert time.monotonic() - start < 5
