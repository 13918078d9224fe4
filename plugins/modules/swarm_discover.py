# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: swarm_discover
short_description: Find the swarm of the hosts and a manager to query
version_added: 0.1.0
author: The hive.swarm authors (@hive-swarm)
description:
  - Compares what the engines of the hosts report with what the inventory wants, and returns the swarm that the hosts are in and
    one of its managers that responds.
  - Hosts that do not respond are listed, and do not fail the task. Only hosts that the inventory wants as managers, and those in
    O(wanted.trusted), decide which swarm it is.
  - Runs on the controller, connects to no host and changes nothing. M(hive.swarm.swarm_plan) takes its result.
extends_documentation_fragment:
  - hive.swarm.attributes
  - hive.swarm.attributes.info_module
attributes:
  action_group:
    support: none
    membership: []
options:
  hosts:
    description:
      - One dictionary per host of the play, with its C(name), what M(hive.swarm.swarm_info) returned on it as C(probe), and
        C(address), C(labels) and C(availability) from the inventory.
    type: list
    elements: dict
    required: true
  elsewhere:
    description: Results of a looped M(hive.swarm.swarm_info) on hosts that are not in the play.
    type: list
    elements: dict
    default: []
  wanted:
    description: What the inventory wants.
    type: dict
    required: true
    suboptions:
      manager:
        description: Names of the hosts that must be managers.
        type: list
        elements: str
        required: true
      worker:
        description: Names of the hosts that must be workers.
        type: list
        elements: str
        required: true
      trusted:
        description: Names of other hosts that may speak for the swarm.
        type: list
        elements: str
        default: []
      confirmed:
        description: IDs of nodes whose previous membership may be given up.
        type: list
        elements: str
        default: []
      cluster_id:
        description: ID of the swarm that it must be. An empty string accepts the swarm of the managers.
        type: str
        default: ""
      host_label:
        description: Node label that stores the name of the node's host. Empty if nodes have no such label.
        type: str
        default: ""
  avoid:
    description: Names of hosts to query only if no other manager responds.
    type: list
    elements: str
    default: []
  allow_duplicate_hostnames:
    description: Whether several engines may have the same host name. For O(creates=true).
    type: bool
    default: false
  creates:
    description:
      - Whether the run may create a swarm. Then a host that does not respond and contradictions of the inventory are reasons to
        stop, because a second swarm is worse than none.
    type: bool
    default: false
  keys_given:
    description: Whether unlock keys are available, so that a locked manager does not stop the run.
    type: bool
    default: false
seealso:
  - module: hive.swarm.swarm_plan
"""

EXAMPLES = r"""
- name: Read the membership of the engine
  hive.swarm.swarm_info:
  register: probe
  failed_when: false

- name: Find a manager other than the one that goes down
  hive.swarm.swarm_discover:
    hosts: "{{ records }}"
    wanted:
      manager: "{{ groups.managers }}"
      worker: "{{ groups.workers }}"
    avoid: [alpha]
  run_once: true
  register: discovered
"""

RETURN = r"""
cluster_id:
  description: ID of the swarm. Empty if it is not known.
  returned: success
  type: str
  sample: abc123def456ghi789jkl0mno
manager:
  description: Name of the host to query. Empty if no manager responds.
  returned: success
  type: str
  sample: alpha
managers:
  description: Names of all hosts that can be queried, RV(manager) first.
  returned: success
  type: list
  elements: str
  sample: [alpha, beta]
init:
  description: Name of the host that creates the swarm. Empty without O(creates=true), and if a swarm exists.
  returned: success
  type: str
  sample: ""
pinned:
  description: Whether O(wanted.cluster_id) is set.
  returned: success
  type: bool
  sample: false
silent:
  description: C(name) and C(why) of each host of the play that does not respond.
  returned: success
  type: list
  elements: dict
  sample: []
stop:
  description: Reasons not to go on.
  returned: success
  type: list
  elements: str
  sample: []
hosts:
  description: The hosts as they were given, with the role that the inventory wants and whether they are in the play.
  returned: success
  type: list
  elements: dict
  sample: []
wanted:
  description: The option O(wanted).
  returned: success
  type: dict
  sample: {manager: [alpha], worker: []}
failure:
  description: Why the task failed. C(kind) is V(bad_input), and C(option) names the option.
  returned: failure
  type: dict
  sample: {}
"""
