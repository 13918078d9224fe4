# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Is the rollout done, on its way, or has it failed? Judged on films of real engines, and on what films do not show."""

from __future__ import annotations

import re

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._core.reconcile import CONVERGED, FAILED, WAITING
from ansible_collections.hive.swarm.plugins.module_utils._service.wait import gone
from ansible_collections.hive.swarm.tests.unit.service.builders import LONG_AGO, Stage, node, service, task
from ansible_collections.hive.swarm.tests.unit.service.films import GENERATIONS, Film

_CRASH = r"non-zero exit \(3\)"
_NO_IMAGE = r"rejected.*No such image: nosuch:1"
# What was filmed: how it ends, what the verdict says, and between which seconds it is known.
OUTCOMES = {
    "create": (CONVERGED.state, "", 5, 8),
    "create-zero": (CONVERGED.state, "", 0, 0),
    "create-global": (CONVERGED.state, "", 5, 8),
    "create-on-workers": (CONVERGED.state, "", 5, 8),
    "create-nowhere": (CONVERGED.state, "", 0, 0),
    "create-other-platform": (WAITING, "unsupported platform on 3 nodes|unsupported platform on 1 node", 60, 61),
    "create-rejected": (FAILED, f"^web.1, web.2 {_NO_IMAGE}", 5, 8),
    "create-crashing": (FAILED, rf"^web.1 failed 3 times \(.*\): task: {_CRASH}$", 12, 16),
    "create-crashing-once-more": (FAILED, rf"^web.1 failed 2 times \(.*\): task: {_CRASH}$", 2, 5),
    "create-crashing-never-again": (FAILED, rf"^web.1 failed \(\w+-n\d\): task: {_CRASH}$", 0.5, 3),
    "create-done": (CONVERGED.state, "", 1, 4),
    "create-done-none": (CONVERGED.state, "", 1, 4),
    "create-unhealthy": (FAILED, r"^web.1 ended 3 times .*unhealthy", 15, 22),
    "create-unhealthy-killed": (FAILED, r"^web.1 failed 3 times .*unhealthy", 15, 26),
    "create-unschedulable": (
        WAITING,
        r"^0 of 1 tasks run; web.1 is pending: no suitable node \(scheduling con",
        60,
        61,
    ),
    "create-host-port-taken": (WAITING, r"3 of 4 tasks run; web.\d is pending: .*port already in use on 3 n", 60, 61),
    "create-port-in-use": (FAILED, "^web.1 failed 3 times .*port is already allocated", 10, 14),
    "update": (CONVERGED.state, "", 8, 11),
    "update-global": (CONVERGED.state, "", 6, 9),
    "update-start-first": (CONVERGED.state, "", 5, 8),
    "update-paused-node": (CONVERGED.state, "", 3, 8),
    "update-unschedulable": (WAITING, "still to be updated|no suitable node", 60, 61),
    "update-label": (CONVERGED.state, "", 0, 0),
    "update-label-after-pause": (FAILED, f"^update paused due to failure .*{_NO_IMAGE}", 0.1, 3),
    "update-policy": (CONVERGED.state, "", 0, 0),
    "scale-up": (CONVERGED.state, "", 5, 8),
    "scale-down": (CONVERGED.state, "", 4, 8),
    "update-paused": (FAILED, f"^update paused due to failure .*{_NO_IMAGE}", 0.1, 2),
    "update-crashing-paused": (FAILED, f"^update paused due to failure .*{_CRASH}", 2, 6),
    "update-rolled-back": (FAILED, f"^update rolled back due to failure .*web.. failed.*{_CRASH}", 8, 14),
    "update-continues": (FAILED, f"failed . times .*{_CRASH}", 12, 18),
    "rollback": (FAILED, "manually requested rollback", 5, 9),
    "job": (CONVERGED.state, "", 2, 5),
    "job-again": (CONVERGED.state, "", 1, 4),
    "job-failing": (FAILED, f"^web failed .*{_CRASH}", 0.5, 3),
    "job-failing-twice": (FAILED, f"^web failed 2 times .*{_CRASH}", 2, 5),
    "job-global": (CONVERGED.state, "", 1, 4),
    "update-power-cut": (WAITING, r"still to be updated; .*web.\d on \w+-n3 is \w+, but \w+-n3 is down", 60, 61),
}


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize("name", OUTCOMES)
def test_what_was_filmed(name, generation):
    state, why, earliest, latest = OUTCOMES[name]
    verdict, at, _progress = Film(generation, name).play()
    assert verdict.state == state, verdict
    assert re.search(why, verdict.why), verdict.why
    assert earliest <= at <= latest


