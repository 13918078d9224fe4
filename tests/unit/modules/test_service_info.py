# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""swarm_service_info: which services, what is told of them, and that what is told can be given back."""

from __future__ import annotations

import json

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._engine.client import version_key
from ansible_collections.hive.swarm.plugins.module_utils._service.logs import read_log
from ansible_collections.hive.swarm.plugins.module_utils._task.info import task_context
from ansible_collections.hive.swarm.tests.support.fake_engine import API_1_51, behaviours
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.lifecycles import service_options as table

pytestmark = pytest.mark.once  # neither Python nor ansible-core matters

IMAGE = "lab/busybox:1"
HIDDEN = "(hidden)"


@pytest.fixture
def engines(cluster):
    """A manager and a worker, and two of everything that a service can refer to."""
    engines = cluster.swarm(managers=1, workers=1)
    for name in table.REFERRED:
        for kind in ("secrets", "configs"):
            engines[0].do("POST", f"/{kind}/create", {"Name": name, "Data": "eA=="})
        engines[0].do("POST", "/networks/create", {"Name": name, "Driver": "overlay"})
    return engines


@pytest.fixture
def manager(engines):
    return engines[0]


@pytest.fixture
def info(manager):
    """Run swarm_service_info; it must not fail."""

    def run(**options):
        result = on(manager)("swarm_service_info", options)
        assert not result["failed"], result["msg"]
        assert result["changed"] is False
        return result

    return run


def create(manager, name="web", mode=None, container=None, template=None, **more):
    """A service by the API; its ID."""
    body = {
        "Name": name,
        "TaskTemplate": {"ContainerSpec": {"Image": IMAGE, **(container or {})}, **(template or {})},
        "Mode": mode or {"Replicated": {"Replicas": 2}},
        **more,
    }
    return manager.do("POST", "/services/create", body)["ID"]


def update(manager, service_id, **more):
    service = manager.do("GET", f"/services/{service_id}")
    target = f"/services/{service_id}/update?version={service['Version']['Index']}"
    manager.do("POST", target, {**service["Spec"], **more})


def create_plugin(manager):
    template = {"Runtime": "plugin", "PluginSpec": {"name": "disk", "remote": "lab/disk:1", "env": ["KEY=s3cret"]}}
    body = {"Name": "disk", "TaskTemplate": template, "Mode": {"Global": {}}}
    return manager.do("POST", "/services/create", body)["ID"]


def names(result):
    return [service["name"] for service in result["services"]]


# -- what is told can be given back -----------------------------------------------------------------------------------


def gives_back(manager, told):
    """A task with what was told: it changes nothing."""
    result = on(manager)("swarm_service", {**told, "wait": False}, check=True)
    assert not result["failed"], result["msg"]
    assert (result["changed"], result["diff"]) == (False, {"before": {}, "after": {}})


@pytest.mark.parametrize("version", [API_1_51], indirect=True, ids=["api1.51"])
@pytest.mark.parametrize("row", table.OPTIONS, ids=str)
def test_what_is_set_can_be_given_back(manager, info, row):
    """It changes nothing, and makes another service like it."""
    if version_key(row.since) > version_key(manager.version.api):
        return
    made = on(manager)("swarm_service", {**table.base(row), row.option: row.first})
    assert not made["failed"], made["msg"]
    told = info(name=[table.NAME])["services"][0]["spec"]
    assert told[row.option]
    gives_back(manager, told)
    copy = {key: value for key, value in {**told, "name": "copy"}.items() if key != "publish"}  # its ports are taken
    made = on(manager)("swarm_service", copy)
    assert not made["failed"], made["msg"]
    assert info(name=["copy"])["services"][0]["spec"] == copy


def test_what_is_not_set_is_left_out(manager, info):
    """Ansible takes null for one of the choices, which it is not."""
    create(manager)
    told = info()["services"][0]["spec"]
    assert {key: told[key] for key in ("name", "image", "mode", "replicas")} == {
        "name": "web",
        "image": IMAGE,
        "mode": "replicated",
        "replicas": 2,
    }
    assert None not in told.values()
    assert not {"env", "labels", "networks", "update_config", "limits", "privileges", "healthcheck"} & set(told)
    gives_back(manager, told)


