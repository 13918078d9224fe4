# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The node that a task is for: its files, its environment and its programs.

The core runs on the node, or in the controller with the node behind a connection; both give it one of these.
"""

from __future__ import annotations

import os
import subprocess
import typing as t


class Node(t.Protocol):
    def read(self, path: str) -> bytes:
        """Return the content of a file; raise OSError."""

    def environment(self) -> t.Mapping[str, str]:
        """Return the variables that a program of the task's user has there."""

    def run(self, argv: list[str], data: bytes, timeout: float) -> tuple[int, bytes]:
        """Run a program with this standard input; return its exit code and output.

        Raise FileNotFoundError where the node lacks it, another OSError or TimeoutError where it does not work.
        """


class ThisNode:
    """The machine that this runs on.

    :param variables: of the task, in addition to those of the process.
    """

    def __init__(self, variables: t.Mapping[str, str] | None = None) -> None:
        self._variables = variables or {}

    def read(self, path: str) -> bytes:
        with open(path, "rb") as file:
            return file.read()

    def environment(self) -> t.Mapping[str, str]:
        return {"HOME": os.path.expanduser("~"), **os.environ, **self._variables}

    def run(self, argv: list[str], data: bytes, timeout: float) -> tuple[int, bytes]:
        try:
            # AnsibleModule and its run_command are not available here.
            done = subprocess.run(  # pylint: disable=ansible-bad-function
                argv, input=data, capture_output=True, timeout=timeout, check=False, env=dict(self.environment())
            )
        except subprocess.TimeoutExpired as error:
            raise TimeoutError(f"no response within {timeout:g} seconds") from error
        return done.returncode, done.stdout