@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_rollback_that_the_task_asked_for_is_no_failure(generation):
    verdict, at, _progress = Film(generation, "rollback").play(rolling_back=True)
    assert verdict == CONVERGED and 5 <= at <= 9


@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_run_that_finds_the_engine_rolling_back_waits_for_it(generation):
    verdict, at, _progress = Film(generation, "update-rolled-back").play(since=None)
    assert verdict == CONVERGED and 8 <= at <= 14


@pytest.mark.parametrize("generation", GENERATIONS)
def test_the_error_of_a_rolled_back_update_is_found_though_nobody_looked_while_it_failed(generation):
    verdict, _at, progress = Film(generation, "update-rolled-back", pace=11.0).play()
    assert verdict.state == FAILED and re.search(_CRASH, verdict.why)
    assert {entry["exit_code"] for entry in progress.failing} == {3}


@pytest.mark.parametrize("generation", GENERATIONS)
def test_the_failing_tasks_come_with_their_errors_and_logs(generation):
    _verdict, _at, progress = Film(generation, "create-crashing").play()
    newest = progress.failing[0]
    assert newest["name"] == "web.1" and newest["node"].endswith(("-n1", "-n2", "-n3"))
    assert newest["error"] == "task: non-zero exit (3)" and newest["exit_code"] == 3
    assert newest["log"] == ["cannot reach the database"]
    assert sum(entry["count"] for entry in progress.failing) == 3


@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_task_that_finds_no_node_is_among_the_failing_ones(generation):
    _verdict, _at, progress = Film(generation, "create-unschedulable").play(patience=3)
    assert [entry["error"] for entry in progress.failing] == [
        "no suitable node (scheduling constraints not satisfied on 3 nodes)"
    ]


@pytest.mark.parametrize("generation", GENERATIONS)
def test_the_timeline_has_one_line_per_change(generation):
    _verdict, _at, progress = Film(generation, "update").play()
    lines = [line.partition(" s: ") for line in progress.timeline]
    assert [text for _at, _mid, text in lines][-2:] == ["all of 2 tasks run; the engine is still watching them", "done"]
    assert all(re.fullmatch(r"\d+\.\d", at) for at, _mid, _text in lines)
    assert all(one[2] != other[2] for one, other in zip(lines, lines[1:]))


@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_removed_service_is_gone_when_its_tasks_have_stopped(generation):
    film = Film(generation, "remove")
    verdict = gone(film, film.service_id, "web")
    assert verdict.state == WAITING and re.match(r"2 tasks are still to stop: web.\d on ", verdict.why)
    while gone(film, film.service_id).state == WAITING:
        film.sleep(0.5)
    assert 4 <= film.now() <= 7


# What no film shows


def test_a_run_that_writes_nothing_fails_when_an_earlier_update_is_paused():
    paused = service(UpdateStatus={"State": "paused", "StartedAt": LONG_AGO, "Message": "update paused due to X"})
    verdict = Stage().progress().check_convergence(paused)
    assert verdict.state == FAILED and verdict.why == "update paused due to X"


def test_a_paused_update_of_which_every_task_runs_is_over():
    """F1, K4: the error passed and the engine's restart worked; the state stays paused until the next update."""
    paused = service(UpdateStatus={"State": "paused", "StartedAt": LONG_AGO, "Message": "update paused due to X"})
    both = [task(2, slot=1), task(3, slot=2)]
    stage = Stage(*both)
    progress = stage.progress()
    assert progress.check_convergence(paused).why.startswith("all of 2 tasks run; watching")
    stage.time += 6
    assert progress.check_convergence(paused) == CONVERGED
    assert Stage(both[0]).progress().check_convergence(paused).state == FAILED
    assert Stage(*both).progress(since=20).check_convergence(paused).state == FAILED
    rolled_back = service(UpdateStatus={"State": "rollback_paused", "StartedAt": LONG_AGO, "Message": "X"})
    assert Stage(*both).progress().check_convergence(rolled_back).state == FAILED


def test_a_paused_update_whose_task_has_just_failed_is_watched():
    paused = service(1, UpdateStatus={"State": "paused", "StartedAt": LONG_AGO, "Message": "update paused due to X"})
    stage = Stage(task(2, state="failed", desired="shutdown", error="boom"), task(3))
    progress = stage.progress()
    assert progress.check_convergence(paused).state == WAITING
    stage.tasks += [task(4, state="failed", desired="shutdown", error="boom"), task(5, state="preparing")]
    stage.tasks.pop(1)
    assert progress.check_convergence(paused).state == FAILED


