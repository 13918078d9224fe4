#!/usr/bin/python
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: swarm_node_info
short_description: List the nodes of a Docker swarm
version_added: 0.1.0
author: The hive.swarm authors (@hive-swarm)
description:
  - Lists the nodes of the swarm with one request. Runs on a manager.
extends_documentation_fragment:
  - hive.swarm.docker
  - hive.swarm.attributes
  - hive.swarm.attributes.info_module
  - hive.swarm.listing
options:
  name:
    description:
      - Only nodes with these host names or IDs. A name that does not exist is not an error.
    type: list
    elements: str
  self:
    description:
      - Only the node of the engine that the task connects to. O(name) is ignored in this case.
    type: bool
    default: false
  filters:
    description:
      - Only nodes that match these filters of the engine. Supported are C(id), C(label) (of the engine), C(membership),
        C(name), C(node.label) (needs API version 1.40) and C(role).
      - A value is a string or a list of strings, one of which must match. C(id) and C(name) match prefixes.
    type: dict
seealso:
  - module: hive.swarm.swarm_node
"""

EXAMPLES = r"""
- name: List the nodes
  hive.swarm.swarm_node_info:
  register: swarm

- name: List the managers with a label
  hive.swarm.swarm_node_info:
    filters:
      role: manager
      node.label: zone=a

- name: List the nodes that are down
  hive.swarm.swarm_node_info:
    query: "[?state != 'ready'].hostname"
  register: down
"""

RETURN = r"""
nodes:
  description: The nodes, sorted by host name, or in the order of O(name).
  returned: success
  type: list
  elements: dict
  contains:
    id: {description: ID of the node., type: str, returned: success, sample: 9fvpv3fv52ogk3xexxzwyyh6u}
    hostname: {description: Host name that the engine reports., type: str, returned: success, sample: node4}
    name: {description: Name in the node's spec., type: str, returned: success, sample: ""}
    role: {description: Desired role of the node., type: str, returned: success, sample: worker}
    availability: {description: Availability for tasks., type: str, returned: success, sample: active}
    labels: {description: Labels of the node., type: dict, returned: success, sample: {zone: a}}
    state: {description: State that the managers report., type: str, returned: success, sample: ready}
    status_message: {description: Reason of the state., type: str, returned: success, sample: ""}
    address: {description: Address of the node as the managers list it., type: str, returned: success, sample: 192.0.2.24}
    manager: {description: Whether it is a member of the managers' Raft group., type: bool, returned: success, sample: false}
    leader: {description: Whether it is the leader., type: bool, returned: success, sample: false}
    reachability: {description: Whether the other managers reach it., type: str, returned: success, sample: reachable}
    manager_address: {description: Address and port of a manager., type: str, returned: success, sample: "192.0.2.11:2377"}
    engine_version: {description: Version of Docker Engine., type: str, returned: success, sample: 28.5.2}
    engine_labels: {description: Labels of the engine., type: dict, returned: success, sample: {}}
    os: {description: Operating system., type: str, returned: success, sample: linux}
    architecture: {description: Processor architecture., type: str, returned: success, sample: x86_64}
    nano_cpus: {description: Processors in units of 10^-9., type: int, returned: success, sample: 4000000000}
    memory_bytes: {description: Bytes of memory., type: int, returned: success, sample: 8323346432}
    created_at: {description: Time of the join., type: str, returned: success, sample: "2026-11-01T10:00:00.000000000Z"}
    updated_at: {description: Time of the last change., type: str, returned: success, sample: "2026-11-01T10:00:00.000000000Z"}
    raw: {description: The engine's API object., type: dict, returned: O(raw=true), sample: {}}
quorum:
  description: Quorum of the managers, as M(hive.swarm.swarm_info) returns it. Empty if O(filters) is set.
  returned: success
  type: dict
  sample:
    managers: 3
    margin: 1
    needed: 2
    reachable: 3
result:
  description: Result of O(query).
  returned: O(query) is set
  type: raw
  sample: [node5]
failure:
  description:
    - Why the task failed.
    - If the value of an option is not valid, C(kind) is V(bad_input) and C(option) names the option and its sub-options.
  returned: failure
  type: dict
  sample:
    kind: not_a_manager
    message: This node is not a swarm manager.
    status: 503
"""

from ..module_utils._frontend.module import run_module
from ..module_utils._node.info import MODULE


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
