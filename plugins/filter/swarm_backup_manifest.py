# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm_backup_manifest
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: Describe the backup of a manager
description:
  - Returns the description that is stored beside the archive, for people and for the restoration. It contains no secrets.
  - Made for the role P(hive.swarm.operations#role).
positional: _input, nodes, swarm, facts
options:
  _input:
    description:
      - The host, as C(cluster_host) of the role P(hive.swarm.cluster#role).
    type: dict
    required: true
  nodes:
    description:
      - What M(hive.swarm.swarm_node_info) returned on a manager.
    type: list
    elements: dict
    required: true
  swarm:
    description:
      - The settings of the swarm, as M(hive.swarm.swarm_info) returns them.
    type: dict
    required: true
  facts:
    description:
      - Facts about the archive, C(archive), C(checksum), C(size), C(encrypted), C(autolocked) and C(taken_at).
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Describe the backup
  ansible.builtin.copy:
    content: "{{ cluster_host | hive.swarm.swarm_backup_manifest(listed.nodes, live.swarm, facts) | to_nice_json }}"
    dest: /var/backups/hive-swarm/swarm.json
    mode: "0600"
"""

RETURN = r"""
_value:
  description:
    - A dictionary with the swarm's ID, the node's ID and address, the engine's version, pools, ports and all nodes.
  type: dict
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._cluster.hosts import Host
from ansible_collections.hive.swarm.plugins.plugin_utils._operations.backup import manifest


def swarm_backup_manifest(record, nodes, swarm, facts):
    host = Host(name=record["name"], wanted="manager", probe=dict(record["probe"]))
    return manifest(host, list(nodes), swarm, dict(facts))


class FilterModule:
    def filters(self):
        return {"swarm_backup_manifest": swarm_backup_manifest}
