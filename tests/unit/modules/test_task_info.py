# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""swarm_task_info: which tasks, what is told of them, whatever is missing, and of very many."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._task.info import task_context, task_views
from ansible_collections.hive.swarm.tests.support.fake_engine import API_1_51, FakeCluster, behaviours
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.unit.modules.test_service_info import create, create_plugin

pytestmark = pytest.mark.once  # neither Python nor ansible-core matters

GONE = "0123456789abcdefghijklmno"  # what an ID looks like


@pytest.fixture
def engines(cluster):
    return cluster.swarm(managers=1, workers=2)


@pytest.fixture
def manager(engines):
    return engines[0]


@pytest.fixture
def ask(manager):
    """Run swarm_task_info; it must not fail."""

    def run(**options):
        result = on(manager)("swarm_task_info", options)
        assert not result["failed"], result["msg"]
        assert result["changed"] is False
        return result

    return run


@pytest.fixture
def tasks(ask):
    return lambda **options: ask(**options)["tasks"]


def named(found):
    return [task["name"] for task in found]


def node_id(manager, hostname):
    return manager.do("GET", f"/nodes/{hostname}")["ID"]


# -- what is told -----------------------------------------------------------------------------------------------------


def test_a_task_in_all_its_parts(manager, tasks):
    network = manager.do("POST", "/networks/create", {"Name": "front", "Driver": "overlay"})["Id"]
    ports = [{"TargetPort": 80, "PublishMode": "host"}]
    service_id = create(manager, template={"Networks": [{"Target": network}]}, EndpointSpec={"Ports": ports})
    tasks()
    task = tasks(filters={"desired-state": "running"})[1]
    live = manager.do("GET", f"/tasks/{task['id']}")
    assert task.pop("addresses") == {"front": live["NetworksAttachments"][-1]["Addresses"]}
    published = live["Status"]["PortStatus"]["Ports"][0]["PublishedPort"]
    assert task == {
        "id": live["ID"],
        "name": "web.2",
        "service": "web",
        "service_id": service_id,
        "slot": 2,
        "node": manager.do("GET", f"/nodes/{live['NodeID']}")["Description"]["Hostname"],
        "node_id": live["NodeID"],
        "image": "lab/busybox:1",
        "desired_state": "running",
        "state": "running",
        "message": "started",
        "error": "",
        "exit_code": None,
        "container_id": live["Status"]["ContainerStatus"]["ContainerID"],
        # The engine lists it once for IPv4 and once for IPv6.
        "ports": [{"published_port": published, "target_port": 80, "protocol": "tcp", "mode": "host"}],
        "job_iteration": None,
        "created_at": live["CreatedAt"],
        "updated_at": live["UpdatedAt"],
        "timestamp": live["Status"]["Timestamp"],
    }


def test_a_crash_tells_how_it_ended(manager, tasks):
    manager.cluster.script.set("web", behaviours.crashed(3), times=1)
    create(manager, mode={"Replicated": {"Replicas": 1}})
    tasks()
    running, crashed = tasks(service=["web"])
    assert (running["state"], running["exit_code"]) == ("running", None)  # the newest of a slot comes first
    assert (crashed["state"], crashed["exit_code"]) == ("failed", 3)
    assert crashed["error"] == "task: non-zero exit (3)"
    assert crashed["desired_state"] == "shutdown"


def test_what_never_ran_has_no_exit_code(manager, tasks):
    manager.cluster.script.set("web", behaviours.rejected("No such image: web:1"))
    manager.cluster.script.set("api", behaviours.pending("no suitable node"))
    create(manager)
    create(manager, "api")
    found = tasks()
    rejected = next(task for task in found if task["state"] == "rejected")
    pending = next(task for task in found if task["state"] == "pending")
    assert (rejected["error"], rejected["exit_code"], rejected["container_id"]) == ("No such image: web:1", None, "")
    assert (pending["error"], pending["exit_code"], pending["node"]) == ("no suitable node", None, "")
    assert pending["name"] in ("api.1", "api.2")


