# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Kills the controller, with its workers, when the task of a number begins. Tells an engine of the test of each task."""

from __future__ import annotations

import os
import signal
import socket
from pathlib import Path

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: cut
type: aggregate
short_description: kills the controller at a task
description: [For tests. See tests/support/cuts.py.]
"""


class CallbackModule(CallbackBase):
    """CUT_AT is the number of the task, counted from 1; CUT_SOCKET is of the engine that is told of each, if any."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "cut"

    def __init__(self):
        super().__init__()
        self._number = 0

    def v2_playbook_on_task_start(self, task, is_conditional):
        self._number += 1
        if self._number == int(os.environ["CUT_AT"]):
            _kill_all()
        if os.environ["CUT_SOCKET"]:
            _tell(f"/task/{self._number}")

    def v2_playbook_on_handler_task_start(self, task):
        self.v2_playbook_on_task_start(task, False)


def _kill_all():
    """Workers have sessions of their own, so the process group is not enough."""
    for pid in _children(os.getpid()):
        os.kill(pid, signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)


def _children(pid):
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from _children(int(child))
            yield int(child)


def _tell(path):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(os.environ["CUT_SOCKET"])
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n".encode())
        while connection.recv(4096):
            pass
