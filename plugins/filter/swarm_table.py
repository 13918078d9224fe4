# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm_table
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: Format the status of a swarm as a table
description:
  - Returns lines of text.
positional: _input
options:
  _input:
    description: What P(hive.swarm.swarm_status#filter) returned.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Show the swarm
  ansible.builtin.debug:
    msg: "{{ status | hive.swarm.swarm_table }}"
"""

RETURN = r"""
_value:
  description: The lines.
  type: list
  elements: str
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.status import table
from ansible_collections.hive.swarm.plugins.plugin_utils._messages import printing


def swarm_table(status):
    return table(status)


class FilterModule:
    def filters(self):
        return {"swarm_table": printing(swarm_table)}
