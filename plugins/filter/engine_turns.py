# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: engine_turns
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: Split hosts into batches for the restart of their engines
description:
  - Managers restart one by one, the leader last. Then the other hosts restart, several at a time.
  - Made for the role P(hive.swarm.engine#role).
positional: _input, at_once
options:
  _input:
    description: Dictionaries with the C(name) of a host, and the booleans C(manager) and C(leader).
    type: list
    elements: dict
    required: true
  at_once:
    description: Number of hosts, except managers, that restart at the same time.
    type: int
    default: 1
"""

EXAMPLES = r"""
- name: Restart in turns
  ansible.builtin.debug:
    msg: "{{ [{'name': 'n1', 'manager': true}, {'name': 'n2'}] | hive.swarm.engine_turns }}"
"""

RETURN = r"""
_value:
  description: Batches, each a list of host names.
  type: list
  elements: list
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._installation.turns import turns


def engine_turns(hosts, at_once=1):
    return turns([dict(host) for host in hosts], at_once)


class FilterModule:
    def filters(self):
        return {"engine_turns": engine_turns}
