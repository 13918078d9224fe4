# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm_status
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: Sum up how a swarm is
description:
  - Puts nodes, quorum and problems of a swarm together, for monitoring and for P(hive.swarm.swarm_table#filter).
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
    description: ID of the swarm. Empty where there is none.
    type: str
    required: true
  problems:
    description: What is known to be wrong already.
    type: list
    elements: str
    default: []
  wanted:
    description: The names of the hosts that shall be C(manager) and C(worker), as two lists.
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
    description: What is in the file with the certificate of a node, in Base64, by the names of hosts.
    type: dict
    default: {}
  now:
    description: The time, in seconds since 1970. Certificates are judged only where it is given.
    type: float
    default: 0
  tasks:
    description:
      - Tasks of services that lack some, as M(hive.swarm.swarm_task_info) lists them. Where those that are missing are just
        starting, it is a warning and no problem.
    type: list
    elements: dict
    default: []
  refusal:
    description: Why a manager that was asked did not list the nodes.
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
    - C(cluster_id), C(quorum), C(nodes), C(services) (how many), C(engine_versions), C(autolock), C(root_rotation),
      C(certificates) (when the root's and those of nodes end), C(problems) and C(warnings).
  type: dict
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.hosts import read_hosts
from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.status import judged, status
from ansible_collections.hive.swarm.plugins.plugin_utils._messages import printing

NONE = {"manager": [], "worker": []}


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
