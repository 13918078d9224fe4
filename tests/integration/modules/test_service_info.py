# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""swarm_service_info and swarm_task_info on real engines, about services that the docker command line has made."""

from __future__ import annotations

import json
import subprocess
import time

import pytest
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.lifecycles.real import make_swarm, reset_all

# From Debian's docker.io, which the engines of the lab come from; another one may come first in PATH.
_CLI = "/usr/bin/docker"
IMAGE = "lab/busybox:1"
RICH = """
--replicas 0 --label tier=web --container-label kind=demo --hostname web --host db:192.0.2.7 --host db2:192.0.2.7
--env A=1 --env EMPTY= --env C=x=y --user 1 --group 0 --workdir /tmp --tty --read-only --init --isolation default
--network name=one,alias=www,driver-opt=k=v --network two --dns 192.0.2.53 --dns-search lab --dns-option ndots:2
--secret source=key,target=/key,mode=0400,uid=5 --config source=conf,target=/conf,mode=0644
--mount type=volume,source=data,target=/data,volume-label=a=b --mount type=tmpfs,target=/t,tmpfs-size=1m,tmpfs-mode=1777
--mount type=bind,source=/tmp,target=/b,readonly,bind-propagation=rslave
--health-cmd true --health-interval 5s --health-timeout 2s --health-retries 2 --health-start-period 1s
--cap-add NET_ADMIN --cap-drop CHOWN --sysctl net.core.somaxconn=100 --ulimit nofile=100:200 --stop-signal SIGINT
--limit-cpu .5 --limit-memory 64M --limit-pids 50 --reserve-cpu .1 --reserve-memory 8M --generic-resource gpu=2
--stop-grace-period 1s --restart-condition on-failure --restart-delay 0s --restart-max-attempts 3 --restart-window 10s
--update-parallelism 0 --update-delay 1s --update-order start-first --update-failure-action rollback
--update-max-failure-ratio .3 --rollback-monitor 7s --rollback-parallelism 2
--constraint node.platform.os==linux --placement-pref spread=node.labels.zone --replicas-max-per-node 5
--publish published=8080,target=80 --publish mode=host,target=81,protocol=udp --publish 82
--log-driver json-file --log-opt max-size=1m
"""
SERVICES = {
    "plain": ("--replicas 0", "sleep 1000"),
    "rich": (RICH, "sh -c true"),
    "agent": ("--mode global --endpoint-mode dnsrr --network one --stop-grace-period 0s", "top"),
    "own": ("--network host --no-healthcheck --replicas 0", "top"),
    "crash": ("--restart-condition none --publish mode=host,target=80", "cat /missing"),
    "job": ("--mode replicated-job --replicas 3 --max-concurrent 2", "true"),
    "sweep": ("--mode global-job", "true"),
}
STACK = """
version: "3.8"
services:
  web:
    image: lab/busybox:1
    command: top
    environment: {A: "1", B: ""}
    networks: {front: {aliases: [www]}, default: {}}
    ports: ["9090:80", {target: 82, mode: host}]
    healthcheck: {test: ["CMD", "true"], interval: 5s}
    extra_hosts: ["db:192.0.2.7"]
    ulimits: {nofile: {soft: 10, hard: 20}}
    volumes: ["data:/data", {type: tmpfs, target: /t}]
    deploy:
      replicas: 0
      labels: {tier: web}
      update_config: {order: start-first, parallelism: 2}
      restart_policy: {condition: any}
      resources: {limits: {cpus: "0.5", memory: 32M}}
      placement: {constraints: [node.role == manager]}
networks: {front: {}}
volumes: {data: {}}
"""
NAMES = [*SERVICES, "shop_web"]


def docker(host, *words, given=""):
    command = [_CLI, "--config", "/nonexistent", "-H", host.docker_host, *words]
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr
    return done.stdout


def wait_for(look, seconds=60):
    end = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < end, look.__doc__
        time.sleep(0.3)


@pytest.fixture(scope="module")
def manager(real_lab):
    """A manager and a worker with one service of each kind, all at rest."""
    reset_all(real_lab)
    make_swarm(real_lab[:2])
    host = real_lab[0]
    for name in ("one", "two"):
        docker(host, "network", "create", "-d", "overlay", name)
    for kind, name in (("secret", "key"), ("config", "conf")):
        docker(host, kind, "create", name, "-", given="x")
    for name, (options, command) in SERVICES.items():
        words = ["--name", name, "--quiet", "--detach", "--no-resolve-image", *options.split()]
        docker(host, "service", "create", *words, IMAGE, *command.split())
    docker(host, "stack", "deploy", "--resolve-image", "never", "-c", "-", "shop", given=STACK)

    def at_rest():
        """What runs runs, and what ends has ended."""
        services = {service["name"]: service for service in info(host, tasks=True)}
        ended = [task["state"] for name in ("crash", "job", "sweep") for task in services[name]["tasks"]]
        return services["agent"]["running"] == 2 and sorted(ended) == ["complete"] * 5 + ["failed"]

    wait_for(at_rest)
    yield host
    for service in host.do("GET", "/services"):
        host.do("DELETE", f"/services/{service['ID']}")


