# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""swarm_stack: in which order it does things, what a failure or a race leaves behind, and whom it asks."""

from __future__ import annotations

import os

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._stack.compose_places import ComposeError
from ansible_collections.hive.swarm.tests.support.fake_engine import API_1_51, behaviours
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.stack_tasks import of_document
from ansible_collections.hive.swarm.tests.support.worlds import FakeWorld

pytestmark = [
    pytest.mark.parametrize("version", [API_1_51], indirect=True),
    pytest.mark.usefixtures("no_time"),
]

LABEL = "com.docker.stack.namespace"
QUICK = {"update_config": {"monitor": "1ms"}}


def service(**more):
    deploy = {**QUICK, **more.pop("deploy", {})}
    return {"image": "lab/busybox:1", "command": "sleep 100000", "deploy": deploy, **more}


@pytest.fixture
def manager(cluster):
    return cluster.swarm(managers=1)[0]


@pytest.fixture
def deploy(manager):
    """Run swarm_stack for a document; the result."""

    def run(document, files=None, check=False, **options):
        return on(manager)("swarm_stack", {**of_document("shop", document, files), **options}, check=check)

    return run


def writes(manager, since=0):
    return [f"{one.method} {one.path}" for one in manager.writes[since:]]


def names(manager, kind):
    key = "Name" if kind == "networks" else "Spec"
    found = [item[key] if kind == "networks" else item[key]["Name"] for item in manager.do("GET", f"/{kind}")]
    return sorted(name for name in found if name.startswith("shop"))


def test_what_services_need_is_made_first(manager, deploy):
    document = {
        "services": {"web": service(configs=["conf"], secrets=["key"])},
        "configs": {"conf": {"file": "./conf"}},
        "secrets": {"key": {"file": "./key"}},
    }
    result = deploy(document, {"conf": "a", "key": "b"})
    assert result["changed"], result
    assert writes(manager)[-4:] == [
        "POST /networks/create",
        "POST /secrets/create",
        "POST /configs/create",
        "POST /services/create",
    ]
    assert [action["kind"] for action in result["actions"]] == ["network", "secret", "config", "service"]


def test_nothing_goes_before_the_rest_has_converged(cluster, manager, deploy):
    deploy({"services": {"old": service(), "web": service()}})
    cluster.script.set("shop_web", behaviours.crashed(3, output=["boom"]))
    began = len(manager.writes)
    result = deploy({"services": {"web": service(command="exit 3")}}, prune=True)
    assert result["failure"]["kind"] == "not_converged"
    assert result["failure"]["tasks"][0]["log"] == ["boom"]
    assert not [one for one in writes(manager, began) if one.startswith("DELETE")]
    assert names(manager, "services") == ["shop_old", "shop_web"]
    assert result["diff"]["before"]["services"].keys() == {"shop_web"}, "F3: the diff is that of what was done"
    assert result["failure"]["done"] == ["service shop_web"]
    assert result["failure"]["left"] == ["removal of service shop_old"]


def test_a_service_that_has_the_port_of_a_new_one_goes_first(manager, deploy):
    deploy({"services": {"old": service(ports=["80:80"])}})
    began = len(manager.writes)
    result = deploy({"services": {"web": service(ports=["80:80"])}}, prune=True)
    assert not result["failed"], result["msg"]
    done = [one.split("/")[0] + one.split("/")[1] for one in writes(manager, began)]
    assert done == ["DELETE services", "POST services"]


def test_refusals_come_before_the_first_write(manager, deploy):
    deploy({"services": {"web": service()}})
    began = len(manager.writes)
    document = {"services": {"new": service(), "web": service(deploy={"mode": "global"})}}
    for check in (True, False):
        result = deploy(document, check=check)
        assert result["failure"]["kind"] == "refused"
        assert result["failure"]["object"] == {"kind": "service", "name": "shop_web"}
    assert not writes(manager, began)


def test_a_service_of_that_name_that_is_not_the_stacks(manager, deploy):
    body = {"Name": "shop_web", "TaskTemplate": {"ContainerSpec": {"Image": "lab/busybox:1"}}}
    manager.do("POST", "/services/create", body)
    began = len(manager.writes)
    for check in (True, False):
        result = deploy({"services": {"web": service()}}, check=check)
        assert result["failure"]["kind"] == "refused"
        assert result["failure"]["object"] == {"kind": "service", "name": "shop_web"}
    assert not writes(manager, began)


