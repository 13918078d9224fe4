# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Commands through the task's connection: what connection and become plugins do with them, as errors with a type."""

from __future__ import annotations

import subprocess
import sys
import time
from types import SimpleNamespace

import pytest
from ansible.errors import AnsibleAuthenticationFailure, AnsibleConnectionFailure, AnsibleError
from ansible_collections.hive.swarm.plugins.module_utils._core.errors import OutcomeUnknown, Unreachable
from ansible_collections.hive.swarm.plugins.plugin_utils import _task_commands
from ansible_collections.hive.swarm.plugins.plugin_utils._deadline import children_end_after
from ansible_collections.hive.swarm.plugins.plugin_utils._node_command import MARK
from ansible_collections.hive.swarm.plugins.plugin_utils._task_commands import (
    HostUnreachable,
    NeedsModule,
    TaskCommands,
)

# What the ssh plugin raises, with the words of OpenSSH 9.
GONE = 'Data could not be sent to remote host "n1". Make sure this host can be reached over ssh: {}'
REFUSED = GONE.format("ssh: connect to host n1 port 22: Connection refused")
CHANGED = GONE.format(
    "@@@@@\r\n@  WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!  @\r\n@@@@@\r\nHost key verification failed."
)
BROKEN = GONE.format("Connection to n1 closed by remote host.")


class Connection:
    """A connection plugin: its options, and whether they are as the command needs them while it runs."""

    def __init__(self, pipes=True, **options):
        self.has_pipelining = pipes
        self.options = options
        self._play_context = SimpleNamespace(no_log=False)
        self.seen: list[dict] = []

    def get_option(self, name):
        return self.options[name]

    def set_option(self, name, value):
        self.options[name] = value


def commands(connection, outcome):
    def execute(command, data):
        connection.seen.append({**connection.options, "no_log": connection._play_context.no_log, "data": data})
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return TaskCommands(connection, execute)


def result(rc=0, stdout=f"\n{MARK}01\tsent\n", stderr=""):
    return {"rc": rc, "stdout": stdout, "stderr": stderr}


@pytest.mark.parametrize(
    ("words", "sent"),
    [
        (REFUSED, False),
        (CHANGED, False),
        (GONE.format("ansible@n1: Permission denied (publickey)."), False),
        ("Timeout (12s) waiting for privilege escalation prompt: ", False),
        (GONE.format("Connection timed out during banner exchange"), False),
        (BROKEN, True),
        (GONE.format(""), True),
    ],
)
def test_a_host_that_is_not_reached(words, sent):
    with pytest.raises(HostUnreachable) as caught:
        commands(Connection(), AnsibleConnectionFailure(words)).run("true", b"x", 5)
    assert caught.value.sent is sent
    assert caught.value.result == {"unreachable": True}
    assert words.split(": ", 1)[0] in caught.value.message
    assert "\r" not in caught.value.message and "@" not in caught.value.message.replace("ansible@n1", "")


# From MaxSessions on, ssh makes a connection beside that of ControlPersist; from MaxStartups on, sshd closes it at once.
MANY = GONE.format(
    "mux_client_request_session: session request failed: Session open refused by peer\r\n"
    "kex_exchange_identification: read: Connection reset by peer\r\nConnection reset by 192.0.2.1 port 22"
)


@pytest.fixture
def pauses(monkeypatch):
    slept: list[float] = []
    monkeypatch.setattr(_task_commands.time, "sleep", slept.append)
    return slept


