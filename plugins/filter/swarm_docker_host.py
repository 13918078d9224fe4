# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm_docker_host
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: Get the docker_host of another host
description:
  - Returns the option C(docker_host) for a delegated task. Such a task uses the variables of the host that it was delegated
    from, not those of the host that it runs on.
  - Uses the first value that is set, of the fact that the role P(hive.swarm.cluster#role) keeps for the hosts of the play, and
    the variables C(cluster_docker_host) and C(docker_host) of the inventory.
positional: _input
options:
  _input:
    description: Variables of the host that the task is delegated to.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Ask a manager
  hive.swarm.swarm_info:
    docker_host: "{{ hostvars['manager1'] | hive.swarm.swarm_docker_host | default(omit, true) }}"
  delegate_to: manager1
"""

RETURN = r"""
_value:
  description: URL of the socket, or an empty string if nothing is set and the module's default applies.
  type: str
"""


def swarm_docker_host(variables):
    known = variables.get("cluster_host") or {}
    return known.get("docker_host") or variables.get("cluster_docker_host") or variables.get("docker_host") or ""


class FilterModule:
    def filters(self):
        return {"swarm_docker_host": swarm_docker_host}
