# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What users of other tools had trouble with, tried on real engines: each test has the name of the trouble."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
import yaml
from ansible_collections.hive.swarm.plugins.module_utils._engine.client import Engine
from ansible_collections.hive.swarm.plugins.module_utils._lab import Lab
from ansible_collections.hive.swarm.plugins.modules import swarm_service
from ansible_collections.hive.swarm.tests.integration.lab.support import post
from ansible_collections.hive.swarm.tests.support.harness import on
from ansible_collections.hive.swarm.tests.support.lifecycles import service_promises as promises
from ansible_collections.hive.swarm.tests.support.lifecycles.audit import audited_service, foretold
from ansible_collections.hive.swarm.tests.support.lifecycles.real import (
    GENERATIONS,
    IMAGE,
    CalmWorld,
    RealHost,
    Refusal,
    make_swarm,
    reset_all,
    shared,
)
from ansible_collections.hive.swarm.tests.support.lifecycles.service_promises import (
    BUSY,
    DIGEST,
    MODULE,
    NAME,
    QUIET,
    change,
    raw,
    step,
)
from ansible_collections.hive.swarm.tests.support.steps import Step, run_steps

# For tests that one generation of engines is enough for.
ONE = pytest.mark.parametrize("real_lab", ["28.5"], indirect=True, scope="session")


@pytest.fixture(scope="module")
def manager(real_lab):
    """A manager with one worker, and two of everything that a service can refer to."""
    reset_all(real_lab)
    make_swarm(real_lab[:2])
    host = real_lab[0]
    for name in ("one", "two"):
        for kind in ("secrets", "configs"):
            make_file(host, kind, name)
        host.do("POST", "/networks/create", {"Name": name, "Driver": "overlay"})
    return host


def make_file(host, kind, name):
    data = base64.b64encode(name.encode()).decode()
    return host.do("POST", f"/{kind}/create", {"Name": name, "Data": data})["ID"]


@pytest.fixture
def run(manager):
    """A runner, and no service left behind by it."""
    yield on(manager)
    for service in manager.do("GET", "/services"):
        manager.do("DELETE", f"/services/{service['ID']}")


@pytest.fixture
def life(manager, run):
    """Play a life of the service: all steps predicted, done and repeated, and what a diff names is what moved."""

    def play(steps, audited=True):
        world = CalmWorld([manager.socket])
        return run_steps(steps, audited_service(manager, NAME, foretold(run, "service")) if audited else run, world)

    return play


def done(result):
    assert not result["failed"], result["msg"]
    return result


def spec_of(host):
    return host.do("GET", f"/services/{NAME}")["Spec"]


# -- what is asked for lands, once ------------------------------------------------------------------------------------


def _titled(value):
    return str(value)


def landed(host, promise):
    spec = spec_of(host)
    assert {path: raw(spec, path) for path in promise.lands} == promise.lands


PROMISES = [*shared(promises.PROMISES), *(("28.5", promise) for promise in promises.NEWER_PROMISES)]


@pytest.mark.parametrize(("real_lab", "promise"), PROMISES, ids=_titled, indirect=["real_lab"], scope="session")
def test_promise(manager, run, life, promise):
    life([Step(MODULE, {**QUIET, **promise.options}, name="new")], audited=False)
    landed(manager, promise)
    done(run(MODULE, {"name": NAME, "state": "absent"}))
    done(run(MODULE, QUIET))
    bare = spec_of(manager)
    moves = any(raw(bare, path) != value for path, value in promise.lands.items())
    life([Step(MODULE, change(**promise.options), changed=moves, name="there already")])
    landed(manager, promise)


# -- what is not named stays, and what is named can go -------------------------------------------------------------------


@pytest.mark.parametrize(("real_lab", "name"), shared(promises.LIVES), indirect=["real_lab"], scope="session")
def test_life(run, life, name):
    done(run(MODULE, promises.FULL))
    life(promises.LIVES[name])


