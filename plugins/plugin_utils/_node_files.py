# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files of the node, read by a command over the task's connection: no Python is needed there."""

from __future__ import annotations

import errno
import os
import shlex
import typing as t

from ._node_command import new_mark

if t.TYPE_CHECKING:
    from ._task_transport import Execute

# $1: the path, $2: the mark.
_SCRIPT = r"""
if [ ! -e "$1" ]; then code=2
elif [ -d "$1" ]; then code=21
elif [ ! -r "$1" ]; then code=13
else code=0
fi
printf '\n%s\t%s\n' "$2" "$code"
[ "$code" != 0 ] || exec cat -- "$1"
""".strip()


def read_through(execute: Execute, path: str) -> bytes:
    """Return the content of a file of the node; raise OSError.

    :param path: absolute.
    """
    mark = new_mark()
    result = execute(shlex.join(["/bin/sh", "-c", _SCRIPT, "hive.swarm", path, mark]), b"")
    output = result["stdout"].encode("utf-8", "surrogateescape")
    _noise, found, rest = output.partition(f"\n{mark}\t".encode())
    code, _newline, content = rest.partition(b"\n")
    if not found or (code == b"0" and result["rc"]):
        raise OSError(errno.EIO, (result["stderr"] or os.strerror(errno.EIO)).strip(), path)
    if code != b"0":
        raise OSError(int(code), os.strerror(int(code)), path)
    return content
