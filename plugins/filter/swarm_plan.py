# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm_plan
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: Plan how to join hosts to a swarm
description:
  - Compares the membership of the hosts and the managers' list of nodes with the inventory. Changes nothing.
  - Made for the role P(hive.swarm.cluster#role), which shows how to gather the input.
positional: _input, wanted
extends_documentation_fragment:
  - hive.swarm.hosts
options:
  choice:
    description: What P(hive.swarm.swarm_choice#filter) returned.
    type: dict
    required: true
  nodes:
    description: What M(hive.swarm.swarm_node_info) returned on the selected manager. Empty if no swarm exists yet.
    type: list
    elements: dict
    default: []
  ambiguous_names:
    description: Whether several engines may have the same host name. Stale entries are then identified by address only.
    type: bool
    default: false
seealso:
  - plugin: hive.swarm.swarm_choice
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Plan
  ansible.builtin.set_fact:
    plan: "{{ hosts | hive.swarm.swarm_plan({'manager': groups.managers, 'worker': groups.workers}, choice=choice, nodes=listed.nodes) }}"
"""

RETURN = r"""
_value:
  description:
    - The choice, and the actions C(retire), C(join), C(promote), C(demote), C(settings) and C(remove); their input
      C(remote_addrs), C(member_ids), C(ids), C(keeper), C(adds_managers) and C(expected); C(quiet), whether there is nothing to
      do; C(warnings) and C(stop).
  type: dict
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.hosts import read_hosts
from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.plan import plan
from ansible_collections.hive.swarm.plugins.plugin_utils._messages import printing


def swarm_plan(hosts, wanted, choice, nodes=(), elsewhere=(), ambiguous_names=False):
    return plan(read_hosts(hosts, wanted, elsewhere), choice, list(nodes), ambiguous_names)


class FilterModule:
    def filters(self):
        return {"swarm_plan": printing(swarm_plan)}
