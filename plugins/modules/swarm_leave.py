#!/usr/bin/python
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: swarm_leave
short_description: Take an engine out of its Docker swarm
version_added: 0.1.0
author: The hive.swarm authors (@hive-swarm)
description:
  - The engine leaves its swarm, and the task waits until it is out. An engine that is in no swarm is left alone.
  - A worker just leaves. A manager needs O(demote), which is refused where the swarm would lose its quorum or its last
    manager, or O(force).
  - A join that is pending or has failed is ended.
  - The node's entry stays with the managers, as V(down). M(hive.swarm.swarm_node) with O(hive.swarm.swarm_node#module:state=absent)
    removes it.
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
      - Make a manager a worker before it leaves, so that the other managers do not count it as failed.
    type: bool
    default: false
  force:
    description:
      - Leave whatever it costs. From the last manager this destroys the swarm; from another one it leaves a dead
        manager behind, which counts for the quorum until it is demoted.
      - Together with O(demote), a manager that can be demoted is demoted first.
    type: bool
    default: false
seealso:
  - module: hive.swarm.swarm_node
  - module: hive.swarm.swarm_join
"""

EXAMPLES = r"""
- name: A worker leaves
  hive.swarm.swarm_leave:

- name: A manager leaves in good order
  hive.swarm.swarm_leave:
    demote: true
  register: left

- name: Remove the entry that it leaves behind
  hive.swarm.swarm_node:
    hostname: "{{ left.node_id }}"
    state: absent
  delegate_to: manager1

- name: Destroy the swarm by taking its last manager away
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
    - Where the engine refused a write, or the swarm did not get to where it should be, C(done) lists what the run has
      written, in order, and C(left) what it has not, each like C(leaving the swarm). The task's C(changed) and C(diff) are
      those of what was done. The same task run again does the rest.
  returned: failure
  type: dict
  sample:
    kind: refused
    message: "demote: manager1 (9fvpv3fv52ogk3xexxzwyyh6u) is the last manager: the swarm cannot be without one."
    status:
"""

from ..module_utils._definition import WAIT_SPEC, define
from ..module_utils._resources.swarm_leave import ARGUMENT_SPEC, SwarmLeave
from ..module_utils._runner import run_module

MODULE = define(SwarmLeave, {**ARGUMENT_SPEC, **WAIT_SPEC})


def main():
    run_module(MODULE)


if __name__ == "__main__":
    main()
