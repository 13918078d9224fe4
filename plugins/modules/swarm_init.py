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
  - Creates a swarm with the engine as its first manager. If the engine is already a manager, updates the swarm's settings
    to the options of the task.
  - Options that are not set are not managed. Their live values stay, no matter which client set them.
  - Run this module on one manager of a swarm only. Other nodes join with M(hive.swarm.swarm_join).
  - The task fails on a worker, on a locked manager, on a manager without quorum, and on a node whose join is pending or
    has failed, in check mode too. The message names the case.
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
      - O(rotate_worker_token), O(rotate_manager_token) and O(rotate_manager_unlock_key) report a change in every run.
options:
  advertise_addr:
    description:
      - Address at which the other nodes reach this node, as an IP address or the name of a network interface, with or
        without port.
      - Required on hosts with several addresses. Fixed when the swarm is created. The name of an interface is not compared
        afterwards, because the engine returns only the address.
    type: str
  listen_addr:
    description:
      - Address and port to listen on for the swarm's control traffic. The engine's default is V(0.0.0.0:2377).
      - Only used when the swarm is created. The engine does not return it afterwards.
    type: str
  data_path_addr:
    description:
      - Address or interface for container traffic, if it must differ from O(advertise_addr).
      - Only used when the swarm is created. The engine does not return it afterwards. Needs API version 1.30.
    type: str
  data_path_port:
    description:
      - UDP port for the traffic of overlay networks, from 1024 to 49151. V(0) selects the default, 4789.
      - Fixed when the swarm is created. Needs API version 1.40.
    type: int
  default_addr_pool:
    description:
      - Address pools, in CIDR notation, from which overlay networks get their subnets. The engine's default is
        V(10.0.0.0/8).
      - Fixed when the swarm is created. Needs API version 1.39.
    type: list
    elements: str
  subnet_size:
    description:
      - Prefix length of the subnets that are allocated from O(default_addr_pool). The default is 24.
      - Fixed when the swarm is created. Needs API version 1.39.
    type: int
  availability:
    description:
      - Availability of this node when the swarm is created. Use M(hive.swarm.swarm_node) to change it later.
    type: str
    choices: [active, pause, drain]
  name:
    description:
      - Name of the swarm. The engine supports only V(default).
    type: str
    choices: [default]
  labels:
    description:
      - Complete set of labels of the swarm itself (not of its nodes). V({}) removes all labels.
      - A list of V(KEY=VALUE), as in Compose files, is accepted too.
    type: dict
  task_history_retention_limit:
    description:
      - Number of old tasks to keep for each slot of a service. The engine's default is 5.
    type: int
  snapshot_interval:
    description:
      - Number of log entries between two snapshots of the Raft log. The engine's default is 10000.
    type: int
  keep_old_snapshots:
    description:
      - Number of snapshots to keep in addition to the newest one. The engine's default is 0.
    type: int
  log_entries_for_slow_followers:
    description:
      - Number of log entries to keep after a snapshot for managers that lag behind. The engine's default is 500.
    type: int
  heartbeat_tick:
    description:
      - Number of ticks (one second each) between heartbeats of the leader. The engine's default is 1.
    type: int
  election_tick:
    description:
      - Number of ticks (one second each) without a heartbeat after which a manager starts an election. The engine's default
        is 10.
      - Must be greater than O(heartbeat_tick).
    type: int
  dispatcher_heartbeat_period:
    description:
      - Interval at which nodes report to the managers, with its unit, such as V(5s), the engine's default. The minimum is one
        second.
      - V(0) restores the engine's default.
    type: str
  node_cert_expiry:
    description:
      - Validity period of the nodes' certificates, with its unit, such as V(720h) or V(90d), the engine's default. The
        minimum is one hour.
      - V(0) restores the engine's default.
    type: str
  external_cas:
    description:
      - Complete list of certificate authorities outside the swarm that sign the nodes' certificates, in order of
        preference.
    type: list
    elements: dict
    suboptions:
      url:
        description:
          - URL for signing requests. Must begin with C(https://).
        type: str
        required: true
      protocol:
        description:
          - Protocol of the certificate authority.
        type: str
        choices: [cfssl]
        default: cfssl
      options:
        description:
          - Further options of the protocol.
        type: dict
      ca_cert:
        description:
          - Root certificate (PEM) of this certificate authority. The default is the swarm's root certificate. Needs API
            version 1.30.
        type: str
  signing_ca_cert:
    description:
      - Root certificate (PEM) that signs the nodes' certificates.
      - Compared with the root certificate that the nodes trust. A different one starts a rotation, which ends when every
        node has a new certificate. The task waits for the end of the rotation. A node that is down delays it.
      - The rotation changes both join tokens. Needs API version 1.30.
    type: str
  signing_ca_key:
    description:
      - Private key (PEM) of O(signing_ca_cert). Not needed if O(external_cas) sign with it.
    type: str
  ca_force_rotate:
    description:
      - A counter. A number that differs from the swarm's own starts a rotation to a new root certificate, which the swarm
        generates. The rotation changes both join tokens.
      - Needs API version 1.30.
    type: int
  autolock_managers:
    description:
      - Whether managers need the unlock key after a restart. See M(hive.swarm.swarm_unlock) and O(unlock_key).
    type: bool
  rotate_worker_token:
    description:
      - Create a new join token for workers. The old token becomes invalid. Nodes in the swarm are not affected.
      - Reports a change in every run, except when the task creates the swarm.
    type: bool
    default: false
  rotate_manager_token:
    description:
      - Create a new join token for managers. The old token becomes invalid. Nodes in the swarm are not affected.
      - Reports a change in every run, except when the task creates the swarm.
    type: bool
    default: false
  rotate_manager_unlock_key:
    description:
      - Create a new unlock key. A manager that is down during the rotation can be unlocked only with the old key, so keep
        the old key for a while.
      - Reports a change in every run, except when the task creates the swarm.
    type: bool
    default: false
  force_new_cluster:
    description:
      - Disaster recovery. Create a swarm with this manager, which has lost its quorum, as the only manager. Services,
        networks, secrets and workers stay. The other managers are removed.
      - The value is the ID of the cluster, as confirmation. Ignored on a manager that has a quorum and on an engine that is
        not in a swarm.
      - Stop the engines of all other managers first. A manager that still runs can rejoin automatically.
    type: str
  join_tokens:
    description:
      - Whether to return the join tokens, which are secret. If a rotation of the root certificate is in progress, the task warns
        that both change when it ends.
    type: bool
    default: false
  unlock_key:
    description:
      - Whether to return the unlock key, which is secret.
    type: bool
    default: false
seealso:
  - module: hive.swarm.swarm_join
  - module: hive.swarm.swarm_unlock
  - module: hive.swarm.swarm_info
"""

EXAMPLES = r"""
- name: Create a swarm unless the engine is already in one
  hive.swarm.swarm_init:
    advertise_addr: "{{ ansible_facts.default_ipv4.address }}"

- name: Reduce the task history and lock the managers
  hive.swarm.swarm_init:
    task_history_retention_limit: 2
    autolock_managers: true
    unlock_key: true
  register: swarm
  no_log: true

- name: Choose the address pools, which are fixed at creation
  hive.swarm.swarm_init:
    advertise_addr: eth1
    default_addr_pool:
      - 10.20.0.0/16
    subnet_size: 24
    data_path_port: 4790
    availability: drain

- name: Rotate the join tokens
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
    - The swarm's settings, named like the options. Settings that the engine never returns are omitted.
    - In check mode, the predicted settings. Values that only the engine can determine are V((known after apply)).
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
  description: The join tokens.
  returned: O(join_tokens=true)
  type: dict
  contains:
    worker:
      description: Token that adds a node as a worker.
      type: str
      returned: O(join_tokens=true)
      sample: SWMTKN-1-…
    manager:
      description: Token that adds a node as a manager.
      type: str
      returned: O(join_tokens=true)
      sample: SWMTKN-1-…
unlock_key:
  description: The unlock key. Empty if autolock is disabled.
  returned: O(unlock_key=true)
  type: str
  sample: SWMKEY-1-…
failure:
  description:
    - Why the task failed. If O(force_new_cluster) names another cluster, C(cluster_id) is the ID of the engine's cluster.
    - If the value of an option is not valid, C(kind) is V(bad_input) and C(option) names the option and its sub-options.
    - If a setting cannot change after the creation of the swarm, C(options) lists the options that differ, and C(before) and
      C(after) have their values.
    - If C(option) is V(election_tick), C(election_tick) and C(heartbeat_tick) have the values that do not fit together.
    - If the engine does not manage a swarm, C(state), C(role), C(node_id), C(node_address), C(cluster_id) and C(remote_managers)
      describe its membership.
    - If a CA rotation does not end, C(nodes) lists the C(id) and C(state) of each node that is not ready.
    - If the engine refused a write, or the swarm did not reach the desired state, C(done) lists the completed writes in
      order and C(left) the remaining ones, each in the form C(swarm).
      C(changed) and C(diff) then cover the completed writes. Run the same task again to apply the rest.
  returned: failure
  type: dict
  sample:
    kind: not_a_manager
    message: "This engine is a worker, node 9fvpv3fv52ogk3xexxzwyyh6u. Run this on one of its managers: 10.0.0.1:2377."
    status:
    state: active
    role: worker
    node_id: 9fvpv3fv52ogk3xexxzwyyh6u
    node_address: 10.0.0.5
    cluster_id: ""
    remote_managers: ["10.0.0.1:2377"]
"""

from ..module_utils._frontend.module import run_module
from ..module_utils._swarm.resource import MODULE


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
