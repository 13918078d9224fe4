# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm_gate
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: List reasons why nodes cannot be taken down safely
description:
  - A majority of the managers, including dead ones, must remain, and no other node may be missing already.
positional: _input, going
options:
  _input:
    description: The nodes, as M(hive.swarm.swarm_node_info) lists them.
    type: list
    elements: dict
    required: true
  going:
    description: IDs of the nodes that go down at the same time.
    type: list
    elements: str
    required: true
  missing:
    description: Host names or IDs of nodes that are known to be missing, as a list or a comma-separated string.
    type: raw
    default: []
  accept_outage:
    description:
      - Whether a swarm of one or two managers may be without a leader for a while. Services continue to run, but nothing can
        be changed until the manager is back.
    type: bool
    default: false
  accept_option:
    description: Name of the caller's variable for O(accept_outage), for the returned sentences.
    type: str
    default: operations_accept_outage
"""

EXAMPLES = r"""
- name: Wait until this manager may be restarted
  hive.swarm.swarm_node_info:
  register: listed
  until: listed.nodes | hive.swarm.swarm_gate([node_id]) == []
  retries: 60
  delay: 2
"""

RETURN = r"""
_value:
  description: The reasons, one sentence each.
  type: list
  elements: str
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._messages import printing
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.gate import why_not_down
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.lists import as_names


def swarm_gate(nodes, going, missing=(), accept_outage=False, accept_option="operations_accept_outage"):
    return why_not_down(list(nodes), going, as_names(missing), accept_outage, accept_option)


class FilterModule:
    def filters(self):
        return {"swarm_gate": printing(swarm_gate)}