def test_a_service_in_the_host_network_is_changed_on_every_run(manager, life):
    life([Step(MODULE, {**QUIET, "networks": ["host"]})], audited=False)
    host = manager.do("GET", "/networks/host?scope=swarm")["Id"]
    assert raw(spec_of(manager), "TaskTemplate.Networks") == [{"Target": host}]


def test_create_and_remove_have_no_diff_and_return_the_request(manager, life):
    created, removed = life(
        [
            Step(MODULE, {**QUIET, "env": {"A": "1"}, "secrets": [{"secret_name": "one"}]}),
            Step(MODULE, {"name": NAME, "state": "absent"}),
        ],
        audited=False,
    )
    assert created["diff"]["before"] == {}
    assert {"image", "replicas", "env", "secrets"} <= set(created["diff"]["after"])
    assert removed["diff"]["after"] == {}
    assert {"image", "replicas", "env", "secrets"} <= set(removed["diff"]["before"])
    service = created["service"]
    assert service["secrets"][0]["secret_id"] == manager.do("GET", "/secrets/one")["ID"]
    assert len(service["id"]) == 25
    assert service["restart_config"]["condition"] == "any"  # what it is, though nobody asked for it
    assert removed["service"] == {}


@ONE
def test_scaling_takes_the_digest_away_and_starts_all_tasks_anew(manager, run, life):
    """What `docker service update --force --image` leaves behind: a pinned image and a count."""
    done(run(MODULE, {**QUIET, "image": IMAGE + DIGEST}))
    service = manager.do("GET", f"/services/{NAME}")
    spec, version = service["Spec"], service["Version"]["Index"]
    spec["TaskTemplate"]["ForceUpdate"] = 3
    manager.do("POST", f"/services/{service['ID']}/update?version={version}", spec)
    life([Step(MODULE, change(image=IMAGE, replicas=2, resolve_image="changed"), diff={"replicas"})])
    assert raw(spec_of(manager), "TaskTemplate.ContainerSpec.Image") == IMAGE + DIGEST
    assert raw(spec_of(manager), "TaskTemplate.ForceUpdate") == 3


# -- another mode -----------------------------------------------------------------------------------------------------


def test_from_global_to_replicated_the_service_is_deleted_and_the_task_fails(manager, run, life):
    nowhere = {"placement": {"constraints": ["node.hostname==none"]}}
    done(
        run(
            MODULE, {"name": NAME, "image": IMAGE, "resolve_image": "never", "mode": "global", **nowhere, "wait": False}
        )
    )
    before = manager.do("GET", f"/services/{NAME}")["ID"]
    life(
        [
            step({"mode": "replicated"}, failure={"kind": "refused", "option": "mode"}),
            step({"mode": "replicated", "networks": ["one"]}, failure={"kind": "refused", "option": "mode"}),
            step({"mode": "global", "replicas": 3}, failure={"kind": "bad_input", "option": "replicas"}),
        ]
    )
    assert manager.do("GET", f"/services/{NAME}")["ID"] == before
    life([step({"mode": "replicated", "networks": ["one"], "recreate": True}, diff={"mode", "replicas", "networks"})])
    assert spec_of(manager)["Mode"] == {"Replicated": {"Replicas": 1}}


@pytest.mark.parametrize(
    ("real_lab", "other"),
    shared([{"env": {"A": "{{.Nothing}}"}}, {"publish": [{"target_port": 80, "published_port": 18081}]}]),
    ids=["a template", "a port that is taken"],
    indirect=["real_lab"],
    scope="session",
)
def test_a_service_stays_when_another_cannot_be_made_of_it(manager, run, other):
    done(run(MODULE, {**QUIET, "name": "holder", "publish": [{"target_port": 80, "published_port": 18081}]}))
    old = done(run(MODULE, {**QUIET, "labels": {"a": "1"}}))["service"]["id"]
    before = spec_of(manager)
    failed = run(MODULE, {"name": NAME, "wait": False, "mode": "global-job", "recreate": True, **other})
    assert failed["failed"]
    assert spec_of(manager) == before
    assert len(manager.do("GET", "/services")) == 2
    assert manager.do("GET", f"/services/{NAME}")["ID"] == old


