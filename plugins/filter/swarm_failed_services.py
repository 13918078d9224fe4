# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm_failed_services
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: List services whose tasks failed although they had all of them before
description:
  - Made to decide which services have to converge again after a maintenance. Jobs are left out.
positional: _input, tasks
options:
  _input:
    description: The services at an earlier time, as M(hive.swarm.swarm_service_info) returns them.
    type: list
    elements: dict
    required: true
  tasks:
    description: Tasks, as M(hive.swarm.swarm_task_info) returns them. Only failed and rejected ones count.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Show the services whose tasks failed
  ansible.builtin.debug:
    msg: "{{ before.services | hive.swarm.swarm_failed_services(listed.tasks) }}"
"""

RETURN = r"""
_value:
  description: The names of the services, sorted.
  type: list
  elements: str
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.services import failed
from ansible_collections.hive.swarm.plugins.plugin_utils._messages import printing


def swarm_failed_services(before, tasks):
    return failed(list(before), list(tasks))


class FilterModule:
    def filters(self):
        return {"swarm_failed_services": printing(swarm_failed_services)}
