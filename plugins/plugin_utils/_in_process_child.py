# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A module's main() in a fork of the controller: what was set, changed or broken in it ends with it.

The fork has the module's code and Ansible's already loaded, which is what a module's run costs. Everything else is
as in a process of its own: standard streams, signals, environment, working directory, and Ansible's globals, of which
some are set to the controller's side when its code is imported.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import tempfile
import traceback
import typing as t

from ansible.module_utils import _internal, basic
from ansible.module_utils._internal import _traceback
from ansible.module_utils._internal._ansiballz import _loader
from ansible.module_utils.common import warnings

PROFILE = "legacy"  # of serialization: what a module has that names none, see ansible.executor.module_common


class Ended(t.NamedTuple):
    """Exit code, negative for a signal, and what was written."""

    code: int
    stdout: bytes
    stderr: bytes


class Job(t.NamedTuple):
    """The module's main(), its arguments as JSON, and what its process finds around it."""

    main: t.Callable[[], None]
    arguments: bytes
    environment: t.Mapping[str, str]
    folder: str


def run(job: Job) -> Ended:
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        pid = os.fork()
        if not pid:
            _be_the_module(job, stdout.fileno(), stderr.fileno())
        code = _wait(pid)
        return Ended(code, _content(stdout), _content(stderr))


def _content(file: t.IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


def _wait(pid: int) -> int:
    """Exit code of the child. It does not outlive a task that is interrupted, by its timeout for example."""
    try:
        status = os.waitpid(pid, 0)[1]
    except BaseException:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise
    return os.waitstatus_to_exitcode(status)


def _be_the_module(job: Job, stdout: int, stderr: int) -> t.NoReturn:
    """Never returns: what called it belongs to the controller, and so does what is registered to run at exit."""
    code = 1
    try:
        gc.freeze()  # no object of the controller is finalized here
        _reset_signals()
        _replace_streams(stdout, stderr)
        os.environ.update(job.environment)
        os.chdir(job.folder)
        _leave_the_controller(job.arguments)
        code = _call(job.main)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _reset_signals() -> None:
    """Handlers of the controller go, as a new program would lose them; what is ignored stays so."""
    for number in signal.valid_signals():
        if callable(signal.getsignal(number)):
            signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _replace_streams(stdout: int, stderr: int) -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    for ours, standard in ((nothing, 0), (stdout, 1), (stderr, 2)):
        os.dup2(ours, standard)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)


def _leave_the_controller(arguments: bytes) -> None:
    """Undo what ansible/_internal and ansible/utils/display.py set, so that warnings go into the result."""
    _internal.is_controller = False
    _internal.import_controller_module = lambda name: None
    _internal.get_controller_serialize_map = dict
    _traceback._is_traceback_enabled = _traceback._is_module_traceback_enabled
    _traceback._module_tracebacks_enabled_events = None
    warnings._global_warnings.clear()
    warnings._global_deprecations.clear()
    basic._PARSED_MODULE_ARGS = None
    basic._ANSIBLE_ARGS, basic._ANSIBLE_PROFILE = arguments, PROFILE


def _call(main: t.Callable[[], None]) -> int:
    """Run it as Ansible's own loader does; an exception becomes a failure of the same form."""
    try:
        try:
            main()
            raise RuntimeError("New-style module did not handle its own exit.")
        except Exception as error:
            _loader._handle_exception(error, PROFILE)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
