# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm_ways
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: Plan connectivity checks between hosts
description:
  - Returns the options of M(hive.swarm.swarm_connectivity) for each host, for the playbook C(hive.swarm.preflight).
positional: _input
options:
  _input:
    description: One dictionary per host, as for P(hive.swarm.swarm_preflight#filter).
    type: list
    elements: dict
    required: true
  managers:
    description: Names of the hosts that are to be managers.
    type: list
    elements: str
    required: true
  data_path_port:
    description: UDP port of the swarm's overlay networks.
    type: int
    default: 4789
"""

EXAMPLES = r"""
- name: Plan which ways are tried
  ansible.builtin.set_fact:
    ways: "{{ records | hive.swarm.swarm_ways(managers=groups.managers) }}"
"""

RETURN = r"""
_value:
  description: Dictionary with C(listen) and C(targets), which may be empty, by host name.
  type: dict
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._operations.preflight_record import read_record
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.ways import plan_ways


def swarm_ways(records, managers, data_path_port=4789):
    return plan_ways([read_record(record) for record in records], list(managers), int(data_path_port))


class FilterModule:
    def filters(self):
        return {"swarm_ways": swarm_ways}
