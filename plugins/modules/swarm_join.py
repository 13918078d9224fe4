#!/usr/bin/python
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: swarm_join
short_description: Make an engine a member of a Docker swarm
version_added: 0.1.0
author: The hive.swarm authors (@hive-swarm)
description:
  - Joins the engine to a swarm. Managers are tried in turn. The engine itself uses only the first it is given.
  - An engine that is B(inactive) joins. A join that is B(pending) or has failed (B(error)) is cleaned up first. A
    member that has just been started gets the time to find its managers. A B(locked) manager is never made to leave.
  - A manager, or an engine in the state B(error) that may have been one, leaves by force only if a manager of the swarm
    O(cluster_id) confirms that it was removed there, or if O(confirm_rejoin) names it. Its state cannot be rebuilt.
  - That an engine calls itself active is no proof. A node that was removed elsewhere does not notice it. A manager is
    looked up in its own list of nodes. A worker cannot do that, so name one who can with O(manager_docker_host), or
    hand in the managers' list with O(member_ids). A node that they do not list leaves and joins again.
  - An engine that is in another swarm, or has another role than the task wants, is left alone, and the task fails.
extends_documentation_fragment:
  - hive.swarm.docker
  - hive.swarm.docker.wait
  - hive.swarm.attributes
attributes:
  check_mode:
    support: full
    details:
      - Whether the managers accept the token can only be known by joining.
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  remote_addrs:
    description:
      - Managers to join, in the order in which to try them, as IP address or host name, with or without port. The
        default port is 2377.
      - A manager that does not answer costs 20 seconds.
    type: list
    elements: str
    required: true
  join_token:
    description:
      - The token decides in which role the node joins. See the options O(hive.swarm.swarm_info#module:join_tokens) and
        O(hive.swarm.swarm_init#module:join_tokens).
    type: str
    required: true
  role:
    description:
      - The role that the node shall have. If the token gives it another one, the engine leaves again and the task fails.
      - A member with another role is not changed. That is what M(hive.swarm.swarm_node) does, on a manager.
    type: str
    choices: [worker, manager]
  advertise_addr:
    description:
      - Address that the other nodes shall use for this one, as an IP address or the name of a network interface, with
        or without port.
      - If the swarm sees the node at another IP address after the join, the engine leaves again and the task fails.
      - Only used to join.
    type: str
  listen_addr:
    description:
      - Address and port to listen on, should the node be or become a manager. The engine's default is V(0.0.0.0:2377).
      - Only used to join.
    type: str
  data_path_addr:
    description:
      - Address or interface for the traffic of containers, where it shall not be that of O(advertise_addr).
      - Only used to join. Needs API version 1.30.
    type: str
  availability:
    description:
      - Availability of the node when it joins. With V(pause) or V(drain) no task comes before its labels are set.
      - Only used to join. Later M(hive.swarm.swarm_node) manages it.
    type: str
    choices: [active, pause, drain]
  cluster_id:
    description:
      - ID of the swarm that is meant. A manager of another one is refused. A worker's engine does not know the ID.
    type: str
  member_ids:
    description:
      - IDs of all nodes that the swarm's managers list, for example from M(hive.swarm.swarm_node_info) on a manager.
    type: list
    elements: str
  manager_docker_host:
    description:
      - A manager's engine to ask for this node, in the form of O(docker_host) and with the same TLS options. It proves
        the membership and tells when the node is ready.
    type: str
  ca_digest:
    description:
      - The digest of the root CA of the swarm that is meant. A O(join_token) of another swarm is refused before anything is
        sent. The engine itself joins only a swarm that has the CA of the token.
      - It is the part of a join token between C(SWMTKN-1-) and the secret, 50 characters. It is not secret, and it changes
        when the CA is rotated.
    type: str
  confirm_rejoin:
    description:
      - ID of the node that this engine is. It confirms that the state which the engine has as a manager may be removed, if
        the managers do not list it any more.
      - Not needed where O(manager_docker_host) is a manager of the swarm O(cluster_id).
    type: str
seealso:
  - module: hive.swarm.swarm_init
  - module: hive.swarm.swarm_leave
  - module: hive.swarm.swarm_node
"""

EXAMPLES = r"""
- name: Ask a manager for the token and the list of members
  hive.swarm.swarm_info:
    join_tokens: true
  delegate_to: manager1
  register: swarm
  no_log: true

- name: Who is in the swarm
  hive.swarm.swarm_node_info:
  delegate_to: manager1
  register: members

- name: Join as a worker, and take no tasks yet
  hive.swarm.swarm_join:
    remote_addrs:
      - 192.0.2.11
      - 192.0.2.12
      - 192.0.2.13
    join_token: "{{ swarm.join_tokens.worker }}"
    role: worker
    advertise_addr: 192.0.2.21
    availability: pause
    cluster_id: "{{ swarm.cluster_id }}"
    member_ids: "{{ members.nodes | map(attribute='id') }}"

- name: Join, and let a manager's API tell when the node is ready
  hive.swarm.swarm_join:
    remote_addrs: [192.0.2.11]
    join_token: "{{ swarm.join_tokens.worker }}"
    manager_docker_host: tcp://192.0.2.11:2376
    validate_certs: true
"""

RETURN = r"""
state:
  description: The engine's own word for its place in a swarm.
  returned: success
  type: str
  sample: active
role:
  description: The role that the node has.
  returned: success
  type: str
  sample: worker
node_id:
  description:
    - ID of the node. V((known after apply)) where it would join in check mode, with a word on its availability where
      that is not V(active). M(hive.swarm.swarm_node) takes it for a node in check mode.
  returned: success
  type: str
  sample: 9fvpv3fv52ogk3xexxzwyyh6u
node_address:
  description: Address that the node advertises.
  returned: success
  type: str
  sample: 192.0.2.21
cluster_id:
  description: ID of the swarm. A worker's engine does not know it.
  returned: success
  type: str
  sample: jn5gsnyhb2xtzs4pofhmn4b9y
remote_managers:
  description: Addresses of the managers that the engine knows.
  returned: success
  type: list
  elements: str
  sample: ["192.0.2.11:2377"]
proved:
  description: Whether the managers confirm the membership. Without them an active worker is only claimed.
  returned: success
  type: bool
  sample: true
failure:
  description:
    - Why the task failed.
    - Where the engine refused a write, or the swarm did not get to where it should be, C(done) lists what the run has
      written, in order, and C(left) what it has not, each like C(joining the swarm). The task's C(changed) and C(diff) are
      those of what was done. The same task run again does the rest.
  returned: failure
  type: dict
  sample:
    kind: refused
    message: This engine is a worker in another swarm.
    status:
"""

from ..module_utils._definition import WAIT_SPEC, define
from ..module_utils._resources.swarm_join import ARGUMENT_SPEC, SwarmJoin
from ..module_utils._runner import run_module

MODULE = define(SwarmJoin, {**ARGUMENT_SPEC, **WAIT_SPEC})


def main():
    run_module(MODULE)


if __name__ == "__main__":
    main()