def test_a_file_that_nobody_owns_stays_so(manager, info):
    """An API client that names no owner; swarm_service would make it root's."""
    secret = next(secret for secret in manager.do("GET", "/secrets") if secret["Spec"]["Name"] == "one")
    file = {"Name": "key", "UID": "", "GID": "", "Mode": 0o400}
    create(manager, container={"Secrets": [{"SecretID": secret["ID"], "SecretName": "one", "File": file}]})
    told = info()["services"][0]["spec"]
    assert (told["secrets"][0]["uid"], told["secrets"][0]["mode"]) == ("", "0400")
    gives_back(manager, told)


# -- what is told -----------------------------------------------------------------------------------------------------


def test_a_service_in_all_its_parts(manager, info):
    networks = {network["Name"]: network["Id"] for network in manager.do("GET", "/networks")}
    ports = [{"TargetPort": 80, "Protocol": "tcp"}, {"TargetPort": 81, "PublishedPort": 8081}]
    service_id = create(manager, template={"Networks": [{"Target": networks["one"]}]}, EndpointSpec={"Ports": ports})
    service = info()["services"][0]
    live = manager.do("GET", f"/services/{service_id}")
    assert service["id"] == service_id
    assert service["version"] == live["Version"]["Index"]
    assert (service["running"], service["desired"], service["completed"]) == (2, 2, 0)
    assert service["update_status"] == {"state": "", "message": "", "started_at": "", "completed_at": ""}
    assert service["previous"] is False
    assert (service["job_iteration"], service["job_last_execution"]) == (None, "")
    assert service["endpoint"]["mode"] == "vip"
    assert [(port["published_port"], port["target_port"]) for port in service["endpoint"]["ports"]] == [
        (live["Endpoint"]["Ports"][0]["PublishedPort"], 80),
        (8081, 81),
    ]
    assert list(service["endpoint"]["virtual_ips"]) == ["ingress", "one"]
    assert not {"raw", "tasks", "logs", "logs_error"} & set(service)


def test_an_update_and_the_way_back(manager, info):
    service_id = create(manager)
    info()
    update(manager, service_id, TaskTemplate={"ContainerSpec": {"Image": "lab/busybox:2"}})
    for _look in range(20):
        service = info()["services"][0]
    assert service["update_status"]["state"] == "completed"
    assert service["update_status"]["started_at"] <= service["update_status"]["completed_at"]
    assert service["previous"] is True


def test_a_job(manager, info):
    create(manager, mode={"ReplicatedJob": {"MaxConcurrent": 1, "TotalCompletions": 2}})
    for _look in range(10):
        service = info(tasks=True)["services"][0]
    assert service["completed"] == 2
    assert service["job_iteration"] == 0
    assert service["job_last_execution"]
    assert [task["slot"] for task in service["tasks"]] == [0, 1]


def test_counts_that_the_api_does_not_have(manager, info):
    create(manager)
    result = info(api_version="1.40")["services"][0]
    assert (result["running"], result["desired"], result["completed"]) in [(None, None, None), (2, 2, 0)]


# -- which ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({}, ["disk", "web", "web2"]),
        ({"name": ["web"]}, ["web"]),  # the engine would take the beginning of a name
        ({"name": ["web2", "web", "nobody", "web2"]}, ["web2", "web"]),
        ({"name": ["nobody"]}, []),
        ({"name": ["disk"]}, ["disk"]),
        ({"filters": {"name": "web"}}, ["web", "web2"]),
        ({"filters": {"name": "web"}, "name": ["web2"]}, ["web2"]),
        ({"filters": {"label": "team=a"}}, ["web2"]),
        ({"filters": {"label": ["team=a", "other"]}}, []),
        ({"filters": {"mode": ["global", "replicated"]}}, ["disk", "web", "web2"]),
        ({"filters": {"mode": "global-job"}}, []),
        ({"filters": {"runtime": "plugin"}}, ["disk"]),
        ({"filters": {"runtime": "container"}}, ["web", "web2"]),
    ],
)
def test_which_services(manager, info, options, found):
    create(manager)
    create(manager, "web2", Labels={"team": "a"})
    create_plugin(manager)
    assert names(info(**options)) == found


