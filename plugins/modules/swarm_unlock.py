#!/usr/bin/python
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: swarm_unlock
short_description: Unlock a manager of a Docker swarm
version_added: 0.1.0
author: The hive.swarm authors (@hive-swarm)
description:
  - Unlocks a manager that was restarted while autolock was enabled, and waits until it works again.
  - An engine that is not locked is not changed, whatever keys are given.
extends_documentation_fragment:
  - hive.swarm.docker
  - hive.swarm.docker.wait
  - hive.swarm.attributes
attributes:
  check_mode:
    support: full
    details:
      - Check mode cannot predict whether a key is the right one.
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  unlock_keys:
    description:
      - Unlock keys, in the order in which to try them. A manager that was down while the key was rotated can be unlocked
        only with the old key.
    type: list
    elements: str
    required: true
    aliases: [unlock_key]
seealso:
  - module: hive.swarm.swarm_init
"""

EXAMPLES = r"""
- name: Unlock a manager with the current key or the previous one
  hive.swarm.swarm_unlock:
    unlock_keys:
      - "{{ swarm_unlock_key }}"
      - "{{ swarm_unlock_key_before }}"
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
  sample: manager
node_id:
  description: ID of the node. A locked engine does not return it.
  returned: success
  type: str
  sample: 9fvpv3fv52ogk3xexxzwyyh6u
node_address:
  description: Address that the node advertises.
  returned: success
  type: str
  sample: 192.0.2.11
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
failure:
  description:
    - Why the task failed.
    - If the value of an option is not valid, C(kind) is V(bad_input) and C(option) names the option and its sub-options.
    - If C(option) is V(unlock_keys), C(key_numbers) lists the positions of the wrong keys, beginning with 1.
    - If the engine refused a write, or the swarm did not reach the desired state, C(done) lists the completed writes in
      order and C(left) the remaining ones, each in the form C(engine node1).
      C(changed) and C(diff) then cover the completed writes. Run the same task again to apply the rest.
  returned: failure
  type: dict
  sample:
    kind: bad_input
    message: "unlock_keys: the engine refused the key: number 1: invalid key."
    status:
    option: unlock_keys
    key_numbers: [1]
"""

from ..module_utils._frontend.module import run_module
from ..module_utils._membership.unlock import MODULE


def main() -> None:
    run_module(MODULE)


if __name__ == "__main__":
    main()
