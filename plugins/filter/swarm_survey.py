# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm_survey
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: Discover the swarm of the hosts, and its managers
description:
  - Finds the swarm and its managers that respond. Hosts that do not respond are listed, and do not stop the run.
  - Made for the role P(hive.swarm.operations#role).
positional: _input, wanted
extends_documentation_fragment:
  - hive.swarm.hosts
options:
  avoid:
    description: Names of hosts to query only if no other manager responds, as a list or a comma-separated string.
    type: raw
    default: []
  keys_given:
    description: Whether unlock keys are available, so that a locked manager does not stop the run.
    type: bool
    default: false
seealso:
  - plugin: hive.swarm.swarm_choice
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Find a manager other than the one that goes down
  ansible.builtin.set_fact:
    survey: "{{ hosts | hive.swarm.swarm_survey({'manager': groups.managers, 'worker': groups.workers}, avoid=['alpha']) }}"
"""

RETURN = r"""
_value:
  description:
    - C(cluster_id), C(manager) (name of the host to query), C(managers) (all hosts that can be queried), C(silent) (C(name) and
      C(why) of the hosts that do not respond) and C(stop), a list of reasons to stop.
  type: dict
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.hosts import read_hosts
from ansible_collections.hive.swarm.plugins.plugin_utils._messages import printing
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.lists import as_names
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.survey import survey


def swarm_survey(hosts, wanted, elsewhere=(), avoid=(), keys_given=False):
    return survey(read_hosts(hosts, wanted, elsewhere), wanted, as_names(avoid), keys_given)


class FilterModule:
    def filters(self):
        return {"swarm_survey": printing(swarm_survey)}
