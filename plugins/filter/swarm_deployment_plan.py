# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm_deployment_plan
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: Plan the deployment of a stack
description:
  - Made for the role P(hive.swarm.operations#role). Changes nothing.
positional: _input, name, compose, folder
options:
  _input:
    description: What P(hive.swarm.swarm_survey#filter) returned.
    type: dict
    required: true
  name:
    description: Name of the stack.
    type: str
    required: true
  compose:
    description: Compose files, as for M(hive.swarm.swarm_stack), or paths separated by commas.
    type: raw
    required: true
  folder:
    description: Base directory of relative paths.
    type: path
    required: true
  state:
    description: Desired state of the stack.
    type: str
    choices: [present, absent]
    default: present
  prune:
    description: Whether to remove objects of the stack that the files do not contain.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Plan
  ansible.builtin.set_fact:
    plan: "{{ survey | hive.swarm.swarm_deployment_plan('shop', 'a.yml,b.yml', '/srv/stacks') }}"
"""

RETURN = r"""
_value:
  description:
    - C(compose) (the files, for M(hive.swarm.swarm_stack)), C(steps), C(warnings), C(stop) and C(confirm).
  type: dict
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._messages import printing
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.stack import plan_stack, sources


def swarm_deployment_plan(survey, name, compose, folder, state="present", prune=False):
    files = sources(compose, folder)
    return {**plan_stack(survey, name, files, state, bool(prune)), "compose": files}


class FilterModule:
    def filters(self):
        return {"swarm_deployment_plan": printing(swarm_deployment_plan)}
