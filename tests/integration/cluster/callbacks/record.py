# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import os

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: record
type: notification
short_description: Write each result of a playbook as a line of JSON
description: For the tests. The file is named by the environment variable RECORD_FILE.
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "record"

    def _write(self, kind, result):
        values = result._result
        line = {
            "kind": kind,
            "task": result._task.get_name().rpartition(" : ")[2],
            "number": result._task._uuid,
            "host": result._host.get_name(),
            "changed": bool(values.get("changed")),
            "diff": values.get("diff"),
            "item": str(values.get("_ansible_item_label") or ""),
            "msg": values.get("msg", values.get("lines")),
            "failure": values.get("failure"),
            "confirm": values.get("confirm"),
            "steps": values.get("steps"),
            "status": values.get("status"),
        }
        with open(os.environ["RECORD_FILE"], "a") as file:
            file.write(json.dumps(line, default=str) + "\n")

    def v2_runner_on_ok(self, result):
        if "results" not in result._result:
            self._write("ok", result)

    def v2_runner_item_on_ok(self, result):
        self._write("ok", result)

    def v2_runner_on_skipped(self, result):
        self._write("skipped", result)

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self._write("ignored" if ignore_errors else "failed", result)

    def v2_runner_on_unreachable(self, result):
        self._write("unreachable", result)
