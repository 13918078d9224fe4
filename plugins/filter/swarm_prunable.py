# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm_prunable
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: Get the amount of unused data on an engine
description:
  - Counts images and build caches that no container uses and that are older than a certain age. Never counts volumes.
  - Made for the playbook C(hive.swarm.prune).
positional: _input, kinds, age
options:
  _input:
    description: The engine's response to C(GET /system/df).
    type: dict
    required: true
  kinds:
    description: Kinds of data, V(images) and V(build).
    type: list
    elements: str
    required: true
  age:
    description: Minimum age, such as V(240h). Younger data is not counted.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: How much is there?
  ansible.builtin.debug:
    msg: "{{ (answer.json | hive.swarm.swarm_prunable(['images'], '240h')).line }}"
"""

RETURN = r"""
_value:
  description: C(images) and C(build) (their numbers), C(bytes), C(line), the result as text, which may be empty, and
    C(until), the age as the engine's filter C(until) accepts it, such as V(720h) for V(30d).
  type: dict
"""

import time

from ansible_collections.hive.swarm.plugins.plugin_utils._messages import printing
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.pruning import prunable


def swarm_prunable(df, kinds, age):
    return prunable(df, list(kinds), age, time.time())


class FilterModule:
    def filters(self):
        return {"swarm_prunable": printing(swarm_prunable)}
