# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm_upgrade_plan
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: Plan the upgrade of the nodes' engines
description:
  - Returns the nodes to upgrade and their order, or the reasons to stop. Changes nothing.
  - Made for the role P(hive.swarm.operations#role).
positional: _input, wanted, survey, nodes, target
extends_documentation_fragment:
  - hive.swarm.hosts
  - hive.swarm.hosts.surveyed
options:
  target:
    description: Desired version of the engine, or its beginning.
    type: str
    required: true
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
    description: Description of the actions on a drained node.
    type: str
    default: ""
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
    plan: "{{ hosts | hive.swarm.swarm_upgrade_plan(wanted, survey, listed.nodes, '28.5', label='hive.swarm.maintenance') }}"
"""

RETURN = r"""
_value:
  description:
    - C(managers) and C(workers), names of hosts in the order of the upgrade; C(needed), whether there are any; C(steps),
      C(warnings), C(stop), and C(confirm), which is empty.
  type: dict
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.hosts import read_hosts
from ansible_collections.hive.swarm.plugins.plugin_utils._messages import printing
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.lists import as_names
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.maintenance import Settings
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.upgrade import plan_upgrade


def swarm_upgrade_plan(hosts, wanted, survey, nodes, target, elsewhere=(), missing=(), **settings):
    everybody = read_hosts(hosts, wanted, elsewhere)
    given = Settings(missing=tuple(as_names(missing)), **settings)
    return plan_upgrade(everybody, survey, list(nodes), str(target), given)


class FilterModule:
    def filters(self):
        return {"swarm_upgrade_plan": printing(swarm_upgrade_plan)}