def test_failures_of_last_week_are_no_crash_loop_today():
    old = [task(n, state="failed", desired="shutdown", error="boom") for n in range(1, 5)]
    stage = Stage(*old, task(9, state="preparing"))
    progress = stage.progress()
    assert progress.check_convergence(service(1)).state == WAITING
    stage.tasks += [task(n, state="failed", desired="shutdown", error="boom") for n in (6, 7)]
    assert progress.check_convergence(service(1)).why.endswith("web.1 on host-n1 is preparing (last time: boom)")
    stage.tasks += [task(8, state="failed", desired="shutdown", error="boom")]
    assert progress.check_convergence(service(1)).why.startswith("web.1 failed 7 times (host-n1): boom")


def test_a_slot_that_was_given_up_gets_the_moment_that_the_engine_needs_to_revive_it():
    """swarmkit: a write makes new tasks for slots that have none, but a look may be faster."""
    stage = Stage(task(1, state="failed", desired="shutdown", error="boom", created=LONG_AGO))
    assert stage.progress().check_convergence(service(1)).state == FAILED
    progress = stage.progress(since=10)
    assert progress.check_convergence(service(1)).state == WAITING
    stage.time += 2.5
    assert progress.check_convergence(service(1)).state == FAILED


def test_a_slot_with_an_older_task_on_its_way_is_not_given_up():
    failing = task(2, state="failed", desired="shutdown", error="boom")
    stage = Stage(task(1, state="starting"), failing)
    assert stage.progress().check_convergence(service(1)).state == WAITING


def test_a_running_task_that_the_engine_wants_to_stop_does_not_count():
    stage = Stage(task(1, desired="shutdown", created=LONG_AGO))
    assert stage.progress(since=10).check_convergence(service(1)).why == "0 of 1 tasks run; 1 not begun"


def test_dead_tasks_of_a_slot_that_is_no_longer_wanted_do_not_matter():
    dead = task(1, slot=2, state="failed", desired="shutdown", error="boom", created=LONG_AGO)
    stage = Stage(task(2, created=LONG_AGO), dead)
    assert stage.progress(since=10).check_convergence(service(1)) == CONVERGED


def test_more_tasks_than_wanted_are_not_done_yet():
    """Right after the write, before the engine has begun to scale down."""
    stage = Stage(*(task(n, slot=n, created=LONG_AGO) for n in (1, 2, 3)))
    assert stage.progress(since=10).check_convergence(service(1)).why == "3 of 1 tasks run; 2 too many"


def test_a_task_too_many_that_is_still_on_its_way_is_waited_for():
    stage = Stage(task(1, created=LONG_AGO), task(2, slot=2, state="preparing"))
    assert stage.progress(since=10).check_convergence(service(1)).state == WAITING


def test_the_tasks_of_a_new_service_are_new_though_the_engine_has_touched_it_after_them():
    """It does when it has given it a virtual address."""
    new = service(1, UpdatedAt="2026-01-02T00:30:00Z", CreatedAt="2026-01-02T00:01:00Z", PreviousSpec=None)
    assert Stage(task(1)).progress(since=0).check_convergence(new).state == WAITING


def test_a_rollback_is_not_blamed_on_the_release_that_comes_back():
    status = {"State": "updating", "StartedAt": "2026-01-02T00:01:00Z", "Message": "update in progress"}
    stage = Stage()
    progress = stage.progress(since=10)
    progress.check_convergence(service(1, UpdateStatus=status))
    stage.tasks = [task(2, state="failed", desired="shutdown", error="the new error")]
    progress.check_convergence(service(1, UpdateStatus=status))
    old = task(1, state="failed", desired="shutdown", error="an old error", created=LONG_AGO)
    stage.tasks = [old, task(3, state="starting")]
    back = {**status, "State": "rollback_started", "Message": "update rolled back"}
    assert (
        progress.check_convergence(service(1, UpdateStatus=back)).why
        == "update rolled back: web.1 failed (host-n1): the new error"
    )


def test_a_task_on_a_dead_node_does_not_count_and_the_reason_says_so():
    stage = Stage(task(1, created=LONG_AGO), nodes=(node("n1", state="down"), node("n2")))
    verdict = stage.progress(since=10).check_convergence(service(1))
    assert verdict.state == WAITING
    assert verdict.why == "0 of 1 tasks run; web.1 on host-n1 is running, but host-n1 is down"


