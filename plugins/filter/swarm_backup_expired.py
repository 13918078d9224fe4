# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm_backup_expired
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: List files of old backups to remove
description:
  - Compares file names only. Files that do not belong to backups of this swarm and host are ignored.
  - Made for the role P(hive.swarm.operations#role).
positional: _input, current, keep
options:
  _input:
    description:
      - Files in the directory.
    type: list
    elements: path
    required: true
  current:
    description:
      - Path of the newest backup, up to its time.
    type: path
    required: true
  keep:
    description:
      - Number of backups to keep, including the newest. V(0) keeps all.
    type: int
    required: true
"""

EXAMPLES = r"""
- name: Remove old backups
  ansible.builtin.file:
    path: "{{ item }}"
    state: absent
  loop: "{{ found.files | map(attribute='path') | hive.swarm.swarm_backup_expired(current, 7) }}"
"""

RETURN = r"""
_value:
  description:
    - Files to remove.
  type: list
  elements: path
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._operations.backup import expired


def swarm_backup_expired(paths, current, keep):
    return expired(list(paths), current, int(keep))


class FilterModule:
    def filters(self):
        return {"swarm_backup_expired": swarm_backup_expired}
