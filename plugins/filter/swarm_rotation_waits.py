# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm_rotation_waits
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: List what the rotation of the root certificate waits for
description:
  - Made for the role P(hive.swarm.operations#role).
positional: _input, rotating
options:
  _input:
    description:
      - The nodes, as M(hive.swarm.swarm_node_info) returns them.
    type: list
    elements: dict
    required: true
  rotating:
    description:
      - Whether the rotation is in progress, as C(root_rotation_in_progress) of M(hive.swarm.swarm_info).
    type: bool
    required: true
"""

EXAMPLES = r"""
- name: Say what it waits for
  ansible.builtin.debug:
    msg: "{{ listed.nodes | hive.swarm.swarm_rotation_waits(live.root_rotation_in_progress) }}"
"""

RETURN = r"""
_value:
  description:
    - A sentence. Empty if the rotation has finished.
  type: str
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._messages import printing
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.rotation import waits_for


def swarm_rotation_waits(nodes, rotating):
    return waits_for(list(nodes), bool(rotating))


class FilterModule:
    def filters(self):
        return {"swarm_rotation_waits": printing(swarm_rotation_waits)}
