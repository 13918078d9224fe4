# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rollouts of services on real engines that do not go as hoped, and those that do: what the task says of them.

Each situation is played on one generation of engines.
"""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._engine.client import Engine
from ansible_collections.hive.swarm.plugins.module_utils._service import wait
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.lifecycles.real import GENERATIONS, RealHost
from ansible_collections.hive.swarm.tests.support.rollouts import (
    BAD_IMAGE,
    CRASH,
    NAME,
    QUICK,
    Rollouts,
    bury,
    meanwhile,
    revive,
    swarm_of,
    until,
)

_turns = itertools.cycle(GENERATIONS)


def once(test: Callable[..., None]) -> Callable[..., None]:
    """Deal the tests out to the generations."""
    return pytest.mark.parametrize("real_lab", [next(_turns)], indirect=True, scope="session")(test)


@pytest.fixture
def swarm(real_lab: list[RealHost]) -> Iterator[Rollouts]:
    """One manager, two workers and no service."""
    found = swarm_of(real_lab)
    found.clear()
    yield found
    found.clear()


def fails(result: dict[str, Any], kind: str = "not_converged", changed: bool = True) -> str:
    """The message of a failure of that kind; says what else there is."""
    print(result.get("msg"), result.get("failure", {}).get("tasks"), result.get("progress"))
    assert result["failed"], result
    assert (result["failure"]["kind"], result.get("changed", False)) == (kind, changed), result
    assert result["failure"]["message"] in result["msg"]
    return result["msg"]


def done(result: dict[str, Any], changed: bool = True) -> dict[str, Any]:
    """The result of a task that did what it was to do."""
    print(result.get("msg"), result.get("progress"))
    assert not result["failed"], result
    assert result["changed"] == changed
    return result


def begun(swarm: Rollouts, until_then: Callable[[], Any], **options: Any) -> dict[str, Any]:
    """Deploy without a wait, and wait for what must be so however busy the machine is.

    What is returned is for a run that then runs out of time.
    """
    done(swarm.deploy(**options, wait=False))
    until(until_then)
    return {**options, "wait_timeout": 1}


def judged(swarm: Rollouts, state: str) -> list[dict[str, Any]]:
    """Tasks in that state of which the engine says why."""
    return [task for task in swarm.tasks(state) if task["Status"].get("Err")]


# Tasks that do not come up


@once
def test_image_that_no_node_has(swarm):
    result = swarm.deploy(image=BAD_IMAGE, replicas=2)
    assert f"No such image: {BAD_IMAGE}" in fails(result)
    assert {task["state"] for task in result["failure"]["tasks"]} == {"rejected"}
    assert {task["exit_code"] for task in result["failure"]["tasks"]} == {None}


@once
def test_crash_loop_with_its_log(swarm):
    result = swarm.deploy_bad(command=CRASH)
    message = fails(result)
    assert "task: non-zero exit (3)" in message and "no such host: db" in message
    task = result["failure"]["tasks"][0]
    assert (task["state"], task["exit_code"], task["slot"]) == ("failed", 3, 1)
    assert sorted(task["log"]) == ["no such host: db", "opening the database"]
    assert task["node"] in {host.hostname for host in swarm.hosts}


@once
def test_s12_s13_a_log_with_a_hidden_variable_and_control_characters(swarm):
    """What a container prints is shown on the operator's terminal, and may be what the task hides."""
    script = "printf 'my password is %s\\n\\033]0;title\\007\\033[2J all good\\n' $PASSWORD; sleep 1; exit 3"
    env = {"PASSWORD": "CANARY-of-env"}
    result = swarm.deploy_bad(command=["sh", "-c", script], env=env, hide_env=True)
    message = fails(result)
    assert "my password is (hidden)" in message
    assert "\\x1b]0;title\\x07\\x1b[2J all good" in message
    assert "CANARY" not in str(result)
    assert "\x1b" not in str(result["failure"]["tasks"][0]["log"])
    read = on(swarm.manager)
    info = read("swarm_service_info", {"name": [NAME], "logs": 10, "hide_env": True})
    assert "my password is (hidden)" in [line["line"] for line in info["services"][0]["logs"]]
    assert "CANARY" not in str(info)
    gone = read("swarm_service", {"name": NAME, "state": "absent"})
    assert gone["changed"] and "CANARY" not in str(gone)


