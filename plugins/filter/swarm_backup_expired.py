# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm_backup_expired
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: Say which files of old backups are to be removed
description:
  - Looks at the names alone. Files that are no backups of this swarm and host are left alone.
  - Made for the role P(hive.swarm.operations#role).
positional: _input, current, keep
options:
  _input:
    description:
      - The files of the folder.
    type: list
    elements: path
    required: true
  current:
    description:
      - The backup that was just made, its path without what follows the time.
    type: path
    required: true
  keep:
    description:
      - How many backups stay, this one included. V(0) keeps all.
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
    - The files to remove.
  type: list
  elements: path
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._operations.backup import expired


def swarm_backup_expired(paths, current, keep):
    return expired(list(paths), current, int(keep))


class FilterModule:
    def filters(self):
        return {"swarm_backup_expired": swarm_backup_expired}
