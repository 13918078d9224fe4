# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm_choice
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: Select the swarm of the hosts, and the manager to query
description:
  - Returns the swarm of the hosts and one of its managers to query, or the host that creates a swarm, or the reasons to stop.
  - Made for the role P(hive.swarm.cluster#role), which shows how to gather the input.
positional: _input, wanted
extends_documentation_fragment:
  - hive.swarm.hosts
options:
  ambiguous_names:
    description: Whether several engines may have the same host name.
    type: bool
    default: false
  keys_given:
    description: Whether unlock keys for locked managers are available.
    type: bool
    default: false
seealso:
  - plugin: hive.swarm.swarm_plan
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Choose
  ansible.builtin.set_fact:
    choice: "{{ hosts | hive.swarm.swarm_choice({'manager': groups.managers, 'worker': groups.workers}) }}"
"""

RETURN = r"""
_value:
  description:
    - C(cluster_id), C(manager) (name of the host to query), C(init) (name of the host that creates the swarm) and C(stop), a
      list of reasons to stop.
  type: dict
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.choice import choose
from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.hosts import read_hosts
from ansible_collections.hive.swarm.plugins.plugin_utils._messages import printing


def swarm_choice(hosts, wanted, elsewhere=(), ambiguous_names=False, keys_given=False):
    return choose(read_hosts(hosts, wanted, elsewhere), wanted, ambiguous_names, keys_given)


class FilterModule:
    def filters(self):
        return {"swarm_choice": printing(swarm_choice)}