# -- secrets in the environment ---------------------------------------------------------------------------------------


def test_values_of_env_are_shown(life):
    created, changed, *_others = life(promises.HIDDEN_LIFE, audited=False)
    assert created["service"]["env"] == {"PASSWORD": "(hidden)", "STAGE": "(hidden)"}
    assert changed["diff"]["before"] == {"env": {"PASSWORD": "(hidden)"}}
    assert changed["diff"]["after"] == {"env": {"PASSWORD": "(hidden, another one)"}}


@ONE
def test_values_of_env_files_are_shown(manager, life, tmp_path):
    (tmp_path / "env").write_text(f"PASSWORD={promises.HIDDEN[0]}\n")
    options = {**QUIET, "hide_env": True, "env_files": [str(tmp_path / "env")]}
    life([Step(MODULE, options, hidden=promises.HIDDEN)], audited=False)
    assert raw(spec_of(manager), "TaskTemplate.ContainerSpec.Env") == [f"PASSWORD={promises.HIDDEN[0]}"]


# -- conflicts --------------------------------------------------------------------------------------------------------


def test_a_lost_race_with_networks_as_dictionaries_fails(manager, run, monkeypatch):
    done(run(MODULE, {**QUIET, "labels": {"ours": "1"}}))
    post, raced = Engine.post, []

    def post_late(engine, path, *args, **options):
        """Somebody else writes first, once."""
        if path.endswith("/update") and not raced:
            service = manager.do("GET", f"/services/{NAME}")
            raced.append(service["ID"])
            labels = {**service["Spec"]["Labels"], "theirs": "2"}
            theirs = f"/services/{service['ID']}/update?version={service['Version']['Index']}"
            manager.do("POST", theirs, {**service["Spec"], "Labels": labels})
        return post(engine, path, *args, **options)

    monkeypatch.setattr(Engine, "post", post_late)
    networks = [{"name": "one", "aliases": ["a"]}, {"name": "two"}]
    result = done(run(MODULE, change(networks=networks, labels={"mine": "3"}, labels_state="merge")))
    assert raced
    assert result["changed"]
    assert spec_of(manager)["Labels"] == {"ours": "1", "theirs": "2", "mine": "3"}
    assert len(raw(spec_of(manager), "TaskTemplate.Networks")) == 2


_WRITER = """
import json, sys
from ansible_collections.hive.swarm.tests.support.harness import run_module
docker_host, name, number = sys.argv[1:]
own = {"docker_host": docker_host, "name": name, "wait": False, "labels_state": "merge", "env_state": "merge"}
for turn in range(3):
    key = f"W{number}_{turn}"
    result = run_module("swarm_service", {**own, "labels": {key: number}, "env": {key: number}})
    if result["failed"] or not result["changed"]:
        break
print(json.dumps(result))
"""


@ONE
def test_eight_parallel_runs_lose_updates(manager, run):
    done(run(MODULE, QUIET))
    command = [sys.executable, "-c", _WRITER, manager.docker_host, NAME]
    writers = [subprocess.Popen([*command, str(number)], stdout=subprocess.PIPE, text=True) for number in range(8)]
    for writer in writers:
        assert done(json.loads(writer.communicate(timeout=300)[0]))["changed"]
    wanted = {f"W{number}_{turn}": str(number) for number in range(8) for turn in range(3)}
    service = done(run(MODULE, change()))["service"]
    assert service["labels"] == wanted
    assert service["env"] == wanted


# -- false success ----------------------------------------------------------------------------------------------------


def failure_of(result):
    assert result["failed"], result
    return result["failure"]


