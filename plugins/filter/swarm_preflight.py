# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm_preflight
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: Find problems that prevent a swarm from working on the hosts
description:
  - Evaluates the facts that the playbook C(hive.swarm.preflight) has gathered. Changes nothing.
positional: _input
options:
  _input:
    description:
      - One dictionary per host, as the role P(hive.swarm.operations#role) gathers them, with C(name), C(local), C(address),
        C(data_path), C(hostname), C(state), C(silence), C(node_address), C(docker_info), C(unreachable), C(facts),
        C(inspected) (from M(hive.swarm.swarm_host_info)), and C(listening), C(results) and C(received) (from
        M(hive.swarm.swarm_connectivity)).
    type: list
    elements: dict
    required: true
  managers:
    description: Names of the hosts that are to be managers.
    type: list
    elements: str
    required: true
  pools:
    description: Address pools of overlay networks.
    type: list
    elements: str
    default: [10.0.0.0/8]
  subnet_size:
    description: Prefix length of each overlay network.
    type: int
    default: 24
"""

EXAMPLES = r"""
- name: Judge
  ansible.builtin.debug:
    msg: "{{ (records | hive.swarm.swarm_preflight(managers=groups.managers)).lines }}"
"""

RETURN = r"""
_value:
  description:
    - C(findings) (with C(host), C(level), C(what) and C(to_do)), C(problems) and C(warnings) (their numbers), and C(lines) as
      text.
  type: dict
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._messages import printing
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.preflight import preflight
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.preflight_record import read_record


def swarm_preflight(records, managers, pools=("10.0.0.0/8",), subnet_size=24):
    return preflight([read_record(record) for record in records], list(managers), list(pools), int(subnet_size))


class FilterModule:
    def filters(self):
        return {"swarm_preflight": printing(swarm_preflight)}