@pytest.mark.parametrize("repeatable", [True, False])
def test_a_server_that_refuses_many_connections_at_a_time(pauses, repeatable):
    """Nothing was sent, so a write is tried again as well; parallel tasks do not come back at the same moment."""
    outcomes = iter([AnsibleConnectionFailure(MANY), AnsibleConnectionFailure(MANY), result()])

    def execute(command, data):
        outcome = next(outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    assert TaskCommands(Connection(), execute).run("true", b"x", 5, repeatable)["rc"] == 0
    assert len(pauses) == 2 and 0.25 <= pauses[0] <= 0.75


def test_a_server_that_refuses_every_connection(pauses):
    with pytest.raises(HostUnreachable, match=r"MaxStartups.*MaxSessions.*lower forks.*Session open refused") as caught:
        commands(Connection(), AnsibleConnectionFailure(MANY)).run("true", b"x", 5)
    assert caught.value.sent is False
    assert caught.value.result == {"unreachable": True}
    assert len(pauses) == 4


@pytest.mark.parametrize("words", ["Incorrect sudo password", "Missing sudo password", "Incorrect su password"])
def test_become_that_is_refused(words):
    """The task fails, the host is reachable, and nothing was sent: a password goes out before standard input."""
    with pytest.raises(Unreachable, match=words) as caught:
        commands(Connection(), AnsibleError(words)).run("true", b"x", 5)
    assert not isinstance(caught.value, (HostUnreachable, OutcomeUnknown))
    assert caught.value.result == {}


def test_a_wrong_password_of_the_connection():
    with pytest.raises(HostUnreachable):
        commands(Connection(), AnsibleAuthenticationFailure("Invalid/incorrect password: Permission denied")).run(
            "true", b"", 5
        )


def test_options_of_the_connection_while_a_command_runs():
    """No output is shown, standard input is no terminal, and what is not repeatable is not repeated; then all is as before."""
    connection = Connection(pipelining=False, reconnection_retries=3)
    runner = commands(connection, result())
    runner.run("true", b"x", 5)
    runner.run("true", b"x", 5, repeatable=False)
    assert connection.seen == [
        {"pipelining": True, "reconnection_retries": 3, "no_log": True, "data": b"x"},
        {"pipelining": True, "reconnection_retries": 0, "no_log": True, "data": b"x"},
    ]
    assert connection.options == {"pipelining": False, "reconnection_retries": 3}
    assert connection._play_context.no_log is False


def test_options_are_put_back_after_a_failure():
    connection = Connection(pipelining=False)
    with pytest.raises(HostUnreachable):
        commands(connection, AnsibleConnectionFailure(BROKEN)).run("true", b"x", 5)
    assert (connection.options, connection._play_context.no_log) == ({"pipelining": False}, False)


@pytest.mark.parametrize(("pipes", "data"), [(True, b"\n"), (False, b"")])
def test_no_command_is_without_standard_input(pipes, data):
    """Without any, the ssh plugin makes a terminal, which changes the ends of lines. Others may refuse any."""
    connection = Connection(pipes)
    commands(connection, result()).run("true", b"", 5)
    assert connection.seen[0]["data"] == data


@pytest.mark.parametrize(
    "words",
    [
        "sudo: sorry, you must have a tty to run sudo",
        "sudo: désolé, vous devez avoir un terminal tty pour exécuter sudo",
        "su: must be run from a terminal",
    ],
)
def test_become_that_needs_a_terminal(words):
    with pytest.raises(NeedsModule):
        commands(Connection(), result(1, "", words)).run("true", b"x", 5)


def test_words_of_a_command_that_has_run():
    """Once a command has printed its mark, output belongs to the engine."""
    found = result(1, f"\n{MARK}01\tsent\nHTTP/1.1 200 OK\r\n\r\nterminal", "tty")
    assert commands(Connection(), found).run("true", b"x", 5) == found


def test_a_connection_that_hangs(monkeypatch):
    """A host that loses its power says nothing, and ssh waits; the wait ends, and so does the program."""
    monkeypatch.setattr(_task_commands, "_GRACE", 0)
    programs = []

    def execute(command, data):
        programs.append(subprocess.Popen(["sh", "-c", "sleep 60; true"]))
        return result(programs[0].wait(), "")

    started = time.monotonic()
    with pytest.raises(HostUnreachable) as caught:
        TaskCommands(Connection(), execute).run("true", b"x", 1)
    assert caught.value.sent
    assert time.monotonic() - started < 5
    assert programs[0].returncode < 0


def test_a_limit_that_is_kept_ends_nothing():
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(0.5)"]) as program:
        with children_end_after(0.2) as ended:
            pass
        time.sleep(0.3)
        assert (program.wait(), ended.is_set()) == (0, False)


def test_the_limit_reaches_children_of_children(tmp_path):
    note = tmp_path / "pid"
    with children_end_after(0.5) as ended:
        subprocess.run(["sh", "-c", f"sleep 60 & echo $! > {note}; wait"], check=False)
    assert ended.is_set()
    end = time.monotonic() + 5
    while time.monotonic() < end and _runs(note.read_text().strip()):
        time.sleep(0.05)
    assert not _runs(note.read_text().strip())


def _runs(pid):
    """Whether a process runs; an ended one may wait for its parent."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", pid], capture_output=True, text=True, check=False).stdout
    return bool(state.strip()) and not state.startswith("Z")