@pytest.mark.parametrize(
    ("real_lab", "broken"),
    shared(["an image that is not there", "a command that ends"]),
    indirect=["real_lab"],
    scope="session",
)
def test_a_service_that_does_not_run_is_reported_as_deployed(run, broken):
    options = (
        {"image": "lab/nosuch:1"} if "image" in broken else {"args": ["sh", "-c", "echo the disk is full; exit 3"]}
    )
    failure = failure_of(run(MODULE, {**BUSY, **options}))
    assert failure["kind"] == "not_converged"
    task = failure["tasks"][0]
    if "image" in broken:
        assert "No such image: lab/nosuch:1" in failure["message"]
        assert task["state"] == "rejected"
    else:
        assert "the disk is full" in failure["message"]
        assert (task["state"], task["exit_code"]) == ("failed", 3)


@ONE
def test_a_release_that_was_rolled_back_is_shipped_again_and_again(manager, run):
    done(run(MODULE, BUSY))
    broken = {
        **BUSY,
        "args": ["sh", "-c", "echo no such table; exit 3"],
        "update_config": {**promises.QUICK, "failure_action": "rollback"},
    }
    failure = failure_of(run(MODULE, broken))
    assert "no such table" in failure["message"]
    assert "rolled back" in failure["message"]
    assert raw(spec_of(manager), "TaskTemplate.ContainerSpec.Args") == BUSY["args"]
    there = manager.do("GET", f"/services/{NAME}")["Version"]
    for check in (True, False):
        again = run(MODULE, broken, check=check)
        assert "was rolled back from this release" in again["msg"]
    assert manager.do("GET", f"/services/{NAME}")["Version"] == there
    assert done(run(MODULE, {**broken, "retry_rolled_back": True}, check=True))["changed"]
    assert done(run(MODULE, change(replicas=1, wait=True)))["changed"]


@ONE
def test_a_removed_service_still_runs(real_lab, run):
    slow = ["sh", "-c", "trap 'sleep 1; exit 0' TERM; sleep 1000 & wait"]
    label = {"container_labels": {"watched": "1"}}
    done(run(MODULE, {**BUSY, **label, "args": slow, "stop_signal": "SIGTERM"}))

    def containers():
        path = "/containers/json?filters=" + quote('{"label": ["watched"]}')
        return sum(len(host.do("GET", path)) for host in real_lab[:2])

    assert containers() == 2
    done(run(MODULE, {"name": NAME, "state": "absent"}))
    assert containers() == 0


@ONE
def test_the_wait_never_ends_for_a_service_that_finishes(run):
    done(run(MODULE, {**BUSY, "args": ["true"], "restart_config": {"condition": "none"}}))


JOBS = {
    "replicated-job": {"replicas": 3, "max_concurrent": 2},
    "global-job": {},
}


@pytest.mark.parametrize(("real_lab", "mode"), shared(JOBS), indirect=["real_lab"], scope="session")
def test_there_are_no_such_jobs(manager, run, mode):
    job = {"name": NAME, "image": IMAGE, "resolve_image": "never", "args": ["true"], "mode": mode, **JOBS[mode]}
    result = done(run(MODULE, {**job, "restart_config": {"condition": "none"}, "wait_timeout": 60}))
    assert result["changed"]
    states = [task["Status"]["State"] for task in tasks_of(manager)]
    assert states == ["complete"] * (3 if mode == "replicated-job" else 2)
    assert not done(run(MODULE, job))["changed"]


# -- nothing restarts that need not -----------------------------------------------------------------------------------


def tasks_of(host, name=NAME, **filters):
    return host.do("GET", f"/tasks?filters={quote(json.dumps({'service': [name], **filters}))}")


def running(host, name=NAME):
    """IDs of the tasks that run; they must be those that match the spec in the engine's own opinion."""
    wanted = {"desired-state": ["running"]}
    tasks = {task["ID"] for task in tasks_of(host, name, **wanted)}
    assert tasks == {task["ID"] for task in tasks_of(host, name, **wanted, **{"_up-to-date": ["true"]})}
    return tasks


@pytest.fixture(scope="module")
def crowd(manager):
    """A running service with two of everything: a runner for changes of it, and its tasks."""
    run = on(manager, name="crowd")
    done(run(MODULE, promises.CROWD))
    yield run, running(manager, "crowd")
    done(run(MODULE, {"state": "absent"}))


