#!/usr/bin/python
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: swarm_service_info
short_description: List the services of a Docker swarm
version_added: 0.1.0
author: The hive.swarm authors (@hive-swarm)
description:
  - Lists services with their specs in the words of the options of M(hive.swarm.swarm_service), with how many of their
    tasks run, and with the state of their last update. Runs on a manager.
  - Takes one request for the services, one for the networks where a service is attached to any, and one more for
    O(tasks) and for O(logs) each, whatever the number of services; only the logs themselves are a request a service.
extends_documentation_fragment:
  - hive.swarm.docker
  - hive.swarm.attributes
  - hive.swarm.attributes.info_module
options:
  name:
    description:
      - Only services with these names or IDs. A name that no service has is no error.
    type: list
    elements: str
  filters:
    description:
      - Only services that the engine's own filters let through. They are C(id), C(label), C(mode) (V(replicated),
        V(global), V(replicated-job) or V(global-job)), C(name) and C(runtime) (V(container) or V(plugin)).
      - A value is a string or a list of strings, of which one must match; of C(label) all must match. C(id) and
        C(name) match beginnings.
      - Other than the docker command line, this lists plugin services too, if C(runtime) does not say otherwise.
    type: dict
  tasks:
    description:
      - Whether to return the tasks of each service too.
    type: bool
    default: false
  logs:
    description:
      - Return so many of the last lines that the containers of each service wrote, all of its tasks together. At most
        1000.
      - Needs O(name). The engine sends as many lines of each task, and keeps the logs of ended ones for a while.
      - A log that cannot be had fails nothing. RV(services[].logs_error) says why.
    type: int
  hide_env:
    description:
      - Whether to hide the values of environment variables. Their names stay.
      - Values of three or more characters are hidden too where the log of a container repeats them (O(logs)).
      - A spec with hidden values cannot be given to M(hive.swarm.swarm_service).
    type: bool
    default: false
  raw:
    description:
      - Whether to return the engine's own document of each service too.
    type: bool
    default: false
  query:
    description:
      - A JMESPath expression over the list of services. Its outcome is returned as RV(result).
      - Needs the Python package C(jmespath) on the managed node.
    type: str
requirements:
  - jmespath, only for O(query)
seealso:
  - module: hive.swarm.swarm_service
  - module: hive.swarm.swarm_task_info
"""

EXAMPLES = r"""
- name: List the services
  hive.swarm.swarm_service_info:
  register: swarm

- name: Look at one with its tasks and its last lines
  hive.swarm.swarm_service_info:
    name: web
    tasks: true
    logs: 20
  register: web

- name: Make another one like it
  hive.swarm.swarm_service: "{{ web.services[0].spec | combine({'name': 'web2', 'publish': []}) }}"
  when: web.services | length > 0

- name: Which services of a stack lack tasks?
  hive.swarm.swarm_service_info:
    filters:
      label: com.docker.stack.namespace=shop
    query: "[?running < desired].name"
  register: lacking
"""

RETURN = r"""
services:
  description: The services, in the order of their names, or in that of O(name).
  returned: success
  type: list
  elements: dict
  contains:
    id: {description: ID of the service., type: str, returned: success, sample: bq4mj9rqosxhgw07x01nh4d6p}
    name: {description: Name of the service., type: str, returned: success, sample: web}
    version: {description: Counts the changes of the document., type: int, returned: success, sample: 42}
    created_at: {description: When it was made., type: str, returned: success, sample: "2026-11-01T10:00:00.000000000Z"}
    updated_at: {description: When it changed last., type: str, returned: success, sample: "2026-11-01T10:00:00.000000000Z"}
    spec:
      description:
        - What is set, as options of M(hive.swarm.swarm_service). A task with these changes nothing.
        - What is not set is left out, so that the engine's defaults stay.
        - Ansible warns of any task whose options are all from one template, as long as it injects facts as variables.
      type: dict
      returned: success
      sample:
        name: web
        image: nginx:1.27
        mode: replicated
        replicas: 2
        networks: [{name: front, aliases: [www]}]
    running:
      description: How many tasks run. V(none) before API version 1.41, as the other two.
      type: int
      returned: success
      sample: 2
    desired: {description: How many shall run at once., type: int, returned: success, sample: 2}
    completed: {description: How many of a job are done., type: int, returned: success, sample: 0}
    update_status:
      description: The last rollout. All are empty before the first one.
      type: dict
      returned: success
      contains:
        state:
          description:
            - One of V(updating), V(paused), V(completed), V(rollback_started), V(rollback_paused) and
              V(rollback_completed).
          type: str
          returned: success
          sample: completed
        message: {description: What the engine says of it., type: str, returned: success, sample: update completed}
        started_at: {description: When it began., type: str, returned: success, sample: "2026-11-01T10:00:00.000000000Z"}
        completed_at: {description: When it ended., type: str, returned: success, sample: "2026-11-01T10:00:09.000000000Z"}
    endpoint:
      description: The way in.
      type: dict
      returned: success
      contains:
        mode:
          description: Either V(vip) or V(dnsrr). Empty if there is no way in.
          type: str
          returned: success
          sample: vip
        ports:
          description: Ports with the numbers that the engine has chosen where the spec has none.
          type: list
          elements: dict
          returned: success
          sample: [{published_port: 30000, target_port: 80, protocol: tcp, mode: ingress}]
        virtual_ips:
          description: The service's address in each network, by the network's name.
          type: dict
          returned: success
          sample: {front: 10.0.1.2/24, ingress: 10.0.0.4/24}
    previous: {description: Whether there is a spec to go back to., type: bool, returned: success, sample: true}
    job_iteration: {description: How often a job was started again. V(none) for others., type: int, returned: success, sample: 0}
    job_last_execution:
      description: When a job was started last. Empty for others.
      type: str
      returned: success
      sample: "2026-11-01T10:00:00.000000000Z"
    tasks:
      description: The tasks of the service, as M(hive.swarm.swarm_task_info) returns them.
      type: list
      elements: dict
      returned: O(tasks=true)
      sample: [{name: web.1, node: node4, state: running}]
    logs:
      description: The last lines, oldest first.
      type: list
      elements: dict
      returned: O(logs) is given
      contains:
        timestamp: {description: When it was written., type: str, returned: success, sample: "2026-11-01T10:00:00.000000000Z"}
        task_id: {description: ID of the task that wrote it., type: str, returned: success, sample: nzm04qsfvqdpvksjon0shacy2}
        node: {description: Host name of the task's node., type: str, returned: success, sample: node4}
        stream:
          description: Either V(stdout) or V(stderr). Always V(stdout) of a service with a terminal.
          type: str
          returned: success
          sample: stderr
        line: {description: The line., type: str, returned: success, sample: cannot reach the database}
    logs_error:
      description: Why the log is not there, or not all of it. Otherwise empty.
      type: str
      returned: O(logs) is given
      sample: ""
    raw: {description: The engine's own document., type: dict, returned: O(raw=true), sample: {}}
result:
  description: Outcome of O(query).
  returned: O(query) is given
  type: raw
  sample: [web]
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
from ..module_utils._resources.swarm_service_info import ARGUMENT_SPEC, RULES, read_service_info
from ..module_utils._runner import run_module

MODULE = define_info(read_service_info, ARGUMENT_SPEC, **RULES)


def main():
    run_module(MODULE)


if __name__ == "__main__":
    main()
