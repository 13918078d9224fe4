# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""swarm_stack_info: what belongs to which stack, whether it is well, and what that costs."""

from __future__ import annotations

import json

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._stack import info as swarm_stack_info
from ansible_collections.hive.swarm.tests.support.fake_engine import behaviours
from ansible_collections.hive.swarm.tests.support.harness import on

LABEL = "com.docker.stack.namespace"
IMAGE = "lab/busybox:1"


@pytest.fixture
def engines(cluster):
    return cluster.swarm(managers=1, workers=1)


@pytest.fixture
def manager(engines):
    return engines[0]


@pytest.fixture
def info(manager):
    """Run swarm_stack_info; it must not fail."""

    def run(**options):
        result = on(manager)("swarm_stack_info", options)
        assert not result["failed"], result["msg"]
        assert result["changed"] is False
        return result

    return run


def create(manager, name, stack="shop", mode=None, **more):
    """A service of a stack by the API; its ID."""
    body = {
        "Name": f"{stack}_{name}",
        "Labels": {LABEL: stack},
        "TaskTemplate": {"ContainerSpec": {"Image": IMAGE, "Env": ["A=b"]}, "RestartPolicy": {"Condition": "none"}},
        "Mode": mode or {"Replicated": {"Replicas": 2}},
        **more,
    }
    return manager.do("POST", "/services/create", body)["ID"]


def create_around(manager, name, stack="shop", **labels):
    """A network, a secret and a config."""
    labels = {LABEL: stack, **labels}
    manager.do("POST", "/networks/create", {"Name": f"{stack}_{name}", "Driver": "overlay", "Labels": labels})
    for kind in ("secrets", "configs"):
        manager.do("POST", f"/{kind}/create", {"Name": f"{stack}_{name}", "Data": "eA==", "Labels": labels})


def the(result):
    (stack,) = result["stacks"]
    return stack


def test_what_a_stack_consists_of(manager, info):
    create(manager, "web", EndpointSpec={"Ports": [{"TargetPort": 80, "PublishedPort": 8080}]})
    service_id = create(manager, "api")
    create_around(manager, "b")
    create_around(manager, "a")
    manager.do("POST", "/networks/create", {"Name": "other", "Driver": "overlay"})
    manager.do("POST", "/secrets/create", {"Name": "other", "Data": "eA=="})
    assert the(info()) == {
        "name": "shop",
        "healthy": True,
        "services": [
            {
                "id": service_id,
                "name": "shop_api",
                "image": IMAGE,
                "mode": "replicated",
                "running": 2,
                "desired": 2,
                "completed": 0,
                "update_state": "",
                "update_message": "",
                "ports": [],
                "healthy": True,
            },
            {
                "id": manager.do("GET", "/services/shop_web")["ID"],
                "name": "shop_web",
                "image": IMAGE,
                "mode": "replicated",
                "running": 2,
                "desired": 2,
                "completed": 0,
                "update_state": "",
                "update_message": "",
                "ports": [{"published_port": 8080, "target_port": 80, "protocol": "tcp", "mode": "ingress"}],
                "healthy": True,
            },
        ],
        "networks": ["shop_a", "shop_b"],
        "secrets": ["shop_a", "shop_b"],
        "configs": ["shop_a", "shop_b"],
    }


def test_which_stacks(manager, info):
    for stack in ("shop", "blog", "shop2"):
        create(manager, "web", stack)
    create_around(manager, "a", "empty")
    manager.do("POST", "/services/create", {"Name": "loose", "TaskTemplate": {"ContainerSpec": {"Image": IMAGE}}})

    def names(**options):
        return [stack["name"] for stack in info(**options)["stacks"]]

    assert names() == ["blog", "empty", "shop", "shop2"]
    assert names(name=["shop"]) == ["shop"]
    assert names(name=["shop2", "nope", "blog", "shop2"]) == ["shop2", "blog"]
    assert names(name=["nope"]) == []
    assert info(query="[?healthy].name")["result"] == ["blog", "shop", "shop2"]


# Kind of service -> whether it is well, by what its tasks do.
JOB = {"ReplicatedJob": {"MaxConcurrent": 2, "TotalCompletions": 3}}
WELL = {
    "runs": ({"Replicated": {"Replicas": 2}}, behaviours.running(), True),
    "crashes": ({"Replicated": {"Replicas": 2}}, behaviours.crashed(), False),
    "waits for a node": ({"Replicated": {"Replicas": 2}}, behaviours.pending(), False),
    "wants nothing": ({"Replicated": {"Replicas": 0}}, behaviours.running(), True),
    "on each node": ({"Global": {}}, behaviours.running(), True),
    "a job that runs": (JOB, behaviours.running(), True),
    "a job that is done": (JOB, behaviours.complete(), True),
    "a job that fails": (JOB, behaviours.crashed(), False),
    "a job on each node": ({"GlobalJob": {}}, behaviours.running(), True),
}