def test_names_and_slots_of_each_mode(manager, tasks):
    create(manager, "agent", {"Global": {}})
    create(manager, "job", {"ReplicatedJob": {"MaxConcurrent": 2, "TotalCompletions": 2}})
    create(manager, "sweep", {"GlobalJob": {}})
    found = tasks()
    agents = [task for task in found if task["service"] == "agent"]
    assert named(agents) == [f"agent.{task['node_id']}" for task in agents]
    assert [(task["node"], task["slot"]) for task in agents] == [
        ("manager1", None),
        ("worker1", None),
        ("worker2", None),
    ]
    job = [task for task in found if task["service"] == "job"]
    assert [(task["slot"], task["job_iteration"]) for task in job] == [(0, 0), (1, 0)]
    assert {task["slot"] for task in found if task["service"] == "sweep"} == {None}


def test_the_order_is_that_of_numbers(manager, tasks):
    create(manager, mode={"Replicated": {"Replicas": 11}})
    create(manager, "api")
    assert named(tasks()) == ["api.1", "api.2", *(f"web.{slot}" for slot in range(1, 12))]


ORPHANS = [
    {"ID": "bare"},
    {"ID": "no service", "ServiceID": GONE, "Slot": 4, "Status": {"State": "orphaned"}, "DesiredState": "remove"},
    {"ID": "no node", "NodeID": GONE, "Status": {"State": "new", "ContainerStatus": None, "PortStatus": None}},
    {"ID": "attachment", "ServiceID": "", "Spec": {"NetworkAttachmentSpec": {"ContainerID": "c"}}},
    {"ID": "no address", "NetworksAttachments": [{"Network": {"ID": "n", "Spec": {}}}, {}]},
    {"ID": "nothing", "Status": None, "Spec": None, "NetworksAttachments": None, "JobIteration": None},
]


def test_what_has_no_service_no_node_or_no_container():
    """The shape is that of any other task."""
    whole, *_others = [view for _task, view in task_views([{"ID": "x", "Slot": 1}], task_context([], []))]
    views = {view["id"]: view for _task, view in task_views(ORPHANS, task_context([], []))}
    assert {tuple(view) for view in views.values()} == {tuple(whole)}
    assert (views["no service"]["service"], views["no service"]["name"]) == (GONE, f"{GONE}.4")
    assert (views["no node"]["node"], views["no node"]["name"]) == (GONE, GONE)
    assert views["bare"]["name"] == views["attachment"]["service"] == ""
    assert views["no address"]["addresses"] == {"n": [], "": []}


# -- which ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def busy(manager, ask):
    """web (2), web2 (2, crashing), agent on each of three nodes, and a task of a service and a node that are gone."""
    manager.cluster.script.set("web2", behaviours.crashed(1))
    for name in ("web", "web2"):
        create(manager, name, template={"RestartPolicy": {"Condition": "none"}}, Labels={"team": name})
    create(manager, "agent", {"Global": {}})
    ask()
    left = {"ID": "left", "ServiceID": GONE, "NodeID": f"{GONE[:-1]}n", "Slot": 1, "DesiredState": "shutdown"}
    manager.put_tasks([{**left, "Status": {"State": "orphaned"}}])
    return manager


def services_of(found):
    return [task["service"] for task in found]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"service": ["web"]}, ["web"] * 2),
        ({"service": ["web", "agent", "nobody"]}, ["agent"] * 3 + ["web"] * 2),
        ({"service": ["nobody"]}, []),
        ({"service": [GONE]}, [GONE]),
        ({"service": [GONE, "web"]}, [GONE] + ["web"] * 2),
        ({"node": [f"{GONE[:-1]}n"]}, [GONE]),
        ({"node": ["nobody"]}, []),
        ({"node": ["self"], "service": ["agent"]}, ["agent"]),
        ({"node": ["worker1", "worker2"], "service": ["agent"]}, ["agent"] * 2),
        ({"state": ["failed"]}, ["web2"] * 2),
        ({"state": ["failed", "orphaned"]}, [GONE] + ["web2"] * 2),
        ({"state": ["preparing"]}, []),
        ({"service": ["web", "agent"], "state": ["running"], "node": ["nobody"]}, []),
        ({"filters": {"desired-state": "running"}}, ["agent"] * 3 + ["web"] * 2),
        ({"filters": {"label": "team=web2"}}, ["web2"] * 2),
        ({"filters": {"name": "web.1"}}, ["web"]),
        ({"filters": {"runtime": "plugin"}}, []),
    ],
)
def test_which_tasks(busy, tasks, options, found):
    assert services_of(tasks(**options)) == found


