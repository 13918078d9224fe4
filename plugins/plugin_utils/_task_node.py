# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The node of a task behind the task's connection: files, environment and programs, by one shell command each."""

from __future__ import annotations

import errno
import os
import shlex
import typing as t

from ._node_command import new_mark, one_line

if t.TYPE_CHECKING:
    from ._task_commands import TaskCommands

# $1: the mark, then what the script is for. What shells and sudo print comes before the mark. See _node_command.py for the
# form of a script.
_READ = one_line(r"""
mark=$1 path=$2;
case $path in "~"|"~/"*) path=$HOME${path#"~"};; esac;
if [ -d "$path" ]; then code=21;
elif [ -r "$path" ]; then code=0;
elif [ -e "$path" ]; then code=13;
else code=2;
fi;
printf "\n%s\t%s\n" "$mark" "$code";
[ "$code" -ne 0 ] || exec cat -- "$path";
""")
_RUN = one_line(r"""
mark=$1 seconds=$2;
shift 2;
if command -v "$1" >/dev/null 2>&1; then code=0; else code=2; fi;
printf "\n%s\t%s\n" "$mark" "$code";
[ "$code" -ne 0 ] || exec timeout "$seconds" "$@";
""")
_TIMED_OUT = 124  # timeout(1)
_READ_TIMEOUT = 60  # seconds


class TaskNode:
    """See Node in module_utils/_engine/client.py.

    :param commands: runs commands on the node.
    """

    def __init__(self, commands: TaskCommands) -> None:
        self._commands = commands
        self._environment: dict[str, str] | None = None

    def read(self, path: str) -> bytes:
        """Return the content of a file; raise OSError. ``path`` is absolute, or begins with ``~/``."""
        code, content = self._script(_READ, [path], b"", path, _READ_TIMEOUT)
        if code:
            raise OSError(errno.EIO, os.strerror(errno.EIO), path)
        return content

    def environment(self) -> t.Mapping[str, str]:
        if self._environment is None:
            lines = self.read("/proc/self/environ").decode("utf-8", "replace").split("\0")
            self._environment = dict(line.split("=", 1) for line in lines if "=" in line)
        return self._environment

    def run(self, argv: list[str], data: bytes, timeout: float) -> tuple[int, bytes]:
        code, output = self._script(_RUN, [f"{timeout:g}", *argv], data, argv[0], timeout)
        if code == _TIMED_OUT:
            raise TimeoutError(f"no response within {timeout:g} seconds")
        return code, output

    def _script(self, script: str, arguments: list[str], data: bytes, path: str, timeout: float) -> tuple[int, bytes]:
        mark = new_mark()
        command = shlex.join(["/bin/sh", "-c", script, "hive.swarm", mark, *arguments])
        result = self._commands.run(command, data, timeout)
        output = result["stdout"].encode("utf-8", "surrogateescape")
        _noise, found, rest = output.partition(f"\n{mark}\t".encode())
        code, _newline, content = rest.partition(b"\n")
        if not found:
            raise OSError(errno.EIO, (result["stderr"] or os.strerror(errno.EIO)).strip(), path)
        if code != b"0":
            raise OSError(int(code), os.strerror(int(code)), path)
        return result["rc"], content
