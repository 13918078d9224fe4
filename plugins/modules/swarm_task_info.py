#!/usr/bin/python
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: swarm_task_info
short_description: List the tasks of a Docker swarm
version_added: 0.1.0
author: The hive.swarm authors (@hive-swarm)
description:
  - Lists current and earlier tasks with their nodes, states and errors. Runs on a manager.
  - Sends three requests, for tasks, services and nodes, regardless of their number.
extends_documentation_fragment:
  - hive.swarm.docker
  - hive.swarm.attributes
  - hive.swarm.attributes.info_module
  - hive.swarm.listing
options:
  service:
    description:
      - Only tasks of services with these names or IDs. A name that does not exist is not an error.
      - To find the tasks of a service that was removed while they still ran, use its ID.
    type: list
    elements: str
  node:
    description:
      - Only tasks on nodes with these host names or IDs. V(self) is the node of the engine that the Ansible task connects
        to.
      - A name that does not exist is not an error. To find the tasks of a node that was removed, use its ID.
    type: list
    elements: str
  state:
    description:
      - Only tasks that are in one of these states. C(docker service ps) shows it as current state.
      - To filter by desired state, use C(desired-state) in O(filters).
    type: list
    elements: str
    choices:
      - new
      - allocated
      - pending
      - assigned
      - accepted
      - preparing
      - ready
      - starting
      - running
      - complete
      - shutdown
      - failed
      - rejected
      - remove
      - orphaned
  filters:
    description:
      - Only tasks that match these filters of the engine. Supported are C(desired-state) (V(running), V(shutdown) or
        V(accepted)), C(id), C(label) (of the service), C(name) and C(runtime) (V(container) or V(plugin)).
      - A value is a string or a list of strings. One of them must match, for C(label) all of them. C(id) and
        C(name) match prefixes.
      - Unlike the docker CLI, this module also lists the tasks of plugins, unless C(runtime) excludes them.
    type: dict
  raw:
    description:
      - Whether to also return the engine's API object of each task, which contains the values of environment variables.
    type: bool
    default: false
seealso:
  - module: hive.swarm.swarm_service_info
  - module: hive.swarm.swarm_node_info
"""

EXAMPLES = r"""
- name: List the tasks that should run on this node
  hive.swarm.swarm_task_info:
    node: self
    filters:
      desired-state: running
  register: here

- name: List the errors of a service that does not start
  hive.swarm.swarm_task_info:
    service: web
    state: [failed, rejected, pending]
    query: "[].[name, node, error]"
  register: failures
"""

RETURN = r"""
tasks:
  description: The tasks, sorted by service and by slot or node, newest first.
  returned: success
  type: list
  elements: dict
  contains:
    id: {description: ID of the task., type: str, returned: success, sample: nzm04qsfvqdpvksjon0shacy2}
    name:
      description: Name of the task, like in C(docker service ps), with the slot, or with the ID of the node if it has none.
      type: str
      returned: success
      sample: web.2
    service:
      description: Name of the service, or its ID if it was removed. Empty for a task without a service.
      type: str
      returned: success
      sample: web
    service_id: {description: ID of the service., type: str, returned: success, sample: bq4mj9rqosxhgw07x01nh4d6p}
    slot: {description: Slot of the replica. V(none) for global services., type: int, returned: success, sample: 2}
    node:
      description: Host name of the node, or its ID if it was removed. Empty as long as no node is assigned.
      type: str
      returned: success
      sample: node4
    node_id: {description: ID of the node., type: str, returned: success, sample: 9fvpv3fv52ogk3xexxzwyyh6u}
    image: {description: "Image, or remote name of a plugin.", type: str, returned: success, sample: "nginx:1.27"}
    desired_state: {description: Desired state., type: str, returned: success, sample: shutdown}
    state: {description: Current state., type: str, returned: success, sample: failed}
    message: {description: Message of the state., type: str, returned: success, sample: started}
    error: {description: Error of the task., type: str, returned: success, sample: "task: non-zero exit (3)"}
    exit_code:
      description: Exit code of its container. V(none) if the container has not ended or never existed.
      type: int
      returned: success
      sample: 3
    container_id: {description: ID of the container., type: str, returned: success, sample: c18a10b84119e1f98399c6f2}
    ports:
      description: Ports that it publishes on its node (publish mode V(host)).
      type: list
      elements: dict
      returned: success
      sample: [{published_port: 32768, target_port: 80, protocol: tcp, mode: host}]
    addresses:
      description: IP addresses, by name of the network.
      type: dict
      returned: success
      sample: {front: [10.0.1.7/24]}
    job_iteration: {description: Iteration of its job. V(none) for others., type: int, returned: success, sample: 0}
    created_at: {description: Time of creation., type: str, returned: success, sample: "2026-11-01T10:00:00.000000000Z"}
    updated_at: {description: Time of the last change., type: str, returned: success, sample: "2026-11-01T10:00:00.000000000Z"}
    timestamp: {description: Time since which it is in its state., type: str, returned: success, sample: "2026-11-01T10:00:00.000000000Z"}
    raw: {description: The engine's API object., type: dict, returned: O(raw=true), sample: {}}
result:
  description: Result of O(query).
  returned: O(query) is set
  type: raw
  sample: [[web.2, node4, "task: non-zero exit (3)"]]
failure:
  description:
    - Why the task failed.
    - If the value of an option is not valid, C(kind) is V(bad_input) and C(option) names the option and its sub-options.
  returned: failure
  type: dict
  sample:
    kind: not_a_manager
    message: "This engine is not in a swarm. Run this on a manager."
    status: null
"""

from ..module_utils._frontend.module import run_module
from ..module_utils._task.info import MODULE


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