def test_a_task_that_finds_no_place_beside_the_one_that_it_replaces_is_the_reason():
    """An update with order start-first and a port of the host, where each node has a task already."""
    pending = task(2, state="pending", node="", error="no suitable node (host-mode port already in use on 1 node)")
    progress = Stage(task(1), pending).progress(since=10)
    verdict = progress.check_convergence(service(1, UpdateStatus={"State": "updating", "StartedAt": LONG_AGO}))
    assert verdict.state == WAITING
    assert verdict.why.endswith("; web.1 is pending: no suitable node (host-mode port already in use on 1 node)")
    assert [entry["state"] for entry in progress.failing] == ["pending"]


def test_a_replaced_task_on_a_dead_node_is_not_waited_for():
    dead = task(1, desired="shutdown", node="n2", created=LONG_AGO)
    stage = Stage(task(2, created=LONG_AGO), nodes=(node("n1"), node("n2", state="down")), old=(dead,))
    assert stage.progress(since=10).check_convergence(service(1)) == CONVERGED


def test_a_new_task_starts_the_watch_again():
    stage, asked = Stage(task(1)), service(1, UpdateConfig={"Monitor": 3 * 10**9})
    progress = stage.progress(since=10)
    assert progress.check_convergence(asked).why == "all of 1 tasks run; watching the new ones for 3 s"
    stage.time += 2
    stage.tasks = [task(1, state="failed", desired="shutdown"), task(2)]
    assert progress.check_convergence(asked).state == WAITING
    stage.time += 2
    assert progress.check_convergence(asked).state == WAITING
    stage.time += 1.5
    assert progress.check_convergence(asked) == CONVERGED


def _restarted(stage, at="2026-01-02T00:20:00Z"):
    """A slot whose last task failed, and whose present one has been running since ``at``."""
    running = task(1, created=LONG_AGO)
    running["Status"]["Timestamp"] = at
    stage.tasks = [running, task(2, state="failed", desired="shutdown", created="2025-12-31T23:00:00Z")]
    return stage


@pytest.mark.parametrize("since", [None, 10])
def test_k4_a_task_that_took_the_place_of_a_failed_one_has_to_last_too(since):
    """K4: an unchanged task, or one that changes a label alone, used to take whatever just ran for good."""
    stage = _restarted(Stage())
    stage.system_time = "2026-01-02T00:20:02.5Z"
    progress = stage.progress(since=since)
    verdict = progress.check_convergence(service(1))
    assert verdict.why == "all of 1 tasks run; watching those that started after a failure for 5 s"
    stage.time += 2.6  # the manager's clock says 5.1 s
    assert progress.check_convergence(service(1)) == CONVERGED


@pytest.mark.parametrize("system_time", ["2026-01-03T00:00:00.123456789Z", "2026-01-02T02:21:00+02:00"])
def test_k4_a_task_that_has_lasted_by_the_clock_of_the_manager_is_not_watched_again(system_time):
    stage = _restarted(Stage())
    stage.system_time = system_time
    assert stage.progress().check_convergence(service(1)) == CONVERGED


def test_k4_without_the_clock_of_the_manager_it_is_watched_for_the_whole_period():
    stage = _restarted(Stage())
    progress = stage.progress()
    assert progress.check_convergence(service(1)).state == WAITING
    stage.time += 5.1
    assert progress.check_convergence(service(1)) == CONVERGED


def test_k4_a_global_task_that_took_the_place_of_a_failed_one():
    stage = _restarted(Stage(nodes=(node("n1"),)))
    for one in stage.tasks:
        del one["Slot"]
    everywhere = service(Mode={"Global": {}})
    assert stage.progress().check_convergence(everywhere).state == WAITING


def test_tasks_that_the_engine_has_watched_need_no_second_watch():
    status = {"State": "completed", "StartedAt": LONG_AGO, "CompletedAt": "2026-01-02T00:05:00Z"}
    assert Stage(task(1)).progress(since=10).check_convergence(service(1, UpdateStatus=status)) == CONVERGED


def test_a_read_that_is_older_than_the_write_is_no_answer():
    stage = Stage(task(1, created=LONG_AGO))
    assert stage.progress(since=21).check_convergence(service(1)).state == WAITING
    assert stage.progress(since=20).check_convergence(service(1)) == CONVERGED


