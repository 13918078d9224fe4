# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm_heal_plan
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: Plan the repair of the membership of hosts
description:
  - Finds stale entries, managers that do not exist anymore, and hosts that have lost their membership, were removed by another
    client or are locked, and plans the repair. Changes nothing.
  - Made for the playbook C(hive.swarm.heal).
positional: _input, wanted, survey, nodes
extends_documentation_fragment:
  - hive.swarm.hosts
  - hive.swarm.hosts.surveyed
options:
  keys_given:
    description: Whether unlock keys are available.
    type: bool
    default: false
  maintenance_label:
    description: Label of nodes that an interrupted rolling maintenance has left behind.
    type: str
    default: ""
  confirm:
    description: The confirmation of the user.
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: Plan
  ansible.builtin.set_fact:
    plan: "{{ hosts | hive.swarm.swarm_heal_plan(wanted, survey, listed.nodes) }}"
"""

RETURN = r"""
_value:
  description:
    - C(hosts), the names of hosts that respond; C(steps), the planned actions as text; C(warnings), what a person has to
      decide; C(stop); C(confirm), the ID of the swarm; and C(unlock_first), whether the managers must be unlocked before more
      is known. In this case C(confirm) is C(unlock), or the ID that the user has confirmed.
  type: dict
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.hosts import read_hosts
from ansible_collections.hive.swarm.plugins.plugin_utils._messages import printing
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.heal import plan_heal


def swarm_heal_plan(hosts, wanted, survey, nodes, elsewhere=(), **options):
    return plan_heal(read_hosts(hosts, wanted, elsewhere), survey, list(nodes), **options)


class FilterModule:
    def filters(self):
        return {"swarm_heal_plan": printing(swarm_heal_plan)}