def info(host, **options):
    result = on(host)("swarm_service_info", options)
    assert not result["failed"], result["msg"]
    return result["services"]


def tasks(host, **options):
    result = on(host)("swarm_task_info", options)
    assert not result["failed"], result["msg"]
    return result["tasks"]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_told_can_be_given_back(manager, name):
    """To the real module, not in check mode; and the engine's document stays as it is."""
    (before,) = info(manager, name=[name])
    result = on(manager)("swarm_service", {**before["spec"], "wait": False})
    assert not result["failed"], result["msg"]
    assert (result["changed"], result["diff"]) == (False, {"before": {}, "after": {}})
    assert info(manager, name=[name])[0]["version"] == before["version"]


@pytest.mark.parametrize("name", ["rich", "own"])
def test_another_one_can_be_made_of_it(manager, name):
    """The engine's documents differ in the name, and in ports, of which each can be had once."""
    (told,) = info(manager, name=[name], raw=True)
    result = on(manager)("swarm_service", {**told["spec"], "name": "copy", "publish": [], "wait": False})
    assert not result["failed"], result["msg"]
    (copy,) = info(manager, name=["copy"], raw=True)
    on(manager)("swarm_service", {"name": "copy", "state": "absent"})
    spec, copied = told["raw"]["Spec"], copy["raw"]["Spec"]
    for document in (spec, copied):
        document.pop("Name")
        document.pop("EndpointSpec", None)
    assert {**copied, "TaskTemplate": None} == {**spec, "TaskTemplate": None}
    assert meant(copied["TaskTemplate"]) == meant(spec["TaskTemplate"])


def meant(template):
    """A document without what is empty, as which the engine takes what is not there."""
    if isinstance(template, dict):
        kept = {key: meant(value) for key, value in template.items()}
        return {key: value for key, value in kept.items() if value not in (None, {}, [], False)}
    return [meant(item) for item in template] if isinstance(template, list) else template


def test_counts_and_endpoint(manager):
    services = {service["name"]: service for service in info(manager)}
    assert list(services) == sorted(NAMES)
    counts = {
        name: (service["running"], service["desired"], service["completed"]) for name, service in services.items()
    }
    assert counts["agent"] == (2, 2, 0)
    assert counts["rich"] == (0, 0, 0)
    assert counts["job"][2] == 3
    assert counts["sweep"][2] == 2
    endpoint = services["rich"]["endpoint"]
    assert (endpoint["mode"], sorted(endpoint["virtual_ips"])) == ("vip", ["ingress", "one", "two"])
    ports = {port["target_port"]: port["published_port"] for port in endpoint["ports"]}
    assert (ports[80], ports[81]) == (8080, None)
    assert ports[82] >= 30000
    assert services["own"]["endpoint"]["virtual_ips"] == {"host": ""}
    assert services["job"]["job_iteration"] == 0
    assert not any(service["previous"] for service in services.values())


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"name": ["job", "plain", "agen"]}, ["job", "plain"]),
        ({"filters": {"name": "s"}}, ["shop_web", "sweep"]),
        ({"filters": {"label": ["tier=web", "com.docker.stack.namespace=shop"]}}, ["shop_web"]),
        ({"filters": {"mode": ["global", "replicated-job"]}}, ["agent", "job"]),
        ({"filters": {"runtime": "plugin"}}, []),
    ],
)
def test_which_services(manager, options, found):
    assert [service["name"] for service in info(manager, **options)] == found


def test_tasks_of_each_kind(manager):
    found = {task["name"]: task for task in tasks(manager)}
    assert len(found) == 8
    crash = found["crash.1"]
    assert (crash["state"], crash["exit_code"], crash["error"]) == ("failed", 1, "task: non-zero exit (1)")
    (agent,) = tasks(manager, service=["agent"], node=["self"], state=["running"])
    assert (agent["node"], agent["slot"], agent["exit_code"]) == (manager.hostname, None, None)
    assert list(agent["addresses"]) == ["one"]
    assert [(task["slot"], task["job_iteration"]) for task in tasks(manager, service=["job"])] == [
        (0, 0),
        (1, 0),
        (2, 0),
    ]
    assert len(tasks(manager, filters={"desired-state": "shutdown"})) == 1
    assert not tasks(manager, service=["nobody"]) + tasks(manager, node=["nobody"])


def test_the_last_lines(manager):
    (service,) = info(manager, name=["crash"], logs=5, tasks=True)
    (line,) = service["logs"]
    assert line["line"] == "cat: can't open '/missing': No such file or directory"
    assert line["stream"] == "stderr"
    assert (line["task_id"], line["node"]) == (service["tasks"][0]["id"], service["tasks"][0]["node"])
    (agent,) = info(manager, name=["agent"], logs=1)
    assert (len(agent["logs"]), agent["logs_error"]) == (1, "")


def test_the_documents_hold_no_surprise(manager):
    """Each value of a spec is one that Ansible passes on: no null, which is none of an option's choices."""
    assert "null" not in json.dumps([service["spec"] for service in info(manager)])
