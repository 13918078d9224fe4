# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: engine_firewall_changes
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: List firewall rules of a swarm's nodes to add and to remove
description:
  - Compares the rules of a firewall with those that the nodes need. Only rules that were added for a swarm are removed.
  - Made for the role P(hive.swarm.engine#role).
positional: _input, wanted
options:
  _input:
    description: The rules that the firewall lists, as C(ufw show added) or C(firewall-cmd --list-rich-rules) prints them.
    type: list
    elements: str
    required: true
  wanted:
    description: Required rules, as P(hive.swarm.engine_firewall_rules#filter) returns them.
    type: list
    elements: str
    required: true
  own:
    description:
      - Rules that were added for a swarm before. The default is the rules of ufw with the comment C(hive.swarm).
    type: list
    elements: str
seealso:
  - plugin: hive.swarm.engine_firewall_rules
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Show what would change
  ansible.builtin.debug:
    msg: "{{ ufw.stdout_lines | hive.swarm.engine_firewall_changes((['192.0.2.11'] | hive.swarm.engine_firewall_rules(false)).ufw) }}"
"""

RETURN = r"""
_value:
  description: Lists of rules, to C(add) and to C(remove).
  type: dict
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._installation.firewall import changes


def engine_firewall_changes(live, wanted, own=None):
    return changes(list(live), list(wanted), None if own is None else list(own))


class FilterModule:
    def filters(self):
        return {"engine_firewall_changes": engine_firewall_changes}
