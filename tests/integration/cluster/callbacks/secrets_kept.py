# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import os
import re

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: secrets_kept
type: notification
short_description: Write which host variables hold a join token or an unlock key at the end of a run
description: For the tests. The file is named by the environment variable SECRETS_FILE.
"""

SECRET = re.compile("SWMTKN-1-[0-9a-z]{50}-[0-9a-z]{25}|SWMKEY-1-")


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "secrets_kept"

    def v2_playbook_on_play_start(self, play):
        self._variables = play.get_variable_manager()

    def v2_playbook_on_stats(self, stats):
        inventory = self._variables._inventory
        kept = set()
        for host in inventory.get_hosts("all"):
            for name, value in self._variables.get_vars(host=host, include_hostvars=False).items():
                # What the user has put into the inventory is there in any case.
                if not name.endswith("unlock_keys") and SECRET.search(json.dumps(value, default=str)):
                    kept.add(f"{host.name}: {name}")
        with open(os.environ["SECRETS_FILE"], "w") as file:
            json.dump(sorted(kept), file)
