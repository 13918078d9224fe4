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
  - Sets role, availability and labels of a node, or removes it. Runs on a manager.
  - An option that is not given is not managed.
  - The task waits until a promoted node is a manager that the others reach, until a demoted one is none any more, and
    until no task runs on a drained node.
  - A change that would cost the swarm its quorum or its last manager is refused, in check mode too.
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
      - The node, by ID or host name. V(self) is the node of the engine that the task talks to.
      - Where several entries have the host name, as happens when a node leaves and joins again, the one that is ready
        is meant, and a warning names the others. For O(state=absent) only the ID will do then.
    type: str
    required: true
  state:
    description:
      - V(present) manages a node of the swarm. No node comes into being by it, see M(hive.swarm.swarm_join).
      - V(absent) removes it. A manager is demoted, a node that is up is drained, and then has to go down, which it does
        when M(hive.swarm.swarm_leave) is run on it. A node that is not there is fine, and so is an empty O(hostname).
    type: str
    choices: [present, absent]
    default: present
  role:
    description:
      - The role of the node.
    type: str
    choices: [worker, manager]
  availability:
    description:
      - V(active) takes tasks, V(pause) takes no new ones, V(drain) gives its tasks away.
      - Containers that are no tasks of a service are not touched by it.
    type: str
    choices: [active, pause, drain]
  labels:
    description:
      - Labels of the node. Values are strings, so put numbers with a dot and words like V(yes) in quotes.
    type: dict
  labels_state:
    description:
      - V(merge) leaves other labels alone. With V(replace) the node has O(labels) and no others.
    type: str
    choices: [merge, replace]
    default: merge
  labels_to_remove:
    description:
      - Keys of labels to remove, whatever their value. A key that is in O(labels) too is kept.
    type: list
    elements: str
  name:
    description:
      - A name in the node's spec. Only inspection shows it; the engine finds nodes by host name or ID.
      - V("") removes it.
    type: str
  force:
    description:
      - For O(state=absent), remove a node that is not down, without draining it. Its engine does not notice and goes
        on to believe that it is in the swarm.
    type: bool
    default: false
seealso:
  - module: hive.swarm.swarm_node_info
  - module: hive.swarm.swarm_leave
"""

EXAMPLES = r"""
- name: Label a node and let it take tasks
  hive.swarm.swarm_node:
    hostname: node4
    availability: active
    labels:
      zone: a
      ssd: ""

- name: Have these labels and no others
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

- name: Make a worker a manager, and wait until the others reach it
  hive.swarm.swarm_node:
    hostname: node4
    role: manager

- name: Drain this node, and wait until its tasks are gone
  hive.swarm.swarm_node:
    hostname: self
    availability: drain
    wait_timeout: 600

- name: Remove a node whose machine is gone
  hive.swarm.swarm_node:
    hostname: 9fvpv3fv52ogk3xexxzwyyh6u
    state: absent
    force: true
"""

RETURN = r"""
node:
  description:
    - The node, as M(hive.swarm.swarm_node_info) returns it. In check mode, as it would be. Empty for a node that is removed.
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
    - Where the engine refused a write, or the swarm did not get to where it should be, C(done) lists what the run has
      written, in order, and C(left) what it has not, each like C(removal of node node3 (9fvpv3fv52ogk3xexxzwyyh6u)). The task's C(changed) and C(diff) are
      those of what was done. The same task run again does the rest.
  returned: failure
  type: dict
  sample:
    kind: refused
    message: "role: node1 (9fvpv3fv52ogk3xexxzwyyh6u) is the last manager: the swarm cannot be without one."
    status:
"""

from ..module_utils._definition import WAIT_SPEC, define
from ..module_utils._resources.swarm_node import ARGUMENT_SPEC, SwarmNode
from ..module_utils._runner import run_module

MODULE = define(SwarmNode, {**ARGUMENT_SPEC, **WAIT_SPEC})


def main():
    run_module(MODULE)


if __name__ == "__main__":
    main()
