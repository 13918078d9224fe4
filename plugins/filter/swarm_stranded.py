# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm_stranded
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: List services that would lose tasks if nodes were drained
description:
  - Checks where else the tasks of replicated services can run. Considers placement constraints, the limit of replicas per
    node and published ports of mode V(host). Does not consider memory, processors, platforms, volumes and plugins.
positional: _input, nodes, going
options:
  _input:
    description: The services, as M(hive.swarm.swarm_service_info) returns them.
    type: list
    elements: dict
    required: true
  nodes:
    description: The nodes, as M(hive.swarm.swarm_node_info) lists them.
    type: list
    elements: dict
    required: true
  going:
    description: IDs of the nodes that are drained at the same time.
    type: list
    elements: str
    required: true
  tasks:
    description: Tasks with the desired state V(running), as M(hive.swarm.swarm_task_info) lists them.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Which services would suffer?
  ansible.builtin.debug:
    msg: "{{ listed.services | hive.swarm.swarm_stranded(swarm.nodes, [node_id], tasks=running.tasks) }}"
"""

RETURN = r"""
_value:
  description: Dictionaries with C(service), C(lost) (number of tasks) and C(why).
  type: list
  elements: dict
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._messages import printing
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.placement import stranded


def swarm_stranded(services, nodes, going, tasks):
    return stranded(list(services), list(nodes), going, list(tasks))


class FilterModule:
    def filters(self):
        return {"swarm_stranded": printing(swarm_stranded)}