def test_ids_are_as_good_as_names(busy, tasks):
    service = next(service for service in busy.do("GET", "/services") if service["Spec"]["Name"] == "agent")
    by_id = tasks(service=[service["ID"]], node=[node_id(busy, "worker2")])
    assert by_id == tasks(service=["agent"], node=["worker2"])
    assert [task["node"] for task in by_id] == ["worker2"]


def test_tasks_of_plugins_are_tasks(manager, tasks):
    create_plugin(manager)
    found = tasks()
    assert services_of(found) == ["disk"] * 3
    assert {task["image"] for task in found} == {"lab/disk:1"}


def test_a_service_that_goes_between_two_requests(busy, tasks):
    """The engine refuses to list tasks of a service that it no longer has."""
    busy.fail(404, "service web not found", path="/tasks")
    assert services_of(tasks(service=["web"])) == ["web"] * 2


def test_a_query_is_beside_the_tasks(busy, ask):
    result = ask(query="[?exit_code].[name, exit_code]")
    assert result["result"] == [["web2.1", 1], ["web2.2", 1]]
    assert len(result["tasks"]) == 8


def test_raw_is_the_engines_own(busy, tasks):
    task = tasks(service=["web"], raw=True)[0]
    assert task["raw"] == busy.do("GET", f"/tasks/{task['id']}")


# -- what it costs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "filters"),
    [
        ({}, {}),
        ({"service": ["web"]}, {"service"}),
        ({"node": ["worker1"], "filters": {"name": "web"}}, {"node", "name"}),
        ({"service": ["web", "nobody"]}, set()),  # which the engine would refuse
    ],
)
def test_three_requests(busy, ask, options, filters):
    """And the engine leaves out what it can."""
    busy.forget()
    ask(**options)
    assert [request.path for request in busy.requests] == ["/services", "/nodes", "/tasks"]
    assert set(json.loads(busy.requests[-1].query["filters"])) == {"runtime", *filters}


MANY = 10_000
MEASURED = """
import json, sys, time
from ansible_collections.hive.swarm.tests.support.harness import run_module
result = run_module(sys.argv[1], json.loads(sys.argv[2]))
status = open("/proc/self/status").read()
print(json.dumps({
    "tasks": len(result.get("tasks") or result["services"][0]["tasks"]),
    "seconds": time.process_time(),
    "megabytes": int(status.split("VmHWM:")[1].split()[0]) / 1024,
}))
"""


@pytest.fixture(scope="module")
def crowded():
    """A manager with a service of very many tasks."""
    with FakeCluster(API_1_51) as cluster:
        manager = cluster.swarm(managers=1)[0]
        create(manager, mode={"Replicated": {"Replicas": 1}}, container={"Env": [f"V{n}=x" for n in range(20)]})
        model = manager.do("GET", "/tasks")[0]
        manager.put_tasks([{**model, "ID": f"{number:025d}", "Slot": number + 2} for number in range(MANY - 1)])
        yield manager


@pytest.mark.parametrize(("module", "options"), [("swarm_task_info", {}), ("swarm_service_info", {"tasks": True})])
def test_ten_thousand_tasks(crowded, module, options):
    """Under 300 MB and 5 seconds, in a process of its own, as Ansible would run it."""
    command = [sys.executable, "-c", MEASURED, module, json.dumps({"docker_host": crowded.docker_host, **options})]
    measured = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert measured["tasks"] == MANY
    assert measured["seconds"] < 5
    assert measured["megabytes"] < 300


# -- what cannot be asked ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options",
    [
        {"filters": {"service": "a"}},
        {"filters": {"desired-state": "failed"}},
        {"query": "[?"},
    ],
)
def test_what_cannot_be_asked(manager, options):
    manager.forget()
    result = on(manager)("swarm_task_info", options)
    assert result["failed"]
    assert (result["failure"]["kind"], result["failure"]["option"]) == ("bad_input", next(iter(options)))
    assert not manager.requests