@once
def test_task_that_ends_well_again_and_again(swarm):
    result = swarm.deploy_bad(command="true")
    assert "exit code 0" in fails(result)
    assert result["failure"]["tasks"][0]["exit_code"] == 0


@once
def test_healthcheck_that_never_passes(swarm):
    check = {"test": ["CMD", "false"], "interval": "0.3s", "timeout": "1s", "retries": 1}
    result = swarm.deploy_bad(healthcheck=check)
    assert "unhealthy" in fails(result)


@once
def test_constraint_that_no_node_meets(swarm):
    result = swarm.deploy(placement={"constraints": ["node.labels.disk==ssd"]}, wait_timeout=2)
    message = fails(result)
    assert "not done after 2 seconds (wait_timeout)" in message
    assert "scheduling constraints not satisfied on 3 nodes" in message
    assert [task["state"] for task in result["failure"]["tasks"]] == ["pending"]


@once
def test_more_memory_than_any_node_has(swarm):
    stuck = begun(swarm, lambda: judged(swarm, "pending"), reservations={"memory": "64T"})
    assert "insufficient resources on 3 nodes" in fails(swarm.deploy(**stuck), changed=False)


@once
def test_host_port_for_more_tasks_than_nodes(swarm):
    publish = [{"published_port": 8080, "target_port": 80, "mode": "host"}]
    stuck = begun(
        swarm, lambda: len(swarm.tasks("running")) == 3 and judged(swarm, "pending"), publish=publish, replicas=4
    )
    message = fails(swarm.deploy(**stuck), changed=False)
    assert "3 of 4 tasks run" in message and "host-mode port already in use on 3 nodes" in message


@once
def test_port_that_another_service_publishes(swarm):
    publish = [{"published_port": 8080, "target_port": 80}]
    done(swarm.deploy(name="other", publish=publish, replicas=0))
    message = fails(swarm.deploy(publish=publish), kind="bad_input", changed=False)
    assert "8080" in message and "other" in message
    assert swarm.service() is None


@once
def test_host_port_that_another_service_publishes_to_all(swarm):
    done(swarm.deploy(name="other", publish=[{"published_port": 8080, "target_port": 80}], replicas=0))
    publish = [{"published_port": 8080, "target_port": 80, "mode": "host"}]
    fails(swarm.deploy(publish=publish, wait_timeout=3), kind="bad_input", changed=False)


# Updates


@once
def test_rollout_that_goes_well(swarm):
    done(swarm.deploy(replicas=3))
    before = swarm.running()
    result = done(swarm.deploy(replicas=3, env={"RELEASE": "2"}))
    assert result["progress"][-1].endswith(": done")
    assert len(swarm.running()) == 3 and not swarm.running() & before
    done(swarm.deploy(replicas=3, env={"RELEASE": "2"}), changed=False)


@once
def test_paused_update_fails_each_run_until_a_good_release(swarm):
    done(swarm.deploy(replicas=2))
    bad = {"replicas": 2, "image": BAD_IMAGE}
    assert BAD_IMAGE in fails(swarm.deploy(**bad))
    assert swarm.service()["UpdateStatus"]["State"] == "paused"
    message = fails(swarm.deploy(**bad), changed=False)
    assert "paused" in message and BAD_IMAGE in message
    done(swarm.deploy(replicas=2))


def lasting(swarm):
    """The tasks that run for a while. One of a release that fails is seen as running before it ends."""
    first = swarm.running()
    time.sleep(2)
    return first & swarm.running()


