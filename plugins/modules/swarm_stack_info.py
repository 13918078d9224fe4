#!/usr/bin/python
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: swarm_stack_info
short_description: List the stacks of a Docker swarm
version_added: 0.1.0
author: The hive.swarm authors (@hive-swarm)
description:
  - Lists stacks with their services, the services' numbers of running tasks, and the names of their networks, secrets and
    configs. Runs on a manager.
  - The engine has no objects for stacks. A stack consists of the objects with the same label C(com.docker.stack.namespace),
    created by M(hive.swarm.swarm_stack) or C(docker stack deploy).
  - Sends four requests, regardless of the number of stacks and services.
extends_documentation_fragment:
  - hive.swarm.docker
  - hive.swarm.attributes
  - hive.swarm.attributes.info_module
  - hive.swarm.listing
options:
  name:
    description:
      - Only stacks with these names. A name that does not exist is not an error.
    type: list
    elements: str
  raw:
    description:
      - Whether to also return the engine's API objects of each stack. They contain the values of environment variables and
        the contents of configs.
    type: bool
    default: false
seealso:
  - module: hive.swarm.swarm_service_info
    description: Returns the whole specs of services, their tasks and their logs.
"""

EXAMPLES = r"""
- name: List the stacks
  hive.swarm.swarm_stack_info:
  register: swarm

- name: Wait until a stack is healthy
  hive.swarm.swarm_stack_info:
    name: shop
  register: shop
  until: shop.stacks | length == 1 and shop.stacks[0].healthy
  retries: 30
  delay: 2

- name: List the services that are not healthy
  hive.swarm.swarm_stack_info:
    query: "[].services[?!healthy].name[]"
  register: sick
"""

RETURN = r"""
stacks:
  description: The stacks, sorted by name, or in the order of O(name).
  returned: success
  type: list
  elements: dict
  contains:
    name: {description: Name of the stack., type: str, returned: success, sample: shop}
    healthy:
      description:
        - Whether all services are healthy. V(false) as long as the stack has no services, because a deployment creates
          services last.
        - V(none) if the API is older than 1.41 and no service is known to be unhealthy.
      type: bool
      returned: success
      sample: true
    services:
      description: Services, sorted by name.
      type: list
      elements: dict
      returned: success
      contains:
        id: {description: ID of the service., type: str, returned: success, sample: bq4mj9rqosxhgw07x01nh4d6p}
        name: {description: Name of the service., type: str, returned: success, sample: shop_web}
        image:
          description: Image, with its digest if it is pinned.
          type: str
          returned: success
          sample: nginx:1.27
        mode:
          description: One of V(replicated), V(global), V(replicated-job) and V(global-job).
          type: str
          returned: success
          sample: replicated
        running:
          description: Number of running tasks. V(none) before API version 1.41, like C(desired) and C(completed).
          type: int
          returned: success
          sample: 2
        desired: {description: Desired number of running tasks., type: int, returned: success, sample: 2}
        completed: {description: Number of completed tasks of a job., type: int, returned: success, sample: 0}
        update_state:
          description:
            - State of the last rollout. One of V(updating), V(paused), V(completed), V(rollback_started),
              V(rollback_paused) and V(rollback_completed), or empty before the first one.
          type: str
          returned: success
          sample: completed
        update_message: {description: Message of the engine., type: str, returned: success, sample: update completed}
        ports:
          description: Published ports, including those that the engine has chosen.
          type: list
          elements: dict
          returned: success
          sample: [{published_port: 30000, target_port: 80, protocol: tcp, mode: ingress}]
        healthy:
          description:
            - Whether the desired number of tasks runs, or for a job the number of tasks that are left to complete, and the
              last rollout is not paused.
            - V(none) before API version 1.41, unless a rollout is paused.
            - Not conclusive for a global service whose desired number of tasks is 0. Either no node meets its constraints,
              or a task has failed and its restart policy does not start another one.
          type: bool
          returned: success
          sample: true
    networks: {description: Names of the networks., type: list, elements: str, returned: success, sample: [shop_default]}
    secrets: {description: Names of the secrets., type: list, elements: str, returned: success, sample: [shop_password]}
    configs: {description: Names of the configs., type: list, elements: str, returned: success, sample: [shop_settings]}
    raw:
      description: The engine's API objects, with the keys V(services), V(networks), V(secrets) and V(configs).
      type: dict
      returned: O(raw=true)
      sample: {}
result:
  description: Result of O(query).
  returned: O(query) is set
  type: raw
  sample: [shop_web]
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
from ..module_utils._stack.info import MODULE


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