def test_ids_are_as_good_as_names(manager, info):
    ids = [create(manager, name) for name in ("web", "web2")]
    assert names(info(name=[ids[1], "web", "web2"])) == ["web2", "web"]
    assert names(info(name=ids[:1])) == ["web"]
    assert names(info(name=[ids[0][:12]])) == []


def test_a_query_is_beside_the_services(manager, info):
    create(manager)
    create(manager, "web2")
    result = info(query="[?name != 'web'].spec.replicas")
    assert (result["result"], len(result["services"])) == ([2], 2)


# -- tasks and logs ---------------------------------------------------------------------------------------------------


def test_tasks_are_those_that_swarm_task_info_has(manager, info):
    for name in ("web", "web2", "web3"):
        create(manager, name)
    services = info(tasks=True, name=["web2", "web"])["services"]
    assert [[task["name"] for task in service["tasks"]] for service in services] == [
        ["web2.1", "web2.2"],
        ["web.1", "web.2"],
    ]
    assert services[0]["tasks"] == on(manager)("swarm_task_info", {"service": "web2"})["tasks"]


def test_a_service_that_goes_between_two_requests(manager, info):
    """The engine refuses to list tasks of a service that it no longer has."""
    create(manager)
    create(manager, "web2")
    manager.fail(404, "service web not found", path="/tasks")
    services = info(tasks=True, name=["web"])["services"]
    assert [task["name"] for task in services[0]["tasks"]] == ["web.1", "web.2"]


@pytest.mark.parametrize("tty", [False, True])
def test_the_last_lines(manager, info, tty):
    manager.cluster.script.set("web", behaviours.crashed(3, ["opening", "cannot reach the database"]))
    create(manager, container={"TTY": tty})
    for _look in range(3):
        service = info(name=["web"], logs=1, tasks=True)["services"][0]
    (line,) = service["logs"]
    assert line["line"] == "cannot reach the database"
    assert line["stream"] == ("stdout" if tty else "stderr")
    assert line["task_id"] in [task["id"] for task in service["tasks"]]
    assert line["node"] in ("manager1", "worker1")
    assert service["logs_error"] == ""
    every = info(name=["web"], logs=1000)["services"][0]["logs"]
    assert [entry["timestamp"] for entry in every] == sorted(entry["timestamp"] for entry in every)
    assert every[-1]["line"] == line["line"]


def test_a_log_that_cannot_be_had_fails_nothing(manager, info):
    service_id = create(manager)
    manager.fail(500, "configured logging driver does not support reading", path=f"/services/{service_id}/logs")
    service = info(name=["web"], logs=5)["services"][0]
    assert (service["logs"], service["logs_error"]) == ([], "configured logging driver does not support reading")


def _frame(stream, text):
    return bytes([stream, 0, 0, 0]) + len(text).to_bytes(4, "big") + text.encode()


_LABELS = "com.docker.swarm.node.id=n1,com.docker.swarm.service.id=s,com.docker.swarm.task.id=t1"
_INCOMPLETE = "Error grabbing logs: rpc error: code = Unknown desc = warning: incomplete log stream."


@pytest.mark.parametrize(
    ("tty", "raw"),
    [
        (False, _frame(2, f"2026-11-21T03:22:29.5Z {_LABELS} a  b\n").decode() + _frame(3, _INCOMPLETE).decode()),
        (True, f"2026-11-21T03:22:29.5Z {_LABELS} a  b\r\n{_INCOMPLETE}"),
    ],
)
def test_a_node_that_does_not_answer_leaves_a_part_of_the_log(tty, raw):
    """As engines of both generations say it."""

    class Says:
        def get_bytes(self, path, timeout=None, **query):
            return raw.encode()

    service = {"ID": "s", "Spec": {"TaskTemplate": {"ContainerSpec": {"TTY": tty}}}}
    node = {"ID": "n1", "Description": {"Hostname": "node1"}}
    log = read_log(Says(), service, 5, task_context([], [node]))
    assert log.error == "warning: incomplete log stream."
    assert log.lines == [
        {
            "timestamp": "2026-11-21T03:22:29.5Z",
            "task_id": "t1",
            "node": "node1",
            "stream": "stdout" if tty else "stderr",
            "line": "a  b",
        }
    ]


