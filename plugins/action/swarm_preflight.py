# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import typing as t

from ..plugin_utils._messages import cleaned
from ..plugin_utils._plans.preflight import ARGUMENT_SPEC, evaluate
from ..plugin_utils._reading_action import FORMAT, ReadingAction, failed, show


class ActionModule(ReadingAction):
    """Plan the connectivity checks, and evaluate what was found. Runs in the controller and connects to no host."""

    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        result = super().run(tmp, task_vars)
        options, failure = self.options({**ARGUMENT_SPEC, **FORMAT})
        if failure:
            return {**result, **failure}
        found, connections = evaluate(options)
        found = cleaned(found)
        result.update(changed=False, findings=found["findings"], problems=found["problems"], lines=found["lines"])
        if options["show"]:
            show(found["lines"], found, options["format"])
        if options["show"] and found["problems"]:
            return {**result, **failed("not_ready", _summary(found))}
        return {**result, "connections": connections}


def _summary(found: dict[str, t.Any]) -> str:
    said = [
        f"{each['host']}: {each['what']}" if each["host"] else each["what"]
        for each in found["findings"]
        if each["level"] == "problem"
    ]
    count = f"{len(said)} problem{'' if len(said) == 1 else 's'}"
    return f"{count}, with what to do above: {'; '.join(said)}."
