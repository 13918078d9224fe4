# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm_rebalance_plan
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: Select services to spread over the nodes again
description:
  - Selects replicated services for which one node has at least two tasks more than another node that can run them.
  - Made for the playbook C(hive.swarm.rebalance).
positional: _input, nodes, tasks
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
  tasks:
    description: Tasks with the desired state V(running), as M(hive.swarm.swarm_task_info) lists them.
    type: list
    elements: dict
    required: true
  names:
    description: Services to select in any case, as a list or a comma-separated string.
    type: raw
    default: []
"""

EXAMPLES = r"""
- name: Plan
  ansible.builtin.set_fact:
    plan: "{{ listed.services | hive.swarm.swarm_rebalance_plan(swarm.nodes, running.tasks) }}"
"""

RETURN = r"""
_value:
  description:
    - C(services), their names; C(steps), the planned actions as text; C(confirm), the required confirmation; C(warnings) and
      C(stop).
  type: dict
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._messages import printing
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.lists import as_names
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.rebalance import plan_rebalance


def swarm_rebalance_plan(services, nodes, tasks, names=()):
    return plan_rebalance(list(services), list(nodes), list(tasks), as_names(names))


class FilterModule:
    def filters(self):
        return {"swarm_rebalance_plan": printing(swarm_rebalance_plan)}
