# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: swarm_wait
short_description: Wait until a swarm, its nodes or its services meet a condition
version_added: 0.1.0
author: The hive.swarm authors (@hive-swarm)
description:
  - Reads the swarm until O(condition) is met, and fails with what is missing when O(wait_timeout) is over, or earlier if waiting
    cannot help.
  - Shows every 15 seconds what it waits for, for how long already, and how much time is left. Modules that wait for their own
    changes, such as M(hive.swarm.swarm_service) and M(hive.swarm.swarm_node), do the same. These lines go to standard error, and
    tasks with C(no_log) have none.
  - Runs on the controller and reads the swarm over the connection of the task. Delegate the task to a manager, except for
    O(condition=engine_ready) and O(condition=membership_known), which are about the engine of the task's host.
  - In check mode it reads once and does not wait, except for O(condition=membership_known).
  - Options that the condition does not have are errors.
extends_documentation_fragment:
  - hive.swarm.docker
  - hive.swarm.attributes
  - hive.swarm.attributes.info_module
options:
  condition:
    description:
      - What to wait for.
      - V(can_do_without) is met if O(nodes) can go down at the same time. A majority of all managers remains, and no other node is
        missing.
      - V(engine_ready) is met if the engine of the host is in one of O(states).
      - V(membership_known) is met if the engine of the host is in no swarm, or is active without an error. An engine that does
        not answer is not waited for.
      - V(nodes_ready) is met if the nodes in O(expected) are ready and in their roles.
      - V(root_rotated) is met if no rotation of the root certificate is in progress.
      - V(services_running) is met if the services run as many tasks as they should, or as in O(before). Jobs are ignored.
    type: str
    required: true
    choices: [can_do_without, engine_ready, membership_known, nodes_ready, root_rotated, services_running]
  wait_timeout:
    description: Seconds after which the task fails.
    type: int
    default: 120
  prefix:
    description:
      - Beginning of the names of your variables for O(wait_timeout), O(missing) and O(accept_outage). Messages name the variables.
    type: str
    default: operations_
  accept_errors:
    description:
      - Whether an active engine that reports an error, such as a swarm without a leader, is ready. For O(condition=engine_ready).
    type: bool
    default: false
  accept_outage:
    description:
      - Whether a swarm of one or two managers may be without a leader for a while. Services continue to run, but nothing can be
        changed until the manager is back. For O(condition=can_do_without).
    type: bool
    default: false
  before:
    description:
      - The services at an earlier time, as M(hive.swarm.swarm_service_info) returns them. Tasks that were missing then are not
        waited for. For O(condition=services_running).
    type: list
    elements: dict
    default: []
  cluster_id:
    description: ID of the swarm that the engine must be in. Empty for any. For O(condition=engine_ready).
    type: str
    default: ""
  engine_version:
    description: Version that the engine must have, or its beginning. Empty for any. For O(condition=engine_ready).
    type: str
    default: ""
  expected:
    description:
      - The nodes, each with C(hostname) and C(role), and optionally its C(id) and the C(address) at which the managers must see
        it. For O(condition=nodes_ready), which requires it.
    type: list
    elements: dict
  missing:
    description: Host names or IDs of nodes that are known to be missing. For O(condition=can_do_without).
    type: list
    elements: str
    default: []
  nodes:
    description: IDs of the nodes that go down at the same time. For O(condition=can_do_without), which requires it.
    type: list
    elements: str
  role:
    description: Role that the engine must report, V(manager) or V(worker). Empty for any. For O(condition=engine_ready).
    type: str
    default: ""
  states:
    description:
      - States of the engine that are accepted, as RV(hive.swarm.swarm_info#module:state) returns them. An empty list accepts
        any. For O(condition=engine_ready).
    type: list
    elements: str
    default: [active]
seealso:
  - module: hive.swarm.swarm_plan
  - module: hive.swarm.swarm_node_info
"""

EXAMPLES = r"""
- name: Wait until the swarm can do without the node
  hive.swarm.swarm_wait:
    condition: can_do_without
    nodes: ["{{ probe.node_id }}"]
    wait_timeout: 300
  delegate_to: "{{ discovered.manager }}"

- name: Wait until the node is back
  hive.swarm.swarm_wait:
    condition: nodes_ready
    expected:
      - hostname: node1
        role: worker
  delegate_to: "{{ discovered.manager }}"

- name: Wait until all services have their tasks
  hive.swarm.swarm_wait:
    condition: services_running
  delegate_to: "{{ discovered.manager }}"
  run_once: true
"""

RETURN = r"""
found:
  description:
    - What was read last, as M(hive.swarm.swarm_info), M(hive.swarm.swarm_node_info) or M(hive.swarm.swarm_service_info) returns it.
    - If the condition is not met, without lists of objects such as C(nodes) and C(services). The message names those that are missing.
  returned: if the options are valid
  type: dict
  sample: {nodes: [], quorum: {managers: 3, reachable: 3}}
failure:
  description:
    - Why the task failed.
    - C(kind) is V(not_converged) if the condition is not met, V(bad_input) if the value of an option is not valid.
  returned: failure
  type: dict
  sample: {kind: not_converged, message: ""}
"""
