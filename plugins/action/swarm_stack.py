# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import typing as t

from ansible.module_utils.parsing.convert_bool import boolean
from ansible.utils.display import Display

from ..module_utils._core.redaction import printable
from ..module_utils._core.values import Values
from ..module_utils._engine.client import ThisNode
from ..module_utils._engine.connection import connection_spec
from ..module_utils._stack.live import first_paths
from ..module_utils._stack.rollback import MODULE
from ..plugin_utils._compose_files.module_arguments import ComposeInput, module_arguments
from ..plugin_utils._compose_files.sources import OnController, OnNode, Source
from ..plugin_utils._swarm_action import Route, SwarmAction
from ..plugin_utils._task_node import TaskNode

display = Display()
#: What a request depends on beside the path, and its fallbacks.
_REQUEST_OPTIONS = {"api_version", "docker_api_version", "timeout"}
_REQUEST_VARIABLES = {"DOCKER_API_VERSION", "DOCKER_TIMEOUT"}
_TIMEOUT: float = connection_spec()["timeout"]["default"]


class ActionModule(SwarmAction):
    """Reads the compose files; the core gets what they mean."""

    definition = MODULE

    def _options(self, route: Route, environment: t.Mapping[str, str]) -> Values:
        def sources(on_node: bool) -> Source:
            return self._on_node(route) if on_node else self._on_controller()

        given = ComposeInput(sources, self._loader.get_basedir(), environment, os.environ, self._warn)
        if route.name != "command" or not self._reads_files_here(environment):
            return module_arguments(self._task.args, given)
        waits = boolean(self._task.args.get("wait", True), strict=False) and not self._task.check_mode
        with self._transport.asking(first_paths(str(self._task.args["name"]), waits), _TIMEOUT):
            return module_arguments(self._task.args, given)

    def _reads_files_here(self, environment: t.Mapping[str, str]) -> bool:
        """Whether the files are the controller's, and what the swarm has can be asked for meanwhile, with defaults."""
        options = self._task.args
        plain = options.get("state", "present") == "present" and not boolean(
            options.get("remote_src", False), strict=False
        )
        own = _REQUEST_OPTIONS.isdisjoint(options) and _REQUEST_VARIABLES.isdisjoint(environment)
        return plain and own and bool(options.get("compose")) and bool(options.get("name"))

    def _warn(self, text: str) -> None:
        """Ansible shows warnings of no_log tasks too, and this one can have a piece of a file."""
        if self._task.no_log:
            text = f"{self._task.get_name()}: a warning about the compose files is hidden, as the task has no_log."
        display.warning(printable(text))

    def _on_controller(self) -> Source:
        def search(path: str) -> str:
            return self._find_needle("files", path)

        return OnController(search, self._loader.get_real_file, self._loader.cleanup_tmp_file)

    def _on_node(self, route: Route) -> Source:
        if route.name == "direct":
            return OnNode(ThisNode().read, os.path.expanduser)
        return OnNode(TaskNode(self._commands).read, self._remote_expand_user)