def test_a_lost_race_is_run_again_and_told_as_planned(manager, deploy):
    document = {"services": {name: service() for name in ("a", "b")}}
    deploy(document)
    manager.conflict()
    document["services"] = {name: service(environment={"A": "1"}) for name in ("a", "b")}
    predicted = deploy(document, check=True)
    result = deploy(document)
    assert not result["failed"], result["msg"]
    assert result["diff"] == predicted["diff"]
    assert result["actions"] == predicted["actions"]
    assert not deploy(document)["changed"]


@pytest.mark.parametrize("mode", ["replicated", "replicated-job", "global"])
def test_replicas_that_the_file_does_not_say_are_predicted(deploy, mode):
    document = {"services": {"web": {"image": "lab/busybox:1", "deploy": {"mode": mode}}}}
    predicted, result = deploy(document, check=True), deploy(document, wait=False)
    assert not predicted["failed"] and not result["failed"], [predicted, result]
    shown = [{**one["stack"]["services"]["shop_web"], "id": ""} for one in (predicted, result)]
    assert shown[0] == shown[1]
    assert shown[0]["replicas"] == (None if mode == "global" else 1)
    assert predicted["diff"] == result["diff"]


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"deploy": {"mode": "replicated-job"}}, "not supported with mode"),
        ({"healthcheck": {"test": "true", "interval": "10us"}}, "is too short. The minimum is 1ms"),
    ],
)
def test_a_service_that_the_engine_would_refuse_is_refused_before_its_network_is_made(manager, deploy, bad, words):
    before = len(manager.writes)
    with pytest.raises(ComposeError, match=words) as caught:
        deploy({"services": {"web": service(**bad)}})
    assert caught.value.message.startswith("stack.yml: services.web.")
    assert not writes(manager, before)


def test_replicas_that_the_file_does_not_say_stay(manager, deploy):
    deploy({"services": {"web": service()}})
    found = manager.do("GET", "/services")[0]
    spec = {**found["Spec"], "Mode": {"Replicated": {"Replicas": 4}}}
    manager.do("POST", f"/services/{found['ID']}/update?version={found['Version']['Index']}", spec)
    assert not deploy({"services": {"web": service()}})["changed"]
    result = deploy({"services": {"web": service(environment={"A": "1"})}})
    assert result["stack"]["services"]["shop_web"]["replicas"] == 4
    result = deploy({"services": {"web": service(environment={"A": "1"}, deploy={"replicas": 2})}})
    assert result["diff"]["after"] == {"services": {"shop_web": {"replicas": 2}}}


def test_what_the_file_does_not_say_is_cleared(manager, deploy):
    rich = service(
        environment={"A": "1"}, hostname="h", init=True, dns=["1.1.1.1"], labels={"a": "b"}, stop_signal="SIGINT",
        healthcheck={"test": "true", "interval": "3s"}, ulimits={"nofile": 10}, ports=["80:80"], cap_add=["NET_ADMIN"],
        deploy={"labels": {"x": "y"}, "resources": {"limits": {"cpus": "0.5"}}, "restart_policy": {"max_attempts": 3},
                "placement": {"constraints": ["node.role == manager"]}},
    )  # fmt: skip
    deploy({"services": {"web": rich}})
    predicted = deploy({"services": {"web": service()}}, check=True)
    result = deploy({"services": {"web": service()}})
    assert result["diff"] == predicted["diff"]
    fresh = deploy({"services": {"web": service()}})
    assert not fresh["changed"]
    (there,) = manager.do("GET", "/services")
    container = there["Spec"]["TaskTemplate"]["ContainerSpec"]
    assert not {"Env", "Hostname", "StopSignal", "Healthcheck", "Ulimits", "Init"} & set(container)
    assert container["Labels"] == {LABEL: "shop"}


def test_versions_follow_the_data_and_go_when_no_rollback_needs_them(manager, deploy):
    document = {"services": {"web": service(configs=["conf"])}, "configs": {"conf": {"file": "./conf"}}}
    seen = []
    for text in ("one", "two", "three", "two", "two"):
        result = deploy(document, {"conf": text})
        seen.append((result["changed"], result["stack"]["configs"], names(manager, "configs")))
    assert seen == [
        (True, ["shop_conf"], ["shop_conf"]),
        (True, ["shop_conf_v2"], ["shop_conf", "shop_conf_v2"]),
        (True, ["shop_conf_v3"], ["shop_conf_v2", "shop_conf_v3"]),
        (True, ["shop_conf_v2"], ["shop_conf_v2", "shop_conf_v3"]),
        (False, ["shop_conf_v2"], ["shop_conf_v2", "shop_conf_v3"]),
    ]


