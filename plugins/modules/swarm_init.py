#!/usr/bin/python
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: swarm_init
short_description: Create a Docker swarm or change its settings
version_added: 0.1.0
author: The hive.swarm authors (@hive-swarm)
description:
  - Makes the engine the first manager of a new swarm. If it is a manager already, brings the swarm's settings to
    what the task gives.
  - An option that is not given is not managed. The live value stays, whoever set it.
  - Run it on one manager of a swarm only. Other nodes join with M(hive.swarm.swarm_join).
  - On a worker, a locked manager, a manager without quorum, and a node whose join is pending or has failed, the task
    fails and says which of these is the case, in check mode too.
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
    support: partial
    details:
      - O(rotate_worker_token), O(rotate_manager_token) and O(rotate_manager_unlock_key) are orders and change
        something every time.
options:
  advertise_addr:
    description:
      - Address that the other nodes shall use for this one, as an IP address or the name of a network interface, with
        or without port.
      - Needed where the host has several addresses. Fixed when the swarm is created. An interface's name is not
        compared afterwards, since the engine only tells the address.
    type: str
  listen_addr:
    description:
      - Address and port to listen on for the swarm's control traffic. The engine's default is V(0.0.0.0:2377).
      - Only used when the swarm is created. The engine does not tell it afterwards.
    type: str
  data_path_addr:
    description:
      - Address or interface for the traffic of containers, where it shall not be that of O(advertise_addr).
      - Only used when the swarm is created. The engine does not tell it afterwards. Needs API version 1.30.
    type: str
  data_path_port:
    description:
      - UDP port for the traffic of overlay networks, from 1024 to 49151. V(0) is the default, 4789.
      - Fixed when the swarm is created. Needs API version 1.40.
    type: int
  default_addr_pool:
    description:
      - Subnets, in CIDR notation, from which the overlay networks get theirs. The engine's default is V(10.0.0.0/8).
      - Fixed when the swarm is created. Needs API version 1.39.
    type: list
    elements: str
  subnet_size:
    description:
      - Prefix length of each network taken from O(default_addr_pool). The default is 24.
      - Fixed when the swarm is created. Needs API version 1.39.
    type: int
  availability:
    description:
      - Availability of this node when the swarm is created. Later M(hive.swarm.swarm_node) manages it.
    type: str
    choices: [active, pause, drain]
  name:
    description:
      - Name of the swarm. The engine knows no other than V(default).
    type: str
    choices: [default]
  labels:
    description:
      - Labels of the swarm itself (not of its nodes), all of them. V({}) removes them.
    type: dict
  task_history_retention_limit:
    description:
      - How many old tasks to keep for each slot of a service. The engine's default is 5.
    type: int
  snapshot_interval:
    description:
      - Number of log entries between two snapshots of the raft log. The engine's default is 10000.
    type: int
  keep_old_snapshots:
    description:
      - How many snapshots to keep beside the newest. The engine's default is 0.
    type: int
  log_entries_for_slow_followers:
    description:
      - How many log entries to keep after a snapshot for managers that lag behind. The engine's default is 500.
    type: int
  heartbeat_tick:
    description:
      - Ticks (of a second) between heartbeats of the leader. The engine's default is 1.
    type: int
  election_tick:
    description:
      - Ticks (of a second) without a heartbeat after which a manager calls an election. The engine's default is 10.
      - Must be greater than O(heartbeat_tick).
    type: int
  dispatcher_heartbeat_period:
    description:
      - How often nodes report to the managers, like V(5s), which is the engine's default. A number needs its unit.
      - V(0) returns to the engine's default.
    type: str
  node_cert_expiry:
    description:
      - How long the nodes' certificates are valid, like V(720h) or V(90d), which is the engine's default. At least one
        hour. A number needs its unit.
      - V(0) returns to the engine's default.
    type: str
  external_cas:
    description:
      - Certificate authorities outside the swarm that sign the nodes' certificates, all of them, in order of preference.
    type: list
    elements: dict
    suboptions:
      url:
        description:
          - Where signing requests go. Must begin with C(https://).
        type: str
        required: true
      protocol:
        description:
          - Protocol of the authority.
        type: str
        choices: [cfssl]
        default: cfssl
      options:
        description:
          - Further options of the protocol.
        type: dict
      ca_cert:
        description:
          - The root certificate (PEM) that this authority uses. Without it, that of the swarm. Needs API version 1.30.
        type: str
  signing_ca_cert:
    description:
      - Root certificate (PEM) that the nodes' certificates shall be signed with.
      - It is compared with the root that the nodes trust. Another one starts a rotation, which ends when every node
        has a new certificate. The task waits for it. A node that is down holds it up.
      - Both join tokens change with the certificate. Needs API version 1.30.
    type: str
  signing_ca_key:
    description:
      - Key (PEM) of O(signing_ca_cert). Not needed where O(external_cas) sign with it.
    type: str
  ca_force_rotate:
    description:
      - A counter. Another number than the swarm's own starts a rotation to a new root certificate that the swarm makes
        itself. Both join tokens change with it.
      - Needs API version 1.30.
    type: int
  autolock_managers:
    description:
      - Whether managers need the unlock key after a restart. See M(hive.swarm.swarm_unlock) and O(unlock_key).
    type: bool
  rotate_worker_token:
    description:
      - Make a new join token for workers. The old one is void, nodes in the swarm are not affected.
      - This is an order and changes something every time, except when the task creates the swarm.
    type: bool
    default: false
  rotate_manager_token:
    description:
      - Make a new join token for managers. The old one is void, nodes in the swarm are not affected.
      - This is an order and changes something every time, except when the task creates the swarm.
    type: bool
    default: false
  rotate_manager_unlock_key:
    description:
      - Make a new unlock key. A manager that is down meanwhile opens only with the old one, so keep it for a while.
      - This is an order and changes something every time, except when the task creates the swarm.
    type: bool
    default: false
  force_new_cluster:
    description:
      - Disaster recovery. Make a swarm of one out of this manager, which has lost its quorum. Services, networks,
        secrets and workers stay, the other managers are forgotten.
      - The value is the ID of the cluster, as confirmation. A manager that has a quorum, or is in no swarm, ignores it.
      - Stop the engines of all other managers first. One that still runs may come back by itself.
    type: str
  join_tokens:
    description:
      - Whether to return the join tokens. They are secrets.
    type: bool
    default: false
  unlock_key:
    description:
      - Whether to return the unlock key. It is a secret.
    type: bool
    default: false
seealso:
  - module: hive.swarm.swarm_join
  - module: hive.swarm.swarm_unlock
  - module: hive.swarm.swarm_info
"""

EXAMPLES = r"""
- name: Create a swarm, or leave it as it is
  hive.swarm.swarm_init:
    advertise_addr: "{{ ansible_facts.default_ipv4.address }}"

- name: Keep less history, and lock the managers
  hive.swarm.swarm_init:
    task_history_retention_limit: 2
    autolock_managers: true
    unlock_key: true
  register: swarm
  no_log: true

- name: Choose the address pools, which is possible at creation alone
  hive.swarm.swarm_init:
    advertise_addr: eth1
    default_addr_pool:
      - 10.20.0.0/16
    subnet_size: 24
    data_path_port: 4790
    availability: drain

- name: Hand out new join tokens
  hive.swarm.swarm_init:
    rotate_worker_token: true
    rotate_manager_token: true
    join_tokens: true
  register: swarm
  no_log: true

- name: Recover the swarm after the loss of most managers
  hive.swarm.swarm_init:
    force_new_cluster: jn5gsnyhb2xtzs4pofhmn4b9y
"""

RETURN = r"""
swarm:
  description:
    - The swarm's settings, in the words of the options. What the engine never tells is left out.
    - In check mode, what they would be. What only the engine can tell is V((known after apply)).
  returned: success
  type: dict
  sample:
    advertise_addr: 192.0.2.11
    autolock_managers: false
    ca_force_rotate: 0
    data_path_port: 4789
    default_addr_pool: [10.0.0.0/8]
    dispatcher_heartbeat_period: 5s
    election_tick: 10
    external_cas: []
    heartbeat_tick: 1
    keep_old_snapshots: 0
    labels: {}
    log_entries_for_slow_followers: 500
    name: default
    node_cert_expiry: 2160h
    signing_ca_cert: "-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n"
    snapshot_interval: 10000
    subnet_size: 24
    task_history_retention_limit: 5
cluster_id:
  description: ID of the swarm.
  returned: success
  type: str
  sample: jn5gsnyhb2xtzs4pofhmn4b9y
node_id:
  description: ID of this node.
  returned: success
  type: str
  sample: 9fvpv3fv52ogk3xexxzwyyh6u
join_tokens:
  description: The tokens to join with.
  returned: O(join_tokens=true)
  type: dict
  contains:
    worker:
      description: Token that makes a node a worker.
      type: str
      returned: O(join_tokens=true)
      sample: SWMTKN-1-…
    manager:
      description: Token that makes a node a manager.
      type: str
      returned: O(join_tokens=true)
      sample: SWMTKN-1-…
unlock_key:
  description: The unlock key. Empty where autolock is off.
  returned: O(unlock_key=true)
  type: str
  sample: SWMKEY-1-…
failure:
  description:
    - Why the task failed.
    - Where the engine refused a write, or the swarm did not get to where it should be, C(done) lists what the run has
      written, in order, and C(left) what it has not, each like C(swarm). The task's C(changed) and C(diff) are
      those of what was done. The same task run again does the rest.
  returned: failure
  type: dict
  sample:
    kind: not_a_manager
    message: This engine is a worker.
    status: 503
"""

from ..module_utils._definition import WAIT_SPEC, define
from ..module_utils._resources.swarm_init import ARGUMENT_SPEC, SwarmInit
from ..module_utils._runner import run_module

MODULE = define(SwarmInit, {**ARGUMENT_SPEC, **WAIT_SPEC}, required_by={"signing_ca_key": "signing_ca_cert"})


def main():
    run_module(MODULE)


if __name__ == "__main__":
    main()
