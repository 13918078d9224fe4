# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The scenes that recorder.py films: what happens to a service in real life."""

from __future__ import annotations

import time
import typing as t

Document = dict[str, t.Any]
_SECOND = 10**9
_GOOD = "trap 'exit 0' TERM; sleep 1000 & wait"
_STUBBORN = "trap 'sleep 4; exit 0' TERM; sleep 1000 & wait"
_CRASH = "echo cannot reach the database >&2; sleep 0.3; exit 3"


def _spec(script: str = _GOOD, replicas: int = 2, restart: Document | None = None, **more: t.Any) -> Document:
    template = {"ContainerSpec": {"Image": "lab/busybox:1", "Command": ["sh", "-c", script]}}
    if restart:
        template["RestartPolicy"] = restart
    return {"Name": "web", "TaskTemplate": template, "Mode": {"Replicated": {"Replicas": replicas}}, **more}


def _with_image(spec: Document, image: str) -> Document:
    spec["TaskTemplate"]["ContainerSpec"]["Image"] = image
    return spec


def _with_script(spec: Document, script: str) -> Document:
    spec["TaskTemplate"]["ContainerSpec"]["Command"] = ["sh", "-c", script]
    return spec


def _with_policy(spec: Document, script: str, **policy: t.Any) -> Document:
    spec["UpdateConfig"] = {"Parallelism": 1, **policy}
    return _with_script(spec, script)


def _scaled(spec: Document, replicas: int) -> None:
    spec["Mode"]["Replicated"]["Replicas"] = replicas


def _job(script: str, restart: Document | None = None, **mode: t.Any) -> Document:
    return {**_spec(script, restart=restart or {"Condition": "none"}), "Mode": mode}


def _created(spec: t.Callable[[], Document], seconds: float) -> t.Callable[[t.Any], None]:
    return lambda stage: stage.roll(lambda: stage.create(**spec()), seconds)


def _updated(
    before: t.Callable[[], Document], change: t.Callable[[Document], t.Any], seconds: float, **query: t.Any
) -> t.Callable[[t.Any], None]:
    def play(stage: t.Any) -> None:
        stage.create(**before())
        _until_running(stage)
        time.sleep(2)
        stage.roll(lambda: stage.update(change, **query), seconds)

    return play


def _until_running(stage: t.Any) -> None:
    status = stage.service()["ServiceStatus"]
    while not status["DesiredTasks"] or status["RunningTasks"] < status["DesiredTasks"]:
        time.sleep(0.2)
        status = stage.service()["ServiceStatus"]


def _unhealthy(script: str = _GOOD) -> Document:
    spec = _spec(script, replicas=1)
    check = {"Test": ["CMD-SHELL", "echo not ready yet; exit 1"], "Interval": _SECOND, "Retries": 2}
    spec["TaskTemplate"]["ContainerSpec"].update(Healthcheck=check, StopGracePeriod=_SECOND)
    return spec


def _everywhere(**placement: t.Any) -> Document:
    spec = _spec(Mode={"Global": {}})
    spec["TaskTemplate"]["Placement"] = placement
    return spec


def _bound(spec: Document) -> Document:
    spec["TaskTemplate"]["Placement"] = {"Constraints": ["node.labels.disk==ssd"]}
    return spec


def _unschedulable() -> Document:
    return _bound(_spec(replicas=1))


def _host_port(replicas: int, port: int = 8099) -> Document:
    ports = [{"TargetPort": 80, "PublishedPort": port, "PublishMode": "host"}]
    return _spec(replicas=replicas, EndpointSpec={"Ports": ports})


def _power_cut(stage: t.Any) -> None:
    """A node dies in the middle of an update, and comes back afterwards."""
    stage.create(**_spec(replicas=3))
    _until_running(stage)

    def write() -> None:
        stage.update(lambda spec: _with_policy(_with_image(spec, "lab/busybox:2"), _GOOD, Delay=2 * _SECOND))
        time.sleep(1)
        stage.engines[2].power_off()

    try:
        stage.roll(write, 90)
    finally:
        stage.engines[2].start()
        while not all(node["Status"]["State"] == "ready" for node in stage.api.get("/nodes")):
            time.sleep(0.5)


def _manual_rollback(stage: t.Any) -> None:
    stage.create(**_spec(replicas=1))
    _until_running(stage)
    stage.update(lambda spec: _with_image(spec, "lab/busybox:2"))
    time.sleep(12)
    stage.roll(lambda: stage.update(lambda spec: None, rollback="previous"), 20)


def _paused_before(stage: t.Any) -> None:
    """An update was paused; now only a label is set."""
    stage.create(**_spec(replicas=2))
    _until_running(stage)
    stage.update(lambda spec: _with_image(spec, "nosuch:1"))
    time.sleep(12)
    stage.roll(lambda: stage.update(lambda spec: spec.update(Labels={"a": "b"})), 5)


def _port_in_use(stage: t.Any) -> None:
    """Something outside of the swarm has the port on each node."""
    from ansible_collections.hive.swarm.plugins.module_utils._engine.client import Engine
    from ansible_collections.hive.swarm.plugins.module_utils._engine.connection import make_transport

    apis = [Engine(make_transport({"docker_host": engine.docker_host})) for engine in stage.engines]
    body = {
        "Image": "lab/busybox:1",
        "Cmd": ["sleep", "1000"],
        "ExposedPorts": {"80/tcp": {}},
        "HostConfig": {"PortBindings": {"80/tcp": [{"HostPort": "8098"}]}},
    }
    blockers = [(api, api.post("/containers/create", body)["Id"]) for api in apis]
    try:
        for api, container in blockers:
            api.post(f"/containers/{container}/start")
        stage.roll(lambda: stage.create(**_host_port(1, 8098)), 30)
    finally:
        for api, container in blockers:
            api.delete(f"/containers/{container}", force=True)


