#!/usr/bin/python
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: swarm_info
short_description: Get the state of an engine in a Docker swarm
version_added: 0.1.0
author: The hive.swarm authors (@hive-swarm)
description:
  - Returns the engine's swarm membership, and on a manager the swarm's settings and quorum.
  - Works on every engine, in a swarm or not. Only the join tokens and the unlock key need a manager.
extends_documentation_fragment:
  - hive.swarm.docker
  - hive.swarm.attributes
  - hive.swarm.attributes.info_module
options:
  quorum:
    description:
      - Whether to return the quorum, for which a manager gets a second request.
    type: bool
    default: true
  join_tokens:
    description:
      - Whether to return the join tokens, which are secret. Fails on a node that is not a manager.
    type: bool
    default: false
  unlock_key:
    description:
      - Whether to return the unlock key, which is secret. Fails on a node that is not a manager.
    type: bool
    default: false
seealso:
  - module: hive.swarm.swarm_node_info
"""

EXAMPLES = r"""
- name: Get the state of the engine
  hive.swarm.swarm_info:
  register: swarm

- name: Fail if the swarm cannot lose another manager
  ansible.builtin.assert:
    that: swarm.quorum.margin > 0
  when: swarm.role == 'manager'

- name: Get the join tokens
  hive.swarm.swarm_info:
    join_tokens: true
  register: swarm
  no_log: true
"""

RETURN = r"""
state:
  description: The engine's local node state (V(inactive), V(pending), V(active), V(error) or V(locked)).
  returned: success
  type: str
  sample: active
role:
  description: V(manager) or V(worker) if the state is V(active).
  returned: success
  type: str
  sample: manager
hostname:
  description: Name of the engine's host.
  returned: success
  type: str
  sample: node1
node_id:
  description: ID of the node.
  returned: success
  type: str
  sample: 9fvpv3fv52ogk3xexxzwyyh6u
node_address:
  description: Address that the node advertises.
  returned: success
  type: str
  sample: 192.0.2.11
cluster_id:
  description: ID of the swarm. Only a manager with quorum returns it.
  returned: success
  type: str
  sample: jn5gsnyhb2xtzs4pofhmn4b9y
error:
  description: Error that the engine reports for its membership. On a manager without quorum, that no leader exists.
  returned: success
  type: str
  sample: ""
remote_managers:
  description: Addresses of the managers that the engine has stored.
  returned: success
  type: list
  elements: str
  sample: ["192.0.2.11:2377"]
quorum:
  description: Quorum of the managers. Empty with O(quorum=false), and if the engine is not a manager, or has no quorum.
  returned: success
  type: dict
  contains:
    managers:
      description: Number of managers, including dead ones.
      type: int
      returned: success
      sample: 3
    reachable:
      description: Number of reachable managers.
      type: int
      returned: success
      sample: 3
    needed:
      description: Number of reachable managers that the quorum needs.
      type: int
      returned: success
      sample: 2
    margin:
      description: Number of managers that can still fail.
      type: int
      returned: success
      sample: 1
swarm:
  description: The swarm's settings, named like the options of M(hive.swarm.swarm_init). Empty if the engine is not a manager.
  returned: success
  type: dict
  sample:
    autolock_managers: false
    default_addr_pool: [10.0.0.0/8]
    task_history_retention_limit: 5
root_rotation_in_progress:
  description: Whether a rotation of the root certificate is in progress.
  returned: success
  type: bool
  sample: false
root_certificate:
  description: The swarm's root certificate (PEM), which is public. Empty if the engine is not a manager, or has no quorum.
  returned: success
  type: str
  sample: "-----BEGIN CERTIFICATE-----…"
created_at:
  description: Time at which the swarm was created.
  returned: success
  type: str
  sample: "2026-11-01T10:00:00.000000000Z"
updated_at:
  description: Time of the last change of the swarm's settings.
  returned: success
  type: str
  sample: "2026-11-01T10:00:00.000000000Z"
engine_version:
  description: Version of Docker Engine.
  returned: success
  type: str
  sample: 28.5.2
api_version:
  description: Version of the Docker API that was used.
  returned: success
  type: str
  sample: "1.51"
data_root:
  description: Data directory of the engine. The swarm state is in its subdirectory C(swarm).
  returned: success
  type: str
  sample: /var/lib/docker
storage_driver:
  description: Storage driver of the engine.
  returned: success
  type: str
  sample: overlay2
live_restore:
  description: Whether live-restore is enabled. Docker does not support it in swarm mode.
  returned: success
  type: bool
  sample: false
rootless:
  description: Whether the engine runs as a user other than root. Overlay networks need root.
  returned: success
  type: bool
  sample: false
swarm_warnings:
  description: Warnings of the engine, for example about a swarm of two managers.
  returned: success
  type: list
  elements: str
  sample: []
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
    - Why the task failed.
    - If the value of an option is not valid, C(kind) is V(bad_input) and C(option) names the option and its sub-options.
  returned: failure
  type: dict
  sample:
    kind: unreachable
    message: "docker_host unix:///var/run/docker.sock: the socket does not exist. Docker Engine is not installed here, or does not run."
    status:
"""

from ..module_utils._frontend.module import run_module
from ..module_utils._swarm.info import MODULE


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
