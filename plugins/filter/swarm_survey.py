# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm_survey
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: Tell which swarm hosts are in, and whom to ask
description:
  - Finds the swarm and its managers that answer. Hosts that give no answer are listed, and are no reason to stop.
  - Made for the role P(hive.swarm.operations#role).
positional: _input, wanted
extends_documentation_fragment:
  - hive.swarm.hosts
options:
  avoid:
    description: Names of hosts that are asked only where no other manager answers, as list or as a string with commas.
    type: raw
    default: []
  keys_given:
    description: Whether there are unlock keys, so that a locked manager is no reason to stop.
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
    - C(cluster_id), C(manager) (name of the host to ask), C(managers) (all that could be asked), C(silent) (C(name) and
      C(why) of the hosts that give no answer) and C(stop), a list of reasons not to go on.
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