@pytest.mark.slow
@once
def test_the_next_run_finishes_a_paused_update(swarm, tmp_path):
    """What the release stumbled over is gone meanwhile: here, something that its nodes lacked."""
    mounts = [{"type": "bind", "source": str(tmp_path), "target": "/host"}]
    command = ["sh", "-c", "test -e /host/ready && sleep 3600"]
    release = {"replicas": 5, "restart_config": {"delay": "2s"}}
    new = {**release, "mounts": mounts, "command": command}

    def old():
        running = [task for task in swarm.tasks("running") if task["DesiredState"] == "running"]
        return {task["ID"] for task in running if "Mounts" not in task["Spec"]["ContainerSpec"]}

    done(swarm.deploy(**release))
    fails(swarm.deploy_bad(**new))
    left = old()
    fails(swarm.deploy_bad(**new), changed=False)
    assert old() == left != set()  # it still fails, so no run takes away one more that works
    (tmp_path / "ready").touch()
    until(lambda: len(lasting(swarm) - left) == 5 - len(left))
    predicted = done(swarm.deploy_bad(True, **new))
    result = done(swarm.deploy_bad(**new))
    assert result["diff"] == predicted["diff"]
    assert (result["diff"]["before"], result["diff"]["after"]) == (
        {"update_state": "paused"},
        {"update_state": "updating"},
    )
    assert len(swarm.running()) == 5 and not old()
    done(swarm.deploy_bad(**new), changed=False)


# The engine's own words, where it was seen at it, or ours.
_BACK = re.compile("rolled (the update )?back")
_ROLLBACK = {
    "update_config": {**QUICK["update_config"], "failure_action": "rollback"},
    "rollback_config": {"monitor": "0.5s", "delay": "0s"},
}


@pytest.mark.slow
@once
def test_automatic_rollback(swarm):
    done(swarm.deploy(**_ROLLBACK))
    bad = {**_ROLLBACK, "command": CRASH}
    result = swarm.deploy_bad(**bad)
    message = fails(result)
    assert _BACK.search(message) and "non-zero exit (3)" in message and "no such host: db" in message
    assert result["failure"]["tasks"][0]["exit_code"] == 3

    for check in (True, False):
        message = fails(swarm.deploy_bad(check, **bad), kind="refused", changed=False)
        assert "rolled back from this release" in message and "retry_rolled_back" in message
    done(swarm.deploy(**_ROLLBACK), changed=False)

    assert "non-zero exit (3)" in fails(swarm.deploy_bad(**bad, retry_rolled_back=True))
    done(swarm.deploy(**_ROLLBACK, env={"RELEASE": "3"}))


@once
def test_rollback_from_tasks_that_end_well(swarm):
    """So do tasks that are unhealthy and obey the signal to stop."""
    done(swarm.deploy(**_ROLLBACK))
    bad = {**_ROLLBACK, "command": "true"}
    assert "exit code 0" in fails(swarm.deploy_bad(**bad))
    message = fails(swarm.deploy_bad(**bad), kind="refused", changed=False)
    assert "exit code 0" in message


@pytest.mark.slow
@once
def test_rollback_to_what_no_longer_works(swarm, tmp_path):
    mounts = [{"type": "bind", "source": str(tmp_path), "target": "/host"}]
    quick = {"rollback_config": {"monitor": "5s"}, "mounts": mounts}
    good = {**quick, "command": ["sh", "-c", "test -e /host/ready || exit 1; exec sleep 3600"]}
    (tmp_path / "ready").touch()
    done(swarm.deploy(**good))
    done(swarm.deploy(**quick, env={"RELEASE": "2"}))
    (tmp_path / "ready").unlink()
    first = fails(swarm.run(state="rolled_back"))
    for message in (first, fails(swarm.run(state="rolled_back"), changed=False), fails(swarm.run(), changed=False)):
        assert "the engine rolled back to the previous release, which fails" in message
        assert "non-zero exit (1)" in message
    (tmp_path / "ready").touch()
    done(swarm.deploy(**good, force_update=True))


