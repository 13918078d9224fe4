# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: engine_firewall_rules
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: Get firewall rules for the nodes of a swarm
description:
  - Returns rules of ufw, firewalld and nftables that open the ports of a node to its peers only.
  - Made for the role P(hive.swarm.engine#role).
positional: _input, manager
options:
  _input:
    description: Addresses or networks of the other nodes.
    type: list
    elements: str
    required: true
  manager:
    description: Whether the node is a manager, which needs one additional port.
    type: bool
    required: true
  data_path_port:
    description: UDP port of overlay networks.
    type: int
    default: 4789
"""

EXAMPLES = r"""
- name: Show the rules of a worker
  ansible.builtin.debug:
    msg: "{{ ['192.0.2.11', '192.0.2.12'] | hive.swarm.engine_firewall_rules(false) }}"
"""

RETURN = r"""
_value:
  description: Lists of rules, for C(ufw), C(firewalld) (rich rules) and C(nftables) (rules of a chain).
  type: dict
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._installation.firewall import words


def engine_firewall_rules(peers, manager, data_path_port=4789):
    return words(list(peers), bool(manager), data_path_port)


class FilterModule:
    def filters(self):
        return {"engine_firewall_rules": engine_firewall_rules}
