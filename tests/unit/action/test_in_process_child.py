# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A main() in a fork is a module in a process of its own: what it sees, what it may break, how it may end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import warnings

import pytest
from ansible.module_utils import _internal
from ansible.module_utils.basic import AnsibleModule
from ansible_collections.hive.swarm.plugins.plugin_utils import _in_process_child as child


def run(main, arguments=None, environment=None, folder="/"):
    text = json.dumps({"ANSIBLE_MODULE_ARGS": arguments or {}}).encode()
    return child.run(child.Job(main, text, environment or {}, str(folder)))


def result(main, *args, **kwargs):
    ended = run(main, *args, **kwargs)
    assert ended.code in (0, 1) and not ended.stderr, ended
    return json.loads(ended.stdout)


def module(**spec):
    return AnsibleModule(spec, supports_check_mode=True)


def state():
    """What a module could change of the process that it runs in."""
    handlers = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM)]
    mask = os.umask(0)
    os.umask(mask)
    return dict(os.environ), os.getcwd(), mask, handlers, sys.stdout, list(sys.path), _internal.is_controller


def test_arguments_and_result():
    found = result(lambda: (own := module(a={"type": "int"})).exit_json(a=own.params["a"]), {"a": "5"})
    assert found["a"] == 5


def test_secrets_are_blanked():
    def main():
        own = module(token={"no_log": True})
        own.exit_json(said=f"it is {own.params['token']}")

    ended = run(main, {"token": "very-secret", "_ansible_inject_invocation": True})
    assert b"very-secret" not in ended.stdout and b"VALUE_SPECIFIED_IN_NO_LOG" in ended.stdout


def test_warnings_and_deprecations_are_in_the_result(monkeypatch):
    def main():
        own = module()
        own.warn("be warned")
        own.deprecate("be gone", version="9.0.0", collection_name="hive.swarm")
        own.exit_json()

    monkeypatch.setattr(_internal, "is_controller", True)
    found = json.dumps(result(main))
    assert "be warned" in found and "be gone" in found


def test_bad_arguments():
    found = result(lambda: module(a={"type": "int"}), {"a": "x"})
    assert found["failed"] and "cannot be converted" in found["msg"]


def test_a_traceback_is_a_failure():
    def main():
        module()
        raise ValueError("nobody thought of this")

    ended = run(main)
    assert ended.code == 1 and not ended.stderr
    assert json.loads(ended.stdout)["failed"] and b"nobody thought of this" in ended.stdout


def test_a_main_that_returns_is_a_failure():
    assert b"did not handle its own exit" in run(module).stdout


@pytest.mark.parametrize(("code", "exit_code"), [(None, 0), (0, 0), (3, 3), ("words", 1)])
def test_exit_codes(code, exit_code):
    assert run(lambda: sys.exit(code)).code == exit_code


def test_a_signal_ends_the_module_alone():
    ended = run(lambda: os.kill(os.getpid(), signal.SIGKILL))
    assert ended.code == -signal.SIGKILL


def test_what_it_finds_around_it(tmp_path, monkeypatch):
    monkeypatch.setenv("KEPT", "1")

    def main():
        own = module()
        own.exit_json(cwd=os.getcwd(), env=dict(os.environ), stdin=sys.stdin.read(), process=os.getpid())

    found = result(main, environment={"OWN": "2"}, folder=tmp_path)
    assert found["cwd"] == str(tmp_path) and found["stdin"] == "" and found["process"] != os.getpid()
    assert (found["env"]["KEPT"], found["env"]["OWN"]) == ("1", "2")


def test_nothing_that_it_breaks_stays_broken(tmp_path):
    def main():
        own = module()
        os.environ["LEFT"] = "behind"
        os.umask(0o777)
        os.chdir(tmp_path)
        os.close(0)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        sys.path.clear()
        warnings.simplefilter("ignore")
        own.warn("only here")
        own.exit_json()

    before = state()
    assert run(main).code == 0
    assert state() == before
    assert b"only here" not in run(lambda: module().exit_json()).stdout


def test_handlers_of_the_controller_are_not_the_modules(monkeypatch):
    def stop(number, frame):
        os.write(1, b"the controller's handler")

    old = signal.signal(signal.SIGTERM, stop)
    try:
        ended = run(lambda: os.kill(os.getpid(), signal.SIGTERM))
    finally:
        signal.signal(signal.SIGTERM, old)
    assert ended == child.Ended(-signal.SIGTERM, b"", b"")


def test_what_is_written_beside_the_result():
    def main():
        print("noise")
        subprocess.run(["sh", "-c", "echo from a program; echo complaint >&2"], check=True)
        module().exit_json()

    ended = run(main)
    assert b"from a program" in ended.stdout and b"complaint" in ended.stderr


def test_a_task_that_is_interrupted_leaves_no_process():
    class Timeout(Exception):
        pass

    def alarm(number, frame):
        raise Timeout

    old = signal.signal(signal.SIGALRM, alarm)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        with pytest.raises(Timeout):
            run(lambda: time.sleep(60))
    finally:
        signal.signal(signal.SIGALRM, old)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
