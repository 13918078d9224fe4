# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm_maintenance_plan
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: Plan a rolling maintenance
description:
  - Returns the nodes to maintain and their order, or the reasons to stop. Changes nothing.
  - Made for the playbook C(hive.swarm.rolling_maintenance).
positional: _input, wanted, survey, nodes
extends_documentation_fragment:
  - hive.swarm.hosts
  - hive.swarm.hosts.surveyed
options:
  label:
    description: Node label that stores the availability of a node during its maintenance.
    type: str
    required: true
  done_label:
    description: Node label that stores the name of the last run that was finished on a node.
    type: str
    default: ""
  run:
    description: Name of this run. Nodes that it has finished are skipped. An empty string includes every node.
    type: str
    default: ""
  deeds:
    description: Description of the actions on a drained node, either one for all hosts, or a dictionary by host name.
    type: raw
    default: ""
  mute:
    description: Names of hosts without an indicator for required reboots, if reboots depend on it.
    type: list
    elements: str
    default: []
  missing:
    description: Host names or IDs of nodes that may be missing, as a list or a comma-separated string.
    type: raw
    default: []
  accept_outage:
    description: Whether a swarm of one or two managers may be without a leader for a while.
    type: bool
    default: false
  autolock:
    description: Whether managers are locked after a restart.
    type: bool
    default: false
  key_fits:
    description: Whether the current unlock key is available.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Plan
  ansible.builtin.set_fact:
    plan: "{{ hosts | hive.swarm.swarm_maintenance_plan(wanted, survey, listed.nodes, label='hive.swarm.maintenance') }}"
"""

RETURN = r"""
_value:
  description:
    - C(managers) and C(workers), names of hosts in the order of the maintenance; C(steps), the planned actions as text;
      C(warnings), C(stop), and C(confirm), which is empty.
  type: dict
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.hosts import read_hosts
from ansible_collections.hive.swarm.plugins.plugin_utils._messages import printing
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.lists import as_names
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.maintenance import Settings, plan_maintenance


def swarm_maintenance_plan(hosts, wanted, survey, nodes, elsewhere=(), missing=(), mute=(), **settings):
    everybody = read_hosts(hosts, wanted, elsewhere)
    given = Settings(missing=tuple(as_names(missing)), mute=tuple(mute), **settings)
    return plan_maintenance(everybody, survey, list(nodes), given)


class FilterModule:
    def filters(self):
        return {"swarm_maintenance_plan": printing(swarm_maintenance_plan)}
