#!/usr/bin/python
# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: lab_engine
short_description: Break and repair one engine of a lab
version_added: 0.1.0
author: The hive.swarm authors (@hive-swarm)
description:
  - Sets the state of one engine of a lab that M(hive.swarm.lab) has created, so that tests can cover faults.
  - The other engines of the lab are not affected.
extends_documentation_fragment:
  - hive.swarm.attributes
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - O(state=restarted) and O(state=wiped) report a change in every run.
  action_group:
    support: none
    membership: []
options:
  lab:
    description: Name of the lab.
    type: str
    default: lab
  name:
    description: Name of the engine in the lab, or V(registry) for the lab's registry.
    type: str
    required: true
  state:
    description:
      - V(started) starts the engine from any state and waits until it responds. A cut link stays cut.
      - V(stopped) stops the daemon and its containers, like C(systemctl stop docker).
      - V(killed) kills only the daemon. Its containers continue to run.
      - V(restarted) is V(stopped), then V(started).
      - V(paused) freezes the daemon, so that it accepts connections and never responds. V(unpaused) resumes it.
      - V(powered_off) kills all processes of the engine, including containers. The disk stays.
      - V(wiped) is V(powered_off), an empty disk, and V(started). The result is a new engine with the old name and address.
      - V(partitioned) cuts the engine's link to the lab, V(connected) restores it.
    type: str
    choices:
      - started
      - stopped
      - killed
      - restarted
      - paused
      - unpaused
      - powered_off
      - wiped
      - partitioned
      - connected
    required: true
  root:
    description: Like O(hive.swarm.lab#module:root).
    type: path
    default: /var/lib/hive-lab
  timeout:
    description: Maximum number of seconds for the engine to respond, or to stop.
    type: int
    default: 60
seealso:
  - module: hive.swarm.lab
"""

EXAMPLES = r"""
- name: Replace a manager by an empty machine with the same name
  hive.swarm.lab_engine:
    name: n1
    state: wiped

- name: Cut the network link of another manager
  hive.swarm.lab_engine:
    name: n2
    state: partitioned
"""

RETURN = r"""
engine:
  description: Name and addresses of the engine.
  returned: success
  type: dict
  contains:
    name:
      description: Name within the lab.
      type: str
      sample: n1
    hostname:
      description: Host name.
      type: str
      sample: lab-n1
    address:
      description: Address in the lab.
      type: str
      sample: 198.18.7.11
    docker_host:
      description: Socket of the engine.
      type: str
      sample: unix:///var/lib/hive-lab/lab/n1/docker.sock
    docker_host_tcp:
      description: TCP address of the engine, without TLS. Only root on the machine can connect to it.
      type: str
      sample: tcp://198.18.7.11:2375
"""

from ..module_utils._frontend.module import Module
from ..module_utils._lab import Lab, LabError
from ..module_utils._lab._order import ORDERS, carry_out, plan_order

ARGUMENTS = {
    "lab": {"type": "str", "default": "lab"},
    "name": {"type": "str", "required": True},
    "state": {"type": "str", "choices": list(ORDERS), "required": True},
    "root": {"type": "path", "default": "/var/lib/hive-lab"},
    "timeout": {"type": "int", "default": 60},
}


def main() -> None:
    module = Module(argument_spec=ARGUMENTS, supports_check_mode=True)
    params = module.params
    try:
        engine = Lab.open(params["lab"], params["root"], params["timeout"]).engine(params["name"])
        plan = plan_order(engine, params["state"])
        if plan.changed and not module.check_mode:
            carry_out(engine, params["state"])
    except LabError as error:
        module.fail_json(msg=str(error), failure={"kind": "lab", "status": None, "message": str(error)})
    module.exit_json(changed=plan.changed, diff=plan.diff, engine=engine.facts())


if __name__ == "__main__":
    main()