@once
def test_scaling_after_a_rollback_from_a_forced_update(swarm, tmp_path):
    """The release that failed, restarted, is the one that is there."""
    mounts = [{"type": "bind", "source": str(tmp_path), "target": "/host"}]
    command = ["sh", "-c", "test -e /host/ready || { touch /host/ready; exit 1; }; exec sleep 3600"]
    release = {**_ROLLBACK, "mounts": mounts, "command": command}
    (tmp_path / "ready").touch()
    done(swarm.deploy(**release))
    (tmp_path / "ready").unlink()
    assert _BACK.search(fails(swarm.deploy_bad(**release, force_update=True)))
    done(swarm.deploy(**release, replicas=2))


def _when_ready(folder: Path) -> dict[str, Any]:
    """A release that is healthy as soon as the folder has a file of that name."""
    check = {"test": ["CMD", "test", "-e", "/host/ready"], "interval": "0.2s", "retries": 600}
    return {"healthcheck": check, "mounts": [{"type": "bind", "source": str(folder), "target": "/host"}]}


@once
def test_slow_start_runs_out_of_time_and_the_next_run_finishes(swarm, tmp_path):
    slow = _when_ready(tmp_path)
    message = fails(swarm.deploy(**begun(swarm, lambda: swarm.tasks("starting"), **slow)), changed=False)
    assert "0 of 1 tasks run; web.1" in message and "its healthcheck has not passed yet" in message
    (tmp_path / "ready").touch()
    done(swarm.deploy(**slow), changed=False)


@once
def test_no_wait_returns_at_once(swarm):
    result = done(swarm.deploy(image=BAD_IMAGE, wait=False))
    assert result["progress"] == []
    done(swarm.deploy(image=BAD_IMAGE, wait=False), changed=False)


@once
def test_removed_by_somebody_during_the_wait(swarm):
    check = {"test": ["CMD", "false"], "interval": "1s", "retries": 100}
    with meanwhile(lambda: swarm.tasks("starting"), lambda: swarm.manager.do("DELETE", f"/services/{NAME}")):
        result = swarm.deploy(healthcheck=check)
    assert "another client removed it" in fails(result)


@once
def test_removed_by_somebody_between_two_questions_of_one_look(swarm, monkeypatch):
    """The engine refuses to list the tasks of a service that is not there."""
    check_convergence = wait.Progress.check_convergence

    def removed(self, service):
        if swarm.service():
            swarm.manager.do("DELETE", f"/services/{NAME}")
        return check_convergence(self, service)

    monkeypatch.setattr(wait.Progress, "check_convergence", removed)
    assert "another client removed it" in fails(swarm.deploy())


# Jobs


@once
def test_job_is_done_when_it_has_completed(swarm):
    result = done(swarm.job(command="sleep 1", replicas=2))
    assert result["progress"][-1].endswith(": done")
    assert [task["Status"]["State"] for task in swarm.tasks()] == ["complete"] * 2
    done(swarm.job(command="sleep 1", replicas=2), changed=False)


@once
def test_job_that_may_not_try_again(swarm):
    result = swarm.job(command=CRASH, restart_config={"condition": "none"})
    assert "non-zero exit (3)" in fails(result)
    assert len(swarm.tasks()) == 1
    fails(swarm.job(command=CRASH, restart_config={"condition": "none"}), changed=False)


@once
def test_job_that_has_used_up_its_tries(swarm):
    result = swarm.job(command=CRASH, restart_config={"condition": "on-failure", "delay": "0s", "max_attempts": 2})
    assert "non-zero exit (3)" in fails(result)
    assert len(swarm.tasks("failed")) == 3


@once
def test_job_that_runs_again_after_another_change(swarm):
    done(swarm.job(command="true"))
    done(swarm.job(command="true", env={"RUN": "2"}))
    assert len(swarm.tasks("complete")) == 2


@once
def test_job_with_fewer_tasks_at_once_than_in_all(swarm):
    done(swarm.job(command="sleep 0.5", replicas=4, max_concurrent=2))
    assert len(swarm.tasks("complete")) == 4


