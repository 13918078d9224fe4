# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm_rotation_plan
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: Plan the renewal of tokens, root certificate or unlock key
description:
  - Returns the planned actions, or the reasons to stop. Changes nothing.
  - Made for the role P(hive.swarm.operations#role).
positional: _input, nodes, live, kind
options:
  _input:
    description:
      - What P(hive.swarm.swarm_survey#filter) returned.
    type: dict
    required: true
  nodes:
    description:
      - What M(hive.swarm.swarm_node_info) returned on a manager.
    type: list
    elements: dict
    required: true
  live:
    description:
      - What M(hive.swarm.swarm_info) returned on a manager.
    type: dict
    required: true
  kind:
    description:
      - What to renew, V(tokens), V(ca) or V(unlock_key).
    type: str
    required: true
  keeps_keys:
    description:
      - Whether keys are stored where the user can find them.
    type: bool
    default: false
  key_given:
    description:
      - Whether the current unlock key is among the keys that the user has set.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Plan
  ansible.builtin.set_fact:
    plan: "{{ survey | hive.swarm.swarm_rotation_plan(listed.nodes, live, 'ca') }}"
"""

RETURN = r"""
_value:
  description:
    - C(start) (whether to start a rotation), C(counter) (for C(ca_force_rotate)), C(steps), C(warnings), C(stop) and
      C(confirm).
  type: dict
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._messages import printing
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.rotation import Wishes, plan_rotation


def swarm_rotation_plan(survey, nodes, live, kind, **wishes):
    return plan_rotation(survey, list(nodes), live, Wishes(kind, **wishes))


class FilterModule:
    def filters(self):
        return {"swarm_rotation_plan": printing(swarm_rotation_plan)}
