# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm_confirmed
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: Check whether a confirmation matches
description:
  - Compares names, in any order, separated by commas or spaces.
positional: _input, expected
options:
  _input:
    description: The confirmation of the user.
    type: raw
    required: true
  expected:
    description: The required confirmation.
    type: raw
    required: true
"""

EXAMPLES = r"""
- name: Stop without a confirmation
  ansible.builtin.assert:
    that: confirm | default('') | hive.swarm.swarm_confirmed('delta,epsilon')
"""

RETURN = r"""
_value:
  description: Whether both contain the same names.
  type: bool
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._operations.lists import confirmed


def swarm_confirmed(given, expected):
    return confirmed(given, expected)


class FilterModule:
    def filters(self):
        return {"swarm_confirmed": swarm_confirmed}
