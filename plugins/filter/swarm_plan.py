# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm_plan
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: Plan what has to be done to make hosts a swarm
description:
  - Compares what the hosts are in and what the managers list with what the inventory wants. Changes nothing.
  - Made for the role P(hive.swarm.cluster#role), which shows how the input is gathered.
positional: _input
options:
  _input:
    description:
      - One dictionary per host of the play, with its C(name), what M(hive.swarm.swarm_info) returned on it as C(probe), and
        C(address), C(labels) and C(availability) as the inventory wants them.
    type: list
    elements: dict
    required: true
  managers:
    description: Names of the hosts that shall be managers.
    type: list
    elements: str
    required: true
  elsewhere:
    description: Results of a looped M(hive.swarm.swarm_info) on hosts that are not in the play.
    type: list
    elements: dict
    default: []
  choice:
    description: What P(hive.swarm.swarm_choice#filter) returned.
    type: dict
    required: true
  nodes:
    description: What M(hive.swarm.swarm_node_info) returned on the chosen manager. Empty where there is no swarm yet.
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
    plan: "{{ hosts | hive.swarm.swarm_plan(managers=groups.managers, choice=choice, nodes=listed.nodes) }}"
"""

RETURN = r"""
_value:
  description:
    - The choice, and with it C(join), C(promote), C(demote), C(stale), C(settings), C(remote_addrs), C(member_ids),
      C(ids), C(keeper), C(expected), C(warnings) and C(stop).
  type: dict
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.hosts import read_hosts
from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.plan import plan


def swarm_plan(hosts, managers, choice, nodes=(), elsewhere=()):
    return plan(read_hosts(hosts, elsewhere, managers), choice, list(nodes))


class FilterModule:
    def filters(self):
        return {"swarm_plan": swarm_plan}