@pytest.mark.parametrize("gentle", promises.GENTLE, ids=str)
def test_tasks_go_on(manager, crowd, gentle):
    run, tasks = crowd
    result = done(run(MODULE, gentle.options))
    assert result["changed"] is gentle.changed, result["diff"]
    assert len(tasks) == 2
    assert running(manager, "crowd") == tasks


def test_tasks_go_on_when_others_join_them(manager, crowd):
    run, tasks = crowd
    assert done(run(MODULE, {"replicas": 3}))["changed"]
    assert len(running(manager, "crowd")) == 3
    assert tasks < running(manager, "crowd")


def test_tasks_are_replaced_by_what_they_have_to_be_replaced_by(manager, crowd):
    run, _tasks = crowd
    before = running(manager, "crowd")
    assert done(run(MODULE, {"env": {"A": "2"}, "update_config": {**promises.QUICK, "delay": "0s"}}))["changed"]
    assert len(running(manager, "crowd")) == len(before)
    assert not running(manager, "crowd") & before


@pytest.fixture
def registry_host(request):
    """An engine in a swarm, beside a registry that wants a login; it has to pull what its tasks need."""
    login = {"username": "robin", "password": "open-sesame"}
    pulling = {"DOCKER_SERVICE_PREFER_OFFLINE_IMAGE": "0"}
    engines = [{"name": "n1", "binaries": GENERATIONS["20.10"], "env": pulling}]
    lab = Lab(f"tru2-{os.getpid()}", engines=engines, registry=login, images=[IMAGE])
    try:
        lab.up()
        host = RealHost(lab.engines[0])
        make_swarm([host])
        yield host, login
    finally:
        lab.down()


def test_images_of_private_registries_are_neither_pulled_nor_pinned(registry_host):
    host, login = registry_host
    image = "registry:5000/closed:1"
    post(host, f"/images/{IMAGE}/tag?repo=registry:5000/closed&tag=1")
    auth = base64.b64encode(json.dumps(login).encode()).decode()
    post(host, "/images/registry:5000/closed/push?tag=1", headers={"X-Registry-Auth": auth})
    host.do("DELETE", f"/images/{image}")
    run = on(host)
    made = run(MODULE, {**BUSY, "image": image, "resolve_image": "changed", "registry_auth": login})
    assert "@sha256:" in done(made)["service"]["image"]
    assert login["password"] not in json.dumps(made)
    tasks = running(host)
    scaled = done(run(MODULE, {"name": NAME, "image": image, "replicas": 3}))
    assert set(scaled["diff"]["after"]) == {"replicas"}
    assert "@sha256:" in scaled["service"]["image"]
    assert tasks < running(host)


# -- rotation ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("real_lab", "kind"), shared(["secret", "config"]), indirect=["real_lab"], scope="session")
def test_what_is_in_use_cannot_be_replaced(manager, run, kind):
    option = f"{kind}s"
    old, target = make_file(manager, option, "key_v1"), f"/{kind}s/key_v1"
    refers = {f"{kind}_name": "key_v1", "filename": "/run/key" if kind == "config" else "key"}
    done(run(MODULE, {**BUSY, "replicas": 1, option: [refers]}))
    with pytest.raises(Refusal):
        manager.do("DELETE", target)
    tasks = running(manager)
    make_file(manager, option, "key_v2")
    rotated = change(wait=True, **{option: [{**refers, f"{kind}_name": "key_v2"}]})
    predicted = run(MODULE, rotated, check=True)
    result = done(run(MODULE, rotated))
    assert predicted["diff"] == result["diff"]
    assert set(result["diff"]["after"]) == {option}
    assert result["service"][option][0][f"{kind}_id"] != old
    manager.do("DELETE", target)
    assert not running(manager) & tasks
    assert len(tasks_of(manager)) == 2  # it was started once more
    assert not done(run(MODULE, rotated))["changed"]
    done(run(MODULE, {"name": NAME, "state": "absent"}))
    manager.do("DELETE", f"/{kind}s/key_v2")


