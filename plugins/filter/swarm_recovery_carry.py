# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm_recovery_carry
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: Get the labels and availability to restore on managers
description:
  - For managers that join again after their entries were removed. Settings of the inventory take precedence.
  - Made for the role P(hive.swarm.operations#role).
positional: _input, hosts
options:
  _input:
    description: The removed entries, as M(hive.swarm.swarm_node_info) returned them.
    type: list
    elements: dict
    required: true
  hosts:
    description: The hosts of the play, as C(cluster_hosts) of the role P(hive.swarm.cluster#role).
    type: list
    elements: dict
    required: true
  managers:
    description: Names of the hosts whose entries are identified by host name. The default is all hosts.
    type: list
    elements: str
  host_label:
    description: Node label in which managers have stored the host of a node. Takes precedence over the host name.
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: Give them back
  hive.swarm.swarm_node:
    hostname: "{{ item.hostname }}"
    labels: "{{ item.labels }}"
  loop: "{{ removed | hive.swarm.swarm_recovery_carry(cluster_hosts) }}"
"""

RETURN = r"""
_value:
  description:
    - C(host), C(hostname), C(labels) and C(availability) of each manager with something to restore.
  type: list
  elements: dict
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._operations.recovery import carried


def swarm_recovery_carry(removed, hosts, managers=None, host_label=""):
    return carried(list(removed), list(hosts), managers, host_label)


class FilterModule:
    def filters(self):
        return {"swarm_recovery_carry": swarm_recovery_carry}
