# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The failing tasks in a result and in a sentence, and the tails of their logs."""

from __future__ import annotations

import pytest
from ansible_collections.hive.swarm.plugins.module_utils._core.errors import EngineError, Unreachable
from ansible_collections.hive.swarm.plugins.module_utils._service.failures import (
    add_logs,
    failures,
    log_lines,
    sentence,
)
from ansible_collections.hive.swarm.plugins.module_utils._service.logs import frames
from ansible_collections.hive.swarm.tests.unit.service.builders import node, task
from hypothesis import given
from hypothesis import strategies as st

NODES = {"n1": node("n1"), "n2": node("n2"), "n3": node("n3", state="down")}


def frame(stream: int, data: bytes) -> bytes:
    return bytes([stream, 0, 0, 0]) + len(data).to_bytes(4, "big") + data


class Logs:
    """An engine that has logs alone."""

    def __init__(self, answer: bytes | Exception) -> None:
        self.answer = answer
        self.asked: list[tuple[str, float, dict[str, object]]] = []

    def get_bytes(self, path, timeout=None, **query):
        self.asked.append((path, timeout, query))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def test_an_entry():
    failing = task(1, 2, "failed", "shutdown", error="task: non-zero exit (3)", exit_code=3)
    assert failures([failing], NODES, "web") == [
        {
            "id": failing["ID"],
            "name": "web.2",
            "slot": 2,
            "node": "host-n1",
            "state": "failed",
            "error": "task: non-zero exit (3)",
            "exit_code": 3,
            "message": "started",
            "log": [],
            "count": 1,
        }
    ]


def test_a_task_that_had_no_container_has_no_exit_code():
    """The engine says 0 for it."""
    rejected = task(1, state="rejected", error="No such image: web:2")
    rejected["Status"]["ContainerStatus"] = {"ContainerID": "", "ExitCode": 0}
    assert failures([rejected], NODES, "web")[0]["exit_code"] is None


def test_a_global_task_is_named_by_its_node_and_a_removed_node_by_its_id():
    entry = failures([task(1, slot=0, state="failed", node="n9")], NODES, "web")[0]
    assert (entry["name"], entry["node"], entry["slot"]) == ("web.n9", "n9", None)


def test_a_task_without_a_node():
    pending = task(1, slot=0, state="pending", node="", error="no suitable node")
    assert failures([pending], NODES, "web")[0]["name"] == "web"
    assert sentence([pending], NODES, "web") == "web pending: no suitable node"


def test_a_missing_plugin_is_named():
    """The engine says how many nodes lack one, not which."""
    pending = task(1, state="pending", node="", error="no suitable node (missing plugin on 3 nodes)")
    mounts = [
        {"VolumeOptions": {"DriverConfig": {"Name": "nfs"}}},
        {"VolumeOptions": {"NoCopy": True}},
        {"Type": "bind"},
    ]
    pending["Spec"] = {"LogDriver": {"Name": "loki"}, "ContainerSpec": {"Mounts": mounts}}
    words = "no suitable node (missing plugin on 3 nodes); the task needs log driver loki and volume driver nfs"
    assert sentence([pending], NODES, "web") == f"web.1 pending: {words}"
    assert failures([{**pending, "Spec": {}}], NODES, "web")[0]["error"] == pending["Status"]["Err"]


def test_newest_first_and_the_same_error_of_a_slot_once():
    """Errors that differ in nothing but the IDs of containers, endpoints and tasks are the same."""
    tasks = [
        task(n, slot, "failed", error=f"endpoint web.1.{'b' * 24}{n} ({n}{'a' * 63}): Bind failed")
        for n, slot in ((1, 1), (2, 2), (3, 1))
    ]
    entries = failures(tasks, NODES, "web")
    assert [(entry["name"], entry["count"], entry["id"]) for entry in entries] == [
        ("web.1", 2, tasks[2]["ID"]),
        ("web.2", 1, tasks[1]["ID"]),
    ]


def test_at_most_ten():
    tasks = [task(n, n, "failed", error="boom") for n in range(1, 30)]
    assert [entry["slot"] for entry in failures(tasks, NODES, "web")] == list(range(29, 19, -1))


