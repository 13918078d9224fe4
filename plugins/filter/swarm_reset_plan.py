# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm_reset_plan
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: Plan how hosts leave a swarm
description:
  - Selects the hosts that belong to the confirmed swarm, and the order in which they leave it. Changes nothing.
  - Made for the playbook C(hive.swarm.reset).
positional: _input, wanted, confirm
extends_documentation_fragment:
  - hive.swarm.hosts
options:
  confirm:
    description: ID of the swarm, or V(lost) if it has no quorum and its ID is not available.
    type: str
    required: true
  nodes:
    description: What M(hive.swarm.swarm_node_info) returned on a manager of that swarm. Empty if no manager is reachable.
    type: list
    elements: dict
    default: []
seealso:
  - plugin: hive.swarm.swarm_choice
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Plan
  ansible.builtin.set_fact:
    plan: "{{ hosts | hive.swarm.swarm_reset_plan({'manager': groups.managers, 'worker': groups.workers}, reset_confirm) }}"
"""

RETURN = r"""
_value:
  description:
    - C(workers) and C(managers), the names of the hosts that leave, workers first; C(leader), the host that leaves last;
      C(demote), whether the managers are demoted first, because other managers remain; C(entries), the IDs of their nodes;
      C(alone), the names of hosts that are in other swarms; C(summary), the plan as text; and C(stop).
  type: dict
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.hosts import read_hosts
from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.reset import plan_reset
from ansible_collections.hive.swarm.plugins.plugin_utils._messages import printing


def swarm_reset_plan(hosts, wanted, confirm, nodes=(), elsewhere=()):
    return plan_reset(read_hosts(hosts, wanted, elsewhere), list(nodes), confirm)


class FilterModule:
    def filters(self):
        return {"swarm_reset_plan": printing(swarm_reset_plan)}