@pytest.mark.parametrize("what", WELL)
def test_whether_it_is_well(manager, info, what):
    mode, behaviour, healthy = WELL[what]
    manager.cluster.script.set("shop_web", behaviour)
    create(manager, "api")
    create(manager, "web", mode=mode)
    for _look in range(6):
        stack = the(info())
    assert [service["healthy"] for service in stack["services"]] == [True, healthy]
    assert stack["healthy"] is healthy


def test_without_services_it_is_not_there_yet(manager, info):
    create_around(manager, "a")
    assert the(info())["healthy"] is False


def test_a_paused_rollout_is_not_well(manager, info):
    create(manager, "web", UpdateConfig={"Parallelism": 1, "FailureAction": "pause", "Monitor": 10**9})
    info()
    manager.cluster.script.set("shop_web", behaviours.crashed())
    live = manager.do("GET", "/services/shop_web")
    spec = {**live["Spec"], "TaskTemplate": {"ContainerSpec": {"Image": "lab/busybox:2"}}}
    manager.do("POST", f"/services/shop_web/update?version={live['Version']['Index']}", spec)
    for _look in range(20):
        (service,) = the(info())["services"]
    assert (service["update_state"], service["healthy"]) == ("paused", False)
    assert service["update_message"]


class AnswersOneByOne:
    def expect(self, path, **query):
        """As a client on a socket, which sends no request ahead of its time."""


@pytest.mark.parametrize(
    ("services", "healthy"), [([{}], None), ([{}, {"UpdateStatus": {"State": "paused"}}], False), ([], False)]
)
def test_an_api_without_counts(services, healthy):
    """Before 1.41, which no engine has that still gets fixes."""

    class Old(AnswersOneByOne):
        def get(self, path, timeout=None, headers=None, **query):
            named = [{"ID": "i", "Spec": {"Name": f"s{n}", "Labels": {LABEL: "s"}}} for n in range(len(services))]
            made = [{**given, **service} for given, service in zip(named, services)]
            return (
                made
                if path == "/services"
                else [{"Spec": {"Name": "x", "Labels": {LABEL: "s"}}}] * (path == "/configs")
            )

    stack = the(swarm_stack_info.read_stack_info(Old(), {"name": None, "raw": False, "query": None}))
    assert stack["healthy"] is healthy


def test_a_network_that_has_just_been_removed_is_none(manager, info):
    """The engine has it for as long as a container of its own is in it, and tells of that container."""

    class Late(AnswersOneByOne):
        def get(self, path, timeout=None, headers=None, **query):
            found = [{"Name": "s_net", "Scope": "swarm", "Labels": {LABEL: "s"}, "Containers": {}}]
            return found if path == "/networks" else []

    assert swarm_stack_info.read_stack_info(Late(), {"name": None, "raw": False, "query": None}) == {"stacks": []}


def test_raw_is_the_engines_own_but_for_hashes(manager, info):
    create_around(manager, "a")
    label = "hive.swarm.digest"
    labels = {LABEL: "shop", label: "scrypt$c2FsdA==$aGFzaA=="}
    manager.do("POST", "/secrets/create", {"Name": "shop_key", "Data": "c2VjcmV0", "Labels": labels})
    live = {kind: manager.do("GET", f"/{kind}") for kind in ("secrets", "configs")}
    assert any(label in json.dumps(secret) for secret in live["secrets"])
    raw = the(info(raw=True))["raw"]
    assert raw["configs"] == live["configs"]
    assert [secret["Spec"]["Labels"] for secret in raw["secrets"]] == [{LABEL: "shop"}] * 2
    assert [network["Name"] for network in raw["networks"]] == ["shop_a"]
    assert raw["services"] == []


@pytest.mark.parametrize(("name", "label"), [(None, LABEL), (["shop"], f"{LABEL}=shop"), (["shop", "blog"], LABEL)])
def test_four_requests_for_any_number_of_stacks(manager, info, name, label):
    for stack in ("shop", "blog", "wiki"):
        for number in range(3):
            create(manager, f"s{number}", stack)
        create_around(manager, "a", stack)
    manager.forget()
    info(name=name, raw=True)
    assert [request.path for request in manager.requests] == ["/services", "/networks", "/secrets", "/configs"]
    assert all(json.loads(request.query["filters"]) == {"label": [label]} for request in manager.requests)


def test_who_cannot_list_stacks_says_why(engines, cluster):
    for engine in (engines[1], cluster.engine("out")):
        result = on(engine)("swarm_stack_info")
        assert result["failed"]
        assert result["failure"]["kind"] == "not_a_manager"


def test_a_bad_query_is_told_before_anything_is_asked(manager):
    manager.forget()
    result = on(manager)("swarm_stack_info", {"query": "[?"})
    assert result["failure"]["kind"] == "bad_input"
    assert not manager.requests
