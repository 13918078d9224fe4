# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm_recovery_plan
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: Plan the recovery of a swarm that has lost its quorum
description:
  - Selects the manager that continues alone, and lists the conditions for that. Changes nothing.
  - Made for the role P(hive.swarm.operations#role).
positional: _input, wanted, states
extends_documentation_fragment:
  - hive.swarm.hosts
options:
  states:
    description:
      - One dictionary per host with the state on its disk, C(name), C(log) (term and index of the last entry of its Raft log,
        or an empty list) and C(encrypted) (whether its keys are encrypted).
    type: list
    elements: dict
    required: true
  "on":
    description:
      - The host that continues, if several hosts can.
    type: str
    default: ""
  rebuild:
    description:
      - Whether the hosts of the play join afterwards.
    type: bool
    default: true
  peers_gone:
    description:
      - Whether managers that do not respond are known to be permanently off.
    type: bool
    default: false
  confirm:
    description:
      - The confirmation of the user, which is the ID of the swarm.
    type: str
    default: ""
  refusal:
    description:
      - Why the engine of the selected manager refuses the confirmation. Empty if it accepts it.
    type: str
    default: ""
  cluster_id:
    description:
      - ID of the swarm, from C(failure.cluster_id) of that refusal. Empty if it is not known.
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: Plan
  ansible.builtin.set_fact:
    plan: "{{ hosts | hive.swarm.swarm_recovery_plan(wanted, states) }}"
"""

RETURN = r"""
_value:
  description:
    - C(needed) (whether the quorum is lost), C(target), C(silence) (hosts whose engines are stopped first),
      C(rejoin) (hosts whose state is moved aside), C(steps), C(warnings), C(stop) and C(confirm).
  type: dict
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.hosts import read_hosts
from ansible_collections.hive.swarm.plugins.plugin_utils._messages import printing
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.recovery import (
    Survivor,
    Wishes,
    is_survivor,
    plan_recovery,
)


def swarm_recovery_plan(hosts, wanted, states, elsewhere=(), **wishes):
    known = read_hosts(hosts, wanted, elsewhere)
    by_name = {state["name"]: state for state in states}
    left = [
        Survivor(host, tuple(state["log"]), bool(state["encrypted"]))
        for host in known
        for state in [by_name.get(host.name)]
        if state and host.in_play and is_survivor(host)
    ]
    return plan_recovery(left, known, Wishes(**wishes))


class FilterModule:
    def filters(self):
        return {"swarm_recovery_plan": printing(swarm_recovery_plan)}
