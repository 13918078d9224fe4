# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm_scale_out_plan
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: Plan how to add hosts to a swarm
description:
  - Returns the hosts that join, or the reasons to stop. Changes nothing.
  - Made for the playbook C(hive.swarm.scale_out).
positional: _input, wanted, survey, nodes
extends_documentation_fragment:
  - hive.swarm.hosts
  - hive.swarm.hosts.surveyed
options:
  names:
    description: Hosts that may join, as a list or a comma-separated string. The default is all hosts of the play.
    type: raw
    default: []
  allow_even:
    description: Whether the swarm may have an even number of managers afterwards.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Plan
  ansible.builtin.set_fact:
    plan: "{{ hosts | hive.swarm.swarm_scale_out_plan(wanted, survey, listed.nodes) }}"
"""

RETURN = r"""
_value:
  description:
    - C(hosts), the names of hosts that join; C(steps), the planned actions as text; C(warnings), C(stop), and C(confirm), which
      is empty.
  type: dict
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.hosts import read_hosts
from ansible_collections.hive.swarm.plugins.plugin_utils._messages import printing
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.lists import as_names
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.scale_out import plan_scale_out


def swarm_scale_out_plan(hosts, wanted, survey, nodes, elsewhere=(), names=(), allow_even=False):
    everybody = read_hosts(hosts, wanted, elsewhere)
    return plan_scale_out(everybody, survey, list(nodes), as_names(names), allow_even)


class FilterModule:
    def filters(self):
        return {"swarm_scale_out_plan": printing(swarm_scale_out_plan)}
