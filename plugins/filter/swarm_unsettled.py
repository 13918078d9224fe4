# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm_unsettled
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: List nodes that are not ready or not in the expected role
description:
  - Made to wait until all nodes are ready and in their role.
positional: _input, expected
options:
  _input:
    description: The nodes, as M(hive.swarm.swarm_node_info) returns them.
    type: list
    elements: dict
    required: true
  expected:
    description: Dictionaries with C(hostname) and C(role) of the expected nodes.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Wait for the nodes
  hive.swarm.swarm_node_info:
  register: listed
  until: listed.nodes | hive.swarm.swarm_unsettled(expected) == []
  vars:
    expected:
      - hostname: node1
        role: manager
      - hostname: node2
        role: worker
"""

RETURN = r"""
_value:
  description: One sentence for each node that is not ready or not in the expected role.
  type: list
  elements: str
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.nodes import unsettled
from ansible_collections.hive.swarm.plugins.plugin_utils._messages import printing


def swarm_unsettled(nodes, expected):
    return unsettled(list(nodes), list(expected))


class FilterModule:
    def filters(self):
        return {"swarm_unsettled": printing(swarm_unsettled)}
