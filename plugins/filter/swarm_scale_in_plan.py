# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm_scale_in_plan
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: Plan the permanent removal of nodes from a swarm
description:
  - Returns the nodes to remove, their order and the method, or the reasons to stop. Changes nothing.
  - Made for the playbook C(hive.swarm.scale_in).
positional: _input, wanted, survey, nodes, names
extends_documentation_fragment:
  - hive.swarm.hosts
  - hive.swarm.hosts.surveyed
options:
  names:
    description: Hosts of the inventory, or host names or IDs of nodes, as a list or a comma-separated string.
    type: raw
    required: true
  allow_even:
    description: Whether an even number of managers may remain.
    type: bool
    default: false
  strangers_label:
    description:
      - Also remove nodes with this label whose host, which is the value of the label, is not in the inventory.
      - An empty string keeps them.
    type: str
    default: ""
  left_out:
    description: Names of hosts that this run must not touch.
    type: list
    elements: str
    default: []
  inventory:
    description: Names of all hosts of the inventory, in any group.
    type: list
    elements: str
    default: []
  confirm:
    description:
      - The confirmation of the user. It may name nodes that are removed already, for example when an interrupted run is
        started again.
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: Plan
  ansible.builtin.set_fact:
    plan: "{{ hosts | hive.swarm.swarm_scale_in_plan(wanted, survey, listed.nodes, 'delta,epsilon') }}"
"""

RETURN = r"""
_value:
  description:
    - C(targets), the nodes in the order of their removal; C(steps), the planned actions as text; C(confirm), the required
      confirmation; C(warnings) and C(stop).
  type: dict
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.hosts import read_hosts
from ansible_collections.hive.swarm.plugins.plugin_utils._messages import printing
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.lists import as_names
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.scale_in import plan_scale_in


def swarm_scale_in_plan(hosts, wanted, survey, nodes, names, elsewhere=(), **options):
    return plan_scale_in(read_hosts(hosts, wanted, elsewhere), survey, list(nodes), as_names(names), **options)


class FilterModule:
    def filters(self):
        return {"swarm_scale_in_plan": printing(swarm_scale_in_plan)}