def _paused_node(stage: t.Any) -> None:
    """A global service is updated while a node is paused."""
    stage.create(**_spec(Mode={"Global": {}}))
    _until_running(stage)
    _set_availability(stage, "pause")
    try:
        stage.roll(lambda: stage.update(lambda spec: _with_policy(spec, _GOOD + " ", Monitor=_SECOND)), 10)
    finally:
        _set_availability(stage, "active")


def _set_availability(stage: t.Any, availability: str) -> None:
    name = stage.engines[2].hostname
    node = next(node for node in stage.api.get("/nodes") if node["Description"]["Hostname"] == name)
    spec = {**node["Spec"], "Availability": availability}
    stage.api.post(f"/nodes/{node['ID']}/update", spec, version=node["Version"]["Index"])


def _removed(stage: t.Any) -> None:
    service = stage.create(**_spec(_STUBBORN))
    _until_running(stage)
    stage.roll(lambda: stage.api.delete(f"/services/{service}"), 8)


SCENES: dict[str, t.Callable[[t.Any], None]] = {
    "create": _created(_spec, 8),
    "create-zero": _created(lambda: _spec(replicas=0), 3),
    "create-global": _created(lambda: _spec(Mode={"Global": {}}), 8),
    "create-on-workers": _created(lambda: _everywhere(Constraints=["node.role == worker"]), 8),
    "create-rejected": _created(lambda: _with_image(_spec(), "nosuch:1"), 25),
    "create-crashing": _created(lambda: _spec(_CRASH, 1), 28),
    "create-crashing-once-more": _created(lambda: _spec(_CRASH, 1, {"MaxAttempts": 1, "Delay": _SECOND}), 12),
    "create-crashing-never-again": _created(lambda: _spec(_CRASH, 1, {"Condition": "none"}), 6),
    "create-done": _created(lambda: _spec("exit 0", 2, {"Condition": "on-failure"}), 8),
    "create-done-none": _created(lambda: _spec("exit 0", 2, {"Condition": "none"}), 8),
    "create-unhealthy": _created(_unhealthy, 40),
    "create-unhealthy-killed": _created(lambda: _unhealthy("sleep 1000"), 40),
    "create-nowhere": _created(lambda: _everywhere(Constraints=["node.labels.disk==ssd"]), 3),
    "create-other-platform": _created(lambda: _everywhere(Platforms=[{"OS": "linux", "Architecture": "arm64"}]), 3),
    "create-unschedulable": _created(_unschedulable, 5),
    "create-host-port-taken": _created(lambda: _host_port(4), 8),
    "create-port-in-use": _port_in_use,
    "update": _updated(_spec, lambda spec: _with_image(spec, "lab/busybox:2"), 25),
    "update-global": _updated(
        lambda: _spec(Mode={"Global": {}}), lambda spec: _with_policy(spec, _GOOD + " ", Parallelism=0), 15
    ),
    "update-start-first": _updated(
        lambda: _spec(_STUBBORN), lambda spec: _with_policy(spec, _GOOD, Order="start-first", Monitor=_SECOND), 20
    ),
    "update-paused-node": _paused_node,
    "update-unschedulable": _updated(_spec, _bound, 12),
    "update-label": _updated(_spec, lambda spec: spec.update(Labels={"a": "b"}), 4),
    "update-label-after-pause": _paused_before,
    "update-policy": _updated(_spec, lambda spec: spec.update(UpdateConfig={"Parallelism": 2}), 4),
    "scale-up": _updated(_spec, lambda spec: _scaled(spec, 4), 8),
    "scale-down": _updated(lambda: _spec(_STUBBORN, 3), lambda spec: _scaled(spec, 1), 9),
    "update-paused": _updated(_spec, lambda spec: _with_image(spec, "nosuch:1"), 25),
    "update-crashing-paused": _updated(_spec, lambda spec: _with_script(spec, _CRASH), 25),
    "update-rolled-back": _updated(
        _spec, lambda spec: _with_policy(spec, _CRASH, FailureAction="rollback", Monitor=3 * _SECOND), 35
    ),
    "update-continues": _updated(
        _spec, lambda spec: _with_policy(spec, _CRASH, FailureAction="continue", Monitor=_SECOND), 35
    ),
    "rollback": _manual_rollback,
    "job": _created(lambda: _job("sleep 1", ReplicatedJob={"TotalCompletions": 3, "MaxConcurrent": 2}), 10),
    "job-again": _updated(
        lambda: _job("sleep 4", ReplicatedJob={"TotalCompletions": 1, "MaxConcurrent": 1}),
        lambda spec: _with_script(spec, "sleep 1"),
        10,
    ),
    "job-failing": _created(lambda: _job(_CRASH, ReplicatedJob={"TotalCompletions": 1, "MaxConcurrent": 1}), 6),
    "job-failing-twice": _created(
        lambda: _job(
            _CRASH,
            {"Condition": "on-failure", "MaxAttempts": 1, "Delay": _SECOND},
            ReplicatedJob={"TotalCompletions": 1, "MaxConcurrent": 1},
        ),
        12,
    ),
    "job-global": _created(lambda: _job("sleep 1", GlobalJob={}), 8),
    "remove": _removed,
    "update-power-cut": _power_cut,
}
