# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm_restore_plan
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: Plan the restoration of a swarm
description:
  - Returns whether these archives can be restored on these hosts, and how. Changes nothing.
  - Made for the role P(hive.swarm.operations#role).
positional: _input, wanted, copies
extends_documentation_fragment:
  - hive.swarm.hosts
options:
  copies:
    description:
      - One dictionary per host that gets a backup, with its C(name), the backup's description as C(manifest), the SHA-256 of
        the archive as C(checksum), the host's IP addresses as C(addresses), the state of the description's authentication code
        as C(seal), and the name of the archive's file as C(file).
    type: list
    elements: dict
    required: true
  rebuild:
    description:
      - Whether the hosts of the play join afterwards.
    type: bool
    default: true
  peers_gone:
    description:
      - Whether hosts that do not respond are known to be off.
    type: bool
    default: false
  keys_given:
    description:
      - Whether unlock keys are available.
    type: bool
    default: false
  can_decrypt:
    description:
      - Whether a key or command to decrypt archives is available.
    type: bool
    default: false
  verifies:
    description:
      - Whether to accept only archives that are encrypted and authenticated.
    type: bool
    default: false
  forks:
    description:
      - Number of hosts that Ansible works on at a time.
    type: int
    default: 5
"""

EXAMPLES = r"""
- name: Plan
  ansible.builtin.set_fact:
    plan: "{{ hosts | hive.swarm.swarm_restore_plan(wanted, copies, forks=ansible_forks) }}"
"""

RETURN = r"""
_value:
  description:
    - C(targets) (names of hosts), C(way) (V(force) creates a swarm of one manager, V(quorum) restores a majority),
      C(cluster_id), C(rejoin) (hosts whose state is moved aside), C(steps), C(warnings), C(stop) and C(confirm).
  type: dict
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.hosts import read_hosts
from ansible_collections.hive.swarm.plugins.plugin_utils._messages import printing
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.restore import Copy, Wishes, plan_restore
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.seal import MISSING


def swarm_restore_plan(hosts, wanted, copies, elsewhere=(), **wishes):
    known = read_hosts(hosts, wanted, elsewhere)
    by_name = {host.name: host for host in known}
    given = [
        Copy(
            by_name[copy["name"]],
            copy["manifest"] or {},
            copy["checksum"] or "",
            list(copy["addresses"]),
            copy.get("seal", MISSING),
            copy.get("file", ""),
        )
        for copy in copies
    ]
    return plan_restore(given, known, Wishes(**wishes))


class FilterModule:
    def filters(self):
        return {"swarm_restore_plan": printing(swarm_restore_plan)}
