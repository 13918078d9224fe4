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
  - Unlocks a manager that was restarted while autolock was on, and waits until it works again.
  - An engine that is not locked is left alone, whatever keys are given.
extends_documentation_fragment:
  - hive.swarm.docker
  - hive.swarm.docker.wait
  - hive.swarm.attributes
attributes:
  check_mode:
    support: full
    details:
      - Whether a key opens can only be known by trying it.
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  unlock_keys:
    description:
      - Keys to try in turn. A manager that was down while the key was rotated opens only with the old one.
    type: list
    elements: str
    required: true
    aliases: [unlock_key]
seealso:
  - module: hive.swarm.swarm_init
"""

EXAMPLES = r"""
- name: Unlock a manager with the key of today, or else that of last month
  hive.swarm.swarm_unlock:
    unlock_keys:
      - "{{ swarm_unlock_key }}"
      - "{{ swarm_unlock_key_before }}"
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
  sample: manager
node_id:
  description: ID of the node. A locked engine does not tell it.
  returned: success
  type: str
  sample: 9fvpv3fv52ogk3xexxzwyyh6u
node_address:
  description: Address that the node advertises.
  returned: success
  type: str
  sample: 192.0.2.11
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
failure:
  description:
    - Why the task failed.
    - Where the engine refused a write, or the swarm did not get to where it should be, C(done) lists what the run has
      written, in order, and C(left) what it has not, each like C(engine node1). The task's C(changed) and C(diff) are
      those of what was done. The same task run again does the rest.
  returned: failure
  type: dict
  sample:
    kind: bad_input
    message: "unlock_keys: the engine refused the key: number 1: invalid key."
    status:
"""

from ..module_utils._definition import WAIT_SPEC, define
from ..module_utils._resources.swarm_unlock import ARGUMENT_SPEC, SwarmUnlock
from ..module_utils._runner import run_module

MODULE = define(SwarmUnlock, {**ARGUMENT_SPEC, **WAIT_SPEC})


def main():
    run_module(MODULE)


if __name__ == "__main__":
    main()
