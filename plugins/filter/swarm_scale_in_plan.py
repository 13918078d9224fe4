# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm_scale_in_plan
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: Plan how nodes are taken out of a swarm for good
description:
  - Says which nodes leave, how and in which order, or why they must not. Changes nothing.
  - Made for the playbook C(hive.swarm.scale_in).
positional: _input, wanted, survey, nodes, names
extends_documentation_fragment:
  - hive.swarm.hosts
  - hive.swarm.hosts.surveyed
options:
  names:
    description: Hosts of the inventory, or host names or IDs of nodes, as list or as a string with commas.
    type: raw
    required: true
  allow_even:
    description: Whether an even number of managers may remain.
    type: bool
    default: false
  strangers_label:
    description:
      - Remove the nodes too that have this label, and whose host, which is the value of the label, is none of the inventory.
      - Empty to leave them.
    type: str
    default: ""
  left_out:
    description: Names of hosts that this run must not touch.
    type: list
    elements: str
    default: []
  inventory:
    description: Names of all hosts of the inventory, whatever their groups.
    type: list
    elements: str
    default: []
  confirm:
    description:
      - What the user has typed. It may name nodes that are to be removed and have gone already, as when a run that was cut
        off is started again.
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
    - C(targets), the nodes in the order in which they leave; C(steps), lines that say what happens; C(confirm), what has
      to be typed; C(warnings) and C(stop).
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