# -- what it costs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "paths"),
    [
        ({}, ["/services", "/networks"]),
        ({"name": ["plain"]}, ["/services"]),
        ({"raw": True, "hide_env": True, "name": ["plain"], "query": "[]"}, ["/services"]),
        ({"tasks": True}, ["/services", "/networks", "/nodes", "/tasks"]),
        ({"tasks": True, "name": ["plain"]}, ["/services", "/nodes", "/tasks"]),
        ({"logs": 2, "name": ["plain"]}, ["/services", "/nodes", "/services/ID/logs"]),
    ],
)
def test_requests(manager, info, options, paths):
    """One list of each kind, however many there are."""
    networks = {network["Name"]: network["Id"] for network in manager.do("GET", "/networks")}
    plain = create(manager, "plain")
    for number in range(5):
        create(manager, f"web{number}", template={"Networks": [{"Target": networks["one"]}]})
    manager.forget()
    info(**options)
    assert [request.path.replace(plain, "ID") for request in manager.requests] == paths


# -- what is hidden ---------------------------------------------------------------------------------------------------


def test_the_environment_is_hidden_wherever_it_stands(manager, info):
    service_id = create(manager, container={"Env": ["PASSWORD=s3cret", "EMPTY"]})
    info()
    update(manager, service_id, TaskTemplate={"ContainerSpec": {"Image": IMAGE, "Env": ["PASSWORD=s3cret2"]}})
    create_plugin(manager)
    assert "s3cret2" in json.dumps(info())
    result = info(hide_env=True, raw=True, tasks=True)
    assert "s3cret" not in json.dumps(result)
    disk, web = result["services"]
    assert web["spec"]["env"] == {"PASSWORD": HIDDEN}
    assert web["raw"]["Spec"]["TaskTemplate"]["ContainerSpec"]["Env"] == [f"PASSWORD={HIDDEN}"]
    assert disk["spec"]["plugin"]["env"] == [f"KEY={HIDDEN}"]


def test_raw_is_the_engines_own(manager, info):
    service_id = create(manager, container={"Env": ["A=b"]})
    raw = info(raw=True)["services"][0]["raw"]
    live = manager.do("GET", f"/services/{service_id}")
    assert {key: raw[key] for key in live} == live


# -- what cannot be asked ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options",
    [
        {"filters": {"zone": "a"}},
        {"filters": {"mode": "job"}},
        {"filters": {"runtime": "jvm"}},
        {"query": "[?"},
        {"logs": 0, "name": ["web"]},
        {"logs": 1001, "name": ["web"]},
    ],
)
def test_what_cannot_be_asked(manager, options):
    manager.forget()
    result = on(manager)("swarm_service_info", options)
    assert result["failed"]
    assert (result["failure"]["kind"], result["failure"]["option"]) == ("bad_input", next(iter(options)))
    assert not manager.requests


def test_logs_are_only_for_named_services(manager):
    result = on(manager)("swarm_service_info", {"logs": 5})
    assert result["failed"]
    assert (result["failure"]["kind"], result["failure"]["option"]) == ("bad_input", "name")


@pytest.mark.parametrize("module", ["swarm_service_info", "swarm_task_info"])
def test_who_cannot_list_services_says_why(engines, cluster, module):
    worker, outsider = engines[1], cluster.engine("outsider")
    for engine in (worker, outsider):
        result = on(engine)(module)
        assert result["failed"]
        assert result["failure"]["kind"] == "not_a_manager"