@once
def test_global_job(swarm):
    done(swarm.job(mode="global-job", command="true"))
    assert len({task["NodeID"] for task in swarm.tasks("complete")}) == 3
    done(swarm.job(mode="global-job", command="true"), changed=False)


@once
def test_global_job_that_fails_on_one_node(swarm):
    command = ["sh", "-c", f"hostname; test $(hostname) != {swarm.hosts[1].hostname}"]
    none = {"condition": "none"}
    result = swarm.job(mode="global-job", command=command, hostname="{{.Node.Hostname}}", restart_config=none)
    assert swarm.hosts[1].hostname in fails(result)
    assert {task["node"] for task in result["failure"]["tasks"]} == {swarm.hosts[1].hostname}


# Global services


@once
def test_global_service_has_a_task_on_each_node(swarm):
    done(swarm.deploy(mode="global"))
    assert len({task["NodeID"] for task in swarm.tasks("running")}) == 3


@once
def test_global_service_with_a_constraint(swarm):
    done(swarm.deploy(mode="global", placement={"constraints": ["node.role==worker"]}))
    assert len({task["NodeID"] for task in swarm.tasks("running")}) == 2


@once
def test_global_service_for_no_node(swarm):
    options = {"mode": "global", "placement": {"constraints": ["node.labels.disk==ssd"]}}
    done(swarm.deploy(**options))
    done(swarm.deploy(**options), changed=False)


@once
def test_global_service_that_crashes_on_one_node(swarm):
    command = ["sh", "-c", f"test $(hostname) != {swarm.hosts[1].hostname} && sleep 3600"]
    result = swarm.deploy_bad(mode="global", command=command, hostname="{{.Node.Hostname}}")
    assert swarm.hosts[1].hostname in fails(result)


# Less


SLOW_END = {"command": ["sh", "-c", "trap '' TERM; while :; do sleep 0.1; done"], "init": False}
_GRACE = {**SLOW_END, "stop_grace_period": "2s"}


@pytest.mark.slow
@once
def test_scale_down_waits_for_what_is_too_much(swarm):
    done(swarm.deploy(**_GRACE, replicas=3))
    result = done(swarm.run(replicas=1))
    assert any("still to stop" in line for line in result["progress"])
    assert len(swarm.tasks("running")) == 1
    done(swarm.run(replicas=0))


@once
def test_remove_waits_for_the_last_task(swarm):
    done(swarm.deploy(**_GRACE, replicas=2))
    ids = {task["ID"] for task in swarm.tasks()}
    done(swarm.run(state="absent", wait_timeout=30))
    is_active = [task for task in swarm.manager.do("GET", "/tasks") if task["Status"]["State"] == "running"]
    assert not ids & {task["ID"] for task in is_active}
    done(swarm.run(state="absent"), changed=False)


@once
def test_remove_that_takes_too_long(swarm):
    done(swarm.deploy(**{**_GRACE, "stop_grace_period": "5s"}))
    message = fails(swarm.run(state="absent", wait_timeout=1))
    assert "1 task is still to stop: web.1" in message


# Back


@pytest.mark.slow
@once
def test_back_to_the_previous_release(swarm):
    done(swarm.deploy(**_ROLLBACK, replicas=2, env={"RELEASE": "1"}))
    done(swarm.deploy(**_ROLLBACK, replicas=2, env={"RELEASE": "2"}))
    result = done(swarm.run(state="rolled_back"))
    assert result["service"]["env"] == {"RELEASE": "1"}
    running = swarm.running()
    assert {tuple(task["Spec"]["ContainerSpec"]["Env"]) for task in swarm.tasks("running")} == {("RELEASE=1",)}
    done(swarm.run(state="rolled_back"), changed=False)
    assert swarm.running() == running


@once
def test_back_without_a_previous_release(swarm):
    done(swarm.deploy())
    message = fails(swarm.run(state="rolled_back"), kind="refused", changed=False)
    assert "no previous spec" in message
    fails(swarm.run(name="nobody", state="rolled_back"), kind="not_found", changed=False)