# -- as users run it --------------------------------------------------------------------------------------------------

_PLAY = """
- hosts: all
  gather_facts: false
  module_defaults:
    group/hive.swarm.swarm:
      docker_host: "{{ docker_host }}"
  tasks:
    - hive.swarm.swarm_service:
        name: promise
        image: lab/busybox:1
        resolve_image: never
        args: [sleep, "1000"]
        stop_signal: SIGKILL
        update_config: {monitor: 500ms}
        env: {STAGE: production, PASSWORD: hunter2}
        hide_env: true
"""


def ansible_playbook(folder, host, *options):
    """What a playbook run says."""
    (folder / "play.yml").write_text(_PLAY)
    (folder / "hosts.yml").write_text(
        json.dumps({"all": {"hosts": {"n1": {"ansible_connection": "local", "docker_host": host.docker_host}}}})
    )
    program = str(Path(sys.executable).with_name("ansible-playbook"))
    env = {key: value for key, value in os.environ.items() if not key.startswith("ANSIBLE_")}
    env |= {"ANSIBLE_NOCOLOR": "1", "ANSIBLE_PYTHON_INTERPRETER": sys.executable}
    env["ANSIBLE_COLLECTIONS_PATH"] = str(folder)  # what is installed at home would come before the checkout
    command = [program, "-i", "hosts.yml", "play.yml", *options]
    run = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=300, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout + run.stderr


@ONE
def test_a_play(manager, run, tmp_path):
    foretold_words = ansible_playbook(tmp_path, manager, "--check", "--diff")
    assert "changed=1" in foretold_words
    assert '+    "image": "lab/busybox:1"' in foretold_words
    assert manager.do("GET", "/services") == []
    words = ansible_playbook(tmp_path, manager, "--diff", "-v")
    assert "changed=1" in words
    assert "s: done" in words
    again = ansible_playbook(tmp_path, manager, "-vvv")
    assert "changed=0" in again
    for said in (foretold_words, words, again):
        assert "hunter2" not in said


# Stand-ins for what the examples name: what the engines have, and times that tests have.
_STAND_INS = {
    "busybox:1.36": "lab/busybox:1",
    "busybox:1.37": "lab/busybox:2",
    "registry.example.com/team/app:2.0": "lab/busybox:1",
    "{{ registry_password }}": "open-sesame",
    "10s": "500ms",
    "5s": "300ms",
    "2s": "100ms",
}


def _stood_in(value):
    if isinstance(value, dict):
        return {key: _stood_in(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_stood_in(item) for item in value]
    return _STAND_INS.get(value, value) if isinstance(value, str) else value


def _example(task):
    options = _stood_in(task["hive.swarm.swarm_service"])
    if "image" not in options:
        return {"wait": options.get("state") == "absent", **options}
    quick = {"monitor": "500ms", "parallelism": 0}
    if not options.get("mode", "").endswith("job"):
        options["update_config"] = {**options.get("update_config", {}), **quick}
        options["rollback_config"] = quick
    return {"resolve_image": "never", "stop_signal": "SIGKILL", **options}


@ONE
def test_the_examples_do_not_run(real_lab, manager, run):
    for host in real_lab[:2]:
        post(host, f"/images/{IMAGE}/tag?repo=lab/busybox&tag=2")
    for name in ("frontend", "backend"):
        manager.do("POST", "/networks/create", {"Name": name, "Driver": "overlay"})
    make_file(manager, "secrets", "proxy_key_v2")
    make_file(manager, "configs", "proxy_conf_v5")
    for task in yaml.safe_load(swarm_service.EXAMPLES):
        options = _example(task)
        foreseen, came = (done(run(MODULE, options, check=check)) for check in (True, False))
        assert (foreseen["changed"], foreseen["diff"]) == (came["changed"], came["diff"]), task["name"]
        repeats = not options.get("force_update")
        assert done(run(MODULE, options))["changed"] is not repeats, task["name"]
