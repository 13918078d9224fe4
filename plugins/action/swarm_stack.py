# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
import contextlib
import errno
import os

from ansible.utils.display import Display

from ..module_utils._errors import SwarmError
from ..module_utils._printable import printable, printable_values
from ..module_utils._resources.network import schema as network
from ..module_utils._resources.service import exact, image_grammar
from ..module_utils._resources.service import schema as service
from ..modules.swarm_stack import main
from ..plugin_utils._compose_files.given import Given, handed_on
from ..plugin_utils._compose_files.sources import OnController, OnNode, Source
from ..plugin_utils._in_process import InProcessAction

# What most stacks that change need, and each task's worker would load again.
_LOADED = (exact, image_grammar, network, service)
display = Display()
# How messages of ansible.builtin.slurp begin.
_SLURPED = {
    "File not found": errno.ENOENT,
    "File is not readable": errno.EACCES,
    "Source is a directory": errno.EISDIR,
}


class ActionModule(InProcessAction):
    """Reads the compose files; the module gets what they mean."""

    main = staticmethod(main)

    def run(self, tmp=None, task_vars=None):
        try:
            return super().run(tmp, task_vars)
        except SwarmError as error:
            self._remove_tmp_path(self._connection._shell.tmpdir)
            failure = printable_values(error.failure())
            return {"failed": True, "changed": False, "msg": failure["message"], "failure": failure}

    def _execute_module(self, module_name=None, module_args=None, *args, task_vars=None, **kwargs):
        """The module of the task, which alone has no name here, gets other options than the task has."""
        if module_name is None:
            module_args = handed_on(self._task.args, self._given(task_vars))
        return super()._execute_module(module_name, module_args, *args, task_vars=task_vars, **kwargs)

    def _given(self, task_vars) -> Given:
        def sources(on_node: bool) -> Source:
            return self._on_node(task_vars) if on_node else self._on_controller()

        return Given(sources, self._loader.get_basedir(), self._environment, os.environ, _warn)

    def _on_controller(self) -> Source:
        def search(path: str) -> str:
            return self._find_needle("files", path)

        return OnController(search, self._loader.get_real_file, self._loader.cleanup_tmp_file)

    def _on_node(self, task_vars) -> Source:
        """What runs in the controller's process is its user's, here: there is no way to go."""
        if self._here:
            return OnNode(_local_content, os.path.expanduser)

        def content(path: str) -> bytes:
            with self._unlogged():
                result = self._execute_module("ansible.builtin.slurp", {"src": path}, task_vars=task_vars)
            if result.get("failed"):
                raise _unread(path, str(result.get("msg", "")))
            return base64.b64decode(result["content"])

        return OnNode(content, self._remote_expand_user)

    @contextlib.contextmanager
    def _unlogged(self):
        """With -vvv the ssh connection shows what a command printed, which here is a secret's file, unless it is told not to."""
        context = self._connection._play_context
        before, context.no_log = context.no_log, True
        try:
            yield
        finally:
            context.no_log = before


def _warn(text: str) -> None:
    display.warning(printable(text))


def _local_content(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def _unread(path: str, message: str) -> OSError:
    """What slurp says of a file that it cannot read, as the controller would say it."""
    for beginning, number in _SLURPED.items():
        if message.startswith(beginning):
            return OSError(number, os.strerror(number), path)
    return OSError(errno.EIO, message, path)
