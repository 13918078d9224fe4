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
  - Lists services with their specs, named like the options of M(hive.swarm.swarm_service), their numbers of running tasks,
    and the states of their last updates. Runs on a manager.
  - Sends one request for the services, one for the networks if a service is attached to any, and one more for O(tasks) and
    for O(logs) each, regardless of the number of services. Only the logs themselves need one request for each service.
extends_documentation_fragment:
  - hive.swarm.docker
  - hive.swarm.attributes
  - hive.swarm.attributes.info_module
  - hive.swarm.listing
  - hive.swarm.listing.named
options:
  filters:
    description:
      - Only services that match these filters of the engine. Supported are C(id), C(label), C(mode) (V(replicated),
        V(global), V(replicated-job) or V(global-job)), C(name) and C(runtime) (V(container) or V(plugin)).
      - A value is a string or a list of strings. One of them must match, for C(label) all of them. C(id) and
        C(name) match prefixes.
      - Unlike the docker CLI, this module also lists plugin services, unless C(runtime) excludes them.
    type: dict
  tasks:
    description:
      - Whether to also return the tasks of each service.
    type: bool
    default: false
  logs:
    description:
      - Number of last log lines to return for each service, for all of its tasks together. The maximum is 1000.
      - Needs O(name). The engine sends this number of lines for each task, and keeps the logs of ended tasks for a while.
      - An unavailable log does not fail the task. RV(services[].logs_error) has the reason.
    type: int
  hide_env:
    description:
      - Whether to hide the values of environment variables. Their names stay visible.
      - Values of three or more characters are also hidden in container logs (O(logs)).
      - A spec with hidden values cannot be used as options of M(hive.swarm.swarm_service).
    type: bool
    default: false
seealso:
  - module: hive.swarm.swarm_service
  - module: hive.swarm.swarm_task_info
"""

EXAMPLES = r"""
- name: List the services
  hive.swarm.swarm_service_info:
  register: swarm

- name: Show one service with its tasks and its last log lines
  hive.swarm.swarm_service_info:
    name: web
    tasks: true
    logs: 20
  register: web

- name: Create another service with the same settings
  hive.swarm.swarm_service: "{{ web.services[0].spec | combine({'name': 'web2', 'publish': []}) }}"
  when: web.services | length > 0

- name: List the services of a stack with missing tasks
  hive.swarm.swarm_service_info:
    filters:
      label: com.docker.stack.namespace=shop
    query: "[?running < desired].name"
  register: lacking
"""

RETURN = r"""
services:
  description: The services, sorted by name, or in the order of O(name).
  returned: success
  type: list
  elements: dict
  contains:
    id: {description: ID of the service., type: str, returned: success, sample: bq4mj9rqosxhgw07x01nh4d6p}
    name: {description: Name of the service., type: str, returned: success, sample: web}
    version: {description: "Version of the object, which the engine increases with each change.", type: int, returned: success, sample: 42}
    created_at: {description: Time of creation., type: str, returned: success, sample: "2026-11-01T10:00:00.000000000Z"}
    updated_at: {description: Time of the last change., type: str, returned: success, sample: "2026-11-01T10:00:00.000000000Z"}
    spec:
      description:
        - Settings of the service, as options of M(hive.swarm.swarm_service). A task with these options changes nothing.
        - Settings that are not set are omitted, so that the engine's defaults stay.
        - Ansible warns about a task whose options all come from one template, as long as facts are injected as variables.
      type: dict
      returned: success
      sample:
        name: web
        image: nginx:1.27
        mode: replicated
        replicas: 2
        networks: [{name: front, aliases: [www]}]
    running:
      description: Number of running tasks. V(none) before API version 1.41, like C(desired) and C(completed).
      type: int
      returned: success
      sample: 2
    desired: {description: Desired number of running tasks., type: int, returned: success, sample: 2}
    completed: {description: Number of completed tasks of a job., type: int, returned: success, sample: 0}
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
        message: {description: Message of the engine., type: str, returned: success, sample: update completed}
        started_at: {description: Time of the start., type: str, returned: success, sample: "2026-11-01T10:00:00.000000000Z"}
        completed_at: {description: Time of the end., type: str, returned: success, sample: "2026-11-01T10:00:09.000000000Z"}
    endpoint:
      description: Endpoint of the service.
      type: dict
      returned: success
      contains:
        mode:
          description: Either V(vip) or V(dnsrr). Empty if the service has no endpoint.
          type: str
          returned: success
          sample: vip
        ports:
          description: Published ports, including those that the engine has chosen.
          type: list
          elements: dict
          returned: success
          sample: [{published_port: 30000, target_port: 80, protocol: tcp, mode: ingress}]
        virtual_ips:
          description: Virtual IP address of the service in each network, by name of the network.
          type: dict
          returned: success
          sample: {front: 10.0.1.2/24, ingress: 10.0.0.4/24}
    previous: {description: Whether a previous spec exists for a rollback., type: bool, returned: success, sample: true}
    job_iteration: {description: Number of restarts of a job. V(none) for others., type: int, returned: success, sample: 0}
    job_last_execution:
      description: Time at which a job was last started. Empty for others.
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
      description: Last log lines, oldest first.
      type: list
      elements: dict
      returned: O(logs) is set
      contains:
        timestamp: {description: Time of the line., type: str, returned: success, sample: "2026-11-01T10:00:00.000000000Z"}
        task_id: {description: ID of the task that wrote it., type: str, returned: success, sample: nzm04qsfvqdpvksjon0shacy2}
        node: {description: Host name of the task's node., type: str, returned: success, sample: node4}
        stream:
          description: Either V(stdout) or V(stderr). Always V(stdout) for a service with a terminal.
          type: str
          returned: success
          sample: stderr
        line: {description: The line., type: str, returned: success, sample: cannot reach the database}
    logs_error:
      description: Reason why the log, or a part of it, is not available. Otherwise empty.
      type: str
      returned: O(logs) is set
      sample: ""
    raw: {description: The engine's API object., type: dict, returned: O(raw=true), sample: {}}
result:
  description: Result of O(query).
  returned: O(query) is set
  type: raw
  sample: [web]
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
from ..module_utils._service.info import MODULE


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