@pytest.mark.parametrize(
    ("tasks", "words"),
    [
        ([], ""),
        ([task(1, 1, "failed", error="boom")], "web.1 failed (host-n1): boom"),
        ([task(n, 1, "failed", error="boom") for n in (1, 2)], "web.1 failed 2 times (host-n1): boom"),
        (
            [task(n, n, "rejected", node="n2" if n > 2 else "n1", error="No such image: x") for n in range(1, 6)],
            "web.1, web.2, web.3 and 2 more rejected 5 times (host-n2, host-n1): No such image: x",
        ),
        (
            [task(1, 1, "failed", error="boom"), task(2, 1, "rejected", error="bang")],
            "web.1 rejected (host-n1): bang; web.1 failed (host-n1): boom",
        ),
        (
            [task(1, 1, "complete")],
            "web.1 ended (host-n1): the container stopped with exit code 0, on its own or because it was unhealthy",
        ),
        ([task(1, 0, "failed", error="boom")], "web failed (host-n1): boom"),
    ],
)
def test_a_sentence(tasks, words):
    assert sentence(tasks, NODES, "web") == words


def logged(tasks, answer=b""):
    engine, entries = Logs(answer), failures(tasks, NODES, "web")
    add_logs(engine, entries, tasks, NODES)
    return engine, entries


def test_the_logs_of_the_three_newest_containers():
    tasks = [task(n, n, "failed", error="boom", exit_code=1) for n in range(1, 6)]
    engine, entries = logged([*tasks, task(9, 9, "rejected")], frame(2, b"no database\n"))
    assert [entry["log"] for entry in entries] == [[], *[["no database"]] * 3, [], []]
    path, timeout, query = engine.asked[0]
    assert path == f"/tasks/{tasks[4]['ID']}/logs" and timeout <= 5
    assert query == {"stdout": True, "stderr": True, "tail": 10}


def test_the_log_of_a_container_with_a_terminal_has_no_frames():
    failing = task(1, 1, "failed", exit_code=1)
    failing["Spec"] = {"ContainerSpec": {"TTY": True}}
    assert logged([failing], b"\x01\0\0\0 raw\r\n")[1][0]["log"] == ["\x01\0\0\0 raw"]


@pytest.mark.parametrize(
    "error", [Unreachable("no response within"), EngineError("not supported by the log driver", 500)]
)
def test_a_log_that_cannot_be_had_is_an_empty_one(error):
    assert logged([task(1, 1, "failed", exit_code=1)], error)[1][0]["log"] == []


def test_a_node_that_hangs_is_waited_for_once():
    tasks = [task(n, n, "failed", exit_code=1) for n in (1, 2, 3)]
    assert len(logged(tasks, Unreachable("no response within 5 seconds"))[0].asked) == 1
    assert len(logged(tasks, EngineError("no such log", 500))[0].asked) == 3


def test_what_the_engine_says_about_the_log_is_not_the_log():
    """As engines of both generations do for a node that has just died."""
    raw = frame(3, b"Error grabbing logs: rpc error: node n3 is not available\n")
    assert log_lines(frame(1, b"hello\n") + raw, tty=False) == ["hello"]


def test_a_dead_node_is_not_asked_for_logs():
    engine, entries = logged([task(1, 1, "failed", node="n3", exit_code=1)], b"x")
    assert engine.asked == [] and entries[0]["log"] == []


LINES = st.lists(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40), max_size=10)


@given(LINES, st.randoms())
def test_frames_are_put_together_wherever_they_were_cut(lines, random):
    text = "".join(line + "\n" for line in lines).encode()
    raw = b""
    while text:
        size = random.randint(1, len(text))
        raw += frame(random.choice([1, 2]), text[:size])
        text = text[size:]
    assert log_lines(raw, tty=False) == lines


@given(st.binary(max_size=60))
def test_no_bytes_are_too_odd(raw):
    for line in log_lines(raw, tty=False):
        assert isinstance(line, str)


def test_the_end_of_a_log_without_frames_and_of_a_frame_that_was_cut_off():
    assert list(frames(frame(2, b"a") + b"plain text\n")) == [(2, b"a"), (1, b"plain text\n")]
    assert log_lines(b"plain text\n", tty=False) == ["plain text"]
    assert log_lines(frame(1, b"whole\n") + frame(1, b"half a line")[:-5], tty=False) == ["whole", "half a"]


def test_logs_are_short():
    lines = log_lines(b"".join(frame(1, b"%d" % n + b"x" * 1000 + b"\n") for n in range(20)), tty=False)
    assert len(lines) == 10 and lines[-1].startswith("19x") and max(map(len, lines)) == 500
