#!/usr/bin/python
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: swarm_node
short_description: Manage a node of a Docker swarm
version_added: 0.1.0
author: The hive.swarm authors (@hive-swarm)
description:
  - Sets role, availability and labels of a node, or removes the node. Runs on a manager.
  - Options that are not set are not managed.
  - The task waits until a promoted node is a manager that the other managers reach, until a demoted node is a worker, and
    until a drained node runs no tasks.
  - A change with which the swarm would lose its quorum or its last manager is refused, in check mode too.
extends_documentation_fragment:
  - hive.swarm.docker
  - hive.swarm.docker.wait
  - hive.swarm.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  hostname:
    description:
      - ID or host name of the node. V(self) is the node of the engine that the task connects to.
      - If several entries have the host name, which happens when a node leaves and joins again, the module uses the entry
        that is ready, and a warning names the others. O(state=absent) requires the ID in this case.
    type: str
    required: true
  state:
    description:
      - V(present) manages a node of the swarm. This module does not add nodes. Use M(hive.swarm.swarm_join) for that.
      - V(absent) removes the node. A manager is demoted first. A node that is up is drained, and must then go down, which
        M(hive.swarm.swarm_leave) on that node does. A node that does not exist, or an empty O(hostname), is not an error.
    type: str
    choices: [present, absent]
    default: present
  role:
    description:
      - Role of the node.
    type: str
    choices: [worker, manager]
  availability:
    description:
      - An V(active) node runs tasks. A node with V(pause) gets no new tasks. With V(drain) the tasks of the node are moved
        to other nodes.
      - Containers that do not belong to a service are not affected.
    type: str
    choices: [active, pause, drain]
  labels:
    description:
      - Labels of the node. Values are strings, so quote numbers with a dot and words such as V(yes).
      - A list of V(KEY=VALUE), as in Compose files, is accepted too.
    type: dict
  labels_state:
    description:
      - V(merge) keeps other labels. V(replace) removes all labels that are not in O(labels).
    type: str
    choices: [merge, replace]
    default: merge
  labels_to_remove:
    description:
      - Keys of labels to remove, whatever their value. A key that is also in O(labels) is kept.
    type: list
    elements: str
  name:
    description:
      - Name in the node's spec. Only C(docker node inspect) shows it. The engine finds nodes by host name or ID.
      - V("") removes it.
    type: str
  force:
    description:
      - With O(state=absent), remove a node that is not down, without draining it. Its engine does not notice the removal
        and still reports that it is in the swarm.
    type: bool
    default: false
seealso:
  - module: hive.swarm.swarm_node_info
  - module: hive.swarm.swarm_leave
"""

EXAMPLES = r"""
- name: Label a node and activate it
  hive.swarm.swarm_node:
    hostname: node4
    availability: active
    labels:
      zone: a
      ssd: ""

- name: Replace all labels
  hive.swarm.swarm_node:
    hostname: node4
    labels:
      zone: b
    labels_state: replace

- name: Remove a label
  hive.swarm.swarm_node:
    hostname: node4
    labels_to_remove:
      - ssd

- name: Promote a worker, and wait until the other managers reach it
  hive.swarm.swarm_node:
    hostname: node4
    role: manager

- name: Drain this node, and wait until it runs no tasks
  hive.swarm.swarm_node:
    hostname: self
    availability: drain
    wait_timeout: 600

- name: Remove a node whose machine does not exist anymore
  hive.swarm.swarm_node:
    hostname: 9fvpv3fv52ogk3xexxzwyyh6u
    state: absent
    force: true
"""

RETURN = r"""
node:
  description:
    - The node, as M(hive.swarm.swarm_node_info) returns it. In check mode, the predicted node. Empty if the node is
      removed.
  returned: success
  type: dict
  sample:
    address: 192.0.2.24
    architecture: x86_64
    availability: active
    created_at: "2026-11-01T10:00:00.000000000Z"
    engine_labels: {}
    engine_version: 28.5.2
    hostname: node4
    id: 9fvpv3fv52ogk3xexxzwyyh6u
    labels:
      zone: a
    leader: false
    manager: false
    manager_address: ""
    memory_bytes: 8323346432
    name: ""
    nano_cpus: 4000000000
    os: linux
    reachability: ""
    role: worker
    state: ready
    status_message: ""
    updated_at: "2026-11-01T10:00:00.000000000Z"
stale:
  description: Other entries with the same host name.
  returned: success
  type: list
  elements: dict
  sample:
    - id: k8n1yd3rjmi2hrqgk0a6dqx4z
      state: down
failure:
  description:
    - Why the task failed.
    - If the value of an option is not valid, C(kind) is V(bad_input) and C(option) names the option and its sub-options.
    - If the managers need the node, C(quorum_without) has the C(managers) that would remain, how many of them are
      C(reachable), how many are C(needed) for a quorum, and the C(margin) between these.
    - If several nodes have the host name, C(nodes) lists the C(id) and C(state) of each.
    - If a removal does not end, C(reason) is V(still_a_manager), V(tasks_running) or V(still_up).
    - If the engine refused a write, or the swarm did not reach the desired state, C(done) lists the completed writes in
      order and C(left) the remaining ones, each in the form C(removal of node node3 (9fvpv3fv52ogk3xexxzwyyh6u)).
      C(changed) and C(diff) then cover the completed writes. Run the same task again to apply the rest.
  returned: failure
  type: dict
  sample:
    kind: refused
    message: "role: node1 (9fvpv3fv52ogk3xexxzwyyh6u) is the last manager of the swarm. Promote another node first."
    status:
    option: role
    quorum_without: {managers: 0, reachable: 0, needed: 1, margin: -1}
"""

from ..module_utils._frontend.module import run_module
from ..module_utils._node.resource import MODULE


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