def test_a_name_that_looks_like_a_version_is_a_name(manager, deploy):
    document = {
        "services": {"web": service(configs=["conf", "conf_v2"])},
        "configs": {"conf": {"file": "./a"}, "conf_v2": {"file": "./b"}},
    }
    deploy(document, {"a": "a", "b": "b"})
    result = deploy(document, {"a": "other", "b": "b"})
    assert result["stack"]["configs"] == ["shop_conf_v2", "shop_conf_v3"]
    assert not deploy(document, {"a": "other", "b": "b"})["changed"]


def test_a_secret_of_the_command_line_is_compared_by_the_engine(manager, deploy):
    spec = {"Name": "shop_key", "Data": "b25l", "Labels": {LABEL: "shop"}}
    manager.do("POST", "/secrets/create", spec)
    before = manager.do("GET", "/secrets")
    document = {"services": {"web": service(secrets=["key"])}, "secrets": {"key": {"file": "./key"}}}
    result = deploy(document, {"key": "one"})
    assert result["stack"]["secrets"] == ["shop_key"]
    assert manager.do("GET", "/secrets") == before
    assert deploy(document, {"key": "two"})["stack"]["secrets"] == ["shop_key_v2"]


def test_what_others_use_is_not_pruned_and_keeps_a_stack_from_going(manager, deploy):
    deploy({"services": {"web": service(networks=["front"])}, "networks": {"front": {"attachable": True}}})
    network = manager.do("GET", "/networks/shop_front")["Id"]
    other = {
        "Name": "other",
        "TaskTemplate": {"ContainerSpec": {"Image": "lab/busybox:1"}, "Networks": [{"Target": network}]},
    }
    manager.do("POST", "/services/create", other)
    result = deploy({"services": {"web": service()}}, prune=True)
    assert result["warnings"] == ["network shop_front: not removed, because it is used by other."]
    assert "shop_front" in names(manager, "networks")
    began = len(manager.writes)
    result = on(manager)("swarm_stack", {"name": "shop", "state": "absent"})
    assert result["failure"]["kind"] == "refused"
    assert not writes(manager, began)


def test_twenty_services_without_changes(manager, deploy):
    shared = {"networks": ["front"], "configs": ["conf"], "secrets": ["key"]}
    document = {
        "services": {f"s{i}": service(**shared) for i in range(20)},
        "networks": {"front": {}},
        "configs": {"conf": {"file": "./conf"}},
        "secrets": {"key": {"file": "./key"}},
    }
    deploy(document, {"conf": "a", "key": "b"})
    began = len(manager.requests)
    assert not deploy(document, {"conf": "a", "key": "b"}, check=True)["changed"]
    assert len(manager.requests) - began == 6, "S10: one for the secret, and one that proves the engine's answer"
    assert not deploy(document, {"conf": "a", "key": "b"})["changed"]
    assert len(manager.requests) - began == 13, "K4: one more for the tasks that have ended, of all services together"


@pytest.mark.parametrize("check", [False, True])
def test_s10_twenty_secrets_without_changes(manager, deploy, check):
    """S10: one request for each secret, and one for all of them."""
    keys = [f"key{number}" for number in range(20)]
    document = {
        "services": {"web": service(secrets=keys)},
        "secrets": {key: {"file": f"./{key}"} for key in keys},
    }
    files = {key: f"data of {key}" for key in keys}
    deploy(document, files)
    began, world = len(manager.requests), FakeWorld([manager]).token()
    assert not deploy(document, files, check=check)["changed"]
    assert len(manager.requests) - began == 3 + 20 + 1 + (not check)
    assert FakeWorld([manager]).token() == world


def test_a_login_is_read_once_for_each_registry(deploy, tmp_path, monkeypatch):
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    (tmp_path / "config.json").write_text('{"credsStore": "counting"}')
    program = tmp_path / "docker-credential-counting"
    program.write_text(f'#!/bin/sh\ncat >> {tmp_path}/asked\nprintf \'{{"Username": "robin", "Secret": "x"}}\'\n')
    program.chmod(0o755)
    images = ("one.example/a:1", "one.example/b:1", "two.example/a:1")
    document = {"services": {f"s{number}": service(image=image) for number, image in enumerate(images)}}
    result = deploy(document, with_registry_auth=True, resolve_image="never", wait=False)
    assert not result["failed"], result["msg"]
    assert (tmp_path / "asked").read_text() == "one.exampletwo.example"
