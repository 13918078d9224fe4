# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm_heal_plan
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: Say what is wrong with the membership of hosts, and what would be done
description:
  - Finds entries of former lives, managers that no longer exist, hosts that have lost their place, that were removed
    elsewhere or are locked, and what has to be done about them. Changes nothing.
  - Made for the playbook C(hive.swarm.heal).
positional: _input, wanted, survey, nodes
extends_documentation_fragment:
  - hive.swarm.hosts
  - hive.swarm.hosts.surveyed
options:
  keys_given:
    description: Whether there are unlock keys.
    type: bool
    default: false
  maintenance_label:
    description: The label of nodes that a rolling maintenance has left behind.
    type: str
    default: ""
  confirm:
    description: What the user has typed.
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
    - C(hosts), the names of those that answer; C(steps), lines that say what is done; C(warnings), what a person has to
      decide; C(stop); C(confirm), the ID of the swarm, and C(unlock_first), whether nobody can tell more before the managers
      are unlocked. C(confirm) is C(unlock) then, or what was typed as the ID.
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