@once
def test_back_from_a_paused_update(swarm):
    quick = {"rollback_config": {"monitor": "0.5s"}, "replicas": 2}
    done(swarm.deploy(**quick))
    fails(swarm.deploy(**quick, image=BAD_IMAGE))
    done(swarm.run(state="rolled_back"))
    done(swarm.deploy(**quick), changed=False)


# Another mode


@once
def test_recreate_in_another_mode(swarm):
    done(swarm.deploy(replicas=2))
    before = swarm.service()["ID"]
    assert "recreate" in fails(swarm.run(mode="global"), kind="refused", changed=False)
    predicted = done(swarm.run(True, mode="global", recreate=True))
    result = done(swarm.run(mode="global", recreate=True))
    assert result["diff"] == predicted["diff"]
    assert swarm.service()["ID"] != before
    assert len(swarm.running()) == 3
    done(swarm.run(mode="global", recreate=True), changed=False)


@once
def test_recreate_that_the_engine_refuses_leaves_the_old_one_alone(swarm):
    done(swarm.deploy(replicas=2))
    before = (swarm.service()["Version"], swarm.running())
    message = fails(swarm.run(mode="global", recreate=True, env={"A": "{{nope}}"}), kind="engine", changed=False)
    assert "nope" in message
    assert (swarm.service()["Version"], swarm.running()) == before
    assert [service["Spec"]["Name"] for service in swarm.manager.do("GET", "/services")] == [NAME]


@once
def test_recreate_that_fails_half_way_brings_the_old_one_back(swarm, monkeypatch):
    """Another client takes the port that the new one is to have, when the old one has been removed."""
    taken = {"published_port": 8081, "target_port": 80}
    done(swarm.deploy(replicas=2))
    spec = swarm.service()["Spec"]
    take_when_it_is_gone(swarm, monkeypatch, taken["published_port"])
    message = fails(swarm.run(mode="global", recreate=True, publish=[taken]), kind="engine")
    assert "8081" in message and "old service is restored, with new tasks" in message
    assert swarm.service()["Spec"] == spec
    monkeypatch.undo()
    done(swarm.deploy(replicas=2), changed=False)


def take_when_it_is_gone(swarm, monkeypatch, port: int) -> None:
    """Have another client create a service with a port as soon as the one that is replaced is removed."""
    real, spec = Engine.delete_unchanged, swarm.service()["Spec"]

    def delete(engine, path, version):
        real(engine, path, version)
        swarm.manager.do("POST", "/services/create", other_service(spec, port))

    monkeypatch.setattr(Engine, "delete_unchanged", delete)


def other_service(spec: dict[str, Any], port: int) -> dict[str, Any]:
    """The body of a service without tasks that publishes a port."""
    ports = [{"Protocol": "tcp", "TargetPort": 80, "PublishedPort": port}]
    return {**spec, "Name": "other", "Mode": {"Replicated": {"Replicas": 0}}, "EndpointSpec": {"Ports": ports}}


@once
def test_recreate_when_neither_of_the_two_can_be_created(swarm, monkeypatch):
    """Somebody takes the port in the moment in which no service has it."""
    port = {"published_port": 8082, "target_port": 80}
    done(swarm.deploy(replicas=1, publish=[port]))
    take_when_it_is_gone(swarm, monkeypatch, port["published_port"])
    message = fails(swarm.run(mode="global", recreate=True), kind="engine")
    assert "8082" in message
    assert "The old service web cannot be created again either, and does not exist anymore" in message


# Deaths


@pytest.fixture
def mortal(real_lab: list[RealHost]) -> Iterator[Rollouts]:
    """One manager, two workers: a swarm that is soon without one of them, and notices."""
    found = swarm_of(real_lab, heartbeat=1)
    found.clear()
    yield found
    revive(real_lab, heartbeat=1)
    found.clear()


