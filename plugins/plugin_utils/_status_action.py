# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The action behind hive.swarm.swarm_status: reads the swarm through a manager, and shows how it is."""

from __future__ import annotations

import time

from ..module_utils._core.values import Values
from ._cluster.services import missing_tasks
from ._cluster.status import judged, status, table
from ._messages import cleaned
from ._plans.discovery import hosts_of
from ._reading_action import FORMAT, NotRead, ReadingAction, connection_options, show

ARGUMENT_SPEC: Values = {
    "discovered": {"type": "dict", "required": True},
    **FORMAT,
    "full": {"type": "bool", "default": False},
    "listed": {"type": "dict"},
    "certificates": {"type": "dict", "default": {}},
    "allow_duplicate_hostnames": {"type": "bool", "default": False},
}


class StatusAction(ReadingAction):
    def run(self, tmp: str | None = None, task_vars: Values | None = None) -> Values:
        result = super().run(tmp, task_vars)
        options, failure = self.options({**connection_options(), **ARGUMENT_SPEC})
        if failure:
            return {**result, **failure}
        found = cleaned(self._status(options, task_vars))
        lines = [*table(found), *(["Check mode has changed nothing."] if self._task.check_mode else [])]
        show(lines, found, options["format"])
        result.update(changed=False, status=found, lines=lines)
        return result

    # What it is made of

    def _status(self, options: Values, task_vars: Values | None) -> Values:
        discovered = options["discovered"]
        hosts = hosts_of(discovered)
        swarm = self._swarm(discovered["manager"], options, task_vars)
        known = judged(hosts, discovered["wanted"], options["allow_duplicate_hostnames"]) if options["full"] else []
        return status(
            swarm["nodes"],
            swarm["quorum"],
            discovered["cluster_id"],
            [host for host in hosts if host.wanted] if options["full"] else [],
            [*known, *swarm["problems"]],
            services=swarm["services"],
            swarm=swarm["settings"],
            certificates=options["certificates"],
            now=time.time() if options["full"] else 0,
            refusal=swarm["refusal"],
            tasks=swarm["tasks"],
        )

    def _swarm(self, manager: str, options: Values, task_vars: Values | None) -> Values:
        """Return what a manager reports. One that has just lost the others may not list the nodes, and not know it yet."""
        found: Values = {"nodes": [], "quorum": {}, "services": [], "tasks": [], "settings": {}}
        found.update(problems=[], refusal="")
        if not manager:
            return found
        try:
            listed = options["listed"] or self.read("swarm_node_info", task_vars)
        except NotRead as error:
            return {**found, "refusal": str(error)}
        found.update(nodes=listed["nodes"], quorum=listed["quorum"])
        if options["full"]:
            found.update(self._services(task_vars))
            found["settings"] = self._settings(task_vars)
        return found

    def _services(self, task_vars: Values | None) -> Values:
        try:
            services = self.read("swarm_service_info", task_vars, hide_env=True)["services"]
        except NotRead as error:
            return {"problems": [f"The services cannot be listed ({error})."]}
        if not missing_tasks(services):
            return {"services": services}
        wanting = [service["id"] for service in services if service["desired"]]
        try:
            # What has ended too: a task that starts again and again is not starting.
            tasks = self.read("swarm_task_info", task_vars, service=wanting)["tasks"]
        except NotRead:
            tasks = []
        return {"services": services, "tasks": tasks}

    def _settings(self, task_vars: Values | None) -> Values:
        try:
            return self.read("swarm_info", task_vars)
        except NotRead:
            return {}
