# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One inspection of a host, whichever front end runs its command."""

from __future__ import annotations

import os

from .._core.errors import BadInput, EngineError
from .._core.paths import Values
from .report import read
from .script import SCRIPT, command

_LIST: Values = {"type": "list", "elements": "str", "default": []}
ARGUMENT_SPEC: Values = {"packages": _LIST, "files": _LIST, "contents": _LIST}


class Inspection:
    """:param params: the validated options.

    :raises BadInput: an option is not valid.
    """

    script = SCRIPT.encode()

    def __init__(self, params: Values) -> None:
        self._packages = [_package(name) for name in params["packages"]]
        contents = [_path("contents", path) for path in params["contents"]]
        self._files = contents + [_path("files", path) for path in params["files"] if path not in contents]
        #: What stands before it in the output belongs to login shells, sudo and banners.
        self.mark = f"hive.swarm:{os.urandom(8).hex()}"
        self.command = command(self.mark, self._files, contents, self._packages)

    def result(self, output: str, errors: str) -> Values:
        """Return what the module returns; raise EngineError where the command did not get to its end."""
        found = read(output, self.mark, self._files)
        if found is None:
            words = (errors or output).strip() or "no output"
            raise EngineError(f"The command that inspects the host failed: {words[-500:]}")
        return found


def _path(option: str, path: str) -> str:
    if not path.startswith("/") or "\0" in path:
        raise BadInput(option, f"the path must be absolute ({path}).")
    return path


def _package(name: str) -> str:
    if not name or name.startswith("-") or "\0" in name:
        raise BadInput("packages", f"invalid package name {name!r}.")
    return name
