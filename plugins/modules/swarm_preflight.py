# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: swarm_preflight
short_description: Find problems that prevent a swarm from working on hosts
version_added: 0.1.0
author: The hive.swarm authors (@hive-swarm)
description:
  - Evaluates the facts that were gathered on hosts and the results of the connectivity checks between them, shows the findings with
    their fixes, and fails if there are problems.
  - Also returns which connections to check, so it is used twice, first with O(show=false). See the playbook
    C(hive.swarm.preflight).
  - Runs on the controller, connects to no host and changes nothing.
extends_documentation_fragment:
  - hive.swarm.attributes
  - hive.swarm.attributes.info_module
attributes:
  action_group:
    support: none
    membership: []
options:
  records:
    description:
      - One dictionary per host, as the role P(hive.swarm.operations#role) gathers them, with C(name), C(local), C(address),
        C(data_path), C(hostname), C(state), C(silence), C(node_address), C(docker_info), C(unreachable), C(facts), C(opens),
        C(inspected) (from M(hive.swarm.swarm_host_info)), and C(listening), C(results) and C(received) (from
        M(hive.swarm.swarm_connectivity)).
    type: list
    elements: dict
    required: true
  managers:
    description: Names of the hosts that are to be managers.
    type: list
    elements: str
    required: true
  data_path_port:
    description: UDP port of the swarm's overlay networks.
    type: int
    default: 4789
  pools:
    description: Address pools of overlay networks.
    type: list
    elements: str
    default: [10.0.0.0/8]
  subnet_size:
    description: Prefix length of each overlay network.
    type: int
    default: 24
  format:
    description: How the findings are shown.
    type: str
    choices: [table, json]
    default: table
  show:
    description: Whether to show the findings, and to fail if there are problems. With V(false) they are only returned.
    type: bool
    default: true
seealso:
  - module: hive.swarm.swarm_connectivity
  - module: hive.swarm.swarm_host_info
"""

EXAMPLES = r"""
- name: Plan the connectivity checks
  hive.swarm.swarm_preflight:
    records: "{{ records }}"
    managers: "{{ groups.managers }}"
    show: false
  run_once: true
  register: planned

- name: Evaluate the findings
  hive.swarm.swarm_preflight:
    records: "{{ records_with_connectivity }}"
    managers: "{{ groups.managers }}"
  run_once: true
"""

RETURN = r"""
findings:
  description: The findings, problems and warnings.
  returned: if the options are valid
  type: list
  elements: dict
  contains:
    host: {description: Name of the host. Empty for what concerns all., type: str, returned: success, sample: alpha}
    level: {description: C(problem) or C(warning)., type: str, returned: success, sample: problem}
    what: {description: What was found., type: str, returned: success, sample: its clock is 40 s behind the others'}
    to_do: {description: How to fix it., type: str, returned: success, sample: Synchronise the clocks.}
problems:
  description: Number of the problems.
  returned: if the options are valid
  type: int
  sample: 0
lines:
  description: The findings, line by line, as the task shows them.
  returned: if the options are valid
  type: list
  elements: str
  sample: [Nothing found.]
connections:
  description: The ports to listen on (C(listen)) and the connections to try (C(targets)), which may be empty, by host name.
  returned: success
  type: dict
  sample: {}
failure:
  description: Why the task failed. C(kind) is V(bad_input) with C(option), or V(not_ready).
  returned: failure
  type: dict
  sample: {kind: not_ready, message: ""}
"""
