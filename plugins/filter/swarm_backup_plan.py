# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm_backup_plan
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: Plan the backup of a swarm
description:
  - Selects the managers to stop for a copy of their state, and their order, or returns why none may be stopped. Changes
    nothing.
  - Made for the role P(hive.swarm.operations#role).
positional: _input, wanted, survey, nodes, autolocked
extends_documentation_fragment:
  - hive.swarm.hosts
  - hive.swarm.hosts.surveyed
options:
  autolocked:
    description:
      - Whether autolock is enabled.
    type: bool
    required: true
  window:
    description:
      - Whether to disable autolock during the backup.
    type: bool
    default: false
  left_open:
    description:
      - Whether an interrupted backup has left autolock disabled.
    type: bool
    default: false
  key_given:
    description:
      - Whether the current unlock key is among the keys that the user has set.
    type: bool
    default: false
  encrypts:
    description:
      - Whether the archive is encrypted.
    type: bool
    default: false
  seals:
    description:
      - Whether a passphrase authenticates the archive and its description.
    type: bool
    default: true
  clear:
    description:
      - Whether to allow an archive that is not encrypted although autolock is enabled, and that leaves its host.
    type: bool
    default: false
  fetches:
    description:
      - Whether the archive is copied to the controller.
    type: bool
    default: false
  hooked:
    description:
      - Whether tasks of the user copy the archive elsewhere.
    type: bool
    default: false
  keep:
    description:
      - Number of backups to keep on each host. V(0) keeps all.
    type: int
    default: 0
  keeps_key:
    description:
      - Whether a new unlock key is stored where the user can find it.
    type: bool
    default: false
  accept_outage:
    description:
      - Whether a swarm of one or two managers may be without a leader during the backup.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Plan
  ansible.builtin.set_fact:
    plan: "{{ hosts | hive.swarm.swarm_backup_plan(wanted, survey, listed.nodes, live.swarm.autolock_managers) }}"
"""

RETURN = r"""
_value:
  description:
    - C(targets) (names of hosts), C(window), C(steps) and C(warnings) as text, and C(stop), a list of reasons to stop.
  type: dict
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.hosts import read_hosts
from ansible_collections.hive.swarm.plugins.plugin_utils._messages import printing
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.backup import Wishes, plan_backup


def swarm_backup_plan(hosts, wanted, survey, nodes, autolocked, elsewhere=(), **wishes):
    return plan_backup(read_hosts(hosts, wanted, elsewhere), survey, list(nodes), bool(autolocked), Wishes(**wishes))


class FilterModule:
    def filters(self):
        return {"swarm_backup_plan": printing(swarm_backup_plan)}
