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
  - Lists stacks with their services, how many tasks of these run, and the names of their networks, secrets and configs.
    Runs on a manager.
  - The engine knows no stacks. One is what has the same label C(com.docker.stack.namespace), whether M(hive.swarm.swarm_stack)
    or C(docker stack deploy) has made it.
  - Takes four requests, whatever the number of stacks and services.
extends_documentation_fragment:
  - hive.swarm.docker
  - hive.swarm.attributes
  - hive.swarm.attributes.info_module
options:
  name:
    description:
      - Only the stacks of these names. A name that no stack has is no error.
    type: list
    elements: str
  raw:
    description:
      - Whether to return the engine's own documents of all that a stack has too. They hold the values of environment
        variables and of configs.
    type: bool
    default: false
  query:
    description:
      - A JMESPath expression over the list of stacks. Its outcome is returned as RV(result).
      - Needs the Python package C(jmespath) on the managed node.
    type: str
requirements:
  - jmespath, only for O(query)
seealso:
  - module: hive.swarm.swarm_service_info
    description: The whole spec of services, their tasks and their logs.
"""

EXAMPLES = r"""
- name: List the stacks
  hive.swarm.swarm_stack_info:
  register: swarm

- name: Wait until one is well
  hive.swarm.swarm_stack_info:
    name: shop
  register: shop
  until: shop.stacks | length == 1 and shop.stacks[0].healthy
  retries: 30
  delay: 2

- name: Which services of which stacks are not well?
  hive.swarm.swarm_stack_info:
    query: "[].services[?!healthy].name[]"
  register: sick
"""

RETURN = r"""
stacks:
  description: The stacks, in the order of their names, or in that of O(name).
  returned: success
  type: list
  elements: dict
  contains:
    name: {description: Name of the stack., type: str, returned: success, sample: shop}
    healthy:
      description:
        - Whether all services are. It is V(false) as long as there is none, as a deployment makes services last.
        - It is V(none) where the API is older than 1.41 and no service is known to be unwell.
      type: bool
      returned: success
      sample: true
    services:
      description: Its services, in the order of their names.
      type: list
      elements: dict
      returned: success
      contains:
        id: {description: ID of the service., type: str, returned: success, sample: bq4mj9rqosxhgw07x01nh4d6p}
        name: {description: Name of the service., type: str, returned: success, sample: shop_web}
        image:
          description: Its image, with the digest where it is pinned.
          type: str
          returned: success
          sample: nginx:1.27
        mode:
          description: One of V(replicated), V(global), V(replicated-job) and V(global-job).
          type: str
          returned: success
          sample: replicated
        running:
          description: How many tasks run. V(none) before API version 1.41, as the other two.
          type: int
          returned: success
          sample: 2
        desired: {description: How many shall run at once., type: int, returned: success, sample: 2}
        completed: {description: How many of a job are done., type: int, returned: success, sample: 0}
        update_state:
          description:
            - State of the last rollout. One of V(updating), V(paused), V(completed), V(rollback_started),
              V(rollback_paused) and V(rollback_completed), or empty before the first one.
          type: str
          returned: success
          sample: completed
        update_message: {description: What the engine says of it., type: str, returned: success, sample: update completed}
        ports:
          description: Published ports, with the numbers that the engine has chosen.
          type: list
          elements: dict
          returned: success
          sample: [{published_port: 30000, target_port: 80, protocol: tcp, mode: ingress}]
        healthy:
          description:
            - Whether as many tasks run as shall, or of a job as are left to do, and the last rollout is not paused.
            - V(none) before API version 1.41, unless a rollout is paused.
            - Of a global service that is to have no task at all this says little, as there are none where no node
              meets its constraints, and none where one has failed and is not to be started again.
          type: bool
          returned: success
          sample: true
    networks: {description: Names of its networks., type: list, elements: str, returned: success, sample: [shop_default]}
    secrets: {description: Names of its secrets., type: list, elements: str, returned: success, sample: [shop_password]}
    configs: {description: Names of its configs., type: list, elements: str, returned: success, sample: [shop_settings]}
    raw:
      description: The engine's own documents, by V(services), V(networks), V(secrets) and V(configs).
      type: dict
      returned: O(raw=true)
      sample: {}
result:
  description: Outcome of O(query).
  returned: O(query) is given
  type: raw
  sample: [shop_web]
failure:
  description: Why the task failed.
  returned: failure
  type: dict
  sample:
    kind: not_a_manager
    message: "This engine is in no swarm: run this on a manager."
    status: null
"""

from ..module_utils._definition import define_info
from ..module_utils._resources.swarm_stack_info import ARGUMENT_SPEC, read_stack_info
from ..module_utils._runner import run_module

MODULE = define_info(read_stack_info, ARGUMENT_SPEC)


def main():
    run_module(MODULE)


if __name__ == "__main__":
    main()