@pytest.fixture
def managers(real_lab: list[RealHost]) -> Iterator[Rollouts]:
    """Three managers: a swarm that is soon without one of them, and notices."""
    yield swarm_of(real_lab, managers=3, heartbeat=1)
    bury(real_lab)


_STEPS = {"update_config": {"monitor": "0.5s", "delay": "1s"}, "replicas": 2}


def _node_of(swarm: Rollouts, task: dict[str, Any]) -> RealHost:
    name = swarm.manager.do("GET", f"/nodes/{task['NodeID']}")["Description"]["Hostname"]
    return next(host for host in swarm.hosts if host.hostname == name)


def _is_down(swarm: Rollouts, host: RealHost) -> bool:
    nodes = swarm.manager.do("GET", "/nodes")
    return any(n["Description"]["Hostname"] == host.hostname and n["Status"]["State"] == "down" for n in nodes)


@pytest.mark.slow
@once
def test_node_that_dies_during_a_rollout(mortal):
    """The one with the first new task. It is made again elsewhere, and nobody waits for what the node may run."""
    release = {"update_config": {"monitor": "0.5s", "delay": "4s"}, "replicas": 2}
    release["placement"] = {"constraints": ["node.role==worker"]}
    done(mortal.deploy(**release))

    def new():
        return mortal.released("RELEASE=2")

    with meanwhile(new, lambda: _node_of(mortal, new()[0]).kill()):
        done(mortal.deploy(**release, env={"RELEASE": "2"}))
    is_active = {node["ID"] for node in mortal.manager.do("GET", "/nodes") if node["Status"]["State"] == "ready"}
    assert {task["Slot"] for task in new() if task["NodeID"] in is_active} == {1, 2}


@pytest.mark.slow
@once
def test_node_that_dies_while_a_new_task_starts_there(mortal, tmp_path):
    """The engine's own update hangs then; the message names the node. Another update ends that."""
    release = _when_ready(tmp_path)
    release["placement"] = {"constraints": ["node.role==worker"]}
    done(mortal.deploy(placement=release["placement"]))

    def new() -> list[dict[str, Any]]:
        return mortal.released("RELEASE=2", "starting")

    release["env"] = {"RELEASE": "2"}
    done(mortal.deploy(**release, wait=False))
    until(new)
    victim = _node_of(mortal, new()[0])
    victim.kill()
    until(lambda: _is_down(mortal, victim))
    message = fails(mortal.deploy(**release, wait_timeout=1), changed=False)
    assert f"but {victim.hostname} is down" in message
    (tmp_path / "ready").touch()
    done(mortal.deploy(**release, force_update=True))


@pytest.mark.slow
@once
def test_leader_that_dies_during_a_rollout(managers):
    leader, other, _third = managers.hosts
    done(managers.deploy(**_STEPS))
    managers.manager = other
    with meanwhile(lambda: managers.released("RELEASE=2"), leader.kill):
        done(managers.deploy(**_STEPS, env={"RELEASE": "2"}))
    assert {task["Slot"] for task in managers.released("RELEASE=2")} == {1, 2}


@pytest.mark.slow
@once
def test_engine_that_restarts_during_the_wait(mortal):
    """The very one that the task talks to, which is the only manager."""
    done(mortal.deploy(**_STEPS))
    with meanwhile(lambda: mortal.released("RELEASE=2"), mortal.manager.restart):
        result = done(mortal.deploy(**_STEPS, env={"RELEASE": "2"}))
    assert {task["Slot"] for task in mortal.released("RELEASE=2")} == {1, 2}
    assert any("docker.sock" in line for line in result["progress"])


@pytest.mark.slow
@once
def test_engine_that_does_not_come_back_during_the_wait(mortal):
    done(mortal.deploy(**_STEPS))
    coming = ("preparing", "starting", "running")
    with meanwhile(lambda: mortal.released("RELEASE=2", *coming), mortal.manager.kill):
        message = fails(mortal.deploy(**_STEPS, env={"RELEASE": "2"}, wait_timeout=4))
    assert "not done after 4 seconds (wait_timeout)" in message and "docker.sock" in message