@pytest.mark.parametrize("action", ["pause", "rollback", None])
def test_the_engine_decides_first_while_it_watches_an_update(action):
    stage = Stage(task(1, state="preparing"))
    policy = {"FailureAction": action} if action else {}
    asked = service(1, UpdateConfig=policy, UpdateStatus={"State": "updating", "StartedAt": LONG_AGO})
    progress = stage.progress(since=10)
    progress.check_convergence(asked)
    stage.tasks = [task(n, state="failed", desired="shutdown", error="boom") for n in (2, 3, 4)]
    assert progress.check_convergence(asked).state == WAITING
    asked["Spec"]["UpdateConfig"] = {"FailureAction": "continue"}
    assert progress.check_convergence(asked).state == FAILED


def test_as_many_failures_as_the_service_itself_allows():
    stage, asked = Stage(task(1, state="preparing")), service(1, RestartPolicy={"MaxAttempts": 4})
    progress = stage.progress(since=10)
    progress.check_convergence(asked)
    stage.tasks += [task(n, state="failed", desired="shutdown", error="boom") for n in range(2, 6)]
    stage.tasks += [task(9, state="ready", desired="ready")]
    assert progress.check_convergence(asked).state == WAITING
    stage.tasks += [task(8, state="failed", desired="shutdown", error="boom")]
    assert progress.check_convergence(asked).state == FAILED


def test_a_container_that_is_to_be_healthy_first():
    asked = service(1)
    asked["Spec"]["TaskTemplate"]["ContainerSpec"]["Healthcheck"] = {"Test": ["CMD", "true"]}
    verdict = Stage(task(1, state="starting")).progress(since=10).check_convergence(asked)
    assert verdict.why.endswith("web.1 on host-n1 is starting, its healthcheck has not passed yet")


@pytest.mark.parametrize("condition", ["none", "on-failure"])
def test_a_container_that_was_stopped_as_unhealthy_is_not_taken_for_one_that_has_done_its_work(condition):
    """Both are complete with exit code 0, and the engine does not start another one."""
    asked = service(1, RestartPolicy={"Condition": condition})
    stage = Stage(task(1, state="complete", desired="shutdown"))
    assert stage.progress(since=10).check_convergence(asked) == CONVERGED
    asked["Spec"]["TaskTemplate"]["ContainerSpec"]["Healthcheck"] = {"Test": ["CMD", "true"]}
    verdict = stage.progress().check_convergence(asked)
    assert verdict.state == FAILED and verdict.why.endswith("on its own or because it was unhealthy")


def test_a_global_service_waits_for_each_node_that_can_have_a_task():
    stage = Stage(task(1, slot=0, created=LONG_AGO))
    everywhere = service(Mode={"Global": {}})
    verdict = stage.progress(since=10).check_convergence(everywhere)
    assert verdict.why == "1 of 2 tasks run; 1 not begun"
    stage.nodes = [node("n1"), node("n2", availability="drain"), node("n3", state="down")]
    assert stage.progress(since=10).check_convergence(everywhere) == CONVERGED


def test_a_node_that_runs_a_global_task_counts_whatever_its_constraints_seem_to_say():
    placement = {"Constraints": ["node.something.new==1"]}
    stage = Stage(task(1, slot=0, state="preparing"))
    everywhere = service(Mode={"Global": {}}, Placement=placement)
    assert stage.progress(since=10).check_convergence(everywhere).state == WAITING


def test_nodes_are_not_read_at_each_look():
    stage = Stage()
    progress = stage.progress(since=10)
    for _look in range(4):
        progress.check_convergence(service(1))
        stage.time += 0.4
    assert stage.requests.count("/nodes") == 1
    stage.time += 1
    progress.check_convergence(service(1))
    assert stage.requests.count("/nodes") == 2


def test_many_late_tasks_make_a_short_sentence():
    stage = Stage(*(task(n, slot=n, state="preparing") for n in range(1, 9)))
    verdict = stage.progress(since=10).check_convergence(service(10))
    assert verdict.why.endswith("is preparing; 5 more are missing; 2 not begun")


def test_why_tasks_failed_the_last_time_is_said_once():
    failed = [task(n, slot=n, state="failed", desired="shutdown", error="boom") for n in (1, 2)]
    stage = Stage(*failed, *(task(n + 10, slot=n, state="ready", desired="ready") for n in (1, 2)))
    verdict = stage.progress(since=10).check_convergence(service(2))
    assert verdict.why == "0 of 2 tasks run; web.2 on host-n1 is ready (last time: boom); web.1 on host-n1 is ready"
