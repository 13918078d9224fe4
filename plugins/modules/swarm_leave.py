#!/usr/bin/python
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: swarm_leave
short_description: Remove an engine from its Docker swarm
version_added: 0.1.0
author: The hive.swarm authors (@hive-swarm)
description:
  - Makes the engine leave its swarm and waits until it has left. An engine that is not in a swarm is not changed.
  - A worker leaves without further options. A manager needs O(demote), which is refused if the swarm would lose its quorum
    or its last manager, or O(force).
  - A join that is pending or has failed is canceled.
  - The managers keep the node's entry, with the state V(down). To remove it, use M(hive.swarm.swarm_node) with
    O(hive.swarm.swarm_node#module:state=absent).
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
    support: full
options:
  demote:
    description:
      - Demote a manager to worker before it leaves, so that the other managers do not count it as failed.
    type: bool
    default: false
  force:
    description:
      - Leave regardless of the consequences. On the last manager this destroys the swarm. On another manager it leaves a
        dead manager behind, which counts for the quorum until it is demoted.
      - Together with O(demote), a manager is demoted first if possible.
    type: bool
    default: false
seealso:
  - module: hive.swarm.swarm_node
  - module: hive.swarm.swarm_join
"""

EXAMPLES = r"""
- name: Remove a worker from the swarm
  hive.swarm.swarm_leave:

- name: Demote a manager, then remove it from the swarm
  hive.swarm.swarm_leave:
    demote: true
  register: left

- name: Remove the entry of the node that has left
  hive.swarm.swarm_node:
    hostname: "{{ left.node_id }}"
    state: absent
  delegate_to: manager1

- name: Destroy the swarm by removing its last manager
  hive.swarm.swarm_leave:
    force: true
"""

RETURN = r"""
state:
  description: The engine's own word for its place in a swarm.
  returned: success
  type: str
  sample: inactive
role:
  description: The role that the node has, which is none after leaving.
  returned: success
  type: str
  sample:
node_id:
  description: ID that the node had in the swarm. Empty if it was in none.
  returned: success
  type: str
  sample: 9fvpv3fv52ogk3xexxzwyyh6u
node_address:
  description: Address that the node advertises.
  returned: success
  type: str
  sample: ""
cluster_id:
  description: ID of the swarm that it left, if the engine was a manager.
  returned: success
  type: str
  sample: jn5gsnyhb2xtzs4pofhmn4b9y
remote_managers:
  description: Addresses of the managers that the engine knows.
  returned: success
  type: list
  elements: str
  sample: []
failure:
  description:
    - Why the task failed.
    - If the value of an option is not valid, C(kind) is V(bad_input) and C(option) names the option and its sub-options.
    - If the swarm membership of the engine is the reason, C(state), C(role), C(node_id),
      C(node_address), C(cluster_id) and C(remote_managers) describe it.
    - If the managers need the node, C(quorum_without) has the C(managers) that would remain, how many of them are
      C(reachable), how many are C(needed) for a quorum, and the C(margin) between these.
    - If the engine refused a write, or the swarm did not reach the desired state, C(done) lists the completed writes in
      order and C(left) the remaining ones, each in the form C(leaving the swarm).
      C(changed) and C(diff) then cover the completed writes. Run the same task again to apply the rest.
  returned: failure
  type: dict
  sample:
    kind: refused
    message: "demote: manager1 (9fvpv3fv52ogk3xexxzwyyh6u) is the last manager of the swarm. Promote another node first."
    status:
"""

from ..module_utils._frontend.module import run_module
from ..module_utils._membership.leave import MODULE


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
