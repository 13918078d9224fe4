# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: swarm_status
short_description: Show the status of a swarm
version_added: 0.1.0
author: The hive.swarm authors (@hive-swarm)
description:
  - Reads the nodes of the swarm, and with O(full=true) its services, settings and certificates, and shows them as a table or as
    JSON, with the problems that a person has to solve.
  - Runs on the controller and reads the swarm over the connection of the task, so delegate the task to
    RV(hive.swarm.swarm_discover#module:manager). If no manager lists the nodes, the status says why.
extends_documentation_fragment:
  - hive.swarm.docker
  - hive.swarm.attributes
  - hive.swarm.attributes.info_module
options:
  discovered:
    description: The result of M(hive.swarm.swarm_discover).
    type: dict
    required: true
  format:
    description: How the status is shown.
    type: str
    choices: [table, json]
    default: table
  full:
    description:
      - Whether to compare the nodes with the inventory, and to check services, settings and certificates. Otherwise only the nodes
        are checked.
    type: bool
    default: false
  listed:
    description: What M(hive.swarm.swarm_node_info) returned shortly before. The task does not list the nodes again.
    type: dict
  certificates:
    description:
      - Files with certificates of each host, by host name, as RV(hive.swarm.engine_info#module:files) has them with their contents.
        For O(full=true).
      - A file C(swarm-node.crt) has the certificate of the node. All others are certificates of the engine's API.
    type: dict
    default: {}
  allow_duplicate_hostnames:
    description: Whether several engines may have the same host name.
    type: bool
    default: false
seealso:
  - module: hive.swarm.swarm_discover
  - module: hive.swarm.swarm_node_info
"""

EXAMPLES = r"""
- name: Show the swarm
  hive.swarm.swarm_status:
    discovered: "{{ discovered }}"
    full: true
  delegate_to: "{{ discovered.manager or inventory_hostname }}"
  run_once: true
  register: shown

- name: Fail if the swarm is not healthy
  ansible.builtin.assert:
    that: shown.status.problems == []
    fail_msg: "{{ shown.status.problems | join(' ') }}"
  run_once: true

- name: Store the status for the monitoring
  ansible.builtin.copy:
    content: "{{ shown.status | to_nice_json }}"
    dest: /var/lib/monitoring/swarm.json
    mode: "0644"
  delegate_to: localhost
  run_once: true
"""

RETURN = r"""
status:
  description: The status.
  returned: if the options are valid
  type: dict
  contains:
    cluster_id: {description: ID of the swarm., type: str, returned: success, sample: abc123def456ghi789jkl0mno}
    quorum: {description: Quorum of the managers., type: dict, returned: success, sample: {managers: 3, reachable: 3}}
    nodes: {description: The nodes., type: list, elements: dict, returned: success, sample: []}
    services: {description: Number of services., type: int, returned: success, sample: 4}
    engine_versions: {description: Versions of the engines., type: list, elements: str, returned: success, sample: [28.5.2]}
    autolock: {description: Whether autolock is enabled., type: bool, returned: success, sample: false}
    root_rotation: {description: Whether the root certificate is being renewed., type: bool, returned: success, sample: false}
    certificates: {description: When certificates end., type: dict, returned: success, sample: {root: "", nodes: {}, api: {}}}
    problems: {description: What has to be fixed., type: list, elements: str, returned: success, sample: []}
    warnings: {description: What could be better., type: list, elements: str, returned: success, sample: []}
lines:
  description: The status as a table, line by line.
  returned: if the options are valid
  type: list
  elements: str
  sample: []
failure:
  description: Why the task failed. C(kind) is V(bad_input), and C(option) names the option.
  returned: failure
  type: dict
  sample: {kind: bad_input, message: ""}
"""
