# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm_status
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: Summarize the status of a swarm
description:
  - Combines nodes, quorum and problems of a swarm, for monitoring and for P(hive.swarm.swarm_table#filter).
positional: _input
options:
  _input:
    description: The nodes, as M(hive.swarm.swarm_node_info) returns them.
    type: list
    elements: dict
    required: true
  quorum:
    description: The quorum, as M(hive.swarm.swarm_node_info) returns it.
    type: dict
    required: true
  cluster_id:
    description: ID of the swarm. Empty if none exists.
    type: str
    required: true
  problems:
    description: Problems that are known already.
    type: list
    elements: str
    default: []
  wanted:
    description: Names of the hosts that must be C(manager) and C(worker), as two lists.
    type: dict
    default: {manager: [], worker: []}
  elsewhere:
    description: Results of a looped M(hive.swarm.swarm_info) on hosts that are not in the play.
    type: list
    elements: dict
    default: []
  services:
    description: The services, as M(hive.swarm.swarm_service_info) returns them.
    type: list
    elements: dict
    default: []
  swarm:
    description: What M(hive.swarm.swarm_info) returned on a manager.
    type: dict
    default: {}
  certificates:
    description: Content of each node's certificate file, in Base64, by host name.
    type: dict
    default: {}
  now:
    description: Current time, in seconds since 1970. Certificates are evaluated only if it is set.
    type: float
    default: 0
  tasks:
    description:
      - Tasks of services with missing tasks, as M(hive.swarm.swarm_task_info) lists them. If the missing tasks are starting,
        the result is a warning instead of a problem.
    type: list
    elements: dict
    default: []
  refusal:
    description: Reason why a manager did not list the nodes.
    type: str
    default: ""
  ambiguous_names:
    description: Whether several engines may have the same host name.
    type: bool
    default: false
  hosts:
    description: The hosts, as for P(hive.swarm.swarm_choice#filter).
    type: list
    elements: dict
    default: []
"""

EXAMPLES = r"""
- name: Stop when something is wrong
  ansible.builtin.assert:
    that: (listed.nodes | hive.swarm.swarm_status(listed.quorum, swarm.cluster_id)).problems == []
"""

RETURN = r"""
_value:
  description:
    - C(cluster_id), C(quorum), C(nodes), C(services) (their number), C(engine_versions), C(autolock), C(root_rotation),
      C(certificates) (expiry times of the root certificate and of the nodes' certificates), C(problems) and C(warnings).
  type: dict
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.hosts import read_hosts
from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.status import judged, status
from ansible_collections.hive.swarm.plugins.plugin_utils._messages import printing

NONE: dict[str, list[str]] = {"manager": [], "worker": []}


def swarm_status(
    nodes, quorum, cluster_id, hosts=(), wanted=None, elsewhere=(), problems=(), ambiguous_names=False, **more
):
    everybody = read_hosts(hosts, wanted or NONE, elsewhere)
    known = [*judged(everybody, wanted or NONE, ambiguous_names), *problems]
    mine = [host for host in everybody if host.wanted]
    return status(list(nodes), quorum, cluster_id, mine, known, **more)


class FilterModule:
    def filters(self):
        return {"swarm_status": printing(swarm_status)}
