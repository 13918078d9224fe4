# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: swarm_backup_read
author: The hive.swarm authors (@hive-swarm)
version_added: 0.1.0
short_description: Read the description of a backup and verify its authentication code
description:
  - The opposite of P(hive.swarm.swarm_backup_seal#filter).
  - Made for the role P(hive.swarm.operations#role).
positional: _input, passphrase
options:
  _input:
    description: Content of the file beside the archive.
    type: str
    required: true
  passphrase:
    description: The passphrase. Empty if none is set.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Read a description
  ansible.builtin.debug:
    msg: "{{ lookup('ansible.builtin.file', 'swarm.json') | hive.swarm.swarm_backup_read('a passphrase') }}"
"""

RETURN = r"""
_value:
  description:
    - C(manifest), the description, which is empty if the text is not a JSON object, and C(seal), the state of its code. This is
      V(valid), V(invalid) (after a change or with another passphrase), V(missing), or V(unchecked) (without a passphrase).
  type: dict
"""

from ansible_collections.hive.swarm.plugins.plugin_utils._operations.seal import read


def swarm_backup_read(text, passphrase):
    return read(str(text), str(passphrase))


class FilterModule:
    def filters(self):
        return {"swarm_backup_read": swarm_backup_read}
