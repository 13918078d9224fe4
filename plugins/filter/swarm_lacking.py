# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm_lacking
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: List services with missing tasks
description:
  - Made to wait until services run as many tasks as before. Jobs are ignored.
positional: _input, before
options:
  _input:
    description: The services, as M(hive.swarm.swarm_service_info) returns them.
    type: list
    elements: dict
    required: true
  before:
    description: The same services at an earlier time. Tasks that were missing then are not required.
    type: list
    elements: dict
    default: []
"""

EXAMPLES = r"""
- name: Wait until all services have their tasks
  hive.swarm.swarm_service_info:
  register: listed
  until: listed.services | hive.swarm.swarm_lacking == []
"""

RETURN = r"""
_value:
  description: One sentence for each service with missing tasks.
  type: list
  elements: str
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.services import lacking
from ansible_collections.hive.swarm.plugins.plugin_utils._messages import printing


def swarm_lacking(services, before=()):
    return lacking(list(services), list(before))


class FilterModule:
    def filters(self):
        return {"swarm_lacking": printing(swarm_lacking)}
