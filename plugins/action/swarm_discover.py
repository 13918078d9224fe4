# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

from ..plugin_utils._messages import cleaned
from ..plugin_utils._plans.discovery import ARGUMENT_SPEC, discover
from ..plugin_utils._reading_action import ReadingAction


class ActionModule(ReadingAction):
    """Find the swarm of the hosts, and a manager to query. Runs in the controller and connects to no host."""

    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        result = super().run(tmp, task_vars)
        options, failure = self.options(ARGUMENT_SPEC)
        return {**result, **(failure or {"changed": False, **cleaned(discover(options))})}
