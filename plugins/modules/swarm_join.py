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
  - Joins the engine to a swarm. The module tries the managers in order, because the engine itself uses only the first one.
  - An engine that is B(inactive) joins. A join that is B(pending) or has failed (B(error)) is cleaned up first. The module
    gives a member that has just started time to find its managers. It never makes a B(locked) manager leave.
  - A manager, or an engine in the state B(error) that may have been one, leaves by force only if a manager of the swarm
    O(cluster_id) confirms that it was removed there, or if O(confirm_rejoin) names it. Its state cannot be rebuilt.
  - An engine that reports V(active) is not necessarily a member, because an engine does not notice that its node was
    removed. The module looks a manager up in its own list of nodes. A worker cannot list nodes, so set
    O(manager_docker_host) to a manager, or O(member_ids) to the managers' list. A node that is not listed leaves and
    joins again.
  - An engine that is in another swarm, or has a role other than O(role), is not changed, and the task fails.
extends_documentation_fragment:
  - hive.swarm.docker
  - hive.swarm.docker.wait
  - hive.swarm.attributes
attributes:
  check_mode:
    support: full
    details:
      - Check mode cannot predict whether the managers accept the token.
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  remote_addrs:
    description:
      - Managers to join, in the order in which to try them, as IP address or host name, with or without port. The
        default port is 2377.
      - Each manager that does not respond takes 20 seconds.
    type: list
    elements: str
    required: true
  join_token:
    description:
      - Join token. It determines the role in which the node joins. See the options
        O(hive.swarm.swarm_info#module:join_tokens) and O(hive.swarm.swarm_init#module:join_tokens).
    type: str
    required: true
  role:
    description:
      - Desired role of the node. If the token gives the node another role, the engine leaves again and the task fails.
      - The role of an existing member is not changed. Use M(hive.swarm.swarm_node) on a manager for that.
    type: str
    choices: [worker, manager]
  advertise_addr:
    description:
      - Address at which the other nodes reach this node, as an IP address or the name of a network interface, with or
        without port.
      - If the swarm lists the node with another IP address after the join, the engine leaves again and the task fails.
      - Only used to join.
    type: str
  listen_addr:
    description:
      - Address and port to listen on if the node is or becomes a manager. The engine's default is V(0.0.0.0:2377).
      - Only used to join.
    type: str
  data_path_addr:
    description:
      - Address or interface for container traffic, if it must differ from O(advertise_addr).
      - Only used to join. Needs API version 1.30.
    type: str
  availability:
    description:
      - Availability of the node when it joins. With V(pause) or V(drain) the node gets no tasks before its labels are set.
      - Only used to join. Use M(hive.swarm.swarm_node) to change it later.
    type: str
    choices: [active, pause, drain]
  cluster_id:
    description:
      - ID of the swarm to join. The task fails on a manager of another swarm. The engine of a worker does not return the ID.
    type: str
  member_ids:
    description:
      - IDs of all nodes of the swarm, for example from M(hive.swarm.swarm_node_info) on a manager.
    type: list
    elements: str
  manager_docker_host:
    description:
      - Engine of a manager that verifies the node's membership and reports when the node is ready. Same form as
        O(docker_host), with the same TLS options.
    type: str
  ca_digest:
    description:
      - Digest of the root CA of the swarm to join. A O(join_token) of another swarm is refused before anything is sent.
        The engine itself joins only a swarm that has the CA of the token.
      - It is the part of a join token between C(SWMTKN-1-) and the secret, 50 characters. It is not secret, and it changes
        when the CA is rotated.
    type: str
  confirm_rejoin:
    description:
      - The engine's own node ID. Confirms that the engine's manager state may be removed if the managers do not list the
        node anymore.
      - Not needed if O(manager_docker_host) is a manager of the swarm O(cluster_id).
    type: str
seealso:
  - module: hive.swarm.swarm_init
  - module: hive.swarm.swarm_leave
  - module: hive.swarm.swarm_node
"""

EXAMPLES = r"""
- name: Read the join tokens from a manager
  hive.swarm.swarm_info:
    join_tokens: true
  delegate_to: manager1
  register: swarm
  no_log: true

- name: Read the list of nodes from a manager
  hive.swarm.swarm_node_info:
  delegate_to: manager1
  register: members

- name: Join as a worker that does not run tasks yet
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

- name: Join, and wait until a manager reports the node as ready
  hive.swarm.swarm_join:
    remote_addrs: [192.0.2.11]
    join_token: "{{ swarm.join_tokens.worker }}"
    manager_docker_host: tcp://192.0.2.11:2376
    validate_certs: true
"""

RETURN = r"""
state:
  description: The engine's local node state, as C(docker info) reports it.
  returned: success
  type: str
  sample: active
role:
  description: Role of the node.
  returned: success
  type: str
  sample: worker
node_id:
  description:
    - ID of the node. In check mode V((known after apply)) if the engine would join, with its availability if that is not
      V(active). M(hive.swarm.swarm_node) accepts this value as a node in check mode.
  returned: success
  type: str
  sample: 9fvpv3fv52ogk3xexxzwyyh6u
node_address:
  description: Address that the node advertises.
  returned: success
  type: str
  sample: 192.0.2.21
cluster_id:
  description: ID of the swarm. The engine of a worker does not return it.
  returned: success
  type: str
  sample: jn5gsnyhb2xtzs4pofhmn4b9y
remote_managers:
  description: Addresses of the managers that the engine has stored.
  returned: success
  type: list
  elements: str
  sample: ["192.0.2.11:2377"]
proved:
  description: Whether a manager has confirmed the membership. Without that, only the engine itself reports it.
  returned: success
  type: bool
  sample: true
failure:
  description:
    - Why the task failed.
    - If the value of an option is not valid, C(kind) is V(bad_input) and C(option) names the option and its sub-options.
    - If the swarm membership of the engine is the reason, C(state), C(role), C(node_id),
      C(node_address), C(cluster_id) and C(remote_managers) describe it.
    - If C(option) is V(join_token), C(reason) is V(other_swarm), V(refused) or V(other_role). If the engine has left the swarm
      again, C(role), C(node_id) and C(node_address) describe the entry that stays on the managers. C(address) is the manager that
      accepted a token of the other role.
    - If no manager accepted the engine, C(refusals) has the message for each address.
    - If the engine refused a write, or the swarm did not reach the desired state, C(done) lists the completed writes in
      order and C(left) the remaining ones, each in the form C(joining the swarm).
      C(changed) and C(diff) then cover the completed writes. Run the same task again to apply the rest.
  returned: failure
  type: dict
  sample:
    kind: refused
    message: "remote_addrs: this engine is a worker, node 9fvpv3fv52ogk3xexxzwyyh6u, in another swarm, whose managers are 10.0.0.9:2377."
    status:
    option: remote_addrs
    state: active
    role: worker
    node_id: 9fvpv3fv52ogk3xexxzwyyh6u
    node_address: 10.0.0.5
    cluster_id: ""
    remote_managers: ["10.0.0.9:2377"]
"""

from ..module_utils._frontend.module import run_module
from ..module_utils._membership.join import MODULE


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
